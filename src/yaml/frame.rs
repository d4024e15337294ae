//! Values on their way into the tree.

use std::ops::Range;
use std::sync::Arc;

use super::mapping::MappingBuilder;
use super::node::{Node, NodeValue};
use super::scalar::Scalar;
use crate::model::{Diagnostics, Span};

/// A finished value.
#[derive(Clone)]
pub(super) struct Built {
    pub(super) node: Arc<Node>,
    /// Where it stands; for an alias this is the alias, not the node.
    pub(super) place: Range<usize>,
    /// How much a walk over it costs.
    pub(super) weight: usize,
    /// How many collections it has inside one another.
    pub(super) height: usize,
    pub(super) alias: bool,
}

/// A collection that is not finished yet.
pub(super) struct Frame {
    pub(super) collection: Collection,
    pub(super) place: Range<usize>,
    /// Written with brackets, which then are its place.
    pub(super) flow: bool,
    pub(super) anchor: usize,
    pub(super) weight: usize,
    pub(super) height: usize,
}

pub(super) enum Collection {
    Sequence(Vec<Arc<Node>>),
    Mapping(MappingBuilder),
}

impl Built {
    /// A scalar; a long one weighs more.
    pub(super) fn scalar(scalar: Scalar, place: Range<usize>, span: Span) -> Self {
        Self {
            weight: 1 + scalar.text.len() / 64,
            node: Arc::new(Node {
                span,
                value: NodeValue::Scalar(scalar),
            }),
            place,
            height: 0,
            alias: false,
        }
    }
}

impl Frame {
    /// An empty collection. `place` is its opening bracket, or nothing where its first child starts.
    pub(super) fn new(collection: Collection, anchor: usize, place: Range<usize>) -> Self {
        Self {
            collection,
            flow: !place.is_empty(),
            place,
            anchor,
            weight: 1,
            height: 1,
        }
    }

    /// Appends an item, key or value located at `span`.
    pub(super) fn take(&mut self, built: Built, span: Span, diagnostics: &mut Diagnostics) {
        self.weight = self.weight.saturating_add(built.weight);
        self.height = self.height.max(built.height + 1);
        if !self.flow {
            let empty = match &self.collection {
                Collection::Sequence(items) => items.is_empty(),
                Collection::Mapping(mapping) => mapping.is_empty(),
            };
            if empty {
                self.place.start = built.place.start;
            }
            self.place.end = built.place.end.max(self.place.start);
        }
        match &mut self.collection {
            Collection::Sequence(items) => items.push(built.node),
            Collection::Mapping(mapping) => {
                mapping.push(built.node, span, built.alias, diagnostics);
            }
        }
    }

    /// The finished collection.
    pub(super) fn finish(self, span: Span, diagnostics: &mut Diagnostics) -> Built {
        let mut span = span;
        let value = match self.collection {
            Collection::Sequence(items) => NodeValue::Sequence(items),
            Collection::Mapping(mapping) => {
                if !self.flow && mapping.first_refused() {
                    // It has no first key to point to, and no bracket either.
                    span.end = span.start;
                }
                NodeValue::Mapping(mapping.finish(diagnostics))
            }
        };
        Built {
            node: Arc::new(Node { span, value }),
            place: self.place,
            weight: self.weight,
            height: self.height,
            alias: false,
        }
    }
}
