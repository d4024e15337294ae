//! What is wrong, where, and how to fix it.

use super::address::Address;
use super::code::Code;
use super::fix::Fix;
use super::place::{Sources, Span};
use super::resource::FieldPath;
use super::suggestion::Suggestion;

/// How bad a problem is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing is planned or written while there is one of these.
    Error,
    /// Worth knowing; stops nothing.
    Warning,
}

impl Severity {
    /// The word that is printed.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

/// A place and what is to be said about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// The place.
    pub span: Span,
    /// A few words drawn next to it.
    pub text: String,
}

/// One problem. Problems are collected, never thrown one at a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// Its stable name.
    pub code: Code,
    /// How bad it is.
    pub severity: Severity,
    /// One sentence without a full stop.
    pub message: String,
    /// The place to look at; `None` where no file is to blame.
    pub primary: Option<Label>,
    /// Other places that matter, such as the first of two equal names.
    pub related: Vec<Label>,
    /// How to fix it.
    pub help: Option<String>,
    /// The edits of the text that fix it.
    pub fix: Option<Fix>,
    /// The manifest that fixes it, which is shown below the help.
    pub suggestion: Option<Suggestion>,
    /// The resources that it concerns, whose declared values were kept. If the service holds all of them as
    /// declared, an error is only a warning. Empty for a value that was dropped.
    pub about: Vec<Address>,
    /// The resources that have the problem, by which exemptions accept it. Mostly one; empty where it is not one
    /// of a resource.
    pub addresses: Vec<Address>,
    /// The field that has the problem.
    pub path: Option<FieldPath>,
}

impl Diagnostic {
    /// A problem that stops the command.
    #[must_use]
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            primary: None,
            related: Vec::new(),
            help: None,
            fix: None,
            suggestion: None,
            about: Vec::new(),
            addresses: Vec::new(),
            path: None,
        }
    }

    /// A problem that is only reported.
    #[must_use]
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self {
            severity: Severity::Warning,
            ..Self::error(code, message)
        }
    }

    /// Sets the place to look at, with a few words drawn next to it.
    #[must_use]
    pub fn at(mut self, span: Span, text: impl Into<String>) -> Self {
        self.primary = Some(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Sets the place to look at, if there is one.
    #[must_use]
    pub fn at_opt(self, span: Option<Span>, text: impl Into<String>) -> Self {
        match span {
            Some(span) => self.at(span, text),
            None => self,
        }
    }

    /// Adds another place that matters.
    #[must_use]
    pub fn related(mut self, span: Span, text: impl Into<String>) -> Self {
        self.related.push(Label {
            span,
            text: text.into(),
        });
        self
    }

    /// Says which resource's writing it concerns.
    #[must_use]
    pub fn about(mut self, address: &Address) -> Self {
        self.about.push(address.clone());
        self
    }

    /// Says which resource has the problem.
    #[must_use]
    pub fn of(mut self, address: &Address) -> Self {
        self.addresses.push(address.clone());
        self
    }

    /// Says which field has the problem.
    #[must_use]
    pub fn in_field(mut self, path: impl Into<FieldPath>) -> Self {
        self.path = Some(path.into());
        self
    }

    /// Whether both are one problem: then it is one of the resources of both, such as of two definitions that
    /// are one YAML alias.
    fn absorb(&mut self, other: &Self) -> bool {
        let is_same = self.code == other.code
            && self.severity == other.severity
            && self.message == other.message
            && self.primary == other.primary
            && self.related == other.related
            && self.help == other.help
            && self.fix == other.fix
            && self.suggestion == other.suggestion;
        if is_same {
            for (own, others) in [
                (&mut self.addresses, &other.addresses),
                (&mut self.about, &other.about),
            ] {
                for address in others {
                    if !own.contains(address) {
                        own.push(address.clone());
                    }
                }
            }
        }
        is_same
    }

    /// Adds how to fix it.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Says how the text itself is fixed. Unless there is a help already, it says to do that.
    #[must_use]
    pub fn fix(mut self, fix: Fix) -> Self {
        self.help.get_or_insert_with(|| fix.to_string());
        self.fix = Some(fix);
        self
    }

    /// As [`fix`](Self::fix), if there is one.
    #[must_use]
    pub fn fix_opt(self, fix: Option<Fix>) -> Self {
        match fix {
            Some(fix) => self.fix(fix),
            None => self,
        }
    }

    /// Suggests a manifest to add; the help introduces it.
    #[must_use]
    pub fn suggest(mut self, suggestion: Suggestion) -> Self {
        self.suggestion = Some(suggestion);
        self
    }
}

/// A collection of problems.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Diagnostics {
    items: Vec<Diagnostic>,
}

impl Diagnostics {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.items.push(diagnostic);
    }

    /// Adds all problems of another collection.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.items.extend(other);
    }

    /// Whether any of them stops the command.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        self.items.iter().any(|d| d.severity == Severity::Error)
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.items.is_empty()
    }

    /// How many there are of one severity.
    #[must_use]
    pub fn count(&self, severity: Severity) -> usize {
        self.items.iter().filter(|d| d.severity == severity).count()
    }

    /// The problems in the order in which they were found.
    pub fn iter(&self) -> std::slice::Iter<'_, Diagnostic> {
        self.items.iter()
    }

    /// Orders by file, place and code, and makes one of repetitions, so that output is the same every
    /// time.
    pub fn sort(&mut self, sources: &Sources) {
        self.items
            .sort_by(|a, b| key(a, sources).cmp(&key(b, sources)));
        self.items.dedup_by(|later, first| first.absorb(later));
    }
}

fn key<'a>(d: &'a Diagnostic, sources: &'a Sources) -> (bool, &'a str, usize, &'a Code, &'a str) {
    match &d.primary {
        Some(label) => {
            let file = sources.get(label.span.source).name.as_str();
            (false, file, label.span.start, &d.code, &d.message)
        }
        None => (true, "", 0, &d.code, &d.message),
    }
}

impl IntoIterator for Diagnostics {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.into_iter()
    }
}

impl<'a> IntoIterator for &'a Diagnostics {
    type Item = &'a Diagnostic;
    type IntoIter = std::slice::Iter<'a, Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.items.iter()
    }
}

impl FromIterator<Diagnostic> for Diagnostics {
    fn from_iter<I: IntoIterator<Item = Diagnostic>>(iter: I) -> Self {
        Self {
            items: iter.into_iter().collect(),
        }
    }
}
