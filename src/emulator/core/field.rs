//! The writable properties of a resource type, as a table: order, requirements, lengths.
//!
//! One table does three things: it refuses what the service refuses, brings properties into the
//! service's own order (observed: the caller's order is not kept), and describes itself for
//! `exportMetadataSchema`. Properties that are not in a table are dropped silently (observed for
//! `deployment.state`), and so are nulls (observed: absent optionals are omitted, never null).

use serde_json::{Map, Value, json};

/// One property.
#[derive(Debug, Clone, Copy)]
pub(in crate::emulator) struct FieldRule {
    pub(in crate::emulator) name: &'static str,
    pub(in crate::emulator) required: bool,
    pub(in crate::emulator) form: Form,
    /// The default that the service sets if the property is omitted.
    pub(in crate::emulator) default: DefaultValue,
}

/// A default of the service (observed per property).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::emulator) enum DefaultValue {
    Nothing,
    EmptyList,
    EmptyObject,
    False,
}

impl DefaultValue {
    fn value(self) -> Option<Value> {
        match self {
            Self::Nothing => None,
            Self::EmptyList => Some(json!([])),
            Self::EmptyObject => Some(json!({})),
            Self::False => Some(json!(false)),
        }
    }
}

/// What a property may hold.
#[derive(Debug, Clone, Copy)]
pub(in crate::emulator) enum Form {
    /// A string of `least` to `most` characters.
    Text { least: usize, most: usize },
    /// A boolean.
    Flag,
    /// An object with these properties.
    Object(&'static [FieldRule]),
    /// A list of at most so many items.
    List { most: usize, item: &'static Self },
    /// Any object, kept as sent.
    Any,
}

/// Any string.
pub(in crate::emulator) const TEXT: Form = Form::Text {
    least: 0,
    most: usize::MAX,
};
/// A title, on every kind.
pub(in crate::emulator) const TITLE: Form = Form::Text { least: 1, most: 50 };

/// A string of at most so many characters. Documented as `format: uri` in places, but observed to
/// take `example.com`.
pub(in crate::emulator) const fn up_to(most: usize) -> Form {
    Form::Text { least: 0, most }
}

/// A required property.
pub(in crate::emulator) const fn required(name: &'static str, form: Form) -> FieldRule {
    FieldRule {
        name,
        required: true,
        form,
        default: DefaultValue::Nothing,
    }
}

/// An optional property.
pub(in crate::emulator) const fn optional(name: &'static str, form: Form) -> FieldRule {
    FieldRule {
        name,
        required: false,
        form,
        default: DefaultValue::Nothing,
    }
}

/// A property with a default.
pub(in crate::emulator) const fn defaulted(
    name: &'static str,
    form: Form,
    default: DefaultValue,
) -> FieldRule {
    FieldRule {
        name,
        required: false,
        form,
        default,
    }
}

/// The known properties in the service's order, or everything that is wrong with them.
pub(in crate::emulator) fn read(
    fields: &'static [FieldRule],
    sent: &Map<String, Value>,
) -> Result<Map<String, Value>, Vec<String>> {
    let mut problems = Vec::new();
    let kept = read_object(fields, sent, "$.properties", &mut problems);
    if problems.is_empty() {
        Ok(kept)
    } else {
        Err(problems)
    }
}

fn read_object(
    fields: &'static [FieldRule],
    sent: &Map<String, Value>,
    path: &str,
    problems: &mut Vec<String>,
) -> Map<String, Value> {
    let mut kept = Map::new();
    for field in fields {
        match sent.get(field.name) {
            None | Some(Value::Null) if field.required => {
                problems.push(format!(
                    "The {} field is required.",
                    capitalised(field.name)
                ));
            }
            None | Some(Value::Null) => {
                kept.extend(
                    field
                        .default
                        .value()
                        .map(|value| (field.name.to_owned(), value)),
                );
            }
            Some(value) => {
                let path = format!("{path}.{}", field.name);
                if let Some(value) = read_value(field, field.form, value, &path, problems) {
                    kept.insert(field.name.to_owned(), value);
                }
            }
        }
    }
    kept
}

fn read_value(
    field: &FieldRule,
    form: Form,
    value: &Value,
    path: &str,
    problems: &mut Vec<String>,
) -> Option<Value> {
    match (form, value) {
        (Form::Text { least, most }, Value::String(text)) => {
            let length = text.chars().count();
            if length > most {
                problems.push(length_problem(field.name, "maximum", most));
            } else if length < least {
                problems.push(length_problem(field.name, "minimum", least));
            }
            Some(value.clone())
        }
        (Form::Flag, Value::Bool(_)) => Some(value.clone()),
        (Form::Object(fields), Value::Object(sent)) => {
            Some(Value::Object(read_object(fields, sent, path, problems)))
        }
        (Form::Any, Value::Object(sent)) => {
            let kept = sent.iter().filter(|(_, value)| !value.is_null());
            Some(Value::Object(
                kept.map(|(key, value)| (key.clone(), value.clone()))
                    .collect(),
            ))
        }
        (Form::List { most, item }, Value::Array(items)) => {
            if items.len() > most {
                problems.push(length_problem(field.name, "maximum", most));
            }
            let kept = items.iter().enumerate().filter_map(|(at, value)| {
                read_value(field, *item, value, &format!("{path}[{at}]"), problems)
            });
            Some(Value::Array(kept.collect()))
        }
        _ => {
            problems.push(format!(
                "The JSON value could not be converted to the type of the field. Path: {path}."
            ));
            None
        }
    }
}

/// Observed wording, for the maximum.
fn length_problem(name: &str, bound: &str, length: usize) -> String {
    let name = capitalised(name);
    format!("The field {name} must be a string or array type with a {bound} length of '{length}'.")
}

/// `title` as `Title`, the way the service names fields in its messages.
pub(in crate::emulator) fn capitalised(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map_or_else(String::new, |first| {
        first.to_uppercase().chain(letters).collect()
    })
}

/// These properties as JSON Schema.
pub(in crate::emulator) fn described(fields: &'static [FieldRule]) -> Map<String, Value> {
    fields
        .iter()
        .map(|field| (field.name.to_owned(), described_form(field.form)))
        .collect()
}

fn described_form(form: Form) -> Value {
    match form {
        Form::Text {
            most: usize::MAX, ..
        } => json!({"type": "string"}),
        Form::Text { most, .. } => json!({"type": "string", "maxLength": most}),
        Form::Flag => json!({"type": "boolean"}),
        Form::Object(fields) => json!({"type": "object", "properties": described(fields)}),
        Form::List {
            most: usize::MAX,
            item,
        } => {
            json!({"type": "array", "items": described_form(*item)})
        }
        Form::List { most, item } => {
            json!({"type": "array", "items": described_form(*item), "maxItems": most})
        }
        Form::Any => json!({"type": "object"}),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{DefaultValue, FieldRule, Form, TITLE, defaulted, optional, read, required, up_to};

    static FIELDS: &[FieldRule] = &[
        required("title", TITLE),
        optional("summary", up_to(5)),
        defaulted(
            "links",
            Form::List {
                most: 1,
                item: &Form::Object(LINK),
            },
            DefaultValue::EmptyList,
        ),
    ];
    static LINK: &[FieldRule] = &[required("url", up_to(9))];

    fn problems(sent: &serde_json::Value) -> Vec<String> {
        read(FIELDS, sent.as_object().unwrap()).unwrap_err()
    }

    #[test]
    fn known_properties_come_back_in_the_tables_order() {
        let sent = json!({"summary": "s", "other": 1, "title": "t", "links": null});
        let kept = read(FIELDS, sent.as_object().unwrap()).unwrap();
        assert_eq!(
            serde_json::to_string(&kept).unwrap(),
            r#"{"title":"t","summary":"s","links":[]}"#
        );
    }

    #[test]
    fn every_problem_is_named() {
        let sent = json!({"summary": "too long", "links": [{"url": 1}, {}]});
        assert_eq!(
            problems(&sent),
            [
                "The Title field is required.",
                "The field Summary must be a string or array type with a maximum length of '5'.",
                "The field Links must be a string or array type with a maximum length of '1'.",
                "The JSON value could not be converted to the type of the field. Path: $.properties.links[0].url.",
                "The Url field is required.",
            ]
        );
    }
}
