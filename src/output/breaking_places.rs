//! Where what a plan breaks is, in the live description and in the declared one.

use std::borrow::Cow;

use super::spec_diff::{anchor, spans};
use crate::document::Breaking;
use crate::model::{DocumentPart, Sources, Span, without_mark};
use crate::plan::Change;

/// A finding of a plan and its places.
pub(super) struct PlacedBreaking<'a> {
    pub(super) found: &'a Breaking,
    /// In the live description.
    pub(super) before: Option<Span>,
    /// In the declared one.
    pub(super) after: Option<Span>,
    /// In the declared one: what was concerned, or what is around it.
    pub(super) anchor: Option<Span>,
}

/// The findings of one change, with the texts that they are in.
pub(super) struct PlacedChange<'a> {
    pub(super) findings: Vec<PlacedBreaking<'a>>,
    /// The live text, under no name.
    pub(super) before: Sources,
    /// The declared files. One without a name is within a manifest, or behind a link.
    pub(super) after: Cow<'a, Sources>,
}

impl<'a> PlacedChange<'a> {
    pub(super) fn of(change: &'a Change, sources: &'a Sources) -> Self {
        let found = change.breaking();
        let Some(text) = change.text.as_ref().filter(|_| !found.is_empty()) else {
            return Self {
                findings: Vec::new(),
                before: Sources::default(),
                after: Cow::Borrowed(sources),
            };
        };
        let mut before = Sources::default();
        let live = text.before.as_deref().unwrap_or_default();
        let part = single(&mut before, "", live);
        let was = spans(&[part], found, |found| found.before.as_ref());
        let document = &text.after;
        let (after, parts) = match document.parts.is_empty() {
            false => (Cow::Borrowed(sources), document.parts.clone()),
            true => {
                let mut own = Sources::default();
                let name = document.file.as_deref().unwrap_or_default();
                let part = single(&mut own, name, &document.text);
                (Cow::Owned(own), vec![part])
            }
        };
        let anchors = spans(&parts, found, anchor);
        let placed = found.iter().zip(was).zip(anchors);
        Self {
            findings: placed
                .map(|((found, before), anchor)| PlacedBreaking {
                    found,
                    before,
                    after: anchor.filter(|_| found.after.is_some()),
                    anchor,
                })
                .collect(),
            before,
            after,
        }
    }
}

/// A text that is whole by itself.
pub(super) fn single(sources: &mut Sources, name: &str, text: &str) -> DocumentPart {
    let source = sources.add(name, without_mark(text));
    DocumentPart {
        at: String::new(),
        source,
        text: sources.get(source).text.clone(),
        pointer: String::new(),
    }
}
