//! A resource between its document and the desired state.

use serde_json::{Map, Value};

use super::former_names::WrittenNames;
use crate::kinds::Kind;
use crate::model::{Address, Span};
use crate::yaml::Node;

/// A resource that is about to be declared.
pub(super) struct Draft<'a> {
    pub(super) kind: &'static Kind,
    pub(super) address: Address,
    pub(super) value: Map<String, Value>,
    pub(super) node: &'a Node,
    pub(super) place: Span,
    pub(super) name_place: Span,
    /// The names that it had before.
    pub(super) previously: WrittenNames,
}
