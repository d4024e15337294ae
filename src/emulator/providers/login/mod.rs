//! Signing in: what clients ask of an authority before they ask anything of the resource manager.
//!
//! The emulator is its own authority, so that official clients need nothing but its address. Every
//! tenant, client and secret will do, unless a secret is demanded. Paths follow the public authority's
//! (documented); tokens have the shape of its own and are signed with a key that only the emulator
//! knows, as clients must not read them.

mod cloud;
mod grant;
mod token;

use axum::extract::Request;
use axum::http::{HeaderMap, Method, StatusCode, header};
use serde_json::json;

use token::{SigningKey, Trust};

use crate::emulator::base::error::EmulatorError;
use crate::emulator::base::options::EmulatorOptions;
use crate::emulator::core::identity::TENANT;
use crate::emulator::core::response::{HandlerResponse, arm_error};
use crate::emulator::store::Store;

/// A request that signs in is never larger.
const MOST_FORM: usize = 256 * 1024;

/// The name under which the signing key is kept.
const KEPT: &str = "token key";

/// A page that everybody may read, or where tokens are given out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emulator) enum Page {
    /// The endpoints of the cloud.
    Cloud,
    /// Where the authority's other pages are.
    Configuration {
        tenant: String,
        v2: bool,
    },
    /// Which authorities are one.
    Instances,
    /// The keys of the authority.
    Keys,
    Token {
        tenant: String,
    },
}

impl Page {
    /// The page at a path; none if it is a path of the resource manager.
    pub(in crate::emulator) fn at(path: &str) -> Option<Self> {
        let lower = path.trim_end_matches('/').to_ascii_lowercase();
        let segments: Vec<&str> = lower.strip_prefix('/')?.split('/').collect();
        let tenant = |name: &str| name.to_owned();
        Some(match segments.as_slice() {
            ["metadata", "endpoints"] => Self::Cloud,
            [_, "discovery", "instance"] => Self::Instances,
            [_, "discovery", "keys"] | [_, "discovery", "v2.0", "keys"] => Self::Keys,
            [name, ".well-known", "openid-configuration"] => Self::Configuration {
                tenant: tenant(name),
                v2: false,
            },
            [name, "v2.0", ".well-known", "openid-configuration"] => Self::Configuration {
                tenant: tenant(name),
                v2: true,
            },
            [name, "oauth2", "token"] | [name, "oauth2", "v2.0", "token"] => Self::Token {
                tenant: tenant(name),
            },
            _ => return None,
        })
    }
}

/// The authority.
pub(in crate::emulator) struct Login {
    key: SigningKey,
    client_secret: Option<String>,
    required: bool,
}

impl Login {
    /// Reads the signing key, or makes one: tokens outlive a restart where the state does.
    pub(in crate::emulator) fn open(
        store: &Store,
        options: &EmulatorOptions,
    ) -> Result<Self, EmulatorError> {
        let kept = match store.read(|view| view.kept(KEPT))? {
            Some(kept) => kept,
            None => {
                let new = format!("{}{}", uuid::Uuid::new_v4(), uuid::Uuid::new_v4());
                let kept = new.clone();
                store.change_blocking(move |changes| changes.keep(KEPT, &kept))?;
                new
            }
        };
        Ok(Self {
            key: SigningKey::new(kept.into_bytes()),
            client_secret: options.client_secret.clone(),
            required: options.require_login,
        })
    }

    /// Serves a page. `base` is the address at which the caller reached the emulator, without a slash at
    /// the end.
    pub(in crate::emulator) async fn serve(
        &self,
        page: Page,
        request: Request,
        base: &str,
    ) -> HandlerResponse {
        let (parts, body) = request.into_parts();
        let wanted = match page {
            Page::Token { .. } => Method::POST,
            _ => Method::GET,
        };
        if parts.method != wanted {
            return HandlerResponse::empty(StatusCode::METHOD_NOT_ALLOWED);
        }
        let query = parts.uri.query().unwrap_or_default();
        match page {
            Page::Cloud => cloud::endpoints(base, query),
            Page::Configuration { tenant, v2 } => cloud::configuration(base, &tenant, v2),
            Page::Instances => cloud::instances(base),
            // The key is a shared secret, so there is none to publish.
            Page::Keys => HandlerResponse::ok(json!({"keys": []})),
            Page::Token { tenant } => match axum::body::to_bytes(body, MOST_FORM).await {
                Ok(form) => {
                    let form = String::from_utf8_lossy(&form);
                    grant::response(
                        &self.key,
                        self.client_secret.as_deref(),
                        base,
                        &tenant,
                        &form,
                    )
                }
                Err(_) => HandlerResponse::empty(StatusCode::PAYLOAD_TOO_LARGE),
            },
        }
    }

    /// Whether a request may go on: some bearer token must be there, and one of ours if signing in is
    /// required.
    pub(in crate::emulator) fn admit(
        &self,
        headers: &HeaderMap,
        base: &str,
    ) -> Result<(), Box<HandlerResponse>> {
        let token = bearer(headers).ok_or_else(|| {
            let message = "Authentication failed. The 'Authorization' header is missing or has no bearer token.";
            let error = "The authentication failed because of missing 'Authorization' header.";
            Box::new(unauthorized("AuthenticationFailed", message, error, base))
        })?;
        if !self.required {
            return Ok(());
        }
        match self.key.trusts(token) {
            Trust::Full => Ok(()),
            Trust::Expired => {
                let message = "The access token has expired.";
                let response = unauthorized("ExpiredAuthenticationToken", message, message, base);
                Err(Box::new(response))
            }
            Trust::None => {
                let message = "The access token is invalid.";
                let response = unauthorized("InvalidAuthenticationToken", message, message, base);
                Err(Box::new(response))
            }
        }
    }
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = value.split_once(' ')?;
    let token = token.trim();
    (scheme.eq_ignore_ascii_case("Bearer") && !token.is_empty()).then_some(token)
}

/// Documented: the header says where to sign in.
fn unauthorized(code: &str, message: &str, error: &str, base: &str) -> HandlerResponse {
    let challenge = format!(
        "Bearer authorization_uri=\"{base}/{TENANT}\", error=\"invalid_token\", error_description=\"{error}\""
    );
    arm_error(StatusCode::UNAUTHORIZED, code, message).with_header("www-authenticate", &challenge)
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn pages_are_told_from_resources() {
        let tenant = || "contoso.com".to_owned();
        assert_eq!(
            Page::at("/Contoso.com/oauth2/v2.0/token"),
            Some(Page::Token { tenant: tenant() })
        );
        assert_eq!(
            Page::at("/contoso.com/v2.0/.well-known/openid-configuration"),
            Some(Page::Configuration {
                tenant: tenant(),
                v2: true
            })
        );
        assert_eq!(
            Page::at("/common/discovery/instance"),
            Some(Page::Instances)
        );
        assert_eq!(Page::at("/metadata/endpoints"), Some(Page::Cloud));
        for path in [
            "/subscriptions/s",
            "/tenants",
            "/",
            "/providers/p/operations",
        ] {
            assert_eq!(Page::at(path), None, "{path}");
        }
    }
}
