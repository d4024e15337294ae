//! Simple types of XML Schema as JSON Schema.

use serde_json::{Map, Value, json};

use super::built_in::{built_in, unread_reference};
use super::projection::{Projection, at};
use super::tree::{QName, XSD};
use super::values::{Reading, bounds, reading, special_numbers, value_of_text};

/// Types that are derived from one another, at most.
const DEEPEST: usize = 32;

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
                    return json!({"type": "array", "items": at(items, child)});
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
        let base = self.base_of(number).unwrap_or_default();
        let reading = reading(&base);
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
                ("enumeration", Reading::List) => {
                    let items: Vec<&str> = stated.split_whitespace().collect();
                    values.push(json!(items));
                }
                ("enumeration", _) => values.push(value_of_text(&base, stated)),
                ("pattern", Reading::Text) => match pattern(stated) {
                    Some(pattern) => patterns.push(pattern),
                    None => unread.push(format!("pattern {stated}")),
                },
                ("whiteSpace", _) => {}
                (name, reading) => match bounds(name, reading, &base, stated) {
                    Some(all) => facets.extend(all),
                    None => unread.push(format!("{name} {stated}")),
                },
            }
        }
        if reading == Reading::Floating {
            facets.extend(special_numbers(&facets));
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
        if let Some(first) = unread.first() {
            let name = first.split(' ').next().unwrap_or_default();
            self.cannot_read(number, format!("the facet `{name}` is not compared"));
            facets.insert("$ref".to_owned(), unread_reference(&unread.join(" ")));
        }
        facets
    }

    /// The type of XML Schema that the text of a declaration, or of a type, is made of: `xs:int`. Lists and unions
    /// count as such.
    pub(super) fn base_of(&self, number: usize) -> Option<String> {
        let mut number = number;
        for depth in 0..DEEPEST {
            let node = self.tree.node(number);
            // A list by itself stands for its items.
            if let Some(item) = node.qname("itemType").filter(|_| depth == 0) {
                return (&*item.namespace == XSD).then(|| format!("xs:{}", item.local));
            }
            let named = ["type", "base"].iter().find_map(|key| node.qname(key));
            if let Some(name) = named {
                if &*name.namespace == XSD {
                    return Some(format!("xs:{}", name.local));
                }
                number = self.global("types", name)?;
                continue;
            }
            if matches!(&*node.name.local, "list" | "union") {
                return Some(node.name.local.clone());
            }
            let is_inner = |child: &usize| {
                matches!(
                    &*self.tree.node(*child).name.local,
                    "simpleType"
                        | "complexType"
                        | "simpleContent"
                        | "restriction"
                        | "extension"
                        | "list"
                        | "union"
                )
            };
            number = self.tree.all(number, XSD).find(is_inner)?;
        }
        None
    }
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
