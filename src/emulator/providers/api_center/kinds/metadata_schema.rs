//! Metadata schemas: the custom properties an organisation defines.

use serde_json::Value;

use crate::emulator::core::field::{DefaultValue, FieldRule, Form, TEXT, defaulted, required};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::refused;
use crate::emulator::providers::api_center::kind::{PutRequest, ResourceKind};
use crate::emulator::providers::api_center::metadata;
use crate::emulator::providers::api_center::metadata::SchemaAssignment;
use crate::emulator::store::{Record, ServiceKey, View};

pub(in crate::emulator) struct MetadataSchemaKind;

static FIELDS: &[FieldRule] = &[
    defaulted(
        "assignedTo",
        Form::List {
            most: usize::MAX,
            item: &Form::Object(ASSIGNMENT),
        },
        DefaultValue::EmptyList,
    ),
    required("schema", TEXT),
];
static ASSIGNMENT: &[FieldRule] = &[
    required("entity", TEXT),
    defaulted("required", Form::Flag, DefaultValue::False),
    defaulted("deprecated", Form::Flag, DefaultValue::False),
];

/// Documented: child properties of an object, on every plan.
const MOST_CHILD_PROPERTIES: usize = 10;

impl ResourceKind for MetadataSchemaKind {
    fn type_path(&self) -> &'static str {
        "services/metadataSchemas"
    }

    fn name_parameter(&self) -> &'static str {
        "MetadataSchemaName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    /// Limited per association instead.
    fn most(&self) -> (u64, u64) {
        (u64::MAX, u64::MAX)
    }

    fn check(&self, put: &PutRequest<'_>) -> HandlerResult<()> {
        let schema = parsed(put)?;
        let assigned = metadata::assignments(put.properties);
        if let Some(other) = assigned
            .iter()
            .find(|one| !metadata::ENTITIES.contains(&one.entity))
        {
            return Err(refused(format!(
                "The entity '{}' is not supported in 'assignedTo'. Supported entities: {}.",
                other.entity,
                metadata::ENTITIES.join(", ")
            ))
            .into());
        }
        if put.limits {
            check_numbers(put, &schema, &assigned)?;
        }
        put.old
            .map_or(Ok(()), |old| check_uses(put, old, &schema, &assigned))
    }

    fn check_delete(
        &self,
        view: View<'_>,
        service: &ServiceKey,
        record: &Record,
    ) -> HandlerResult<()> {
        if view.schema_used(service.as_str(), &record.name, None)? {
            return Err(in_use(&record.name).into());
        }
        Ok(())
    }
}

fn parsed(put: &PutRequest<'_>) -> HandlerResult<Value> {
    let text = put
        .properties
        .get("schema")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let schema: Value = serde_json::from_str(text)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| refused("The field Schema must be a valid JSON schema."))?;
    metadata::compiled(&schema).map_err(|message| {
        refused(format!(
            "The field Schema must be a valid JSON schema. {message}"
        ))
    })?;
    Ok(schema)
}

fn check_numbers(
    put: &PutRequest<'_>,
    schema: &Value,
    assigned: &[SchemaAssignment<'_>],
) -> HandlerResult<()> {
    let children = schema
        .get("properties")
        .and_then(Value::as_object)
        .map_or(0, serde_json::Map::len);
    if children > MOST_CHILD_PROPERTIES {
        return Err(refused(format!(
            "A metadata schema of type object can have at most {MOST_CHILD_PROPERTIES} properties."
        ))
        .into());
    }
    let most = if put.free { 10 } else { 20 };
    let others = metadata::schemas(put.view, put.service.as_str())?;
    for one in assigned {
        let count = others
            .iter()
            .filter(|other| !other.name.eq_ignore_ascii_case(put.name))
            .filter(|other| metadata::assignment(&other.properties, one.entity).is_some())
            .count();
        if count >= most {
            return Err(refused(format!(
                "The maximum number of metadata schemas assigned to '{}' ({most}) is reached.",
                one.entity
            ))
            .into());
        }
    }
    Ok(())
}

/// Documented: neither the type nor an assignment can go away while an entity has a value.
fn check_uses(
    put: &PutRequest<'_>,
    old: &Record,
    schema: &Value,
    assigned: &[SchemaAssignment<'_>],
) -> HandlerResult<()> {
    let service = put.service.as_str();
    let before = old
        .properties
        .get("schema")
        .and_then(Value::as_str)
        .unwrap_or_default();
    let before: Value = serde_json::from_str(before).unwrap_or_default();
    if types(&before) != types(schema) && put.view.schema_used(service, &old.name, None)? {
        return Err(in_use(&old.name).into());
    }
    for gone in metadata::assignments(&old.properties) {
        let kept = assigned.iter().any(|one| one.entity == gone.entity);
        if !kept
            && put
                .view
                .schema_used(service, &old.name, Some(gone.entity))?
        {
            return Err(in_use(&old.name).into());
        }
    }
    Ok(())
}

/// What counts as the type: the value's own, and that of a list's items.
fn types(schema: &Value) -> (Option<&Value>, Option<&Value>) {
    (schema.get("type"), schema.pointer("/items/type"))
}

/// The message follows the published one; the code is chosen here.
fn in_use(name: &str) -> crate::emulator::core::response::HandlerResponse {
    refused(format!(
        "Cannot delete, change type or unassign the \"{name}\" schema when custom properties defined for it. \
         Delete the respective properties in all the entities and try again."
    ))
}
