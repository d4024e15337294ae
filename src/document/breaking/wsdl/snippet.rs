//! Values of the projection as the XML that they stand for.

use std::collections::HashMap;

use serde_json::Value;

use super::choices::GROUP;
use super::order::children;
use super::projection::Projection;
use crate::document::breaking::inclusion::SchemaStep;

/// An element with its value, as the description of its sender has it.
#[derive(Clone, Copy)]
pub(super) struct Snippet<'v, 'p, 't> {
    projection: &'v Projection<'p, 't>,
    /// The declaration of the element, or its type.
    number: Option<usize>,
    name: &'v str,
    value: &'v Value,
}

impl<'v, 'p, 't> Snippet<'v, 'p, 't> {
    pub(super) fn new(
        projection: &'v Projection<'p, 't>,
        number: Option<usize>,
        name: &'v str,
        value: &'v Value,
    ) -> Self {
        Self {
            projection,
            number,
            name,
            value,
        }
    }

    /// All of it.
    pub(super) fn whole(self) -> String {
        let mut out = String::new();
        self.write(&mut out);
        out
    }

    /// What some steps lead to: an element, several of the same name, or an attribute.
    pub(super) fn part<'s>(self, steps: impl Iterator<Item = &'s SchemaStep>) -> String
    where
        's: 'v,
    {
        let mut at = self;
        for step in steps {
            let below = match step {
                SchemaStep::Property(name) | SchemaStep::Anything(name) => {
                    let Some(value) = at.value.get(name) else {
                        break;
                    };
                    if let Some(attribute) = name.strip_prefix('@') {
                        return attribute_of(attribute, value);
                    }
                    if name == "$" || name.starts_with(GROUP) {
                        break;
                    }
                    at.below(name, value)
                }
                SchemaStep::Item(position) => match at.value.get(position.unwrap_or_default()) {
                    Some(value) => Self { value, ..at },
                    None => break,
                },
            };
            at = below;
        }
        at.whole()
    }

    fn below(self, name: &'v str, value: &'v Value) -> Self {
        let all = self
            .number
            .map(|number| children(self.projection, number))
            .unwrap_or_default();
        let found = all.iter().find(|child| child.name.local == name);
        Self {
            number: found.map(|child| child.number),
            name,
            value,
            ..self
        }
    }

    fn write(self, out: &mut String) {
        let name = self.name;
        match self.value {
            Value::Array(items) => items
                .iter()
                .for_each(|value| Self { value, ..self }.write(out)),
            Value::Null => out.push_str(&format!("<{name} xsi:nil=\"true\"/>")),
            Value::Object(map) => {
                out.push_str(&format!("<{name}"));
                for (key, value) in map {
                    if let Some(attribute) = key.strip_prefix('@') {
                        out.push_str(&format!(" {}", attribute_of(attribute, value)));
                    }
                }
                let mut inner = map.get("$").map(text_of).unwrap_or_default();
                self.elements(map, &mut inner);
                close(name, &inner, map.contains_key("$"), out);
            }
            scalar => {
                out.push_str(&format!("<{name}"));
                close(name, &text_of(scalar), true, out);
            }
        }
    }

    /// The elements within, in the order in which they are declared.
    fn elements(self, map: &serde_json::Map<String, Value>, out: &mut String) {
        for group in map.keys().filter_map(|key| key.strip_prefix(GROUP)) {
            let members = group.split('#').next().unwrap_or_default();
            out.push_str(&format!("<!-- {} -->", members.replace('|', " or ")));
        }
        let is_element = |key: &str| key != "$" && !key.starts_with(['@', GROUP]);
        let declared = match self.number {
            Some(number) if map.keys().any(|key| is_element(key)) => {
                children(self.projection, number)
            }
            _ => Vec::new(),
        };
        let mut known = HashMap::new();
        for (at, child) in declared.iter().enumerate() {
            known
                .entry(&*child.name.local)
                .or_insert((at, child.number));
        }
        let place = |key: &str| known.get(key).copied().unzip();
        let mut inner: Vec<(&String, &Value)> =
            map.iter().filter(|(key, _)| is_element(key)).collect();
        inner.sort_by_key(|(key, _)| place(key).0.unwrap_or(usize::MAX));
        for (name, value) in inner {
            let number = place(name).1;
            Snippet::new(self.projection, number, name, value).write(out);
        }
    }
}

fn close(name: &str, inner: &str, has_text: bool, out: &mut String) {
    if inner.is_empty() && !has_text {
        out.push_str("/>");
    } else {
        out.push_str(&format!(">{inner}</{name}>"));
    }
}

fn attribute_of(name: &str, value: &Value) -> String {
    format!("{name}=\"{}\"", text_of(value))
}

/// A text, or a list of texts.
fn text_of(value: &Value) -> String {
    match value {
        Value::String(text) => text
            .replace('&', "&amp;")
            .replace('<', "&lt;")
            .replace('>', "&gt;")
            .replace('"', "&quot;"),
        Value::Array(items) => items.iter().map(text_of).collect::<Vec<_>>().join(" "),
        Value::Object(map) => map.get("$").map(text_of).unwrap_or_default(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}
