//! How a plan is shown.

use std::collections::BTreeMap;

use crate::model::{Address, Sources, Span};

/// How much of a plan is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The counts by kind and action.
    Summary,
    /// What fits on a few screens: what is new on a line each, what is alike in groups.
    Usual,
    /// Every resource with every field.
    Details,
}

/// How a plan is shown.
#[derive(Debug, Clone, Copy)]
pub struct PlanView<'a> {
    /// The files, so that places can be named.
    pub sources: &'a Sources,
    /// Name of the target's service and where it is, for the first line.
    pub target: &'a str,
    /// The same of the service that it is compared with; `None` if it is compared with manifests.
    pub from: Option<&'a str>,
    /// What people call the declared resources.
    pub captions: &'a BTreeMap<Address, String>,
    /// How much is shown.
    pub extent: Extent,
    /// Columns of the terminal.
    pub width: usize,
    /// Whether sentences are broken to fit into them. Elsewhere a line can be searched for as a whole.
    pub wraps: bool,
    /// Whether resources without changes are listed.
    pub show_unchanged: bool,
    /// Whether resources that nobody declares are listed one by one.
    pub show_unmanaged: bool,
    /// Most lines of one document's difference; `None` for as many as there is room for.
    pub diff_lines: Option<usize>,
}

impl PlanView<'_> {
    /// `file:line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        self.sources.display(span)
    }

    /// The place of a field: without the file if it is in the one that was named already.
    pub(super) fn place_beside(&self, span: Span, named: Option<Span>) -> String {
        if named.is_some_and(|named| named.source == span.source) && !self.shows_all() {
            let (_, position) = self.sources.locate(span);
            format!(":{position}")
        } else {
            self.place(span)
        }
    }

    /// Whether nothing is left out.
    pub(super) fn shows_all(&self) -> bool {
        self.extent == Extent::Details
    }
}
