//! What a message contains, in whatever language that is described.

use serde_json::Value;

use super::view::{Api, Message};
use crate::document::breaking::findings::{Entry, Findings, code};
use crate::document::breaking::location::SchemaLocation;
use crate::document::breaking::schema::Schemas;
use crate::document::breaking::tree::text;

static ANYTHING: Value = Value::Bool(true);

/// The schema of a payload, or of headers.
pub(super) struct Payload<'a> {
    schema: &'a Value,
    /// The language of the schema, if it is not read as JSON Schema.
    language: Option<&'a str>,
}

impl<'a> Payload<'a> {
    /// What a message has below the key; `None` if nothing.
    pub(super) fn of(api: &Api<'a>, message: &Message<'a>, key: &str) -> Option<Self> {
        let stated: &'a Value = message.fields.get(key).copied()?;
        let target = api.resolve(stated).unwrap_or(stated);
        let own = text(target, "schemaFormat").filter(|_| !api.is_old);
        let (schema, format) = match (target.get("schema"), own) {
            (Some(schema), Some(format)) => (schema, Some(format)),
            _ if key == "payload" => {
                let format = message.fields.get("schemaFormat");
                (stated, format.and_then(|format| format.as_str()))
            }
            _ => (stated, None),
        };
        let language = format.filter(|format| !is_json_schema(format, schema));
        Some(Self { schema, language })
    }
}

/// Whether a schema means what it does in JSON Schema.
fn is_json_schema(format: &str, schema: &Value) -> bool {
    let format = format.to_ascii_lowercase();
    let is_other = format.contains("openapi") && has_other_words(schema, 0);
    let known = ["asyncapi", "schema+json", "schema+yaml", "openapi"];
    known.iter().any(|known| format.contains(known)) && !is_other
}

/// Whether a schema has what only OpenAPI 3.0 knows.
fn has_other_words(schema: &Value, depth: usize) -> bool {
    let is_bool = |key: &str| schema.get(key).is_some_and(Value::is_boolean);
    let here = ["nullable", "exclusiveMinimum", "exclusiveMaximum"];
    if here.iter().any(|key| is_bool(key)) || depth > 64 || schema.get("$ref").is_some() {
        return true;
    }
    match schema {
        Value::Object(map) => map.values().any(|value| has_other_words(value, depth + 1)),
        Value::Array(items) => items.iter().any(|value| has_other_words(value, depth + 1)),
        _ => false,
    }
}

/// A schema of a message in both documents.
pub(super) struct Schemed<'p, 'a> {
    pub(super) location: SchemaLocation<'p>,
    pub(super) values: (&'a Value, &'a Value),
}

impl<'a> Schemed<'_, 'a> {
    pub(super) fn compare(
        &self,
        (was, now): (Option<Payload<'a>>, Option<Payload<'a>>),
        schemas: &mut Schemas<'a>,
        findings: &mut Findings,
    ) {
        let language =
            |payload: &Option<Payload<'a>>| payload.as_ref().and_then(|payload| payload.language);
        let schema = |payload: &Option<Payload<'a>>| {
            payload.as_ref().map_or(&ANYTHING, |payload| payload.schema)
        };
        let part = self.location.part;
        let words = match (language(&was), language(&now)) {
            (None, None) => {
                if was.is_some() || now.is_some() {
                    schemas.compare(findings, self.location, schema(&was), schema(&now));
                }
                return;
            }
            (Some(one), Some(other)) if one == other => {
                if schema(&was) == schema(&now) {
                    return;
                }
                format!(
                    "{part} changed, and schemas in {} are not compared",
                    code(one)
                )
            }
            (Some(one), Some(other)) => format!(
                "{part} is described in {} now, and was in {}",
                code(other),
                code(one)
            ),
            (None, Some(other)) => format!(
                "{part} is described in {} now, and was as JSON Schema",
                code(other)
            ),
            (Some(one), None) => format!(
                "{part} is described as JSON Schema now, and was in {}",
                code(one)
            ),
        };
        let entry = Entry::caution("payload-format", words);
        let entry = entry.at(Some(self.values.0), Some(self.values.1));
        findings.add(self.location.place, entry.towards(self.location.direction));
    }
}
