//! What a protocol buffer file defines. Names are those within the package.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet, HashMap};

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
    /// Whether a new enum has all values of an old one, once that was asked.
    has_all: RefCell<HashMap<(&'a str, &'a str), bool>>,
}

impl<'a> Pair<'a> {
    pub(super) fn of(before: &'a File, after: &'a File) -> Self {
        Self {
            before,
            after,
            has_all: RefCell::default(),
        }
    }

    /// Whether both are enums, and the new one has all values of the old one.
    pub(super) fn has_all_values(&self, was: &str, now: &str) -> bool {
        let (was, now) = (
            self.before.enums.get_key_value(was),
            self.after.enums.get_key_value(now),
        );
        let (Some((name, was)), Some((other, now))) = (was, now) else {
            return false;
        };
        let mut known = self.has_all.borrow_mut();
        *known.entry((name, other)).or_insert_with(|| {
            let mut values = was.values.iter();
            was.values.len() <= now.values.len()
                && values.all(|value| now.values.number(&value.name) == Some(value.number))
        })
    }

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
    pub(super) extensions: BTreeMap<String, Fields>,
}

pub(super) struct Message {
    pub(super) at: DocumentPlace,
    pub(super) fields: Fields,
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

/// Fields, by number and by name.
#[derive(Default)]
pub(super) struct Fields {
    by_number: BTreeMap<i32, Field>,
    numbers: HashMap<String, i32>,
}

impl Fields {
    pub(super) fn insert(&mut self, number: i32, field: Field) {
        self.numbers.insert(field.name.clone(), number);
        self.by_number.insert(number, field);
    }

    pub(super) fn get(&self, number: i32) -> Option<&Field> {
        self.by_number.get(&number)
    }

    pub(super) fn named(&self, name: &str) -> Option<(i32, &Field)> {
        let number = *self.numbers.get(name)?;
        Some((number, self.get(number)?))
    }

    /// In the order of their numbers.
    pub(super) fn iter(&self) -> impl Iterator<Item = (i32, &Field)> {
        self.by_number
            .iter()
            .map(|(number, field)| (*number, field))
    }
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
    pub(super) values: EnumValues,
    pub(super) reserved: Reserved,
    /// Whether numbers without a value are refused.
    pub(super) is_closed: bool,
    pub(super) has_json: bool,
}

/// Values in the order of the file, by name and by number.
pub(super) struct EnumValues {
    list: Vec<EnumValue>,
    by_name: HashMap<String, usize>,
    /// The first of those that have a number, which is the one that JSON has.
    first: HashMap<i32, usize>,
}

impl EnumValues {
    pub(super) fn of(list: Vec<EnumValue>) -> Self {
        let (mut by_name, mut first) = (HashMap::new(), HashMap::new());
        for (at, value) in list.iter().enumerate() {
            by_name.entry(value.name.clone()).or_insert(at);
            first.entry(value.number).or_insert(at);
        }
        Self {
            list,
            by_name,
            first,
        }
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, EnumValue> {
        self.list.iter()
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    pub(super) fn named(&self, name: &str) -> Option<&EnumValue> {
        self.list.get(*self.by_name.get(name)?)
    }

    pub(super) fn number(&self, name: &str) -> Option<i32> {
        self.named(name).map(|value| value.number)
    }

    /// The first value that has a number.
    pub(super) fn numbered(&self, number: i32) -> Option<&EnumValue> {
        self.list.get(*self.first.get(&number)?)
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
