//! Metadata schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::path::{get, items, leaf, of_item, view};
use crate::model::{Body, FieldPath};

view! {
    /// A metadata schema.
    MetadataSchemaView {
        /// JSON Schema of the value.
        SCHEMA = "schema";
        /// Kinds of resource that carry the property.
        ASSIGNED_TO = "assignedTo";
        /// Kind of resource of an assignment.
        ENTITY = "assignedTo.entity";
        /// Whether resources of that kind must have a value.
        REQUIRED = "assignedTo.required";
        /// Whether the property should not be used on that kind.
        DEPRECATED = "assignedTo.deprecated";
    }
}

/// A kind of resource that carries the property.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Assignment<'a> {
    /// The kind of resource: `api`, `environment`, `deployment`.
    pub entity: &'a str,
    /// Whether resources of that kind must have a value.
    pub required: bool,
    /// Whether the property should not be used on that kind.
    pub deprecated: bool,
}

impl<'a> MetadataSchemaView<'a> {
    /// The JSON Schema of the value.
    #[must_use]
    pub fn schema(self) -> Option<&'a Value> {
        get(self.0, Self::SCHEMA)
    }

    /// The name of the property in the portal, if there is one.
    #[must_use]
    pub fn title(self) -> Option<&'a str> {
        self.schema()?.get("title")?.as_str()
    }

    /// The kinds of resource that carry the property; entries without an entity are left out.
    pub fn assignments(self) -> impl Iterator<Item = Assignment<'a>> {
        let is_set = |item: &Value, path| of_item(item, path) == Some(&Value::Bool(true));
        items(self.0, Self::ASSIGNED_TO)
            .iter()
            .filter_map(move |item| {
                Some(Assignment {
                    entity: of_item(item, Self::ENTITY)?.as_str()?,
                    required: is_set(item, Self::REQUIRED),
                    deprecated: is_set(item, Self::DEPRECATED),
                })
            })
    }

    /// The assignment to a kind of resource; case does not matter.
    #[must_use]
    pub fn assignment(self, entity: &str) -> Option<Assignment<'a>> {
        self.assignments()
            .find(|assignment| assignment.entity.eq_ignore_ascii_case(entity))
    }

    /// The path of the entity of an assignment, such as `assignedTo[0].entity`.
    #[must_use]
    pub fn entity_path(index: usize) -> FieldPath {
        format!("{}[{index}].{}", Self::ASSIGNED_TO, leaf(Self::ENTITY))
    }

    /// The same body, optional for these entities (in lower case).
    #[must_use]
    pub fn optional_for(self, entities: &BTreeSet<String>) -> Body {
        let mut body = self.0.clone();
        let items = body
            .get_mut(Self::ASSIGNED_TO)
            .and_then(Value::as_array_mut);
        for item in items.into_iter().flatten() {
            let is_one = of_item(item, Self::ENTITY)
                .and_then(Value::as_str)
                .is_some_and(|entity| entities.contains(&entity.to_ascii_lowercase()));
            if let (true, Some(item)) = (is_one, item.as_object_mut()) {
                item.shift_remove(leaf(Self::REQUIRED));
            }
        }
        body
    }

    /// The body of a schema that is assigned to these entities and required by none.
    #[must_use]
    pub fn body<'e>(
        schema: Map<String, Value>,
        entities: impl IntoIterator<Item = &'e str>,
    ) -> Body {
        let assigned: Vec<Value> = entities
            .into_iter()
            .map(|entity| json!({ leaf(Self::ENTITY): entity }))
            .collect();
        Body::from_iter([
            (Self::SCHEMA.to_owned(), Value::Object(schema)),
            (Self::ASSIGNED_TO.to_owned(), Value::Array(assigned)),
        ])
    }
}
