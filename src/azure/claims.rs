//! Where a token comes from and whose it is, by its claims. None of it is secret.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

use crate::http::Secret;

/// Where tokens come from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TokenOrigin {
    /// A way to sign in such as `client-secret`, or the variable that contains the token.
    pub source: String,
    /// The requested tenant.
    pub tenant: Option<String>,
    /// The requested application.
    pub client: Option<String>,
}

/// Who is signed in, as far as known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AuthenticatedCaller {
    /// Where the token comes from.
    pub source: String,
    /// Id of the tenant.
    pub tenant: Option<String>,
    /// Id of the application, which may be that of the Azure CLI.
    pub client: Option<String>,
    /// Id of the user, application or identity, as role assignments name it.
    pub object: Option<String>,
}

impl AuthenticatedCaller {
    /// Completes the origin with the claims of the token, if they can be read.
    ///
    /// The token is not verified: the service does that.
    pub(super) fn new(origin: TokenOrigin, token: &Secret) -> Self {
        let claims = claims(token.expose()).unwrap_or_default();
        let claim = |names: &[&str]| {
            let found = names.iter().find_map(|name| claims.get(name)?.as_str());
            found.filter(|text| is_id(text)).map(str::to_owned)
        };
        Self {
            source: origin.source,
            tenant: claim(&["tid"]).or(origin.tenant),
            client: claim(&["appid", "azp"]).or(origin.client),
            object: claim(&["oid"]),
        }
    }
}

impl std::fmt::Display for AuthenticatedCaller {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.source)?;
        let known = [
            ("tenant", &self.tenant),
            ("client", &self.client),
            ("object", &self.object),
        ];
        for (name, id) in known {
            if let Some(id) = id {
                write!(f, ", {name} {id}")?;
            }
        }
        Ok(())
    }
}

/// What a token is for, if that can be read.
pub(super) fn audience(token: &Secret) -> Option<String> {
    let claims = claims(token.expose())?;
    claims.get("aud")?.as_str().map(str::to_owned)
}

/// Only ids are shown, whatever else a token may contain.
fn is_id(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '.';
    !text.is_empty() && text.len() <= 64 && text.chars().all(plain)
}

fn claims(token: &str) -> Option<Value> {
    let payload = token.split('.').nth(1)?;
    let bytes = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
    serde_json::from_slice(&bytes).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signed_in(payload: &str) -> String {
        let token = format!("e30.{}.sig", URL_SAFE_NO_PAD.encode(payload));
        let origin = TokenOrigin {
            source: "azure-cli".to_owned(),
            tenant: Some("asked".to_owned()),
            client: None,
        };
        AuthenticatedCaller::new(origin, &Secret::new(token)).to_string()
    }

    #[test]
    fn a_token_tells_for_whom_it_is_and_nothing_else() {
        assert_eq!(
            signed_in(r#"{"tid": "t-1", "appid": "a-1", "oid": "o-1", "upn": "jo@contoso.com"}"#),
            "azure-cli, tenant t-1, client a-1, object o-1"
        );
        for opaque in ["", "no json", "[1]", r#"{"tid": "not an id"}"#] {
            assert_eq!(signed_in(opaque), "azure-cli, tenant asked", "{opaque}");
        }
    }
}
