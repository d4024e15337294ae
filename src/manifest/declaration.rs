//! What one document declares.

use std::sync::Arc;

use serde_json::Value;

use crate::kinds::Kind;
use crate::model::Span;
use crate::yaml::Node;

/// A document of a known kind.
pub(super) struct Declaration {
    pub(super) kind: &'static Kind,
    pub(super) name: String,
    pub(super) name_place: Span,
    pub(super) place: Span,
    pub(super) spec: Arc<Node>,
}

impl Declaration {
    /// The name in the address: with the type and the parents, where names are unique within those only.
    pub(super) fn qualified_name(&self) -> String {
        let spec = self
            .kind
            .qualify
            .map(|qualify| (qualify, self.spec.to_json()));
        match spec {
            Some((qualify, Value::Object(spec))) => qualify(&self.name, &spec),
            _ => self.name.clone(),
        }
    }
}
