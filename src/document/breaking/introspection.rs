//! A GraphQL schema as the result of its introspection.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use super::graphql::{BUILT_IN, Field, Schema, Type};
use super::tree::{items, text};

/// `None` if this is not such a result.
pub(super) fn read(root: &Value) -> Option<Schema> {
    let result = root.get("data").unwrap_or(root);
    let schema = result.get("__schema")?;
    let types = items(schema, "types")
        .filter_map(|value| Some((text(value, "name")?.to_owned(), type_of(value)?)))
        .filter(|(name, _)| !name.starts_with("__") && !BUILT_IN.contains(&name.as_str()))
        .collect();
    let root = |key: &str| Some(text(schema.get(key)?, "name")?.to_owned());
    let roots = [
        ("query", "queryType"),
        ("mutation", "mutationType"),
        ("subscription", "subscriptionType"),
    ];
    let roots = roots
        .into_iter()
        .filter_map(|(word, key)| Some((word.to_owned(), root(key)?)));
    Some(Schema {
        types,
        roots: roots.collect(),
    })
}

fn type_of(value: &Value) -> Option<Type> {
    let kind = match text(value, "kind")? {
        "OBJECT" => "type",
        "INTERFACE" => "interface",
        "UNION" => "union",
        "ENUM" => "enum",
        "INPUT_OBJECT" => "input",
        "SCALAR" => "scalar",
        _ => return None,
    };
    let names = |key: &str| -> BTreeSet<String> {
        items(value, key)
            .filter_map(|item| Some(text(item, "name")?.to_owned()))
            .collect()
    };
    let mut values = names("enumValues");
    if kind == "union" {
        values.extend(names("possibleTypes"));
    }
    Some(Type {
        kind: kind.to_owned(),
        fields: fields(value, "fields")
            .into_iter()
            .chain(fields(value, "inputFields"))
            .collect(),
        values,
        interfaces: names("interfaces"),
    })
}

fn fields(value: &Value, key: &str) -> BTreeMap<String, Field> {
    items(value, key)
        .filter_map(|field| {
            let read = Field {
                kind: type_text(field.get("type")?)?,
                arguments: fields(field, "args"),
                has_default: field
                    .get("defaultValue")
                    .is_some_and(|value| !value.is_null()),
            };
            Some((text(field, "name")?.to_owned(), read))
        })
        .collect()
}

/// `[String!]!`
fn type_text(value: &Value) -> Option<String> {
    let inner = || type_text(value.get("ofType")?);
    match text(value, "kind")? {
        "NON_NULL" => Some(format!("{}!", inner()?)),
        "LIST" => Some(format!("[{}]", inner()?)),
        _ => text(value, "name").map(str::to_owned),
    }
}
