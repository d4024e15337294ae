//! Edits of lists, item by item, so that the comments of the items that stay are kept.

use std::sync::Arc;

use serde_json::Value;

use super::alignment::{Move, moves};
use super::fields::{Deed, FieldEdits, Layer, Spot};
use crate::yaml::Node;

impl FieldEdits<'_> {
    /// Compares two lists, of which the first one is written in the layer.
    pub(super) fn list(&mut self, old: &[Value], new: &[Value], layer: Layer<'_>, at: &Spot) {
        let written = layer.node.items().unwrap_or_default();
        let places = places(old, written);
        let moves = places.and_then(|places| Some((places, moves(old, new)?)));
        let (Some((places, moves)), false) = (moves, new.is_empty()) else {
            return self.whole(&Value::Array(new.to_vec()), layer, at);
        };
        // Backwards, so that the numbers of the items in front stay as they are.
        let mut next = written.len();
        for one in moves.iter().rev() {
            match *one {
                Move::Keep(i) => next = places[i],
                Move::Remove(i) => self.push(layer.home, &at.item(places[i]), Deed::Remove),
                Move::Change(i, j) => {
                    next = places[i];
                    let node = &written[next];
                    self.item((&old[i], &new[j]), Layer { node, ..layer }, &at.item(next));
                }
                Move::Add(j) => {
                    let item = self.written(&new[j]);
                    self.push(layer.home, &at.item(next), Deed::Insert(item));
                }
            }
        }
    }

    fn item(&mut self, (old, new): (&Value, &Value), layer: Layer<'_>, at: &Spot) {
        match (old, new) {
            (Value::Object(old), Value::Object(new)) if layer.node.entries().is_some() => {
                self.maps(old, new, &[layer], at);
            }
            _ => self.whole(new, layer, at),
        }
    }
}

/// Where each item of a list is among the written ones; `None` if they do not correspond. What is compared may have
/// another order than what is written, and then nothing can be moved within it.
fn places(list: &[Value], written: &[Arc<Node>]) -> Option<Vec<usize>> {
    (list.len() == written.len()).then_some(())?;
    let is_written = |(item, node): (&Value, &Arc<Node>)| match item {
        Value::Object(_) => true,
        other => {
            let text = node.scalar_text();
            text.is_some_and(|text| text.contains("${"))
                || node.to_json() == *other
                || other.as_str().is_some_and(|other| Some(other) == text)
        }
    };
    let is_in_order = list.iter().zip(written).all(is_written);
    is_in_order.then(|| (0..list.len()).collect())
}
