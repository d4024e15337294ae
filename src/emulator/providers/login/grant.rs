//! The token endpoint: applications that sign in with a secret or an assertion.

use axum::http::StatusCode;
use serde_json::json;
use uuid::Uuid;

use super::token::{LIFETIME, SigningKey};
use crate::emulator::base::clock::Ticks;
use crate::emulator::core::request::Query;
use crate::emulator::core::response::HandlerResponse;

/// A refusal of the authority: its number, the standard's word for it, and what it says.
struct TokenError {
    number: u32,
    error: &'static str,
    status: StatusCode,
    message: String,
}

/// Issues a token, or refuses with an error of the authority (documented codes).
pub(super) fn response(
    key: &SigningKey,
    wanted_secret: Option<&str>,
    base: &str,
    tenant: &str,
    form: &str,
) -> HandlerResponse {
    let form = Query::parse(form);
    match grant(&form, wanted_secret) {
        Ok((client, audience)) => HandlerResponse::ok(json!({
            "token_type": "Bearer",
            "expires_in": LIFETIME,
            "ext_expires_in": LIFETIME,
            "access_token": key.token(base, tenant, client, &audience),
        }))
        .with_header("cache-control", "no-store, no-cache"),
        Err(error) => rendered(&error, base),
    }
}

/// The client and the audience of a request that is in order.
fn grant<'a>(
    form: &'a Query,
    wanted_secret: Option<&str>,
) -> Result<(&'a str, String), TokenError> {
    let field = |name: &str| form.get(name).filter(|text| !text.is_empty());
    let kind = field("grant_type").ok_or_else(|| missing("grant_type"))?;
    if kind != "client_credentials" {
        return Err(TokenError {
            number: 70003,
            error: "unsupported_grant_type",
            status: StatusCode::BAD_REQUEST,
            message: format!("The app requested an unsupported grant type '{kind}'."),
        });
    }
    let client = field("client_id").ok_or_else(|| missing("client_id"))?;
    match (field("client_secret"), field("client_assertion")) {
        (Some(secret), _) if wanted_secret.is_none_or(|wanted| wanted == secret) => {}
        (Some(_), _) => return Err(wrong_secret(client)),
        (None, Some(_)) => {}
        (None, None) => {
            return Err(TokenError {
                number: 7_000_216,
                error: "invalid_client",
                status: StatusCode::UNAUTHORIZED,
                message: "'client_assertion', 'client_secret' or 'request' is required for the \
                          'client_credentials' grant type."
                    .to_owned(),
            });
        }
    }
    if let Some(resource) = field("resource") {
        return Ok((client, resource.to_owned()));
    }
    let scope = field("scope").ok_or_else(|| missing("scope"))?;
    let audience = scope.strip_suffix("/.default").ok_or_else(|| TokenError {
        number: 1_002_012,
        error: "invalid_scope",
        status: StatusCode::BAD_REQUEST,
        message: format!(
            "The provided value for scope {scope} is not valid. Client credential flows must have a \
             scope value with /.default suffixed to the resource identifier (application ID URI)."
        ),
    })?;
    Ok((client, audience.to_owned()))
}

fn missing(field: &str) -> TokenError {
    TokenError {
        number: 900_144,
        error: "invalid_request",
        status: StatusCode::BAD_REQUEST,
        message: format!("The request body must contain the following parameter: '{field}'."),
    }
}

fn wrong_secret(client: &str) -> TokenError {
    TokenError {
        number: 7_000_215,
        error: "invalid_client",
        status: StatusCode::UNAUTHORIZED,
        message: format!(
            "Invalid client secret provided. Ensure the secret being sent in the request is the client \
             secret value, not the client secret ID, for a secret added to app '{client}'."
        ),
    }
}

fn rendered(error: &TokenError, base: &str) -> HandlerResponse {
    let (trace, correlation) = (Uuid::new_v4(), Uuid::new_v4());
    let stamp = Ticks::now().stamp();
    let TokenError { number, .. } = error;
    let body = json!({
        "error": error.error,
        "error_description": format!(
            "AADSTS{number}: {} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {stamp}",
            error.message
        ),
        "error_codes": [number],
        "timestamp": stamp,
        "trace_id": trace.to_string(),
        "correlation_id": correlation.to_string(),
        "error_uri": format!("{base}/error?code={number}"),
    });
    HandlerResponse::json(error.status, body)
}

#[cfg(test)]
mod tests {
    use super::grant;
    use crate::emulator::core::request::Query;

    fn ask(form: &str, secret: Option<&str>) -> Result<String, u32> {
        let form = Query::parse(form);
        let granted = grant(&form, secret).map(|(client, audience)| format!("{client} {audience}"));
        granted.map_err(|error| error.number)
    }

    #[test]
    fn applications_sign_in_with_any_proof_unless_one_is_demanded() {
        let form =
            "grant_type=client_credentials&client_id=app&scope=https%3A%2F%2Fm%2F%2F.default";
        let secret = format!("{form}&client_secret=s");
        let assertion = format!("{form}&client_assertion=a.b.c");
        for proof in [&secret, &assertion] {
            assert_eq!(ask(proof, None), Ok("app https://m/".to_owned()));
            assert!(ask(proof, Some("s")).is_ok());
        }
        assert_eq!(ask(&secret, Some("other")), Err(7_000_215));
        assert_eq!(ask(form, None), Err(7_000_216));
        let resource = "grant_type=client_credentials&client_id=app&client_secret=s&resource=r";
        assert_eq!(ask(resource, None), Ok("app r".to_owned()));
    }

    #[test]
    fn what_is_missing_or_unknown_is_named() {
        let with = "client_id=app&client_secret=s";
        assert_eq!(ask(with, None), Err(900_144));
        assert_eq!(
            ask(&format!("{with}&grant_type=password"), None),
            Err(70003)
        );
        let scope = format!("{with}&grant_type=client_credentials&scope=openid");
        assert_eq!(ask(&scope, None), Err(1_002_012));
    }
}
