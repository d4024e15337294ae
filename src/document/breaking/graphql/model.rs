//! What a GraphQL schema defines.

use std::collections::{BTreeMap, BTreeSet};

use super::literal::Literal;
use super::type_ref::TypeRef;
use crate::document::breaking::findings::DocumentPlace;

/// Types that every schema has.
pub(super) const BUILT_IN_TYPES: [&str; 5] = ["Int", "Float", "String", "Boolean", "ID"];

/// Operations, and the types where they begin unless a schema says otherwise.
pub(super) const ROOTS: [(&str, &str); 3] = [
    ("query", "Query"),
    ("mutation", "Mutation"),
    ("subscription", "Subscription"),
];

/// Directives that every service has, or may have, whether a schema defines them or not.
pub(super) const BUILT_IN_DIRECTIVES: [&str; 5] =
    ["skip", "include", "deprecated", "specifiedBy", "oneOf"];

pub(super) struct Schema {
    pub(super) types: BTreeMap<String, Type>,
    /// The types where operations begin, by `query`, `mutation` and `subscription`.
    pub(super) roots: BTreeMap<String, Named>,
    /// `None` where an introspection did not ask for them.
    pub(super) directives: Option<BTreeMap<String, Directive>>,
}

/// A name, and where it is written.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) at: DocumentPlace,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum TypeKind {
    Scalar,
    Object,
    Interface,
    Union,
    Enum,
    Input,
}

impl TypeKind {
    /// The word that defines it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Object => "type",
            Self::Interface => "interface",
            Self::Union => "union",
            Self::Enum => "enum",
            Self::Input => "input",
        }
    }
}

pub(super) struct Type {
    pub(super) kind: TypeKind,
    pub(super) at: DocumentPlace,
    pub(super) fields: BTreeMap<String, Field>,
    /// The values of an enum, the members of a union.
    pub(super) values: BTreeMap<String, EnumValue>,
    pub(super) interfaces: BTreeMap<String, DocumentPlace>,
    /// `None` where an introspection did not ask for it.
    pub(super) is_one_of: Option<bool>,
    /// The address of the specification of a scalar; `None` where an introspection did not ask for it.
    pub(super) specified_by: Option<Option<String>>,
}

impl Type {
    pub(super) fn new(kind: TypeKind, at: DocumentPlace) -> Self {
        Self {
            kind,
            at,
            fields: BTreeMap::new(),
            values: BTreeMap::new(),
            interfaces: BTreeMap::new(),
            is_one_of: None,
            specified_by: None,
        }
    }
}

pub(super) struct EnumValue {
    pub(super) at: DocumentPlace,
    pub(super) deprecated: Option<String>,
}

/// A field or an argument.
pub(super) struct Field {
    pub(super) of: TypeRef,
    pub(super) at: DocumentPlace,
    pub(super) arguments: BTreeMap<String, Self>,
    pub(super) default: Option<Default>,
    /// The reason, which may be empty.
    pub(super) deprecated: Option<String>,
}

impl Field {
    pub(super) fn is_non_null(&self) -> bool {
        matches!(self.of, TypeRef::NonNull(_))
    }

    /// Whether callers have to send it.
    pub(super) fn is_required(&self) -> bool {
        self.is_non_null() && self.default.is_none()
    }
}

/// A default value.
pub(super) struct Default {
    /// As written, on one line.
    pub(super) text: String,
    pub(super) value: Literal,
}

/// The definition of a directive.
pub(super) struct Directive {
    pub(super) at: DocumentPlace,
    pub(super) arguments: BTreeMap<String, Field>,
    pub(super) locations: BTreeSet<String>,
    /// `None` where an introspection did not ask for it.
    pub(super) is_repeatable: Option<bool>,
}

impl Directive {
    /// Whether callers may write it.
    pub(super) fn is_of_callers(&self) -> bool {
        self.locations
            .iter()
            .any(|location| is_of_callers(location))
    }
}

/// Whether callers write directives there. Elsewhere only schemas have them.
pub(super) fn is_of_callers(location: &str) -> bool {
    matches!(
        location,
        "QUERY"
            | "MUTATION"
            | "SUBSCRIPTION"
            | "FIELD"
            | "FRAGMENT_DEFINITION"
            | "FRAGMENT_SPREAD"
            | "INLINE_FRAGMENT"
            | "VARIABLE_DEFINITION"
    )
}
