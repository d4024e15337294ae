//! What one document declares.

use std::sync::Arc;

use serde_json::Value;

use super::former_names::WrittenNames;
use crate::kinds::Kind;
use crate::model::{Address, Span};
use crate::yaml::Node;

/// A document of a known kind.
pub(super) struct Declaration {
    pub(super) kind: &'static Kind,
    pub(super) name: String,
    pub(super) name_place: Span,
    /// The names that it had before.
    pub(super) previously: WrittenNames,
    pub(super) place: Span,
    pub(super) spec: Arc<Node>,
}

impl Declaration {
    /// The resource.
    pub(super) fn address(&self) -> Address {
        match self.kind.location.is_root() {
            true => Address::top(&self.kind.info, ""),
            false => Address::top(&self.kind.info, self.qualified_name()),
        }
    }

    /// The name in the address: with the type and the parents, where names are unique within those only.
    pub(super) fn qualified_name(&self) -> String {
        self.qualified(&self.name)
    }

    /// The names that it had before, as they are in addresses.
    pub(super) fn qualified_former_names(&self) -> WrittenNames {
        let names = self.previously.iter();
        names
            .map(|(name, place)| (self.qualified(name), *place))
            .collect()
    }

    fn qualified(&self, name: &str) -> String {
        let spec = self
            .kind
            .qualify
            .map(|qualify| (qualify, self.spec.to_json()));
        match spec {
            Some((qualify, Value::Object(spec))) => qualify(name, &spec),
            _ => name.to_owned(),
        }
    }
}
