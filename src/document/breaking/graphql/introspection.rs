//! A GraphQL schema as the result of its introspection.

use std::collections::BTreeMap;

use serde_json::Value;

use super::literal::Literal;
use super::model::{
    BUILT_IN_DIRECTIVES, BUILT_IN_TYPES, Default, Directive, EnumValue, Field, Named, Schema, Type,
    TypeKind,
};
use super::type_ref::TypeRef;
use crate::document::breaking::findings::DocumentPlace;
use crate::document::breaking::tree::{flag, items, text, texts};

/// Lists in lists, at most.
const MOST_LISTS: usize = 64;

/// `None` if this is not such a result.
pub(super) fn read(root: &Value) -> Option<Schema> {
    let (result, start) = match root.get("data") {
        Some(data) => (data, "/data/__schema"),
        None => (root, "/__schema"),
    };
    let schema = result.get("__schema")?;
    let mut types = BTreeMap::new();
    for (name, value, at) in named(schema, "types", start) {
        if name.starts_with("__") || BUILT_IN_TYPES.contains(&name) {
            continue;
        }
        if let Some(kind) = kind(value) {
            types.insert(name.to_owned(), type_of(kind, value, at)?);
        }
    }
    let mut roots = BTreeMap::new();
    for (word, key) in [
        ("query", "queryType"),
        ("mutation", "mutationType"),
        ("subscription", "subscriptionType"),
    ] {
        if let Some(name) = schema.get(key).and_then(|root| text(root, "name")) {
            let named = Named {
                name: name.to_owned(),
                at: DocumentPlace::Pointer(format!("{start}/{key}")),
            };
            roots.insert(word.to_owned(), named);
        }
    }
    Some(Schema {
        types,
        roots,
        directives: directives(schema, start)?,
    })
}

/// The items of a list with their names and pointers.
fn named<'v>(
    value: &'v Value,
    key: &str,
    start: &str,
) -> impl Iterator<Item = (&'v str, &'v Value, String)> {
    items(value, key).enumerate().filter_map(move |(at, item)| {
        Some((text(item, "name")?, item, format!("{start}/{key}/{at}")))
    })
}

fn kind(value: &Value) -> Option<TypeKind> {
    Some(match text(value, "kind")? {
        "OBJECT" => TypeKind::Object,
        "INTERFACE" => TypeKind::Interface,
        "UNION" => TypeKind::Union,
        "ENUM" => TypeKind::Enum,
        "INPUT_OBJECT" => TypeKind::Input,
        "SCALAR" => TypeKind::Scalar,
        _ => return None,
    })
}

fn type_of(kind: TypeKind, value: &Value, at: String) -> Option<Type> {
    let mut found = Type::new(kind, DocumentPlace::Pointer(at.clone()));
    for (name, _, at) in named(value, "interfaces", &at) {
        found
            .interfaces
            .insert(name.to_owned(), DocumentPlace::Pointer(at));
    }
    let values = match kind {
        TypeKind::Union => "possibleTypes",
        _ => "enumValues",
    };
    for (name, value, at) in named(value, values, &at) {
        let value = EnumValue {
            at: DocumentPlace::Pointer(at),
            deprecated: deprecated(value),
        };
        found.values.insert(name.to_owned(), value);
    }
    let list = match kind {
        TypeKind::Input => "inputFields",
        _ => "fields",
    };
    found.fields = fields(value, list, &at)?;
    found.is_one_of = value
        .get("isOneOf")
        .map(|flag| flag.as_bool() == Some(true));
    found.specified_by = ["specifiedByURL", "specifiedByUrl"]
        .into_iter()
        .find_map(|key| value.get(key))
        .map(|address| address.as_str().map(str::to_owned));
    Some(found)
}

/// Fields or arguments; `None` if the type of one cannot be read.
fn fields(value: &Value, key: &str, start: &str) -> Option<BTreeMap<String, Field>> {
    named(value, key, start)
        .map(|(name, field, at)| {
            let read = Field {
                of: type_ref(field.get("type")?, MOST_LISTS)?,
                arguments: fields(field, "args", &at)?,
                at: DocumentPlace::Pointer(at),
                default: text(field, "defaultValue").map(default),
                deprecated: deprecated(field),
            };
            Some((name.to_owned(), read))
        })
        .collect()
}

fn default(text: &str) -> Default {
    let value = Literal::parse(text).unwrap_or_else(|| Literal::Name(text.to_owned()));
    Default {
        text: text.to_owned(),
        value,
    }
}

fn deprecated(value: &Value) -> Option<String> {
    let reason = text(value, "deprecationReason").unwrap_or_default();
    flag(value, "isDeprecated").then(|| reason.to_owned())
}

/// The inner `None` where the introspection did not ask for them.
fn directives(schema: &Value, start: &str) -> Option<Option<BTreeMap<String, Directive>>> {
    if !schema.get("directives").is_some_and(Value::is_array) {
        return Some(None);
    }
    let all: Option<BTreeMap<String, Directive>> = named(schema, "directives", start)
        .filter(|(name, ..)| !BUILT_IN_DIRECTIVES.contains(name))
        .map(|(name, value, at)| {
            let directive = Directive {
                arguments: fields(value, "args", &at)?,
                at: DocumentPlace::Pointer(at),
                locations: texts(value, "locations").map(str::to_owned).collect(),
                is_repeatable: value.get("isRepeatable").and_then(Value::as_bool),
            };
            Some((name.to_owned(), directive))
        })
        .collect();
    Some(Some(all?))
}

/// `[String!]!`
fn type_ref(value: &Value, depth: usize) -> Option<TypeRef> {
    let inner = || {
        let inner = type_ref(value.get("ofType")?, depth.checked_sub(1)?)?;
        Some(Box::new(inner))
    };
    match text(value, "kind")? {
        "NON_NULL" => Some(TypeRef::NonNull(inner()?)),
        "LIST" => Some(TypeRef::List(inner()?)),
        _ => Some(TypeRef::Named(text(value, "name")?.to_owned())),
    }
}
