//! Simple types of XML Schema as JSON Schema.

use serde_json::{Map, Value, json};

use super::built_in::{built_in, unread_reference};
use super::projection::Projection;
use super::tree::{QName, XSD};

/// Types that are derived from one another, at most.
const DEEPEST: usize = 32;

/// What texts of a type are read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Number,
    Boolean,
    Text,
    List,
    /// Dates and the like, whose bounds and lengths have no counterpart.
    Other,
}

impl Projection<'_, '_> {
    /// The schema of the text of a simple type that is referred to.
    pub(super) fn text_of(&self, name: &QName) -> Value {
        if &*name.namespace == XSD {
            return built_in(&name.local).unwrap_or(Value::Bool(true));
        }
        self.reference_to_type(name)
    }

    /// The schema of the text of a simple type that is described here.
    pub(super) fn simple_type(&self, number: usize) -> Value {
        self.within(number, || self.derived(number))
    }

    fn derived(&self, number: usize) -> Value {
        let tree = self.tree;
        for child in tree.all(number, XSD) {
            let node = tree.node(child);
            match &*node.name.local {
                "restriction" => return self.restriction(child),
                "list" => {
                    let items = match node.qname("itemType") {
                        Some(name) => self.text_of(name),
                        None => self.inner_type(child),
                    };
                    return json!({"type": "array", "items": items});
                }
                "union" => {
                    let named = node.qnames("memberTypes").map(|name| self.text_of(name));
                    let inner = tree
                        .children(child, XSD, "simpleType")
                        .map(|inner| self.simple_type(inner));
                    let all: Vec<Value> = named.chain(inner).collect();
                    return json!({"anyOf": all});
                }
                _ => {}
            }
        }
        Value::Bool(true)
    }

    /// The simple type within an element.
    fn inner_type(&self, number: usize) -> Value {
        let inner = self.tree.children(number, XSD, "simpleType").next();
        inner.map_or(Value::Bool(true), |inner| self.simple_type(inner))
    }

    /// A simple type with facets.
    pub(super) fn restriction(&self, number: usize) -> Value {
        let base = match self.tree.node(number).qname("base") {
            Some(name) => self.text_of(name),
            None => self.inner_type(number),
        };
        let facets = self.facets(number);
        if facets.is_empty() {
            return base;
        }
        json!({"allOf": [base, facets]})
    }

    fn facets(&self, number: usize) -> Map<String, Value> {
        let reading = self.reading_of(number, 0);
        let mut facets = Map::new();
        let mut patterns = Vec::new();
        let mut values = Vec::new();
        let mut unread = Vec::new();
        for child in self.tree.all(number, XSD) {
            let node = self.tree.node(child);
            let Some(stated) = node.attribute("value") else {
                continue;
            };
            match (&*node.name.local, reading) {
                ("enumeration", Reading::Number | Reading::Boolean) => {
                    let read = serde_json::from_str::<Value>(stated.trim()).ok();
                    values.push(read.unwrap_or_else(|| stated.into()));
                }
                ("enumeration", Reading::List) => {
                    let items: Vec<&str> = stated.split_whitespace().collect();
                    values.push(json!(items));
                }
                ("enumeration", _) => values.push(stated.into()),
                ("pattern", Reading::Text) => match pattern(stated) {
                    Some(pattern) => patterns.push(pattern),
                    None => unread.push(format!("pattern {stated}")),
                },
                ("fractionDigits", Reading::Number) if stated.trim() == "0" => {
                    facets.insert("type".to_owned(), "integer".into());
                }
                (name, reading) => match bound(name, reading, stated) {
                    Some((key, value)) => drop(facets.insert(key.to_owned(), value)),
                    None if name == "whiteSpace" => {}
                    None => unread.push(format!("{name} {stated}")),
                },
            }
            if &*node.name.local == "length"
                && let Some((_, value)) = bound("maxLength", reading, stated)
            {
                let key = if reading == Reading::List {
                    "maxItems"
                } else {
                    "maxLength"
                };
                facets.insert(key.to_owned(), value);
            }
        }
        // One of the patterns of a step has to match.
        if let [only] = patterns.as_slice() {
            facets.insert("pattern".to_owned(), only.as_str().into());
        } else if !patterns.is_empty() {
            let all = patterns.iter().map(|pattern| json!({"pattern": pattern}));
            facets.insert("anyOf".to_owned(), all.collect());
        }
        if !values.is_empty() {
            facets.insert("enum".to_owned(), Value::Array(values));
        }
        if !unread.is_empty() {
            facets.insert("$ref".to_owned(), unread_reference(&unread.join(" ")));
        }
        facets
    }

    /// What texts of the base of a restriction are read as.
    fn reading_of(&self, number: usize, depth: usize) -> Reading {
        let inner = || {
            let inner = self.tree.children(number, XSD, "simpleType").next()?;
            self.tree.all(inner, XSD).find(|child| {
                matches!(
                    &*self.tree.node(*child).name.local,
                    "restriction" | "list" | "union"
                )
            })
        };
        let derived = match self.tree.node(number).qname("base") {
            Some(name) if &*name.namespace == XSD => return reading(&name.local),
            Some(name) => self.derivation(name),
            None => inner(),
        };
        match derived {
            Some(next) if depth < DEEPEST => match &*self.tree.node(next).name.local {
                "list" => Reading::List,
                "union" => Reading::Other,
                _ => self.reading_of(next, depth + 1),
            },
            _ => Reading::Other,
        }
    }
}

fn reading(built_in: &str) -> Reading {
    match built_in {
        "boolean" => Reading::Boolean,
        "decimal" | "float" | "double" | "byte" | "short" | "int" | "long" | "integer"
        | "unsignedByte" | "unsignedShort" | "unsignedInt" | "unsignedLong"
        | "nonNegativeInteger" | "positiveInteger" | "nonPositiveInteger" | "negativeInteger" => {
            Reading::Number
        }
        "string" | "normalizedString" | "token" | "anyURI" | "language" | "Name" | "NCName"
        | "NMTOKEN" | "ID" | "IDREF" => Reading::Text,
        "IDREFS" | "ENTITIES" | "NMTOKENS" => Reading::List,
        _ => Reading::Other,
    }
}

/// A facet with one value, where JSON Schema has the like.
fn bound(name: &str, reading: Reading, stated: &str) -> Option<(&'static str, Value)> {
    let key = match (name, reading) {
        ("minLength" | "length", Reading::Text) => "minLength",
        ("maxLength", Reading::Text) => "maxLength",
        ("minLength" | "length", Reading::List) => "minItems",
        ("maxLength", Reading::List) => "maxItems",
        ("minInclusive", Reading::Number) => "minimum",
        ("maxInclusive", Reading::Number) => "maximum",
        ("minExclusive", Reading::Number) => "exclusiveMinimum",
        ("maxExclusive", Reading::Number) => "exclusiveMaximum",
        _ => return None,
    };
    let value = serde_json::from_str::<Value>(stated.trim().trim_start_matches('+')).ok()?;
    value.is_number().then_some((key, value))
}

/// A pattern of XML Schema in the words of JSON Schema; `None` where it says what these cannot.
fn pattern(text: &str) -> Option<String> {
    let mut out = String::from("^(?:");
    let mut chars = text.chars().peekable();
    let mut is_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => {
                let next = chars.next()?;
                if matches!(next, 'i' | 'I' | 'c' | 'C') {
                    return None;
                }
                if matches!(next, 'p' | 'P') && text.contains("{Is") {
                    return None;
                }
                out.push('\\');
                out.push(next);
            }
            '-' if is_class && chars.peek() == Some(&'[') => return None,
            '^' | '$' if !is_class => {
                out.push('\\');
                out.push(c);
            }
            '[' if is_class => out.push_str("\\["),
            _ => {
                match c {
                    '[' => is_class = true,
                    ']' => is_class = false,
                    _ => {}
                }
                out.push(c);
            }
        }
    }
    out.push_str(")$");
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_anchored_and_say_the_same() {
        for (text, expected) in [
            ("[A-Z]{2}\\d+", Some("^(?:[A-Z]{2}\\d+)$")),
            ("a^b$", Some("^(?:a\\^b\\$)$")),
            ("[^x]", Some("^(?:[^x])$")),
            ("\\i\\c*", None),
            ("[a-z-[aeiou]]", None),
            ("\\p{IsGreek}", None),
            ("\\p{L}", Some("^(?:\\p{L})$")),
            ("\\", None),
        ] {
            assert_eq!(pattern(text).as_deref(), expected, "{text}");
        }
    }
}
