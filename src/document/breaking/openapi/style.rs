//! How the value of a parameter becomes text.

use serde_json::Value;

use super::view::{Api, Parameter};
use crate::document::breaking::findings::code;
use crate::document::breaking::media_type::media_type;
use crate::document::breaking::tree::{flag, resolve, text, texts};

/// One way to write values.
#[derive(PartialEq, Eq)]
pub(super) struct Style {
    name: String,
    is_exploded: bool,
    is_raw: bool,
    /// Whether the value may be a list, and whether it may be an object.
    has_parts: (bool, bool),
}

pub(super) fn of(api: &Api<'_>, parameter: &Parameter<'_>) -> Style {
    let value = parameter.value;
    let has_parts = parts(api, parameter.schema);
    if let Some(media) = parameter.media {
        return Style {
            name: media_type(media),
            is_exploded: false,
            is_raw: false,
            has_parts,
        };
    }
    let usual = match parameter.location {
        "path" | "header" => "simple",
        _ => "form",
    };
    let (name, is_exploded) = if api.is_swagger {
        match text(value, "collectionFormat") {
            Some("multi") => ("form", true),
            Some("ssv") => ("spaceDelimited", false),
            Some("tsv") => ("tabDelimited", false),
            Some("pipes") => ("pipeDelimited", false),
            _ => (usual, false),
        }
    } else {
        let name = text(value, "style").unwrap_or(usual);
        let stated = value.get("explode").and_then(Value::as_bool);
        (
            name,
            stated.unwrap_or(name == "form" || name == "deepObject"),
        )
    };
    Style {
        name: name.to_owned(),
        is_exploded,
        is_raw: flag(value, "allowReserved"),
        has_parts,
    }
}

impl Style {
    /// What changed, where it matters for the values.
    pub(super) fn change(&self, after: &Self) -> Option<String> {
        let is_content = |style: &Self| style.name.contains('/');
        if is_content(self) != is_content(after) || (is_content(self) && self.name != after.name) {
            let words = |style: &Self| {
                if is_content(style) {
                    code(&style.name)
                } else {
                    "plain text".to_owned()
                }
            };
            return Some(format!(
                "is written as {} now, and was {}",
                words(after),
                words(self)
            ));
        }
        let (list, object) = (
            self.has_parts.0 && after.has_parts.0,
            self.has_parts.1 && after.has_parts.1,
        );
        // A single value reads the same in the styles of a query.
        let of_scalar = |style: &Self| {
            matches!(style.name.as_str(), "matrix" | "label").then(|| style.name.clone())
        };
        let is_changed = if list || object {
            self.lists() != after.lists()
                || (object && (&self.name, self.is_exploded) != (&after.name, after.is_exploded))
        } else {
            of_scalar(self) != of_scalar(after)
        };
        if is_changed {
            return Some(format!(
                "is written as {} now, and was {}",
                after.words(),
                self.words()
            ));
        }
        (self.is_raw && !after.is_raw)
            .then(|| "no longer takes reserved characters as they are".to_owned())
    }

    /// How a list is written.
    fn lists(&self) -> (&str, bool) {
        match (self.name.as_str(), self.is_exploded) {
            ("form" | "spaceDelimited" | "pipeDelimited", true) => ("form", true),
            ("simple", _) => ("simple", false),
            (name, is_exploded) => (name, is_exploded),
        }
    }

    fn words(&self) -> String {
        let exploded = if self.is_exploded { " exploded" } else { "" };
        format!("{}{exploded}", code(&self.name))
    }
}

/// Whether a value may be a list, and whether it may be an object.
fn parts(api: &Api<'_>, schema: Option<&Value>) -> (bool, bool) {
    let Some(schema) = schema.and_then(|schema| resolve(api.root, schema)) else {
        return (true, true);
    };
    let mut types: Vec<&str> = texts(schema, "type").collect();
    types.extend(text(schema, "type"));
    if types.is_empty() {
        let is_object = schema.get("properties").is_some();
        let is_combined = ["allOf", "oneOf", "anyOf"]
            .iter()
            .any(|key| schema.get(key).is_some());
        return (
            schema.get("items").is_some() || is_combined,
            is_object || is_combined,
        );
    }
    (types.contains(&"array"), types.contains(&"object"))
}
