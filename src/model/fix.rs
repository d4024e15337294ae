//! How a problem is fixed in the text itself, so that the program or an editor can do it.

use std::fmt;

use super::line_end::with_line_ends_of;
use super::place::{Sources, Span};

/// Longest text that a fix names, in characters; a longer one is cut.
const MOST_NAMED: usize = 60;

/// Whether a fix can be made without asking.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Certainty {
    /// The text can have meant nothing else: `validate --fix` makes it.
    Certain,
    /// Likely the right one; only shown.
    Suggested,
}

/// What a fix does with the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Deed {
    /// Puts a text in the place of another.
    Write,
    /// Adds a text where nothing was.
    Add,
    /// Puts a value elsewhere.
    Move,
}

impl Deed {
    /// The verb of a request: `write`.
    #[must_use]
    pub fn verb(self) -> &'static str {
        match self {
            Self::Write => "write",
            Self::Add => "add",
            Self::Move => "move",
        }
    }

    /// The verb of a report: `wrote`.
    #[must_use]
    pub fn done(self) -> &'static str {
        match self {
            Self::Write => "wrote",
            Self::Add => "added",
            Self::Move => "moved",
        }
    }
}

/// A text in the place of a span.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextEdit {
    /// What is replaced; empty for an insertion.
    pub span: Span,
    /// What is written there.
    pub text: String,
}

/// Edits of one file that together fix a problem.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Whether it can be made without asking.
    pub certainty: Certainty,
    /// What it does.
    pub deed: Deed,
    /// What it does that with, behind the verb: "`true`", "`title` under `spec`".
    pub object: String,
    /// The edits. They are all of one file, and do not overlap.
    pub edits: Vec<TextEdit>,
}

impl Fix {
    /// Writes a text in the place of another.
    #[must_use]
    pub fn write(certainty: Certainty, span: Span, text: impl Into<String>) -> Self {
        let text = text.into();
        Self {
            certainty,
            deed: Deed::Write,
            object: named(&text),
            edits: vec![TextEdit { span, text }],
        }
    }

    /// Any other edits.
    #[must_use]
    pub fn new(
        certainty: Certainty,
        deed: Deed,
        object: impl Into<String>,
        edits: Vec<TextEdit>,
    ) -> Self {
        Self {
            certainty,
            deed,
            object: object.into(),
            edits,
        }
    }

    /// Whether it can be made without asking.
    #[must_use]
    pub fn is_certain(&self) -> bool {
        self.certainty == Certainty::Certain
    }

    /// The same, with lines that end as those of its file do.
    #[must_use]
    pub fn with_line_ends_of_file(mut self, sources: &Sources) -> Self {
        for edit in self
            .edits
            .iter_mut()
            .filter(|edit| edit.text.contains('\n'))
        {
            edit.text = with_line_ends_of(&sources.get(edit.span.source).text, &edit.text);
        }
        self
    }

    /// Whether it would write over a variable: then the text in the file is not what the problem is about.
    #[must_use]
    pub fn meets_variable(&self, sources: &Sources) -> bool {
        let mut edits = self.edits.iter();
        edits.any(|edit| sources.text(edit.span).contains("${"))
    }
}

impl fmt::Display for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.deed.verb(), self.object)
    }
}

fn named(text: &str) -> String {
    let line = text.trim().lines().next().unwrap_or_default();
    let short: String = line.chars().take(MOST_NAMED).collect();
    let sign = if short.len() < text.trim().len() {
        "…"
    } else {
        ""
    };
    format!("`{short}{sign}`")
}

/// A text with edits, of which none overlaps another; they may be in any order. Those at one place are made in
/// the order given.
#[must_use]
pub fn edited_text<'a>(text: &str, edits: impl IntoIterator<Item = &'a TextEdit>) -> String {
    let mut edits: Vec<&TextEdit> = edits.into_iter().collect();
    edits.sort_by_key(|edit| (edit.span.start, edit.span.end));
    let mut out = String::with_capacity(text.len() + 64);
    let mut at = 0;
    for edit in edits {
        let before = text.get(at..edit.span.start);
        out.push_str(before.unwrap_or_default());
        out.push_str(&edit.text);
        at = at.max(edit.span.end);
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}
