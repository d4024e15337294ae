//! The rules of custom metadata: which properties an entity may and must have, and what they may
//! hold.

use jsonschema::Validator;
use serde_json::{Map, Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::invalid;
use crate::emulator::store::{Record, StoreError, View};

/// The collection of metadata schemas below a service.
pub(in crate::emulator) const COLLECTION: &str = "metadataSchemas";

/// The entities that carry custom metadata.
pub(in crate::emulator) const ENTITIES: [&str; 3] = ["api", "environment", "deployment"];

/// One entry of `assignedTo`.
pub(in crate::emulator) struct SchemaAssignment<'a> {
    pub(in crate::emulator) entity: &'a str,
    pub(in crate::emulator) required: bool,
}

/// The assignments of a metadata schema's properties.
pub(in crate::emulator) fn assignments(
    properties: &Map<String, Value>,
) -> Vec<SchemaAssignment<'_>> {
    let assigned = properties.get("assignedTo").and_then(Value::as_array);
    assigned
        .into_iter()
        .flatten()
        .filter_map(|one| {
            let required = one
                .get("required")
                .and_then(Value::as_bool)
                .unwrap_or(false);
            one.get("entity")
                .and_then(Value::as_str)
                .map(|entity| SchemaAssignment { entity, required })
        })
        .collect()
}

/// How these properties assign their schema to an entity, if they do.
pub(in crate::emulator) fn assignment<'a>(
    properties: &'a Map<String, Value>,
    entity: &str,
) -> Option<SchemaAssignment<'a>> {
    assignments(properties)
        .into_iter()
        .find(|one| one.entity == entity)
}

/// All metadata schemas of a service.
pub(in crate::emulator) fn schemas(
    view: View<'_>,
    service: &str,
) -> Result<Vec<Record>, StoreError> {
    let children = view.children(service, COLLECTION, None, usize::MAX)?;
    Ok(children.into_iter().map(|child| child.record).collect())
}

/// A checker for a schema; it fetches nothing, whatever the schema refers to.
pub(in crate::emulator) fn compiled(schema: &Value) -> Result<Validator, String> {
    jsonschema::options()
        .offline()
        .should_validate_formats(true)
        .build(schema)
        .map_err(|error| error.to_string())
}

/// Holds `customProperties` against the schemas assigned to the entity. That it is checked is
/// documented; the wording of each message is chosen here.
pub(in crate::emulator) fn check(
    view: View<'_>,
    service: &str,
    entity: &str,
    properties: &Map<String, Value>,
) -> HandlerResult<()> {
    let empty = Map::new();
    let values = custom(properties).unwrap_or(&empty);
    let schemas = schemas(view, service)?;
    let assigned = |name: &str| {
        schemas
            .iter()
            .find(|schema| schema.name == name)
            .filter(|schema| assignment(&schema.properties, entity).is_some())
    };
    let mut problems = Vec::new();
    for schema in &schemas {
        let required = assignment(&schema.properties, entity).is_some_and(|one| one.required);
        if required && !values.contains_key(&schema.name) {
            problems.push(format!(
                "Required properties [\"{}\"] are not present in customProperties.",
                schema.name
            ));
        }
    }
    for (name, value) in values {
        match assigned(name) {
            Some(schema) => problems.extend(value_problem(schema, value)),
            None => problems.push(format!(
                "The custom property '{name}' is not defined by a metadata schema assigned to '{entity}'."
            )),
        }
    }
    if problems.is_empty() {
        Ok(())
    } else {
        Err(invalid(problems).into())
    }
}

fn value_problem(schema: &Record, value: &Value) -> Option<String> {
    let text = schema.properties.get("schema").and_then(Value::as_str)?;
    let validator = compiled(&serde_json::from_str(text).ok()?).ok()?;
    let error = validator.iter_errors(value).next()?;
    Some(format!(
        "The value of the custom property '{}' is not valid. {error}",
        schema.name
    ))
}

pub(super) fn custom(properties: &Map<String, Value>) -> Option<&Map<String, Value>> {
    properties
        .get("customProperties")
        .and_then(Value::as_object)
}

/// The JSON Schema of an entity's `customProperties`, in the observed form.
pub(in crate::emulator) fn exported(
    view: View<'_>,
    service: &str,
    entity: &str,
) -> Result<Value, StoreError> {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for schema in schemas(view, service)? {
        let Some(assigned) = assignment(&schema.properties, entity) else {
            continue;
        };
        if assigned.required {
            required.push(Value::from(schema.name.as_str()));
        }
        let text = schema
            .properties
            .get("schema")
            .and_then(Value::as_str)
            .unwrap_or_default();
        properties.insert(
            schema.name.clone(),
            serde_json::from_str(text).unwrap_or(json!({})),
        );
    }
    Ok(json!({
        "type": "object",
        "properties": properties,
        "unevaluatedProperties": false,
        "required": required,
    }))
}
