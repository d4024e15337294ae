//! What a project adds to the schema: its own metadata, and the names that references may take.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::custom::{self, Property};
use super::forms::{choices, external, open, variable};
use crate::kinds;
use crate::manifest::Project;
use crate::model::view::CustomProperties;
use crate::model::view::EnvironmentView;
use crate::model::{Address, DesiredState};

/// Keywords for the places that the spec types mark with `x-reference` and `x-custom-properties`.
#[derive(Debug, Default)]
pub(super) struct Additions {
    references: BTreeMap<&'static str, Map<String, Value>>,
    custom: BTreeMap<&'static str, Map<String, Value>>,
}

impl Additions {
    /// What this project adds.
    pub(super) fn of(project: &Project, desired: &DesiredState) -> Self {
        let properties = custom::properties(desired, project);
        let targets: Vec<&str> = project
            .spec
            .targets
            .iter()
            .flat_map(|targets| targets.keys().map(String::as_str))
            .collect();
        let kinds: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.info.name).collect();
        let references = BTreeMap::from([
            (kinds::ENVIRONMENT.info.slug, environments(project, desired)),
            (kinds::INTEGRATION.info.slug, integrations(desired)),
            (kinds::API_DEFINITION.info.slug, definitions(desired)),
            ("target", suggested(targets.iter().map(|name| (*name, "")))),
            ("kind", suggested(kinds.iter().map(|name| (*name, "")))),
            (
                kinds::METADATA_SCHEMA.info.slug,
                suggested(
                    properties
                        .iter()
                        .map(|p| (p.name.as_str(), p.title.as_str())),
                ),
            ),
            ("field", fields(&properties)),
        ]);
        let custom = kinds::metadata_schema::ENTITIES
            .into_iter()
            .map(|entity| (entity, custom::of_entity(entity, &properties, project)))
            .collect();
        Self { references, custom }
    }

    /// Keywords for the custom properties of each entity.
    pub(super) fn into_custom(self) -> BTreeMap<&'static str, Map<String, Value>> {
        self.custom
    }

    /// Keywords for a field that names something.
    pub(super) fn reference(&self, target: &Value) -> Map<String, Value> {
        let added = target.as_str().and_then(|name| self.references.get(name));
        added.cloned().unwrap_or_default()
    }

    /// Keywords for the custom properties of an entity.
    pub(super) fn custom_properties(&self, entity: &Value) -> Map<String, Value> {
        let added = entity.as_str().and_then(|name| self.custom.get(name));
        added.cloned().unwrap_or_default()
    }

    /// Whether what this schema describes has to have custom properties.
    pub(super) fn must_have_custom_properties(&self, schema: &Map<String, Value>) -> bool {
        let property = schema
            .get("properties")
            .and_then(|properties| properties.get(CustomProperties::FIELD));
        property
            .and_then(|property| property.get("x-custom-properties"))
            .is_some_and(|entity| self.custom_properties(entity).contains_key("required"))
    }
}

/// The declared names are offered and explained; others are accepted.
fn suggested<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>) -> Map<String, Value> {
    let (names, meanings): (Vec<Value>, Vec<Value>) = names
        .into_iter()
        .map(|(name, meaning)| (json!(name), json!(meaning)))
        .unzip();
    if names.is_empty() {
        return Map::new();
    }
    open(&names, &meanings)
}

/// The declared environments, by their titles; others only where another repository declares them.
fn environments(project: &Project, desired: &DesiredState) -> Map<String, Value> {
    let (names, titles): (Vec<Value>, Vec<Value>) = desired
        .resources
        .iter()
        .filter(|(address, _)| *address.kind() == kinds::ENVIRONMENT.info)
        .map(|(address, declared)| {
            let title = EnvironmentView::of(&declared.resource.body).title();
            (json!(address.name()), json!(title.unwrap_or_default()))
        })
        .unzip();
    if names.is_empty() {
        return Map::new();
    }
    let mut declared = choices(&names, &titles);
    declared.insert(
        "errorMessage".to_owned(),
        json!("No environment of this name is declared in this project."),
    );
    let mut forms = vec![Value::Object(declared), variable()];
    forms.push(json!({"title": "relative id", "type": "string", "pattern": "^/workspaces/"}));
    for pattern in external(project, &format!("{}/", kinds::ENVIRONMENT.info.slug)) {
        forms.push(json!({"title": "declared elsewhere", "type": "string", "pattern": pattern}));
    }
    Map::from_iter([("anyOf".to_owned(), Value::Array(forms))])
}

fn integrations(desired: &DesiredState) -> Map<String, Value> {
    let names = desired
        .resources
        .keys()
        .filter(|address| *address.kind() == kinds::INTEGRATION.info)
        .map(|address| (address.name(), ""));
    suggested(names)
}

/// `VERSION/DEFINITION` as it occurs in any API, with the APIs that have it.
fn definitions(desired: &DesiredState) -> Map<String, Value> {
    let mut found: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for address in desired.resources.keys() {
        if let Some((name, api)) = definition_of(address) {
            found.entry(name).or_default().insert(api);
        }
    }
    let described: Vec<(String, String)> = found
        .into_iter()
        .map(|(name, apis)| (name, few(&apis)))
        .collect();
    suggested(
        described
            .iter()
            .map(|(name, apis)| (name.as_str(), apis.as_str())),
    )
}

fn definition_of(address: &Address) -> Option<(String, String)> {
    let version = address.parent()?;
    (*address.kind() == kinds::API_DEFINITION.info).then(|| {
        let name = format!("{}/{}", version.name(), address.name());
        (name, address.root().name().to_owned())
    })
}

fn few(apis: &BTreeSet<String>) -> String {
    let named: Vec<&str> = apis.iter().map(String::as_str).take(3).collect();
    match apis.len() - named.len() {
        0 => format!("Of {}.", named.join(", ")),
        more => format!("Of {} and {more} more.", named.join(", ")),
    }
}

/// Paths that `ignore` can name: a project's own metadata.
fn fields(properties: &[Property]) -> Map<String, Value> {
    let paths: Vec<(String, &str)> = properties
        .iter()
        .map(|property| {
            let path = crate::model::field_path(CustomProperties::FIELD, &property.name);
            (path, property.title.as_str())
        })
        .collect();
    suggested(paths.iter().map(|(path, title)| (path.as_str(), *title)))
}
