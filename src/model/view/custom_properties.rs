//! Custom metadata of a resource: values whose types are declared as metadata schemas.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::path::view;
use crate::model::{Body, FieldPath, field_path};

view! {
    /// The custom metadata of a resource.
    CustomProperties {
        /// The field with the values, by the name of their metadata schema.
        FIELD = "customProperties";
    }
}

impl<'a> CustomProperties<'a> {
    /// The values by name, if there are any.
    #[must_use]
    pub fn values(self) -> Option<&'a Map<String, Value>> {
        self.0.get(Self::FIELD)?.as_object()
    }

    /// The value with exactly this name.
    #[must_use]
    pub fn get(self, name: &str) -> Option<&'a Value> {
        self.values()?.get(name)
    }

    /// The text with exactly this name, such as the owner in an ownership marker.
    #[must_use]
    pub fn text(self, name: &str) -> Option<&'a str> {
        self.get(name)?.as_str()
    }

    /// The value with this name and the name as it is written; case does not matter.
    #[must_use]
    pub fn find(self, name: &str) -> Option<(&'a String, &'a Value)> {
        self.values()?
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
    }

    /// Whether there is a value of one of these metadata schemas, whose names are in lower case.
    #[must_use]
    pub fn has_any_of(self, schemas: &BTreeSet<String>) -> bool {
        let mut names = self.values().into_iter().flatten().map(|(name, _)| name);
        names.any(|name| schemas.contains(&name.to_ascii_lowercase()))
    }

    /// The path of the value with this name.
    #[must_use]
    pub fn path(name: &str) -> FieldPath {
        field_path(Self::FIELD, name)
    }

    /// Sets a value.
    pub fn insert(body: &mut Body, name: &str, value: Value) {
        let properties = body
            .entry(Self::FIELD)
            .or_insert_with(|| Body::new().into());
        if let Value::Object(properties) = properties {
            properties.insert(name.to_owned(), value);
        }
    }

    /// Removes the value with exactly this name, and the field if nothing else is in it.
    pub fn remove(body: &mut Body, name: &str) {
        if let Some(Value::Object(properties)) = body.get_mut(Self::FIELD) {
            properties.shift_remove(name);
            if properties.is_empty() {
                body.shift_remove(Self::FIELD);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_marker_is_a_text_and_the_field_goes_with_its_last_value() {
        let mut body = Body::new();
        CustomProperties::insert(&mut body, "managed-by", json!("us"));
        CustomProperties::insert(&mut body, "rank", json!(1));
        let of = CustomProperties::of(&body);
        assert_eq!(of.text("managed-by"), Some("us"));
        assert_eq!((of.text("rank"), of.text("Managed-By")), (None, None));
        CustomProperties::remove(&mut body, "managed-by");
        assert!(CustomProperties::of(&body).get("rank").is_some());
        CustomProperties::remove(&mut body, "rank");
        assert!(body.is_empty());
    }
}
