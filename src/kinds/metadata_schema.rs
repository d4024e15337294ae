//! Metadata schemas: the organisation's own properties.

use schemars::JsonSchema;
use serde_json::{Map, Value, json};

use super::kind::{Kind, Snippet};
use super::location::{API_CENTER, Location};
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, Role};

/// The kind `MetadataSchema`.
pub static METADATA_SCHEMA: Kind = Kind {
    info: KindInfo {
        name: "MetadataSchema",
        slug: "metadata-schema",
        noun: "metadata schema",
        rank: 1,
        role: Role::MetadataSchema,
        item_keys: &["entity", "const"],
        prune: Prune::OnlyAll,
        ..KindInfo::PLAIN
    },
    location: Location::Service(&API_CENTER),
    collection: "metadataSchemas",
    schema: schema_of!(MetadataSchemaSpec),
    example: r#"{"schema": {"type": "string", "title": "Team", "oneOf": [{"const": "a", "description": ""}]},
        "assignedTo": [{"entity": "api", "required": true, "deprecated": true}]}"#,
    snippets: &[
        Snippet {
            label: "choices",
            description: "A property of your own with a list of values",
            spec: r#"{"schema": {"type": "string", "title": "${2:Line of business}",
                    "oneOf": [
                        {"const": "${3:retail}", "description": "${4:Shops and customers}"},
                        {"const": "${5:finance}", "description": "${6:Money}"}]},
                "assignedTo": [
                    {"entity": "${7|api,environment,deployment|}", "required": "${8|true,false|}"}]}"#,
        },
        Snippet {
            label: "text",
            description: "A property of your own with any text, or one that matches a pattern",
            spec: r#"{"schema": {"type": "string", "title": "${2:Owning team}",
                    "pattern": "${3:^[a-z][a-z0-9-]+\\$}"},
                "assignedTo": [
                    {"entity": "${4|api,environment,deployment|}", "required": "${5|true,false|}"}]}"#,
        },
    ],
    normalise,
    read,
    write,
    ..Kind::PLAIN
};

/// The entities that custom metadata can be assigned to (documented: not versions, not definitions).
pub const ENTITIES: [&str; 3] = ["api", "environment", "deployment"];

/// What the entities of an assignment are in manifests.
const ASSIGNABLE: &Known = &[
    ("api", "APIs: `customProperties` of an Api."),
    (
        "environment",
        "Environments: `customProperties` of an Environment.",
    ),
    (
        "deployment",
        "Deployments: `customProperties` of a deployment of an Api.",
    ),
];

/// A property of the organisation's own, typed by a JSON Schema.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct MetadataSchemaSpec {
    /// JSON Schema of the value: `type`, a `title` for the portal's forms, and `pattern`, `minimum` or
    /// the like. Choices are `enum`, or `oneOf` with `const` and `description`; several choices are an
    /// `array` whose `items` have them. Titles end up in Microsoft's logs: keep secrets out of them.
    #[schemars(extend("examples" = [{"type": "string", "title": "Owning team"}]))]
    pub schema: Map<String, Value>,
    /// The kinds of resource that carry the property. Without an entry a kind cannot carry it.
    pub assigned_to: Option<Vec<MetadataAssignment>>,
}

/// A kind of resource that carries a property.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct MetadataAssignment {
    /// The kind of resource. Versions and definitions cannot carry metadata.
    #[schemars(extend(
        "x-known-values" = values(ASSIGNABLE), "x-known-descriptions" = meanings(ASSIGNABLE)
    ))]
    pub entity: String,
    /// Whether every such resource must carry the property. Default: no.
    pub required: Option<bool>,
    /// Whether the property is deprecated: existing values stay. Default: no.
    pub deprecated: Option<bool>,
}

/// The portal's form of a schema: choices as `oneOf` of `const` with a `description`.
///
/// `enum` means the same, but only this form shows as choices in the portal (observed by users).
#[must_use]
pub fn portal_form(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => Value::Object(portal_map(map)),
        Value::Array(items) => Value::Array(items.iter().map(portal_form).collect()),
        other => other.clone(),
    }
}

fn portal_map(map: &Map<String, Value>) -> Map<String, Value> {
    let has_choices = map.contains_key("oneOf");
    map.iter()
        .map(|(key, value)| match (key.as_str(), value) {
            ("enum", Value::Array(values)) if !has_choices => (
                "oneOf".to_owned(),
                Value::Array(values.iter().map(choice).collect()),
            ),
            ("oneOf", Value::Array(items)) => (
                "oneOf".to_owned(),
                Value::Array(items.iter().map(described).collect()),
            ),
            ("const" | "default" | "examples", value) => (key.clone(), value.clone()),
            _ => (key.clone(), portal_form(value)),
        })
        .collect()
}

fn choice(value: &Value) -> Value {
    json!({ "const": value, "description": "" })
}

fn described(item: &Value) -> Value {
    match item {
        Value::Object(map) if map.contains_key("const") => {
            let mut map = map.clone();
            map.entry("description")
                .or_insert_with(|| Value::String(String::new()));
            Value::Object(map)
        }
        other => portal_form(other),
    }
}

/// Assignments are a set: their order means nothing, nor does the case of an entity, and `false` is what
/// an absent flag means.
fn normalise(_: &Address, body: &mut Body) {
    if let Some(schema) = body.get_mut("schema").filter(|schema| schema.is_object()) {
        *schema = portal_form(schema);
    }
    if let Some(Value::Array(assignments)) = body.get_mut("assignedTo") {
        for assignment in assignments.iter_mut().filter_map(Value::as_object_mut) {
            assignment.retain(|_, value| *value != Value::Bool(false));
            if let Some(Value::String(entity)) = assignment.get_mut("entity") {
                let known = ENTITIES
                    .iter()
                    .find(|name| entity.eq_ignore_ascii_case(name));
                if let Some(known) = known {
                    *entity = (*known).to_owned();
                }
            }
        }
        assignments.sort_by_key(|a| a["entity"].as_str().map(str::to_owned));
    }
}

/// On the wire the schema is JSON held in a string.
fn read(_: &Address, body: &mut Body) {
    if let Some(Value::String(text)) = body.get("schema")
        && let Ok(schema @ Value::Object(_)) = serde_json::from_str::<Value>(text)
    {
        body.insert("schema".to_owned(), schema);
    }
}

fn write(_: &Address, body: &mut Body) {
    if let Some(schema) = body.get_mut("schema").filter(|schema| !schema.is_string()) {
        *schema = Value::String(schema.to_string());
    }
    if let Some(Value::Array(assignments)) = body.get_mut("assignedTo") {
        for assignment in assignments.iter_mut().filter_map(Value::as_object_mut) {
            assignment.entry("required").or_insert(Value::Bool(false));
            assignment.entry("deprecated").or_insert(Value::Bool(false));
        }
    } else {
        body.insert("assignedTo".to_owned(), Value::Array(Vec::new()));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn enum_and_one_of_are_the_same_in_the_portals_form() {
        let with_enum = json!({"type": "array", "items": {"type": "string", "enum": ["a", "b"]}});
        let with_choices = json!({"type": "array", "items": {"type": "string",
            "oneOf": [{"const": "a"}, {"const": "b", "description": ""}]}});
        assert_eq!(portal_form(&with_enum), portal_form(&with_choices));
        assert_eq!(
            portal_form(&with_enum)["items"]["oneOf"][1],
            json!({"const": "b", "description": ""})
        );
    }
}
