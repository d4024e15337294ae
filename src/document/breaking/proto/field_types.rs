//! Types of fields, and which of them can be read as which others.

use std::collections::BTreeMap;
use std::fmt;

use prost_types::field_descriptor_proto::Type;

use super::model::{Enum, Pair};
use super::references::Reference;

pub(super) enum FieldType {
    Scalar(Type),
    /// A message, an enum, or a type of another file.
    Named {
        of: Reference,
        /// Whether it is between a start and an end instead of behind its length.
        is_group: bool,
    },
    Map(Box<Self>, Box<Self>),
}

/// What another type means for those who have the old file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Nothing,
    /// The bytes can be read, with other values in some cases, or JSON differs.
    OnTheWire,
    Everything,
}

impl FieldType {
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Scalar(Type::String))
    }

    /// Whether it is a message as far as the file says so; what is defined elsewhere may be one.
    pub(super) fn may_be_message(&self, enums: &BTreeMap<String, Enum>) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Named { of, .. } => !enums.contains_key(&of.name),
            Self::Map(..) => true,
        }
    }

    /// What it means that a field has the other type now.
    pub(super) fn change(&self, now: &Self, pair: &Pair<'_>) -> Change {
        match (self, now) {
            (Self::Scalar(was), Self::Scalar(now)) => scalars(*was, *now),
            (Self::Map(key, value), Self::Map(now_key, now_value)) => {
                let key = key.change(now_key, pair);
                key.max(value.change(now_value, pair))
            }
            (
                Self::Named { of, is_group },
                Self::Named {
                    of: now,
                    is_group: is_now_group,
                },
            ) => {
                if is_group != is_now_group {
                    return Change::Everything;
                }
                if of.is_same(now) {
                    return Change::Nothing;
                }
                let was = pair.before.enums.get(&of.name);
                match was.zip(pair.after.enums.get(&now.name)) {
                    Some((was, now)) if has_all(was, now) => Change::OnTheWire,
                    _ => Change::Everything,
                }
            }
            (Self::Named { of, .. }, Self::Scalar(scalar)) => {
                number_or_enum(pair.before.enums.contains_key(&of.name), *scalar)
            }
            (Self::Scalar(scalar), Self::Named { of, .. }) => {
                number_or_enum(pair.after.enums.contains_key(&of.name), *scalar)
            }
            (Self::Map(..), _) | (_, Self::Map(..)) => Change::Everything,
        }
    }
}

/// Whether an enum has all values of another one.
fn has_all(was: &Enum, now: &Enum) -> bool {
    let mut values = was.values.iter();
    values.all(|value| now.number(&value.name) == Some(value.number))
}

fn number_or_enum(is_enum: bool, scalar: Type) -> Change {
    match is_enum && group(scalar) == Some(0) {
        true => Change::OnTheWire,
        false => Change::Everything,
    }
}

fn scalars(was: Type, now: Type) -> Change {
    if was == now {
        return Change::Nothing;
    }
    let is_alike = group(was).is_some_and(|known| group(now) == Some(known));
    // Every text is bytes; not all bytes are text.
    let is_widened = was == Type::String && now == Type::Bytes;
    match is_alike || is_widened {
        true => Change::OnTheWire,
        false => Change::Everything,
    }
}

/// Numbers that are written alike.
fn group(of: Type) -> Option<usize> {
    match of {
        Type::Int32 | Type::Uint32 | Type::Int64 | Type::Uint64 | Type::Bool => Some(0),
        Type::Sint32 | Type::Sint64 => Some(1),
        Type::Fixed32 | Type::Sfixed32 => Some(2),
        Type::Fixed64 | Type::Sfixed64 => Some(3),
        _ => None,
    }
}

impl fmt::Display for FieldType {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scalar(of) => {
                let name = of.as_str_name().trim_start_matches("TYPE_");
                out.write_str(&name.to_lowercase())
            }
            Self::Named { of, is_group } => {
                let word = if *is_group { "group " } else { "" };
                write!(out, "{word}{}", of.name)
            }
            Self::Map(key, value) => write!(out, "map<{key}, {value}>"),
        }
    }
}
