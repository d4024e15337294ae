//! What the keywords of one schema say, without the schemas that it combines.

use std::collections::BTreeMap;

use serde_json::Value;

use super::branch::{Branch, Contains, Count, ListClause, ObjectClause, Types};
use super::numbers::{Limit, Numbers};
use super::side::Dialect;
use crate::document::breaking::tree::{entries, flag, items, text, texts};
use crate::model::Decimal;

pub(super) fn read(schema: &Value, dialect: Dialect) -> Branch<'_> {
    let mut branch = Branch::any();
    branch.label = text(schema, "title");
    types(schema, dialect, &mut branch);
    values(schema, dialect, &mut branch);
    numbers(schema, &mut branch);
    strings(schema, &mut branch);
    lists(schema, &mut branch);
    branch.objects.count = count(schema, "minProperties", "maxProperties");
    branch.objects.required.extend(texts(schema, "required"));
    branch.objects.names.extend(schema.get("propertyNames"));
    branch.objects.clauses.extend(object_clause(schema));
    branch.nots.extend(schema.get("not"));
    branch.settle();
    branch
}

fn types(schema: &Value, dialect: Dialect, branch: &mut Branch<'_>) {
    let names: Vec<&str> = match schema.get("type") {
        Some(Value::String(one)) => vec![one],
        Some(Value::Array(many)) => many.iter().filter_map(Value::as_str).collect(),
        _ => return,
    };
    let mut types = Types::NONE;
    for name in &names {
        types = types.or(if *name == "file" {
            Types::of("string")
        } else {
            Types::of(name)
        });
    }
    if types.is_empty() {
        branch.loose = Some("its type is unknown");
        return;
    }
    if is_nullable(schema, dialect) {
        types = types.or(Types::of("null"));
    }
    branch.types = types;
    branch.numbers.is_integer = names.contains(&"integer") && !names.contains(&"number");
}

/// Whether a schema of OpenAPI 3.0 or Swagger 2.0 accepts null.
pub(super) fn is_nullable(schema: &Value, dialect: Dialect) -> bool {
    // Some tools write `nullable` in later versions too.
    let key = flag(schema, "nullable") || flag(schema, "x-nullable");
    key && (dialect == Dialect::OpenApi || schema.get("type").is_some_and(Value::is_string))
}

fn values<'a>(schema: &'a Value, dialect: Dialect, branch: &mut Branch<'a>) {
    static NULL: Value = Value::Null;
    if let Some(all) = schema.get("enum").and_then(Value::as_array) {
        let mut all: Vec<&Value> = all.iter().collect();
        if is_nullable(schema, dialect) && schema.get("type").is_some() {
            all.push(&NULL);
        }
        branch.values = Some(all);
    }
    if let Some(one) = schema.get("const") {
        let is_listed =
            |all: &Vec<&Value>| all.iter().any(|value| super::branch::equal(value, one));
        let is_possible = branch.values.as_ref().is_none_or(is_listed);
        branch.values = Some(if is_possible { vec![one] } else { Vec::new() });
    }
}

fn numbers<'a>(schema: &'a Value, branch: &mut Branch<'a>) {
    let number = |key: &str| {
        schema
            .get(key)
            .and_then(Value::as_number)
            .and_then(Decimal::of)
    };
    let numbers = &mut branch.numbers;
    let limit = |at, is_exclusive| Limit { at, is_exclusive };
    if let Some(at) = number("minimum") {
        numbers.raise(limit(at, flag(schema, "exclusiveMinimum")));
    }
    if let Some(at) = number("exclusiveMinimum") {
        numbers.raise(limit(at, true));
    }
    if let Some(at) = number("maximum") {
        numbers.cap(limit(at, flag(schema, "exclusiveMaximum")));
    }
    if let Some(at) = number("exclusiveMaximum") {
        numbers.cap(limit(at, true));
    }
    if let Some(step) = number("multipleOf") {
        numbers.multiple_of(step);
    }
    if let Some(format) = text(schema, "format") {
        let types = schema.get("type");
        let is_string = types.and_then(Value::as_str) == Some("string");
        match format_limits(format) {
            Some((least, most)) if !is_string => {
                numbers.meet(&between(least, most));
                branch.number_format = Some(format);
            }
            _ => {}
        }
    }
}

/// The least and the greatest number of a format of numbers.
pub(super) fn format_limits(format: &str) -> Option<(&'static str, &'static str)> {
    Some(match format {
        "int8" => ("-128", "127"),
        "uint8" => ("0", "255"),
        "int16" => ("-32768", "32767"),
        "uint16" => ("0", "65535"),
        "int32" => ("-2147483648", "2147483647"),
        "uint32" => ("0", "4294967295"),
        "int64" => ("-9223372036854775808", "9223372036854775807"),
        "uint64" => ("0", "18446744073709551615"),
        "float" => ("-3.4028234663852886e38", "3.4028234663852886e38"),
        "double" => ("-1.7976931348623157e308", "1.7976931348623157e308"),
        _ => return None,
    })
}

fn between(least: &str, most: &str) -> Numbers {
    let limit = |text| {
        Decimal::parse(text).map(|at| Limit {
            at,
            is_exclusive: false,
        })
    };
    Numbers {
        lower: limit(least),
        upper: limit(most),
        ..Numbers::default()
    }
}

fn count(schema: &Value, least: &str, most: &str) -> Count {
    // A bound may be written as `1.0`.
    let number = |key: &str| {
        let value = schema.get(key)?;
        value.as_u64().or_else(|| {
            let text = Decimal::of(value.as_number()?)?.canonical();
            text.parse().ok()
        })
    };
    Count {
        least: number(least).unwrap_or_default(),
        most: number(most),
    }
}

fn strings<'a>(schema: &'a Value, branch: &mut Branch<'a>) {
    branch.texts.length = count(schema, "minLength", "maxLength");
    branch
        .texts
        .patterns
        .extend(text(schema, "pattern").filter(|p| !super::patterns::is_everything(p)));
    let format = text(schema, "format").filter(|format| format_limits(format).is_none());
    let encoding = text(schema, "contentEncoding").filter(|encoding| *encoding == "base64");
    let format = format.or(encoding.map(|_| "byte"));
    branch
        .texts
        .formats
        .extend(format.filter(|format| !is_free(format)));
}

/// Formats that every string has.
fn is_free(format: &str) -> bool {
    matches!(format, "binary" | "password" | "string" | "")
}

fn lists<'a>(schema: &'a Value, branch: &mut Branch<'a>) {
    branch.lists.count = count(schema, "minItems", "maxItems");
    branch.lists.is_unique = flag(schema, "uniqueItems");
    let mut first: Vec<&Value> = items(schema, "prefixItems").collect();
    let mut rest = schema
        .get("items")
        .filter(|rest| rest.is_object() || rest.is_boolean());
    // As JSON Schema wrote it before 2020.
    if let Some(Value::Array(all)) = schema.get("items") {
        first = all.iter().collect();
        rest = schema.get("additionalItems");
    }
    if !first.is_empty() || rest.is_some() {
        branch.lists.clauses.push(ListClause { first, rest });
    }
    if let Some(one) = schema.get("contains") {
        let mut count = count(schema, "minContains", "maxContains");
        if schema.get("minContains").is_none() {
            count.least = 1;
        }
        branch.lists.contains.push(Contains { schema: one, count });
    }
}

/// What one schema says about the properties of an object, if it does.
fn object_clause(schema: &Value) -> Option<ObjectClause<'_>> {
    let clause = ObjectClause {
        named: entries(schema, "properties")
            .map(|(name, schema)| (name, Some(schema)))
            .collect(),
        patterns: entries(schema, "patternProperties")
            .map(|(name, schema)| (name, Some(schema)))
            .collect(),
        rest: schema
            .get("additionalProperties")
            .filter(|rest| rest.is_object() || rest.is_boolean()),
    };
    let is_empty = clause.named.is_empty() && clause.patterns.is_empty() && clause.rest.is_none();
    (!is_empty).then_some(clause)
}

/// Adds what holds for the properties and items that nothing else in the schema judges.
pub(super) fn unevaluated<'a>(schema: &'a Value, branch: &mut Branch<'a>) {
    let is_combined = schema.get("anyOf").is_some() || schema.get("contains").is_some();
    if let Some(rest) = schema
        .get("unevaluatedProperties")
        .filter(|rest| **rest != Value::Bool(true))
    {
        let clauses = &branch.objects.clauses;
        if !clauses.iter().any(|clause| clause.rest.is_some()) {
            let names = clauses.iter().flat_map(|clause| clause.named.keys());
            let named: BTreeMap<&str, Option<&Value>> = names.map(|name| (*name, None)).collect();
            let patterns = clauses.iter().flat_map(|clause| &clause.patterns);
            let patterns = patterns.map(|(pattern, _)| (*pattern, None)).collect();
            branch.objects.clauses.push(ObjectClause {
                named,
                patterns,
                rest: Some(rest),
            });
        }
        if is_combined || !branch.nots.is_empty() {
            branch.tight = Some("`unevaluatedProperties` depends on alternatives");
            branch.loose = branch.tight;
        }
    }
    if let Some(rest) = schema
        .get("unevaluatedItems")
        .filter(|rest| **rest != Value::Bool(true))
    {
        let clauses = &branch.lists.clauses;
        if !clauses.iter().any(|clause| clause.rest.is_some()) {
            static ANY: Value = Value::Bool(true);
            let first = vec![&ANY; branch.lists.named_positions()];
            branch.lists.clauses.push(ListClause {
                first,
                rest: Some(rest),
            });
        }
        if is_combined || !branch.nots.is_empty() {
            branch.tight = Some("`unevaluatedItems` depends on alternatives");
            branch.loose = branch.tight;
        }
    }
}
