//! A project's own metadata as a schema of `customProperties`.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::forms::{choices, external, variable};
use crate::kinds;
use crate::manifest::Project;
use crate::model::view::{CustomProperties, MetadataSchemaView};
use crate::model::{DesiredState, Role};

/// A declared metadata schema.
#[derive(Debug)]
pub(super) struct Property {
    pub(super) name: String,
    pub(super) title: String,
    schema: Value,
    assigned: BTreeMap<String, Assignment>,
}

#[derive(Debug, Clone, Copy)]
struct Assignment {
    required: bool,
    deprecated: bool,
}

/// The metadata schemas that people set values of: the ownership marker is not among them.
pub(super) fn properties(desired: &DesiredState, project: &Project) -> Vec<Property> {
    let marker = project.spec.ownership.as_ref().map(|o| o.property.as_str());
    desired
        .resources
        .iter()
        .filter(|(address, _)| address.is(Role::MetadataSchema))
        .filter(|(address, _)| !marker.is_some_and(|m| m.eq_ignore_ascii_case(address.name())))
        .map(|(address, declared)| {
            let view = MetadataSchemaView::of(&declared.resource.body);
            let schema = view.schema().cloned().unwrap_or_default();
            Property {
                name: address.name().to_owned(),
                title: text(&schema, "title").to_owned(),
                assigned: assignments(view),
                schema,
            }
        })
        .collect()
}

fn assignments(schema: MetadataSchemaView<'_>) -> BTreeMap<String, Assignment> {
    schema
        .assignments()
        .map(|assigned| {
            let assignment = Assignment {
                required: assigned.required,
                deprecated: assigned.deprecated,
            };
            (assigned.entity.to_ascii_lowercase(), assignment)
        })
        .collect()
}

/// Keywords for the custom properties of an entity.
pub(super) fn of_entity(
    entity: &str,
    properties: &[Property],
    project: &Project,
) -> Map<String, Value> {
    let assigned: Vec<(&Property, Assignment)> = properties
        .iter()
        .filter_map(|property| Some((property, *property.assigned.get(entity)?)))
        .collect();
    let schemas: Map<String, Value> = assigned
        .iter()
        .map(|(property, assignment)| {
            (
                property.name.clone(),
                property.published(entity, *assignment),
            )
        })
        .collect();
    let required: Vec<&str> = assigned
        .iter()
        .filter(|(property, assignment)| assignment.required && !property.is_left(entity, project))
        .map(|(property, _)| property.name.as_str())
        .collect();
    let mut out = Map::from_iter([
        ("properties".to_owned(), Value::Object(schemas)),
        ("additionalProperties".to_owned(), json!(false)),
    ]);
    if !required.is_empty() {
        out.insert("required".to_owned(), json!(required));
    }
    let elsewhere: Map<String, Value> = external(project, "metadata-schema/")
        .into_iter()
        .map(|pattern| (pattern, json!(true)))
        .collect();
    if !elsewhere.is_empty() {
        out.insert("patternProperties".to_owned(), Value::Object(elsewhere));
    }
    out
}

impl Property {
    /// Whether the project leaves the property of these entities to others.
    fn is_left(&self, entity: &str, project: &Project) -> bool {
        let path = CustomProperties::path(&self.name);
        let kind = kinds::KINDS
            .iter()
            .find(|kind| kind.info.entity == Some(entity));
        project
            .spec
            .ignore
            .iter()
            .flatten()
            .any(|rule| kind.is_some_and(|kind| kind.info.name == rule.kind) && rule.field == path)
    }

    fn published(&self, entity: &str, assignment: Assignment) -> Value {
        let mut out = Map::new();
        let title = if self.title.is_empty() {
            &self.name
        } else {
            &self.title
        };
        out.insert("title".to_owned(), json!(title));
        out.insert(
            "description".to_owned(),
            json!(self.description(entity, assignment)),
        );
        if assignment.deprecated {
            // A message would show as an error, and a deprecated property is none.
            out.insert("deprecated".to_owned(), json!(true));
            out.insert("doNotSuggest".to_owned(), json!(true));
        }
        out.insert(
            "anyOf".to_owned(),
            json!([value(&self.schema, true), variable()]),
        );
        if let Some(examples) = self.schema.get("examples").filter(|e| e.is_array()) {
            out.insert("examples".to_owned(), examples.clone());
        }
        Value::Object(out)
    }

    fn description(&self, entity: &str, assignment: Assignment) -> String {
        let mut sentences = Vec::new();
        if assignment.deprecated {
            sentences.push("Deprecated: do not use in new manifests.".to_owned());
        }
        match text(&self.schema, "description") {
            "" => {}
            said => sentences.push(said.to_owned()),
        }
        if assignment.required {
            sentences.push(format!("Every {} must have it.", entity_noun(entity)));
        }
        if let Some((values, meanings)) = self.schema.get("items").and_then(constants) {
            let choices: Vec<String> = values.iter().zip(&meanings).map(choice).collect();
            sentences.push(format!("Any of: {}.", choices.join(", ")));
        }
        sentences.push(format!("Declared by the metadata schema `{}`.", self.name));
        sentences.join(" ")
    }
}

fn entity_noun(entity: &str) -> &str {
    if entity == "api" { "API" } else { entity }
}

fn choice((value, meaning): (&Value, &Value)) -> String {
    let value = value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned);
    match meaning.as_str() {
        Some(meaning) if !meaning.is_empty() => format!("`{value}` ({meaning})"),
        _ => format!("`{value}`"),
    }
}

fn text<'a>(schema: &'a Value, keyword: &str) -> &'a str {
    schema
        .get(keyword)
        .and_then(Value::as_str)
        .unwrap_or_default()
}

/// Keywords that mean something else, or nothing, once the schema is a part of another.
const NOT_EMBEDDED: [&str; 7] = [
    "$schema",
    "$id",
    "$ref",
    "$defs",
    "definitions",
    "$anchor",
    "examples",
];

/// A metadata schema as a part of ours. What cannot be carried over is left out: an editor then
/// accepts more than `validate` does, and never less.
fn value(schema: &Value, is_top: bool) -> Value {
    let Value::Object(map) = schema else {
        return schema.clone();
    };
    if map.contains_key("$ref") || map.contains_key("$dynamicRef") {
        return json!({});
    }
    let mut out = Map::new();
    for (key, inner) in map {
        match key.as_str() {
            "title" | "description" if is_top => {}
            "oneOf" => match constants(schema) {
                Some((values, meanings)) => out.extend(choices(&values, &meanings)),
                None => drop(out.insert(key.clone(), parts(inner))),
            },
            "allOf" | "anyOf" | "prefixItems" => drop(out.insert(key.clone(), parts(inner))),
            "properties" | "patternProperties" => {
                let inner = inner.as_object().into_iter().flatten();
                let all = inner.map(|(name, schema)| (name.clone(), value(schema, false)));
                out.insert(key.clone(), Value::Object(all.collect()));
            }
            "items" | "additionalProperties" | "contains" | "not" | "if" | "then" | "else" => {
                out.insert(key.clone(), value(inner, false));
            }
            key if NOT_EMBEDDED.contains(&key) => {}
            _ => drop(out.insert(key.clone(), inner.clone())),
        }
    }
    // What is to be a text is read as one: `2100` need not be quoted.
    if out.get("type") == Some(&json!("string")) && !out.contains_key("enum") {
        out.insert("type".to_owned(), json!(["string", "number"]));
    }
    Value::Object(out)
}

fn parts(list: &Value) -> Value {
    let parts = list.as_array().into_iter().flatten();
    parts.map(|part| value(part, false)).collect()
}

/// The choices of `oneOf` with `const`, and what they mean.
fn constants(schema: &Value) -> Option<(Vec<Value>, Vec<Value>)> {
    let items = schema.get("oneOf")?.as_array()?;
    items
        .iter()
        .map(|item| {
            let meaning = [text(item, "description"), text(item, "title")];
            let meaning = meaning.into_iter().find(|m| !m.is_empty());
            Some((
                item.get("const")?.clone(),
                json!(meaning.unwrap_or_default()),
            ))
        })
        .collect()
}
