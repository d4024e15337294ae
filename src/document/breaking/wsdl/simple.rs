//! Simple types of XML Schema as JSON Schema.

use serde_json::{Map, Value, json};

use super::projection::Projection;
use super::tree::{QName, XSD};

/// Types that are derived from one another, at most.
const DEEPEST: usize = 32;

/// Types whose texts have a form, and the form.
pub(super) const FORMS: [(&str, &str); 11] = [
    (
        "dateTime",
        r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "date",
        r"^-?[0-9]{4,}-[0-9]{2}-[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "time",
        r"^[0-9]{2}:[0-9]{2}:[0-9]{2}(?:\.[0-9]+)?(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    (
        "duration",
        r"^-?P(?:[0-9]+Y)?(?:[0-9]+M)?(?:[0-9]+D)?(?:T(?:[0-9]+H)?(?:[0-9]+M)?(?:[0-9]+(?:\.[0-9]+)?S)?)?$",
    ),
    ("gYear", r"^-?[0-9]{4,}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$"),
    (
        "gYearMonth",
        r"^-?[0-9]{4,}-[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    ("gMonth", r"^--[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$"),
    (
        "gMonthDay",
        r"^--[0-9]{2}-[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$",
    ),
    ("gDay", r"^---[0-9]{2}(?:Z|[+\-][0-9]{2}:[0-9]{2})?$"),
    ("base64Binary", r"^[A-Za-z0-9+/= ]*$"),
    ("hexBinary", r"^(?:[0-9a-fA-F]{2})*$"),
];

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

/// A type that XML Schema defines.
pub(super) fn built_in(name: &str) -> Option<Value> {
    let integer = |least: Option<i64>, most: Option<u64>| {
        let mut schema = json!({"type": "integer"});
        if let Some(least) = least {
            schema["minimum"] = json!(least);
        }
        if let Some(most) = most {
            schema["maximum"] = json!(most);
        }
        schema
    };
    let signed = |bits: u32| {
        let most = (1_u64 << (bits - 1)) - 1;
        integer(i64::try_from(most).ok().map(|most| -most - 1), Some(most))
    };
    let unsigned = |bits: u32| integer(Some(0), Some(u64::MAX >> (64 - bits)));
    let text = |format: &str| json!({"type": "string", "format": format});
    Some(match name {
        "string" | "normalizedString" | "token" | "anySimpleType" | "anyAtomicType" => {
            json!({"type": "string"})
        }
        "boolean" => json!({"type": "boolean"}),
        "decimal" | "float" | "double" => json!({"type": "number"}),
        "integer" => integer(None, None),
        "byte" => signed(8),
        "short" => signed(16),
        "int" => signed(32),
        "long" => signed(64),
        "unsignedByte" => unsigned(8),
        "unsignedShort" => unsigned(16),
        "unsignedInt" => unsigned(32),
        "unsignedLong" => unsigned(64),
        "nonNegativeInteger" => integer(Some(0), None),
        "positiveInteger" => integer(Some(1), None),
        "nonPositiveInteger" => integer(None, Some(0)),
        "negativeInteger" => json!({"type": "integer", "maximum": -1}),
        "dayTimeDuration" | "yearMonthDuration" => built_in("duration")?,
        "dateTimeStamp" => built_in("dateTime")?,
        "IDREFS" | "ENTITIES" | "NMTOKENS" => {
            json!({"type": "array", "items": {"type": "string"}, "minItems": 1})
        }
        "anyURI" | "QName" | "NOTATION" | "language" | "Name" | "NCName" | "NMTOKEN" | "ID"
        | "IDREF" | "ENTITY" => text(name),
        name => {
            let (_, form) = FORMS.iter().find(|(own, _)| *own == name)?;
            json!({"type": "string", "pattern": form})
        }
    })
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

/// A reference that leads nowhere: what it stands for is not compared, but whether it is the same.
pub(super) fn unread_reference(what: &str) -> Value {
    format!("xsd: {what}").into()
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

    #[test]
    fn built_in_types_have_their_bounds() {
        assert_eq!(
            built_in("byte").unwrap(),
            json!({"type": "integer", "minimum": -128, "maximum": 127})
        );
        let long = built_in("long").unwrap();
        assert_eq!(
            long,
            json!({"type": "integer", "minimum": i64::MIN, "maximum": i64::MAX})
        );
        let most = json!({"type": "integer", "minimum": 0, "maximum": u64::MAX});
        assert_eq!(built_in("unsignedLong").unwrap(), most);
        assert_eq!(built_in("anyType"), None);
    }
}
