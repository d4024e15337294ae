//! The text of one manifest.

use serde_json::Value;

use super::{files, spec};
use crate::kinds::Kind;

/// The text of one manifest: the fields of its `spec` in the order of the kind's schema, and nothing in
/// them a variable.
#[must_use]
pub fn manifest(kind: &Kind, name: &str, spec: Value) -> Vec<u8> {
    let name = spec::escaped(Value::from(name));
    let spec = spec::escaped(spec::ordered((kind.schema)(), spec));
    files::document(kind.info.name, name, spec)
}
