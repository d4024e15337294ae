//! Metadata of the authority and of the cloud.

use serde_json::{Value, json};

use crate::emulator::core::identity::TENANT;
use crate::emulator::core::request::Query;
use crate::emulator::core::response::HandlerResponse;

/// The addresses of the cloud. The form depends on the API version (documented): an object of few
/// names at first, later a list of clouds, now an object for the one cloud.
pub(super) fn endpoints(base: &str, query: &str) -> HandlerResponse {
    let query = Query::parse(query);
    let version = query.get("api-version").unwrap_or_default();
    let cloud = cloud(base);
    HandlerResponse::ok(match version {
        "2015-01-01" => json!({
            "galleryEndpoint": format!("{base}/"),
            "graphEndpoint": format!("{base}/"),
            "portalEndpoint": format!("{base}/"),
            "graphAudience": format!("{base}/"),
            "authentication": {
                "loginEndpoint": format!("{base}/"),
                "audiences": [format!("{base}/")],
            },
        }),
        "2018-05-01" | "2019-05-01" | "2020-06-01" => json!([cloud]),
        _ => cloud,
    })
}

/// Only what exists here is at the emulator; the suffixes of other services are those of the public
/// cloud, as clients expect some.
fn cloud(base: &str) -> Value {
    json!({
        "name": "ApiCenterEmulator",
        "portal": base,
        "resourceManager": base,
        "authentication": {
            "loginEndpoint": base,
            "audiences": [base],
            "tenant": TENANT,
            "identityProvider": "AAD",
        },
        "graph": base,
        "graphAudience": base,
        "microsoftGraphResourceId": base,
        "suffixes": {
            "storage": "core.windows.net",
            "keyVaultDns": "vault.azure.net",
        },
    })
}

/// OpenID's discovery document.
pub(super) fn configuration(base: &str, tenant: &str, v2: bool) -> HandlerResponse {
    let version = if v2 { "/v2.0" } else { "" };
    let issuer = format!("{base}/{tenant}{version}");
    let host = host(base);
    HandlerResponse::ok(json!({
        "token_endpoint": format!("{base}/{tenant}/oauth2{version}/token"),
        "token_endpoint_auth_methods_supported": [
            "client_secret_post",
            "private_key_jwt",
        ],
        "jwks_uri": format!("{base}/{tenant}/discovery{version}/keys"),
        "response_modes_supported": ["query", "fragment", "form_post"],
        "subject_types_supported": ["pairwise"],
        "id_token_signing_alg_values_supported": ["RS256"],
        "response_types_supported": ["code", "id_token", "code id_token", "id_token token"],
        "scopes_supported": ["openid", "profile", "email", "offline_access"],
        "issuer": issuer,
        "authorization_endpoint": format!("{base}/{tenant}/oauth2{version}/authorize"),
        "device_authorization_endpoint": format!("{base}/{tenant}/oauth2{version}/devicecode"),
        "end_session_endpoint": format!("{base}/{tenant}/oauth2{version}/logout"),
        "claims_supported": ["sub", "iss", "aud", "exp", "iat", "tid", "oid"],
        "tenant_region_scope": null,
        "cloud_instance_name": host,
        "cloud_graph_host_name": host,
        "msgraph_host": host,
    }))
}

/// Documented: clients ask here which names one authority has.
pub(super) fn instances(base: &str) -> HandlerResponse {
    let host = host(base);
    HandlerResponse::ok(json!({
        "tenant_discovery_endpoint": format!("{base}/{TENANT}/v2.0/.well-known/openid-configuration"),
        "api-version": "1.1",
        "metadata": [{
            "preferred_network": host,
            "preferred_cache": host,
            "aliases": [host],
        }],
    }))
}

fn host(base: &str) -> &str {
    base.split_once("://").map_or(base, |(_, host)| host)
}
