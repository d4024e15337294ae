//! Properties that a manifest declares in an open field although they are not open.

use serde_json::{Value, json};

use super::kind::Kind;
use super::schema::property_of;
use crate::model::{Address, Body, FieldPath, Resource, field_path};

/// A property in an open field that is not open.
#[derive(Debug, PartialEq, Eq)]
pub struct OwnedProperty {
    /// Its path in the open field.
    pub path: FieldPath,
    /// What has it instead.
    pub owner: PropertyOwner,
}

/// What has a property.
#[derive(Debug, PartialEq, Eq)]
pub enum PropertyOwner {
    /// A field of the kind, by its path in a manifest.
    Field(FieldPath),
    /// The service, which alone sets it.
    Service,
}

impl Kind {
    /// The properties in a resource's open field that are not open: the kind has a field for them, or the service
    /// alone sets them. They are never read back as what they are declared as, so they would differ for ever.
    #[must_use]
    pub fn owned_properties(&'static self, resource: &Resource) -> Vec<OwnedProperty> {
        let open = self.info.open_field;
        let declared = open.and_then(|field| resource.body.get(field)?.as_object());
        let Some(declared) = declared else {
            return Vec::new();
        };
        let address = &resource.address;
        let read = self.read_back(address, &Value::Object(filled(declared)));
        let mut paths = Vec::new();
        find_missing("", declared, &read.1, &mut paths);
        paths
            .into_iter()
            .map(|path| OwnedProperty {
                owner: self.owner_of(address, &path),
                path,
            })
            .collect()
    }

    /// What of some wire properties the kind models, and what it does not.
    fn read_back(&'static self, address: &Address, properties: &Value) -> (Body, Body) {
        let envelope = Body::from_iter([("properties".to_owned(), properties.clone())]);
        let live = self.live(address.clone(), &envelope);
        (live.resource.body, live.unmodelled)
    }

    fn owner_of(&'static self, address: &Address, path: &str) -> PropertyOwner {
        if self.server_owned.contains(&path) {
            return PropertyOwner::Service;
        }
        if property_of((self.schema)(), path.split('.').next().unwrap_or(path)).is_some() {
            return PropertyOwner::Field(path.to_owned());
        }
        // The name on the wire differs from that in a manifest.
        let (modelled, _) = self.read_back(address, &json!({ path: ["value"] }));
        let field = modelled.keys().next().cloned();
        PropertyOwner::Field(field.unwrap_or_else(|| path.to_owned()))
    }
}

/// The same properties with values that are never taken for none.
fn filled(properties: &Body) -> Body {
    let fill = |value: &Value| match value {
        Value::Object(map) if !map.is_empty() => Value::Object(filled(map)),
        _ => Value::Bool(true),
    };
    properties
        .iter()
        .map(|(name, value)| (name.clone(), fill(value)))
        .collect()
}

fn find_missing(path: &str, declared: &Body, read: &Body, found: &mut Vec<FieldPath>) {
    for (name, value) in declared {
        let path = field_path(path, name);
        match (value, read.get(name)) {
            (_, None) => found.push(path),
            (Value::Object(inner), Some(Value::Object(read))) if !inner.is_empty() => {
                find_missing(&path, inner, read, found);
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{KINDS, by_name};

    fn owned(kind: &str, name: &str, open: &Value) -> Vec<(String, PropertyOwner)> {
        let kind = by_name(kind).unwrap();
        let field = kind.info.open_field.unwrap();
        let body = Body::from_iter([(field.to_owned(), open.clone())]);
        let address = Address::top(&kind.info, name);
        let found = kind.owned_properties(&kind.declared(address, body));
        found.into_iter().map(|one| (one.path, one.owner)).collect()
    }

    fn field(path: &str) -> (String, PropertyOwner) {
        (path.to_owned(), PropertyOwner::Field(path.to_owned()))
    }

    #[test]
    fn what_the_kind_models_and_what_the_service_sets_is_not_open() {
        assert_eq!(
            owned(
                "Skill",
                "review",
                &json!({"title": null, "novel": 1, "customProperties": {"team": "x"},
                    "lastUpdated": "2030", "versions": [1], "extra": {"title": 1}}),
            ),
            [
                field("title"),
                field("customProperties"),
                ("lastUpdated".to_owned(), PropertyOwner::Service),
            ]
        );
        assert_eq!(
            owned("Plugin", "tools", &json!({"resourceIds": [], "novel": {}})),
            [(
                "resourceIds".to_owned(),
                PropertyOwner::Field("resources".to_owned())
            )]
        );
        // A property that nobody models, in a mapping that the kind models.
        assert_eq!(
            owned(
                "Portal",
                "default",
                &json!({"authentication": {"clientId": "x", "novel": 1}}),
            ),
            [field("authentication.clientId")]
        );
        assert_eq!(
            owned(
                "Resource",
                "links/one",
                &json!({"title": "T", "type": "x", "linkState": {"state": "ok"}}),
            ),
            [("linkState".to_owned(), PropertyOwner::Service)]
        );
    }

    #[test]
    fn what_the_service_has_besides_a_kind_can_be_declared() {
        for kind in KINDS.iter().filter(|kind| kind.info.open_field.is_some()) {
            let open = json!({"novel": null, "list": [{}], "deep": {"": {"a.b": []}}, "name": 1});
            let address = Address::top(&kind.info, "links/one");
            let field = kind.info.open_field.unwrap().to_owned();
            let declared = kind.declared(address, Body::from_iter([(field, open)]));
            assert_eq!(kind.owned_properties(&declared), [], "{}", kind.info.name);
        }
    }
}
