//! What every document consists of.

use serde_json::{Value, json};

use super::publish;

/// The fields of every document, for these kinds and what they are.
pub(super) fn properties(names: &[&str], meanings: &[&str]) -> Value {
    json!({
        "apiVersion": {
            "title": "apiVersion",
            "description": "Version of the manifest format: `apicenter/v1`.",
            "const": "apicenter/v1",
        },
        "kind": {
            "title": "kind",
            "description": "What the document declares.",
            "enum": names,
            "enumDescriptions": meanings,
            "markdownEnumDescriptions": meanings,
        },
        "metadata": {
            "title": "metadata",
            "type": "object",
            "description": "What identifies the resource.",
            "required": ["name"],
            "additionalProperties": false,
            "properties": {
                "name": {
                    "title": "metadata.name",
                    "type": publish::READ_AS_TEXT,
                    "description": "Name of the resource, part of its address: 1 to 90 letters, \
                        digits, dots and hyphens. Other manifests refer to it by this name; another \
                        name is another resource.",
                    "pattern": publish::NAME_PATTERN,
                    "patternErrorMessage": publish::NAME_MESSAGE,
                },
                "previously": {
                    "title": "metadata.previously",
                    "type": "array",
                    "description": "Names that the resource had before, for a rename: what is there \
                        under one of them gets the present name with everything below it, instead of \
                        being deleted.",
                    "items": {
                        "type": publish::READ_AS_TEXT,
                        "pattern": publish::NAME_PATTERN,
                        "patternErrorMessage": publish::NAME_MESSAGE,
                    },
                }
            },
        },
        "spec": {"type": "object", "description": "What the resource is to be."},
    })
}
