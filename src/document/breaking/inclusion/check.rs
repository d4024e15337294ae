//! The independent judge: what a JSON Schema validator says of a value.
//!
//! It sees the schema as it is written, translated to JSON Schema 2020-12 word by word, and only the parts
//! that the value reaches, so that references need no end and large documents cost nothing.

use std::collections::BTreeSet;

use jsonschema::Draft;
use serde_json::{Map, Value, json};

use super::keywords::{format_limits, is_nullable};
use super::normal::hiding_keyword;
use super::patterns::matches;
use super::side::{Dialect, Direction, Side};
use super::texts::is_checked;
use crate::document::breaking::tree::{address, entries, flag, items, text, texts};

/// Schemas that are translated for one value, at most.
const MOST_SCHEMAS: usize = 60_000;

/// Whether all the schemas accept a value, for each of the values; `None` where that cannot be said.
pub(super) fn accepts<'a>(
    side: &Side<'a>,
    direction: Direction,
    schemas: &[&'a Value],
    values: &[&Value],
) -> Option<Vec<bool>> {
    let mut translator = Translator {
        side,
        direction,
        left: MOST_SCHEMAS,
        trail: Vec::new(),
    };
    let hidden = translator.hidden(schemas);
    let parts: Option<Vec<Value>> = schemas
        .iter()
        .map(|schema| translator.schema(schema, values, &hidden))
        .collect();
    let parts = parts.filter(|parts| !parts.is_empty());
    let schema = match parts {
        Some(parts) => json!({"allOf": parts}),
        None if schemas.is_empty() => Value::Bool(true),
        None => return None,
    };
    let validator = jsonschema::options()
        .with_draft(Draft::Draft202012)
        .should_validate_formats(true)
        .offline()
        .build(&schema)
        .ok()?;
    Some(
        values
            .iter()
            .map(|value| validator.is_valid(value))
            .collect(),
    )
}

struct Translator<'s, 'a> {
    side: &'s Side<'a>,
    direction: Direction,
    left: usize,
    /// Schemas that are being translated for the same value.
    trail: Vec<usize>,
}

type Names<'a> = BTreeSet<&'a str>;

impl<'a> Translator<'_, 'a> {
    /// Properties that do not travel this way, as some schema for the same value says.
    fn hidden(&mut self, schemas: &[&'a Value]) -> Names<'a> {
        let mut names = Names::new();
        let mut waiting: Vec<&'a Value> = schemas.to_vec();
        let mut seen = BTreeSet::new();
        while let Some(schema) = waiting.pop() {
            if seen.len() > 1000 || !seen.insert(address(schema)) {
                continue;
            }
            let key = hiding_keyword(self.direction);
            for (name, property) in entries(schema, "properties") {
                let target = self.side.target(property).and_then(|(_, target)| target);
                if flag(property, key) || target.is_some_and(|target| flag(target, key)) {
                    names.insert(name);
                }
            }
            waiting.extend(self.side.target(schema).and_then(|(_, target)| target));
            for keyword in ["allOf", "oneOf", "anyOf"] {
                waiting.extend(items(schema, keyword));
            }
        }
        names
    }

    fn schema(
        &mut self,
        schema: &'a Value,
        values: &[&Value],
        hidden: &Names<'a>,
    ) -> Option<Value> {
        self.left = self.left.checked_sub(1)?;
        let Value::Object(map) = schema else {
            return schema.is_boolean().then(|| schema.clone());
        };
        if map.is_empty() {
            return Some(Value::Bool(true));
        }
        let at = address(schema);
        if self.trail.contains(&at) || self.trail.len() > 200 {
            return None;
        }
        self.trail.push(at);
        let translated = self.object(schema, values, hidden);
        self.trail.pop();
        translated
    }

    /// A schema for values within the value.
    fn below(&mut self, schema: &'a Value, values: &[&Value]) -> Option<Value> {
        if values.is_empty() {
            return Some(Value::Bool(true));
        }
        let trail = std::mem::take(&mut self.trail);
        let hidden = self.hidden(&[schema]);
        let translated = self.schema(schema, values, &hidden);
        self.trail = trail;
        translated
    }

    fn object(
        &mut self,
        schema: &'a Value,
        values: &[&Value],
        hidden: &Names<'a>,
    ) -> Option<Value> {
        let mut out = Map::new();
        let mut all = Vec::new();
        if let Some((_, target)) = self.side.target(schema) {
            let target = self.schema(target?, values, hidden)?;
            if self.side.dialect == Dialect::OpenApi {
                return Some(target);
            }
            all.push(target);
        }
        self.scalars(schema, &mut out, hidden);
        all.extend(number_format(schema));
        for part in items(schema, "allOf") {
            all.push(self.schema(part, values, hidden)?);
        }
        if !all.is_empty() {
            out.insert("allOf".to_owned(), Value::Array(all));
        }
        for keyword in ["oneOf", "anyOf"] {
            if schema.get(keyword).is_some_and(Value::is_array) {
                let parts = items(schema, keyword).map(|part| self.schema(part, values, hidden));
                let parts: Vec<Value> = parts.collect::<Option<_>>()?;
                // An empty list is not a schema; it accepts nothing.
                let parts = if parts.is_empty() {
                    vec![Value::Bool(false)]
                } else {
                    parts
                };
                out.insert(keyword.to_owned(), Value::Array(parts));
            }
        }
        for keyword in ["not", "if", "then", "else"] {
            if let Some(part) = schema.get(keyword) {
                out.insert(keyword.to_owned(), self.schema(part, values, hidden)?);
            }
        }
        self.dependent(schema, values, hidden, &mut out)?;
        if values.iter().any(|value| value.is_object()) {
            self.properties(schema, values, &mut out)?;
        }
        if values.iter().any(|value| value.is_array()) {
            self.items(schema, values, &mut out)?;
        }
        Some(Value::Object(out))
    }

    /// The keywords that have no schema in them.
    fn scalars(&self, schema: &'a Value, out: &mut Map<String, Value>, hidden: &Names<'a>) {
        let dialect = self.side.dialect;
        if let Some(types) = types(schema, dialect) {
            out.insert("type".to_owned(), types);
        }
        if let Some(Value::Array(values)) = schema.get("enum") {
            let mut values = values.clone();
            if is_nullable(schema, dialect) && schema.get("type").is_some() {
                values.push(Value::Null);
            }
            out.insert("enum".to_owned(), Value::Array(values));
        }
        if let Some(value) = schema.get("const") {
            out.insert("const".to_owned(), value.clone());
        }
        const NUMBERS: [&str; 9] = [
            "multipleOf",
            "minLength",
            "maxLength",
            "minItems",
            "maxItems",
            "minProperties",
            "maxProperties",
            "minContains",
            "maxContains",
        ];
        let numbers = NUMBERS.iter().copied();
        for key in numbers.chain(["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"]) {
            if let Some(value) = schema.get(key).filter(|value| value.is_number()) {
                let exclusive = match key {
                    "minimum" => "exclusiveMinimum",
                    "maximum" => "exclusiveMaximum",
                    _ => "",
                };
                let key = if flag(schema, exclusive) {
                    exclusive
                } else {
                    key
                };
                out.insert(key.to_owned(), value.clone());
            }
        }
        if flag(schema, "uniqueItems") {
            out.insert("uniqueItems".to_owned(), Value::Bool(true));
        }
        for key in ["pattern", "format"] {
            if let Some(word) =
                text(schema, key).filter(|word| key == "pattern" || is_checked(word))
            {
                out.insert(key.to_owned(), word.into());
            }
        }
        let required: Vec<&str> = texts(schema, "required")
            .filter(|name| !hidden.contains(name))
            .collect();
        if !required.is_empty() {
            out.insert("required".to_owned(), json!(required));
        }
    }

    fn dependent(
        &mut self,
        schema: &'a Value,
        values: &[&Value],
        hidden: &Names<'a>,
        out: &mut Map<String, Value>,
    ) -> Option<()> {
        let mut needed = Map::new();
        let mut schemas = Map::new();
        for key in ["dependentRequired", "dependentSchemas", "dependencies"] {
            for (name, value) in entries(schema, key) {
                if value.is_array() {
                    needed.insert(name.to_owned(), value.clone());
                } else if values.iter().any(|value| value.get(name).is_some()) {
                    schemas.insert(name.to_owned(), self.schema(value, values, hidden)?);
                }
            }
        }
        if !needed.is_empty() {
            out.insert("dependentRequired".to_owned(), Value::Object(needed));
        }
        if !schemas.is_empty() {
            out.insert("dependentSchemas".to_owned(), Value::Object(schemas));
        }
        Some(())
    }

    fn properties(
        &mut self,
        schema: &'a Value,
        values: &[&Value],
        out: &mut Map<String, Value>,
    ) -> Option<()> {
        let objects: Vec<&Map<String, Value>> = values
            .iter()
            .filter_map(|value| value.as_object())
            .collect();
        let mut named = Map::new();
        for (name, property) in entries(schema, "properties") {
            let below: Vec<&Value> = objects
                .iter()
                .filter_map(|object| object.get(name))
                .collect();
            if !below.is_empty() {
                named.insert(name.to_owned(), self.below(property, &below)?);
            }
        }
        let pairs = || objects.iter().flat_map(|object| object.iter());
        let mut patterns = Map::new();
        for (pattern, property) in entries(schema, "patternProperties") {
            let of_pattern = pairs().filter(|(name, _)| matches(pattern, name) != Some(false));
            let below: Vec<&Value> = of_pattern.map(|(_, value)| value).collect();
            patterns.insert(pattern.to_owned(), self.below(property, &below)?);
        }
        out.insert("properties".to_owned(), Value::Object(named));
        out.insert("patternProperties".to_owned(), Value::Object(patterns));
        let below: Vec<&Value> = pairs().map(|(_, value)| value).collect();
        for key in ["additionalProperties", "unevaluatedProperties"] {
            if let Some(rest) = schema
                .get(key)
                .filter(|rest| rest.is_object() || rest.is_boolean())
            {
                out.insert(key.to_owned(), self.below(rest, &below)?);
            }
        }
        if let Some(names) = schema.get("propertyNames") {
            let all: Vec<Value> = pairs().map(|(name, _)| name.as_str().into()).collect();
            out.insert(
                "propertyNames".to_owned(),
                self.below(names, &all.iter().collect::<Vec<_>>())?,
            );
        }
        Some(())
    }

    fn items(
        &mut self,
        schema: &'a Value,
        values: &[&Value],
        out: &mut Map<String, Value>,
    ) -> Option<()> {
        let below: Vec<&Value> = values
            .iter()
            .filter_map(|value| value.as_array())
            .flatten()
            .collect();
        let is_old = schema.get("items").is_some_and(Value::is_array);
        let (first, rest) = if is_old {
            ("items", "additionalItems")
        } else {
            ("prefixItems", "items")
        };
        if schema.get(first).is_some_and(Value::is_array) {
            let first: Option<Vec<Value>> = items(schema, first)
                .map(|item| self.below(item, &below))
                .collect();
            let first = first?;
            if !first.is_empty() {
                out.insert("prefixItems".to_owned(), Value::Array(first));
            }
        }
        for (key, name) in [
            (rest, "items"),
            ("contains", "contains"),
            ("unevaluatedItems", "unevaluatedItems"),
        ] {
            if let Some(item) = schema
                .get(key)
                .filter(|item| item.is_object() || item.is_boolean())
            {
                out.insert(name.to_owned(), self.below(item, &below)?);
            }
        }
        Some(())
    }
}

fn types(schema: &Value, dialect: Dialect) -> Option<Value> {
    let mut names: Vec<&str> = match schema.get("type")? {
        Value::String(one) if one == "file" => vec!["string"],
        Value::String(one) => vec![one],
        Value::Array(_) => texts(schema, "type").collect(),
        _ => return None,
    };
    if is_nullable(schema, dialect) && !names.contains(&"null") {
        names.push("null");
    }
    names.sort_unstable();
    names.dedup();
    Some(json!(names))
}

/// The bounds that a format of numbers stands for.
fn number_format(schema: &Value) -> Option<Value> {
    if text(schema, "type") == Some("string") {
        return None;
    }
    let (least, most) = format_limits(text(schema, "format")?)?;
    let number = |text: &str| serde_json::from_str::<Value>(text).ok();
    Some(json!({"minimum": number(least)?, "maximum": number(most)?}))
}
