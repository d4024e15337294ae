//! The types of fields and arguments, as they are written.

use std::fmt;

/// `[String!]!`; the readers bound how deep lists are nested.
#[derive(Clone, PartialEq, Eq)]
pub(super) enum TypeRef {
    Named(String),
    List(Box<Self>),
    NonNull(Box<Self>),
}

impl TypeRef {
    /// The name without lists.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Named(name) => name,
            Self::List(inner) | Self::NonNull(inner) => inner.name(),
        }
    }

    /// The type that null is allowed for.
    pub(super) fn nullable(&self) -> &Self {
        match self {
            Self::NonNull(inner) => inner,
            other => other,
        }
    }
}

impl fmt::Display for TypeRef {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Named(name) => out.write_str(name),
            Self::List(inner) => write!(out, "[{inner}]"),
            Self::NonNull(inner) => write!(out, "{inner}!"),
        }
    }
}
