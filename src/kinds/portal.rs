//! The portal of a service.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde_json::Value;

use super::kind::{Kind, Snippet};
use super::location::{API_CENTER, Location, PREVIEW};
use super::schema::{SECRET_URI, schema_of};
use crate::model::{KindInfo, Prune, Role};

/// The kind `Portal`.
pub static PORTAL: Kind = Kind {
    info: KindInfo {
        name: "Portal",
        slug: "portal",
        noun: "portal",
        rank: 13,
        role: Role::Portal,
        case_insensitive: &[
            "authentication.clientId",
            "authentication.tenantId",
            "authentication.authMode",
        ],
        // A site that people use: what a manifest does not say stays as it is.
        retained_when_absent: &[
            "title",
            "enabled",
            "allowAnonymousAccess",
            "authentication",
            "authentication.clientId",
            "authentication.tenantId",
            "authentication.authMode",
        ],
        prune: Prune::OnlyAll,
        open_field: Some("extra"),
        ..KindInfo::PLAIN
    },
    location: Location::Service(&API_CENTER),
    collection: "portals",
    api_version: PREVIEW,
    may_be_missing: true,
    server_owned: &["dataApiHostName", "portalDefaultHostName"],
    schema: schema_of!(PortalSpec),
    example: r#"{"title": "Contoso APIs", "enabled": true, "allowAnonymousAccess": false,
        "authentication": {"clientId": "11111111-1111-1111-1111-111111111111",
            "tenantId": "22222222-2222-2222-2222-222222222222", "authMode": "azureRbac"},
        "extra": {"novel": true}}"#,
    snippets: &[Snippet {
        label: "",
        description: "The portal for those who look for an API; its name is `default`",
        spec: r#"{"title": "${2:Contoso APIs}", "enabled": "${3|true,false|}", "allowAnonymousAccess": "${4|false,true|}"}"#,
    }],
    ..Kind::PLAIN
};

/// The portal of the service, named `default`: a site for those who look for an API. What is left out stays as
/// it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct PortalSpec {
    /// Name of the site.
    #[schemars(extend("examples" = ["Contoso APIs"]))]
    pub title: Option<String>,
    /// Whether the site is open.
    pub enabled: Option<bool>,
    /// Whether people may read the catalogue without signing in. It opens the portal, the data API, the MCP
    /// registry and the plugin marketplace to everybody, so an apply that changes it to `true` requires
    /// `--allow-public`.
    pub allow_anonymous_access: Option<bool>,
    /// How people sign in.
    pub authentication: Option<PortalAuthentication>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
}

/// How people sign in to the portal.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct PortalAuthentication {
    /// Application (client) id of the portal in Microsoft Entra ID.
    #[schemars(extend("examples" = ["11111111-1111-1111-1111-111111111111"]))]
    pub client_id: Option<String>,
    /// Id of the tenant whose users sign in.
    #[schemars(extend("examples" = ["22222222-2222-2222-2222-222222222222"]))]
    pub tenant_id: Option<String>,
    /// Who may read what: `azureRbac` is the only mode that is known.
    #[schemars(extend("examples" = ["azureRbac"]))]
    pub auth_mode: Option<String>,
}
