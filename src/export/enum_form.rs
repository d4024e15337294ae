//! Choices of a metadata schema in the form that people write.

use serde_json::{Map, Value};

use crate::kinds::metadata_schema::portal_form;

/// The schema with `enum` for choices that nobody described; both forms mean the same.
pub(crate) fn readable(schema: &Value) -> Value {
    let short = shortened(schema);
    // A schema of an odd shape stays as the service has it.
    if portal_form(&short) == *schema {
        short
    } else {
        schema.clone()
    }
}

fn shortened(schema: &Value) -> Value {
    match schema {
        Value::Object(map) => Value::Object(
            map.iter()
                .map(|(key, value)| match (key.as_str(), plain_choices(map)) {
                    ("oneOf", Some(values)) => ("enum".to_owned(), values),
                    ("oneOf" | "const" | "default" | "examples", _) => (key.clone(), value.clone()),
                    _ => (key.clone(), shortened(value)),
                })
                .collect(),
        ),
        Value::Array(items) => items.iter().map(shortened).collect(),
        other => other.clone(),
    }
}

/// The values of choices of which none is described.
fn plain_choices(map: &Map<String, Value>) -> Option<Value> {
    let choices = map.get("oneOf")?.as_array()?;
    if map.contains_key("enum") || choices.is_empty() {
        return None;
    }
    choices
        .iter()
        .map(|choice| {
            let choice = choice.as_object().filter(|choice| choice.len() == 2)?;
            let undescribed = choice.get("description")?.as_str()?.is_empty();
            choice.get("const").filter(|_| undescribed).cloned()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn undescribed_choices_become_enum_wherever_they_stand() {
        let choice =
            |value: &str, description: &str| json!({"const": value, "description": description});
        let plain = json!([choice("a", ""), choice("b", "")]);
        let described = json!([choice("a", ""), choice("b", "The second.")]);
        for (schema, form) in [
            (
                json!({"type": "string", "oneOf": plain}),
                json!({"type": "string", "enum": ["a", "b"]}),
            ),
            (
                json!({"type": "array", "items": {"oneOf": plain}}),
                json!({"type": "array", "items": {"enum": ["a", "b"]}}),
            ),
            (
                json!({"properties": {"x": {"oneOf": plain}, "y": {"oneOf": described}}}),
                json!({"properties": {"x": {"enum": ["a", "b"]}, "y": {"oneOf": described}}}),
            ),
        ] {
            assert_eq!(readable(&schema), form);
        }
    }

    #[test]
    fn what_would_not_come_back_the_same_stays() {
        for schema in [
            json!({"oneOf": []}),
            json!({"oneOf": [{"const": "a", "description": ""}, {"type": "null"}]}),
            json!({"oneOf": [{"const": "a", "description": "", "title": "A"}]}),
            json!({"enum": ["a"], "oneOf": [{"const": "a", "description": ""}]}),
            json!({"default": {"oneOf": [{"const": "a", "description": ""}]}}),
        ] {
            assert_eq!(readable(&schema), schema);
        }
    }
}
