//! What a protocol buffer file defines. Names are those within the package.

use std::collections::{BTreeMap, BTreeSet};

use super::features::{Features, Syntax};
use super::field_types::FieldType;
use super::http::Binding;
use super::ranges::Ranges;
use super::references::Reference;
use crate::document::breaking::findings::DocumentPlace;

/// Two files.
pub(super) struct Pair<'a> {
    pub(super) before: &'a File,
    pub(super) after: &'a File,
}

impl Pair<'_> {
    /// Whether the one is `proto2` and the other `proto3`, which says by itself what differs in every part.
    pub(super) fn has_other_syntax(&self) -> bool {
        let (before, after) = (self.before.syntax, self.after.syntax);
        before != after && before != Syntax::Edition && after != Syntax::Edition
    }
}

pub(super) struct File {
    pub(super) syntax: Syntax,
    pub(super) syntax_at: DocumentPlace,
    pub(super) package: String,
    pub(super) package_at: DocumentPlace,
    pub(super) features: Features,
    /// Options that change generated code.
    pub(super) codegen: BTreeMap<&'static str, String>,
    pub(super) messages: BTreeMap<String, Message>,
    pub(super) enums: BTreeMap<String, Enum>,
    pub(super) services: BTreeMap<String, Service>,
    /// Fields by the message that they extend, and by number.
    pub(super) extensions: BTreeMap<String, BTreeMap<i32, Field>>,
}

pub(super) struct Message {
    pub(super) at: DocumentPlace,
    pub(super) fields: BTreeMap<i32, Field>,
    pub(super) reserved: Reserved,
    pub(super) extension_ranges: Ranges,
    pub(super) has_json: bool,
    pub(super) is_message_set: bool,
}

/// Numbers and names that must not be used again.
#[derive(Default)]
pub(super) struct Reserved {
    pub(super) numbers: Ranges,
    pub(super) names: BTreeSet<String>,
}

/// How often a field may occur, and whether its absence is known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Cardinality {
    Required,
    /// Absent differs from the default value.
    Explicit,
    /// Absent is the default value.
    Implicit,
    Repeated,
}

pub(super) struct Field {
    pub(super) at: DocumentPlace,
    pub(super) name: String,
    pub(super) json_name: String,
    pub(super) of: FieldType,
    pub(super) cardinality: Cardinality,
    pub(super) oneof: Option<String>,
    /// The default value if it is not that of the type.
    pub(super) default: Option<String>,
    /// Whether texts are checked to be UTF-8.
    pub(super) has_utf8_check: bool,
    pub(super) codegen: BTreeMap<&'static str, String>,
    pub(super) is_deprecated: bool,
}

pub(super) struct Enum {
    pub(super) at: DocumentPlace,
    /// In the order of the file.
    pub(super) values: Vec<EnumValue>,
    pub(super) reserved: Reserved,
    /// Whether numbers without a value are refused.
    pub(super) is_closed: bool,
    pub(super) has_json: bool,
}

impl Enum {
    pub(super) fn number(&self, name: &str) -> Option<i32> {
        let mut values = self.values.iter();
        values.find(|value| value.name == name).map(|it| it.number)
    }
}

pub(super) struct EnumValue {
    pub(super) at: DocumentPlace,
    pub(super) name: String,
    pub(super) number: i32,
    pub(super) is_deprecated: bool,
}

pub(super) struct Service {
    pub(super) at: DocumentPlace,
    pub(super) rpcs: BTreeMap<String, Rpc>,
}

pub(super) struct Rpc {
    pub(super) at: DocumentPlace,
    pub(super) takes: Stream,
    pub(super) returns: Stream,
    /// `0` if nothing is stated, up to `2` for no side effects.
    pub(super) idempotency: usize,
    pub(super) bindings: Vec<Binding>,
    pub(super) is_deprecated: bool,
}

/// A message, or a stream of them.
pub(super) struct Stream {
    pub(super) of: Reference,
    pub(super) is_stream: bool,
}
