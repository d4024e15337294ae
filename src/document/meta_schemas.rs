//! The official schemas of description formats, compiled when they are first needed.
//!
//! Where they come from is in `src/document/schemas/NOTICE`; why, in docs/decisions/0010-description-schemas.md.

use std::sync::LazyLock;

use jsonschema::{PatternOptions, Validator};
use regex::Regex;
use serde_json::{Value, json};

/// A schema, and what checks by it.
pub(super) struct MetaSchema {
    pub(super) schema: Value,
    pub(super) validator: Validator,
}

/// What is known of a version of a format.
pub(super) enum Known {
    /// Its schema.
    Schema(&'static MetaSchema),
    /// Nothing; the versions that are known, as words.
    Versions(String),
}

macro_rules! schemas {
    ($($format:literal $version:literal;)*) => {
        /// All schemas: format, major and minor version, schema.
        static ALL: [(&str, &str, LazyLock<MetaSchema>); 13] = [$((
            $format,
            $version,
            LazyLock::new(|| compile(read(include_str!(concat!("schemas/", $format, "-", $version, ".json"))))),
        )),*];
    };
}

macro_rules! schemas_with_dialect {
    ($($version:literal;)*) => {
        /// OpenAPI, with schema objects in its own dialect: version, schema.
        static WITH_DIALECT: [(&str, LazyLock<MetaSchema>); 2] = [$((
            $version,
            LazyLock::new(|| compile(with_dialect(
                read(include_str!(concat!("schemas/openapi-", $version, ".json"))),
                read(include_str!(concat!("schemas/openapi-", $version, "-vocabulary.json"))),
            ))),
        )),*];
    };
}

schemas_with_dialect! {
    "3.1";
    "3.2";
}

schemas! {
    "openapi" "2.0";
    "openapi" "3.0";
    "openapi" "3.1";
    "openapi" "3.2";
    "asyncapi" "2.0";
    "asyncapi" "2.1";
    "asyncapi" "2.2";
    "asyncapi" "2.3";
    "asyncapi" "2.4";
    "asyncapi" "2.5";
    "asyncapi" "2.6";
    "asyncapi" "3.0";
    "asyncapi" "3.1";
}

/// The dialects of JSON Schema whose schema objects are checked: the one of OpenAPI, and what it extends.
const DIALECT: &str =
    r"^https://(spec\.openapis\.org/oas/3\.\d/dialect/.*|json-schema\.org/draft/2020-12/schema)#?$";

static IS_DIALECT: LazyLock<Regex> = LazyLock::new(|| Regex::new(DIALECT).expect("a pattern"));

/// The schema of a version of a format. From OpenAPI 3.1 on, a document may state the dialect of its schema
/// objects; of one that is not known, they may contain anything.
pub(super) fn of(format: &str, version: &str, dialect: Option<&str>) -> Known {
    let is_default = dialect.is_none_or(|dialect| IS_DIALECT.is_match(dialect));

    let is_of = |minor: &str| {
        let rest = version.strip_prefix(minor);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
    if format == "openapi" && is_default {
        let own = WITH_DIALECT.iter().find(|(minor, _)| is_of(minor));
        if let Some((_, schema)) = own {
            return Known::Schema(schema);
        }
    }
    let mut candidates = ALL.iter().filter(|(of, ..)| *of == format);
    if let Some((.., schema)) = candidates.find(|(_, minor, _)| is_of(minor)) {
        return Known::Schema(schema);
    }
    let minors: Vec<&str> = ALL
        .iter()
        .filter(|(of, ..)| *of == format)
        .map(|row| row.1)
        .collect();
    Known::Versions(minors.join(", "))
}

fn read(text: &str) -> Value {
    serde_json::from_str(text).expect("the schema is JSON")
}

/// The schema of OpenAPI, which leaves open what a schema object is, with its own dialect: JSON Schema 2020-12
/// and the words that OpenAPI adds to it.
fn with_dialect(mut schema: Value, vocabulary: Value) -> Value {
    schema["$defs"]["schema"] = json!({
        "$dynamicAnchor": "meta",
        "type": ["object", "boolean"],
        "if": {"properties": {"$schema": {"pattern": DIALECT}}},
        "then": {
            "allOf": [
                {"$ref": "https://json-schema.org/draft/2020-12/schema"},
                {"$ref": vocabulary["$id"]},
            ],
        },
    });
    schema["$defs"]["vocabulary"] = vocabulary;
    schema
}

fn compile(schema: Value) -> MetaSchema {
    let validator = jsonschema::options()
        .should_validate_formats(false)
        .with_pattern_options(PatternOptions::regex())
        .offline()
        .build(&schema)
        .expect("the schema is a schema");
    MetaSchema { schema, validator }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_schema_compiles_and_is_found() {
        for (format, version, schema) in &ALL {
            assert!(schema.schema.is_object(), "{format} {version}");
            assert!(
                !schema.validator.is_valid(&serde_json::json!({})),
                "{format} {version}"
            );
            for full in [
                (*version).to_owned(),
                format!("{version}.1"),
                format!("{version}.0-rc1"),
            ] {
                assert!(
                    matches!(of(format, &full, None), Known::Schema(_)),
                    "{format} {full}"
                );
            }
        }
        for version in ["4.0.0", "3.10.0", "1.2", "", "3"] {
            assert!(
                matches!(of("openapi", version, None), Known::Versions(_)),
                "{version}"
            );
        }
    }
}
