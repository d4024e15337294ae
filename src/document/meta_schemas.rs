//! The official schemas of description formats, compiled when they are first needed.
//!
//! Where they come from is in `src/document/schemas/NOTICE`; why, in docs/decisions/0010-description-schemas.md.

use std::sync::LazyLock;

use jsonschema::{PatternOptions, Validator};
use serde_json::Value;

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
            LazyLock::new(|| compile(include_str!(concat!("schemas/", $format, "-", $version, ".json")))),
        )),*];
    };
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

/// The schema of a version of a format.
pub(super) fn of(format: &str, version: &str) -> Known {
    let is_of = |minor: &str| {
        let rest = version.strip_prefix(minor);
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '-']))
    };
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

fn compile(text: &str) -> MetaSchema {
    let schema: Value = serde_json::from_str(text).expect("the schema is JSON");
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
                    matches!(of(format, &full), Known::Schema(_)),
                    "{format} {full}"
                );
            }
        }
        for version in ["4.0.0", "3.10.0", "1.2", "", "3"] {
            assert!(
                matches!(of("openapi", version), Known::Versions(_)),
                "{version}"
            );
        }
    }
}
