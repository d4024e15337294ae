//! Plugins: bundles of skills and MCP servers.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde_json::Value;

use super::kind::{Kind, Reference, Snippet};
use super::location::{API_CENTER, Location, PREVIEW};
use super::resource::address_of_path;
use super::schema::{SECRET_URI, schema_of};
use super::wire::{arm_path, parse_address};
use crate::model::{Address, Body, KindInfo, Prune, Redirection};

/// The members, in a manifest.
const RESOURCES: &str = "resources";
/// The same on the wire.
const RESOURCE_IDS: &str = "resourceIds";

/// The kind `Plugin`.
pub(super) static PLUGIN: Kind = Kind {
    info: KindInfo {
        name: "Plugin",
        slug: "plugin",
        noun: "plugin",
        rank: 12,
        case_insensitive: &[RESOURCES],
        prune: Prune::OnlyAll,
        open_field: Some("extra"),
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "plugins",
    api_version: PREVIEW,
    may_be_missing: true,
    server_owned: &["lastUpdated"],
    id_properties: &[RESOURCE_IDS],
    schema: schema_of!(PluginSpec),
    example: r#"{"title": "Dev toolkit", "summary": "What developers need every day.",
        "description": "Reviews, release notes and the issue tracker.", "version": "1.0",
        "resources": ["skill/code-review", "api/orders"], "extra": {"category": "development"}}"#,
    snippets: &[Snippet {
        label: "",
        description: "A bundle of skills and MCP servers",
        spec: r#"{"title": "${2:Dev toolkit}", "version": "${3:1.0.0}",
                "resources": ["${4:skill/code-review}", "${5:api/github-mcp}"]}"#,
    }],
    references,
    redirect,
    normalise,
    read,
    write,
    ..Kind::PLAIN
};

/// A bundle of skills and MCP servers that clients install as one.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct PluginSpec {
    /// Name shown in the portal; 1 to 50 characters.
    #[schemars(length(min = 1, max = 50), extend("examples" = ["Dev toolkit"]))]
    pub title: String,
    /// One sentence about the plugin, for lists and search results of the portal; at most 200 characters.
    #[schemars(length(max = 200))]
    pub summary: Option<String>,
    /// What the plugin is for, in Markdown; at most 1,000 characters.
    #[schemars(length(max = 1000))]
    pub description: Option<String>,
    /// Version of the plugin.
    #[schemars(extend("examples" = ["1.0"]))]
    pub version: Option<String>,
    /// Addresses of its members: skills (`skill/NAME`) and MCP servers (`api/NAME`).
    #[schemars(extend("items" = {"type": "string", "pattern": "^(skill|agent|api)/[^/]+$|^resource/.+|^/.+",
        "x-reference": "address"}, "examples" = [["skill/code-review", "api/github-mcp"]]))]
    pub resources: Option<Vec<String>>,
    /// Further properties, as the service spells them: they are compared and written, and those that are not
    /// declared stay as they are.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub extra: Option<BTreeMap<String, Value>>,
}

fn references(_: &Address, body: &Body) -> Vec<Reference> {
    let mut seen = BTreeSet::new();
    let mut all = Vec::new();
    let members = body.get(RESOURCES).and_then(Value::as_array);
    for (i, member) in members.into_iter().flatten().enumerate() {
        let Some(target) = member.as_str().and_then(parse_address) else {
            continue;
        };
        if seen.insert(target.clone()) {
            let field = format!("{RESOURCES}[{i}]");
            all.push(Reference::by_address(field, target));
        }
    }
    all
}

fn redirect(to: Redirection<'_>, body: &mut Body) {
    let members = body.get_mut(RESOURCES).and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        let target = member.as_str().and_then(parse_address);
        if let Some(present) = target.and_then(|target| to.renames.present(&target)) {
            *member = Value::from(present.to_string());
        }
    }
}

/// Members are addresses: ids relative to the service become what they name.
fn normalise(_: &Address, body: &mut Body) {
    let members = body.get_mut(RESOURCES).and_then(Value::as_array_mut);
    for member in members.into_iter().flatten() {
        let id = member.as_str();
        if let Some(address) = id.and_then(address_of_path) {
            *member = Value::from(address.to_string());
        }
    }
}

fn read(_: &Address, body: &mut Body) {
    if let Some(ids @ Value::Array(_)) = body.shift_remove(RESOURCE_IDS) {
        body.insert(RESOURCES.to_owned(), ids);
    }
}

fn write(_: &Address, body: &mut Body) {
    if let Some(Value::Array(members)) = body.shift_remove(RESOURCES) {
        let ids = members.into_iter().map(|member| {
            let address = member.as_str().and_then(parse_address);
            address.map_or(member, |address| Value::from(arm_path(&address)))
        });
        body.insert(RESOURCE_IDS.to_owned(), ids.collect());
    }
}
