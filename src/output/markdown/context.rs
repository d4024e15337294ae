//! What every part of a comment is made from.

use super::escaper::MarkdownEscaper;
use crate::output::breaking::Breaks;
use crate::output::review::Review;
use crate::plan::Plan;

/// What every part of a comment is made from.
#[derive(Debug, Clone, Copy)]
pub(super) struct MarkdownContext<'a> {
    pub(super) plan: &'a Plan,
    pub(super) review: &'a Review<'a>,
    pub(super) escaper: MarkdownEscaper<'a>,
    pub(super) breaks: &'a Breaks<'a>,
}
