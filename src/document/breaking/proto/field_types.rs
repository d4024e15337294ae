//! Types of fields.

use std::fmt;

use prost_types::field_descriptor_proto::Type;

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

impl FieldType {
    pub(super) fn is_text(&self) -> bool {
        matches!(self, Self::Scalar(Type::String))
    }

    /// Whether two values, as they are written in a file, are the same: `1.0` and `1` for a float.
    pub(super) fn is_same_value(&self, one: &str, other: &str) -> bool {
        let float = |text: &str| text.parse::<f64>().ok();
        let is_float = matches!(self, Self::Scalar(Type::Float | Type::Double));
        one == other || is_float && float(one).is_some_and(|one| float(other) == Some(one))
    }

    /// Whether it is a message as far as is known; what is defined elsewhere may be one.
    pub(super) fn may_be_message(&self, is_enum: impl Fn(&str) -> bool) -> bool {
        match self {
            Self::Scalar(_) => false,
            Self::Named { of, .. } => !is_enum(&of.name),
            Self::Map(..) => true,
        }
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
