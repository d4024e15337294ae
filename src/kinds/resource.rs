//! Resources of any other type, declared by their properties alone.

use std::collections::{BTreeMap, BTreeSet};

use schemars::JsonSchema;
use serde_json::Value;

use super::kind::{Canonical, Kind, Reference, Snippet};
use super::location::{API_CENTER, Location, PREVIEW};
use super::resource_type::{ResourceType, is_of_service, path_at, resource_types, type_of, typed};
use super::schema::{SECRET_URI, schema_of};
use super::wire::{arm_path, parse_address};
use crate::model::{Address, Body, KindInfo, Prune, Resource, field_path};

pub(super) const TYPE: &str = "type";
pub(super) const SCOPE: &str = "scope";
pub(super) const PARENT: &str = "parent";
const API_VERSION: &str = "apiVersion";
const PROPERTIES: &str = "properties";
pub(super) const DEPENDS_ON: &str = "dependsOn";

/// The value of `scope` for what is directly below the service.
pub(super) const SERVICE_SCOPE: &str = "service";

/// The kind `Resource`.
pub static RESOURCE: Kind = Kind {
    info: KindInfo {
        name: "Resource",
        slug: "resource",
        noun: "resource",
        // After every typed kind, however many there are.
        rank: u8::MAX,
        prune: Prune::OnlyAll,
        open_field: Some(PROPERTIES),
        by_declared_fields: true,
        local_fields: &[TYPE, SCOPE, PARENT, API_VERSION, DEPENDS_ON],
        ..KindInfo::PLAIN
    },
    location: Location::Path(&API_CENTER),
    collection: "resources",
    api_version: PREVIEW,
    may_be_missing: true,
    server_owned: &[
        "linkState",
        "lastUpdated",
        "provisioningState",
        "systemData",
        "dataApiHostName",
        "dataApiHostname",
        "portalHostname",
        "portalDefaultHostName",
    ],
    schema: schema_of!(ResourceSpec),
    example: r#"{"type": "apis/versions/securityRequirements", "scope": "workspace",
        "parent": "api/orders/version/1-0-0", "apiVersion": "2024-06-01-preview",
        "properties": {"authConfigResourceId": "/authConfigs/partner-key"},
        "dependsOn": ["environment/production"]}"#,
    snippets: &[Snippet {
        label: "",
        description: "A resource of a type without a kind of its own",
        spec: r#"{"type": "${2|links,models,authConfigs,mcpRegistries|}", "properties": {"title": "${3:Title}"}}"#,
    }],
    qualify: Some(qualify),
    within: Some(|address| parent_of(address.name())),
    references,
    redirect: |to, body| normalise(to.present, body),
    normalise,
    read,
    write,
    ..Kind::PLAIN
};

/// A resource of a type that has no kind of its own. Only the properties that are declared are compared and
/// written; everything else that the service has stays as it is.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct ResourceSpec {
    /// Type of the resource as in its path below the workspace, such as `links`; with the types of its parents in
    /// front, as in `apis/versions/securityRequirements`.
    #[schemars(regex(pattern = "^[a-zA-Z0-9]+(/[a-zA-Z0-9]+)*$"), extend("x-suggestions" = type_names(), "examples" = ["links"]))]
    pub r#type: String,
    /// Where the type is: in the workspace, or directly below the service. Decided by the type if that is known;
    /// `workspace` by default.
    #[schemars(extend("x-known-values" = ["workspace", SERVICE_SCOPE]))]
    pub scope: Option<String>,
    /// What the resource is a child of, for a type with parents: its address, such as
    /// `api/orders/version/1-0-0`, or its name.
    #[schemars(extend("x-reference" = "parent"))]
    pub parent: Option<String>,
    /// Version of the API to write it with; `2024-06-01-preview` by default.
    #[schemars(regex(pattern = "^[0-9]{4}-[0-9]{2}-[0-9]{2}(-preview)?$"))]
    pub api_version: Option<String>,
    /// Properties of the resource, as the service spells them. A null removes a property. Secrets must be
    /// addresses of Key Vault secrets.
    #[schemars(extend("x-secret-keys" = SECRET_URI))]
    pub properties: BTreeMap<String, Value>,
    /// Addresses of resources that must exist before this one, besides those that its properties name by an id
    /// such as `/workspaces/default/apis/orders`.
    #[schemars(extend("items" = {"type": "string", "x-reference": "address"}))]
    pub depends_on: Option<Vec<String>>,
}

fn type_names() -> Vec<&'static str> {
    resource_types().map(|one| one.path).collect()
}

/// The names of the parents of a resource, topmost first, from the parent's address or names.
pub(super) fn parent_steps(above: &str, parent: &str) -> Option<Vec<String>> {
    let types: Vec<&str> = above.split('/').collect();
    if let Some(address) = parse_address(parent) {
        let full = arm_path(&address);
        let path = full.strip_prefix(API_CENTER.workspace).unwrap_or(&full);
        let steps: Vec<&str> = path.trim_matches('/').split('/').collect();
        let collections = steps.iter().step_by(2);
        let fits = collections.len() == types.len()
            && collections
                .zip(&types)
                .all(|(one, other)| one.eq_ignore_ascii_case(other));
        return fits.then(|| {
            steps
                .iter()
                .skip(1)
                .step_by(2)
                .map(ToString::to_string)
                .collect()
        });
    }
    let names: Vec<&str> = parent.split('/').collect();
    let is_named = names.len() == types.len() && names.iter().all(|name| !name.is_empty());
    is_named.then(|| names.iter().map(ToString::to_string).collect())
}

/// The path of a resource from its name and its `spec`: `links/NAME`, `agents/PARENT/versions/NAME`.
fn qualify(name: &str, spec: &Body) -> String {
    let text = |field: &str| spec.get(field).and_then(Value::as_str);
    let declared = text(TYPE).unwrap_or_default();
    let known = ResourceType::at(declared).map_or(declared, |known| known.path);
    let names = match known.rsplit_once('/') {
        Some((above, _)) => parent_steps(above, text(PARENT).unwrap_or_default()),
        None => Some(Vec::new()),
    };
    let Some(mut names) = names else {
        // An error is reported for the parent; nothing is to be taken for one.
        return format!("{}/{name}", known.replace('/', "."));
    };
    names.push(name.to_owned());
    let pairs = known.split('/').zip(&names);
    let steps: Vec<String> = pairs.map(|(one, name)| format!("{one}/{name}")).collect();
    steps.join("/")
}

/// The address of the resource above, for a child.
fn parent_of(path: &str) -> Option<Address> {
    let (above, _) = path.rsplit_once('/')?;
    let (above, _) = above.rsplit_once('/')?;
    Some(address_at(above, &type_of(above)))
}

/// The address of what is at a path below the workspace, or below the service.
pub(super) fn address_at(path: &str, path_type: &str) -> Address {
    let is_service = is_of_service(path_type, false);
    let above = typed(path_type)
        .filter(|_| is_service)
        .map(|kind| Address::top(&kind.info, super::wire_name(path)));
    above
        .or_else(|| API_CENTER.address_of(None, &format!("{}/{path}", API_CENTER.workspace)))
        .unwrap_or_else(|| Address::top(&RESOURCE.info, path))
}

/// The path of a resource below its workspace, without a slash in front.
#[must_use]
pub fn path_below_workspace(address: &Address) -> String {
    let path = arm_path(address);
    let below = path.strip_prefix(API_CENTER.workspace).unwrap_or(&path);
    below.trim_start_matches('/').to_owned()
}

/// The address of the resource that an id in properties names; `None` for any other text.
fn address_of_id(id: &str) -> Option<Address> {
    let head = id.get(..API_CENTER.workspace.len())?;
    let path = id[head.len()..].strip_prefix('/')?;
    let is_step = |step: &str| !step.is_empty() && !step.contains(char::is_whitespace);
    let is_path = path.split('/').count().is_multiple_of(2) && path.split('/').all(is_step);
    let is_ours = head.eq_ignore_ascii_case(API_CENTER.workspace) && is_path;
    is_ours.then(|| address_at(path, &type_of(path)))
}

/// The address of the resource at a path below a service, such as `/workspaces/default/apis/orders` or
/// `/portals/default`; `None` for any other text.
#[must_use]
pub fn address_of_path(path: &str) -> Option<Address> {
    let in_workspace = API_CENTER
        .address_of(None, path)
        .or_else(|| address_of_id(path));
    in_workspace.or_else(|| {
        let path = path.strip_prefix('/')?;
        let (collection, name) = path.split_once('/')?;
        let is_one = !name.is_empty() && !name.contains('/') && is_of_service(collection, false);
        is_one.then(|| address_at(path, collection))
    })
}

/// The path of a resource below its service, also where its address does not say at which scope it is.
#[must_use]
pub fn resource_path(resource: &Resource) -> String {
    let address = &resource.address;
    if *address.kind() != RESOURCE.info {
        return arm_path(address);
    }
    let scope = resource.body.get(SCOPE).and_then(Value::as_str);
    let is_declared = scope.is_some_and(|scope| scope.eq_ignore_ascii_case(SERVICE_SCOPE));
    path_at(address, is_declared)
}

/// The address of the kind that covers the type of a declared resource.
#[must_use]
pub fn typed_address(resource: &Resource) -> Option<Address> {
    let path = resource_path(resource);
    API_CENTER.address_of(None, &path)
}

/// A live resource of a kind of its own as one that is declared by its properties.
#[must_use]
pub fn as_untyped(address: &Address, resource: &Resource, unmodelled: &Body) -> Canonical {
    let wire = super::of(&resource.address).wire(resource, unmodelled);
    let empty = Body::new();
    RESOURCE.live(address.clone(), wire.as_object().unwrap_or(&empty))
}

/// The version of the API with which a resource is read and written.
#[must_use]
pub fn api_version_of<'a>(kind: &Kind, resource: &'a Resource) -> &'a str {
    let declared = resource.body.get(API_VERSION).and_then(Value::as_str);
    declared
        .filter(|_| kind.info == RESOURCE.info)
        .unwrap_or(kind.api_version)
}

/// The type of the resources at an address, such as `links` or `skills/versions`.
#[must_use]
pub fn type_path_of(address: &Address) -> Option<String> {
    if *address.kind() == RESOURCE.info {
        return Some(type_of(address.name()));
    }
    super::of(address).type_path()
}

fn references(address: &Address, body: &Body) -> Vec<Reference> {
    let mut all = Vec::new();
    let mut seen = BTreeSet::from([address.clone()]);
    let mut add = |reference: Reference| {
        if seen.insert(reference.target.clone()) {
            all.push(reference);
        }
    };
    if let Some(parent) = parent_of(address.name()) {
        add(Reference::new(PARENT, parent));
    }
    let needed = body.get(DEPENDS_ON).and_then(Value::as_array);
    for (i, one) in needed.into_iter().flatten().enumerate() {
        if let Some(target) = one.as_str().and_then(parse_address) {
            add(Reference::by_address(format!("{DEPENDS_ON}[{i}]"), target));
        }
    }
    if let Some(properties) = body.get(PROPERTIES) {
        find(PROPERTIES.to_owned(), properties, &mut add);
    }
    all
}

/// Texts that are ids of resources of the own service.
fn find(path: String, value: &Value, add: &mut impl FnMut(Reference)) {
    match value {
        Value::String(text) => {
            if let Some(target) = address_of_id(text) {
                add(Reference {
                    is_found: true,
                    ..Reference::by_address(path, target)
                });
            }
        }
        Value::Array(items) => {
            for (i, item) in items.iter().enumerate() {
                find(format!("{path}[{i}]"), item, add);
            }
        }
        Value::Object(map) => {
            for (name, value) in map {
                find(field_path(&path, name), value, add);
            }
        }
        _ => {}
    }
}

/// The type as it is known, the parent by its address, and the scope only where the type does not decide it.
fn normalise(address: &Address, body: &mut Body) {
    let path = address.name();
    let text =
        |body: &Body, field: &str| body.get(field).and_then(Value::as_str).map(str::to_owned);
    let declared = text(body, TYPE).unwrap_or_else(|| type_of(path));
    let known = ResourceType::at(&declared).map_or(declared.as_str(), |known| known.path);
    body.insert(TYPE.to_owned(), Value::from(known));
    let is_service =
        text(body, SCOPE).is_some_and(|scope| scope.eq_ignore_ascii_case(SERVICE_SCOPE));
    // Left in where it contradicts the type, which is an error, and where nothing else decides it.
    let is_decided = is_of_service(known, false) == is_of_service(known, true);
    if is_of_service(known, is_service) == is_service && (is_decided || !is_service) {
        body.shift_remove(SCOPE);
    }
    if type_of(path).eq_ignore_ascii_case(known)
        && let Some(parent) = parent_of(path)
    {
        body.insert(PARENT.to_owned(), Value::from(parent.to_string()));
    }
}

fn read(address: &Address, body: &mut Body) {
    body.clear();
    normalise(address, body);
}

fn write(_: &Address, body: &mut Body) {
    body.clear();
}
