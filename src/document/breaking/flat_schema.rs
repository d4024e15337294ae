//! A JSON Schema as callers see it: references followed, `allOf` merged.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::tree::{entries, flag, follow, items, reference, text, texts};
use crate::model::Decimal;

/// References and `allOf` within one another, at most.
const DEEPEST: usize = 32;

/// Keywords that bound a value from above.
pub(super) const UPPER: [&str; 4] = ["maximum", "maxLength", "maxItems", "maxProperties"];

/// Keywords that bound a value from below.
pub(super) const LOWER: [&str; 4] = ["minimum", "minLength", "minItems", "minProperties"];

/// What is known of a schema.
#[derive(Default)]
pub(super) struct FlatSchema<'v> {
    /// The types that are allowed; `None` where none is stated.
    pub(super) types: Option<BTreeSet<&'v str>>,
    pub(super) format: Option<&'v str>,
    /// The values that are allowed, where they are listed.
    pub(super) values: Option<Vec<&'v Value>>,
    pub(super) properties: BTreeMap<&'v str, &'v Value>,
    pub(super) required: BTreeSet<&'v str>,
    pub(super) items: Option<&'v Value>,
    /// The schema of properties without a name, or whether there may be any.
    pub(super) more: Option<&'v Value>,
    /// `oneOf` or `anyOf`, where more than one of them is not null.
    pub(super) alternatives: Vec<&'v Value>,
    /// Bounds in the order of [`UPPER`] and then [`LOWER`].
    pub(super) bounds: [Option<Decimal>; 8],
    /// Something in it could not be read, so that there may be more than is known.
    pub(super) is_open: bool,
    may_be_null: bool,
}

impl<'v> FlatSchema<'v> {
    /// Takes at most so many steps, and counts them down.
    pub(super) fn of(root: &'v Value, schema: &'v Value, steps: &mut usize) -> Self {
        let mut flat = Self::default();
        flat.merge(root, schema, steps, 0);
        if flat.types.is_none() && !flat.is_open && flat.alternatives.is_empty() {
            flat.types = flat.implied().map(|implied| BTreeSet::from([implied]));
        }
        if flat.may_be_null
            && let Some(types) = &mut flat.types
        {
            types.insert("null");
        }
        flat
    }

    /// The type that nobody states where the other keywords leave no doubt.
    fn implied(&self) -> Option<&'static str> {
        if !self.properties.is_empty() {
            return Some("object");
        }
        if self.items.is_some() {
            return Some("array");
        }
        let texts = |values: &Vec<&Value>| values.iter().all(|v| v.is_string() || v.is_null());
        self.values.as_ref().filter(|v| texts(v)).map(|_| "string")
    }

    fn merge(&mut self, root: &'v Value, schema: &'v Value, steps: &mut usize, depth: usize) {
        if *steps == 0 || depth > DEEPEST || !schema.is_object() {
            self.is_open = true;
            return;
        }
        *steps -= 1;
        if let Some(reference) = reference(schema) {
            match follow(root, reference) {
                Some(target) => self.merge(root, target, steps, depth + 1),
                None => self.is_open = true,
            }
        }
        self.take_types(schema);
        self.take_values(schema);
        self.format = text(schema, "format").or(self.format);
        self.properties.extend(entries(schema, "properties"));
        self.required.extend(texts(schema, "required"));
        self.items = schema.get("items").filter(|v| v.is_object()).or(self.items);
        self.more = schema.get("additionalProperties").or(self.more);
        for (bound, keyword) in self.bounds.iter_mut().zip(UPPER.iter().chain(&LOWER)) {
            let stated = schema.get(keyword).and_then(Value::as_number);
            if let Some(stated) = stated.and_then(Decimal::of) {
                *bound = Some(stated);
            }
        }
        for part in items(schema, "allOf") {
            self.merge(root, part, steps, depth + 1);
        }
        for keyword in ["oneOf", "anyOf"] {
            self.take_alternatives(root, schema, keyword, steps, depth);
        }
        let unread = [
            "if",
            "not",
            "patternProperties",
            "dependentSchemas",
            "$dynamicRef",
        ];
        self.is_open |= unread.iter().any(|keyword| schema.get(keyword).is_some());
    }

    fn take_types(&mut self, schema: &'v Value) {
        let types: BTreeSet<&str> = match schema.get("type") {
            Some(Value::String(one)) => BTreeSet::from([one.as_str()]),
            Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        };
        if !types.is_empty() {
            self.types = Some(match self.types.take() {
                Some(known) if !known.is_disjoint(&types) => &known & &types,
                _ => types,
            });
        }
        self.may_be_null |= flag(schema, "nullable") || flag(schema, "x-nullable");
    }

    fn take_values(&mut self, schema: &'v Value) {
        let one = schema.get("const").map(|value| vec![value]);
        let listed = schema.get("enum").and_then(Value::as_array);
        if let Some(values) = one.or_else(|| listed.map(|values| values.iter().collect())) {
            self.values = Some(values);
        }
    }

    /// `anyOf: [X, {type: null}]` is X that may be null.
    fn take_alternatives(
        &mut self,
        root: &'v Value,
        schema: &'v Value,
        keyword: &str,
        steps: &mut usize,
        depth: usize,
    ) {
        let all: Vec<&Value> = items(schema, keyword).collect();
        let is_null = |schema: &Value| text(schema, "type") == Some("null");
        let others: Vec<&Value> = all.iter().copied().filter(|s| !is_null(s)).collect();
        self.may_be_null |= others.len() < all.len();
        match others.as_slice() {
            [] => {}
            [only] => self.merge(root, only, steps, depth + 1),
            // Two sets of alternatives at once are more than is compared here.
            _ if !self.alternatives.is_empty() => self.is_open = true,
            _ => self.alternatives = others,
        }
    }
}
