//! JSON Schemas of the spec types, brought to a plain form.
//!
//! The same schema drives three things: the checks of a manifest, the split of a live body into known
//! and unknown fields, and the schema that editors get.

use schemars::JsonSchema;
use schemars::generate::SchemaSettings;
use serde_json::Value;

/// The schema of a spec type, without references and without `null` alternatives.
pub(crate) fn of<T: JsonSchema>() -> Value {
    let settings = SchemaSettings::draft2020_12().with(|settings| {
        settings.inline_subschemas = true;
        settings.meta_schema = None;
    });
    let mut schema = settings
        .into_generator()
        .into_root_schema_for::<T>()
        .to_value();
    plain(&mut schema);
    schema
}

/// `Option<T>` comes out as "T or null"; a manifest leaves a field out instead. A description is one
/// line, however it is wrapped in the code.
fn plain(schema: &mut Value) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(plain),
        Value::Object(map) => {
            if let Some(Value::Array(types)) = map.get_mut("type") {
                types.retain(|name| name != "null");
                if let [only] = types.as_slice() {
                    let only = only.clone();
                    map.insert("type".to_owned(), only);
                }
            }
            if let Some(Value::Array(choices)) = map.get("anyOf") {
                let real: Vec<&Value> = choices.iter().filter(|c| c["type"] != "null").collect();
                if let ([Value::Object(only)], true) = (real.as_slice(), real.len() < choices.len())
                {
                    let only = only.clone();
                    map.shift_remove("anyOf");
                    for (key, value) in only {
                        map.entry(key).or_insert(value);
                    }
                }
            }
            map.shift_remove("default");
            if let Some(Value::String(description)) = map.get_mut("description") {
                *description = description.replace('\n', " ");
            }
            map.values_mut().for_each(plain);
        }
        _ => {}
    }
}

/// The address of a key vault's secret, in any cloud and any case (RFC 3986: schemes and hosts have no
/// case; key vaults compare names without it). Without inline flags: editors read it too.
pub(super) const SECRET_URI: &str = "^[hH][tT][tT][pP][sS]://[a-zA-Z0-9-]{3,24}\\.[vV][aA][uU][lL][tT]\\.([aA][zZ][uU][rR][eE]\\.([nN][eE][tT]|[cC][nN])|[uU][sS][gG][oO][vV][cC][lL][oO][uU][dD][aA][pP][iI]\\.[nN][eE][tT])(:443)?/[sS][eE][cC][rR][eE][tT][sS]/[a-zA-Z0-9-]{1,127}(/[0-9a-fA-F]{32})?/?$";

/// The values that this program knows of an open field, each with what it means in one line.
pub(crate) type Known = [(&'static str, &'static str)];

/// The schema that every value matches.
pub(super) fn nothing() -> &'static Value {
    &Value::Null
}

/// The known values, for the keyword `x-known-values`.
pub(crate) fn values(known: &Known) -> Vec<&'static str> {
    known.iter().map(|(value, _)| *value).collect()
}

/// What the known values mean, in the same order, for the keyword `x-known-descriptions`.
pub(crate) fn meanings(known: &Known) -> Vec<&'static str> {
    known.iter().map(|(_, meaning)| *meaning).collect()
}

/// The schema of a property; `None` if the object has no such property.
pub(super) fn property_of<'a>(schema: &'a Value, name: &str) -> Option<&'a Value> {
    schema.get("properties")?.get(name)
}

/// The schema of a list's items.
pub(super) fn items_of(schema: &Value) -> Option<&Value> {
    schema.get("items")
}

/// Declares a function that returns a spec type's schema, made once.
macro_rules! schema_of {
    ($spec:ty) => {{
        fn schema() -> &'static serde_json::Value {
            static SCHEMA: std::sync::LazyLock<serde_json::Value> =
                std::sync::LazyLock::new($crate::kinds::schema::of::<$spec>);
            &SCHEMA
        }
        schema
    }};
}
pub(super) use schema_of;
