//! What every part of a comment is made from.

use std::collections::BTreeMap;

use super::escaper::MarkdownEscaper;
use super::links::{line_of_file, link};
use crate::document::Diff;
use crate::model::{Address, Span};
use crate::output::breaking::Breaks;
use crate::output::outline::caption_of;
use crate::output::portal_page::portal_page;
use crate::output::review::Review;
use crate::plan::{Change, Plan};

/// What every part of a comment is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarkdownContext<'a> {
    pub(super) plan: &'a Plan,
    pub(super) review: &'a Review<'a>,
    pub(super) escaper: MarkdownEscaper<'a>,
    pub(super) breaks: &'a Breaks<'a>,
    /// How the documents differ.
    pub(super) diffs: &'a BTreeMap<&'a Address, Diff>,
    /// What people call the declared resources.
    pub(super) captions: &'a BTreeMap<Address, String>,
}

/// How the documents of a plan differ, where both sides are known.
pub(super) fn document_diffs<'a>(
    plan: &'a Plan,
    review: &Review<'_>,
) -> BTreeMap<&'a Address, Diff> {
    let diff = |change: &'a Change| {
        let mut fields = change.fields.iter();
        let field = fields.find(|field| change.is_document(field))?;
        Some((&change.address, review.text_diff(change, field)?))
    };
    plan.changes.iter().filter_map(diff).collect()
}

impl MarkdownContext<'_> {
    /// The address of a resource, with a link to its page.
    pub(super) fn address(self, address: &Address) -> String {
        let url = portal_page(self.review, address);
        link(self.escaper.address(address), url)
    }

    /// The address of a changed resource, and what people call it; what is below an API is known by that.
    pub(super) fn resource(self, change: &Change) -> String {
        match change.address.segments().len() {
            1 => self.captioned(&change.address, caption_of(change)),
            _ => self.below(&change.address),
        }
    }

    /// The address of a resource, and what people call the one that it belongs to.
    pub(super) fn below(self, address: &Address) -> String {
        self.captioned(address, self.captions.get(&address.root()).cloned())
    }

    fn captioned(self, address: &Address, caption: Option<String>) -> String {
        let address = self.address(address);
        match caption {
            None => address,
            Some(caption) => {
                let caption = caption.strip_prefix('"').unwrap_or(&caption);
                let caption = caption.strip_suffix('"').unwrap_or(caption);
                format!("{address} {}", self.escaper.title(caption))
            }
        }
    }

    /// `file:line:column`, with a link to the file at the commit.
    pub(super) fn place(self, place: Span) -> String {
        self.at(self.escaper.code(&self.review.place(place)), Some(place))
    }

    /// Something that is declared at a place, with a link there.
    pub(super) fn at(self, text: String, place: Option<Span>) -> String {
        let url = place.and_then(|place| line_of_file(self.review, place));
        link(text, url)
    }
}
