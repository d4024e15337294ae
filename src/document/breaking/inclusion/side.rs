//! One of the two documents: what its schemas refer to, and how they are to be read.

use std::cell::OnceCell;
use std::collections::BTreeMap;

use serde_json::Value;

use crate::document::breaking::tree::{follow, text};

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Direction {
    /// Callers send it: what was accepted has to stay accepted.
    Request,
    /// Callers receive it: what was promised has to stay promised.
    Response,
}

/// The rules by which the keywords of a schema are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// Swagger 2.0 and OpenAPI 3.0: `nullable`, boolean `exclusiveMinimum`, nothing beside a `$ref` counts.
    OpenApi,
    /// JSON Schema, as in OpenAPI 3.1 and later.
    JsonSchema,
}

/// A document whose schemas are compared.
pub(crate) struct Side<'a> {
    pub(crate) root: &'a Value,
    pub(crate) dialect: Dialect,
    anchors: OnceCell<BTreeMap<&'a str, Option<&'a Value>>>,
}

impl<'a> Side<'a> {
    pub(crate) fn of(root: &'a Value) -> Self {
        let is_old = root.get("swagger").is_some()
            || root.get("openapi").is_some_and(|version| {
                let version = version.as_str().map_or(version.to_string(), str::to_owned);
                version.starts_with("3.0") || version == "3"
            });
        Self {
            root,
            dialect: if is_old {
                Dialect::OpenApi
            } else {
                Dialect::JsonSchema
            },
            anchors: OnceCell::new(),
        }
    }

    /// What a schema refers to, if it does: the reference, and its target unless that cannot be found.
    pub(super) fn target(&self, schema: &'a Value) -> Option<(&'a str, Option<&'a Value>)> {
        let reference = text(schema, "$ref").or_else(|| text(schema, "$dynamicRef"))?;
        Some((reference, self.follow(reference)))
    }

    pub(super) fn follow(&self, reference: &str) -> Option<&'a Value> {
        let fragment = reference.strip_prefix('#')?;
        if fragment.is_empty() || fragment.starts_with('/') {
            return follow(self.root, reference);
        }
        let anchors = self.anchors.get_or_init(|| {
            let mut anchors = BTreeMap::new();
            collect_anchors(self.root, &mut anchors);
            anchors
        });
        anchors.get(fragment).copied().flatten()
    }
}

/// The schemas that have an anchor; nothing for an anchor that appears more than once.
fn collect_anchors<'a>(value: &'a Value, anchors: &mut BTreeMap<&'a str, Option<&'a Value>>) {
    for key in ["$anchor", "$dynamicAnchor"] {
        if let Some(name) = text(value, key) {
            anchors
                .entry(name)
                .and_modify(|known| *known = None)
                .or_insert(Some(value));
        }
    }
    match value {
        Value::Object(map) => map.values().for_each(|v| collect_anchors(v, anchors)),
        Value::Array(items) => items.iter().for_each(|v| collect_anchors(v, anchors)),
        _ => {}
    }
}
