//! What was found, up to a bound.

use std::collections::HashSet;

/// Entries after which nothing more is looked for. Nobody reads a thousand.
const MOST: usize = 1000;

/// Longest name that is shown whole, in characters.
const LONGEST_NAME: usize = 80;

/// How sure it is that callers break.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Impact {
    /// A caller that keeps to the old description fails, or may fail.
    Break,
    /// It depends on the caller: a response may contain a value that was not there before, or the address
    /// is another one.
    Caution,
}

/// One thing that callers may rely on and that is no longer so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Breaking {
    /// Where, in words: `GET /orders/{id}`, `type Order`.
    pub place: String,
    /// What is no longer so, in one line. Names are between backticks.
    pub message: String,
    /// Whether it breaks, or may.
    pub impact: Impact,
}

#[derive(Default)]
pub(super) struct Findings {
    list: Vec<Breaking>,
}

impl Findings {
    pub(super) fn breaks(&mut self, place: &str, message: impl Into<String>) {
        self.push(place, message.into(), Impact::Break);
    }

    pub(super) fn caution(&mut self, place: &str, message: impl Into<String>) {
        self.push(place, message.into(), Impact::Caution);
    }

    fn push(&mut self, place: &str, message: String, impact: Impact) {
        if !self.is_full() {
            self.list.push(Breaking {
                place: place.to_owned(),
                message,
                impact,
            });
        }
    }

    pub(super) fn is_full(&self) -> bool {
        self.list.len() >= MOST
    }

    pub(super) fn len(&self) -> usize {
        self.list.len()
    }

    /// Adds words to the message of an entry.
    pub(super) fn append(&mut self, position: usize, words: &str) {
        if let Some(found) = self.list.get_mut(position) {
            found.message.push_str(words);
        }
    }

    /// Each entry once: several media types often share one schema.
    pub(super) fn into_list(self) -> Vec<Breaking> {
        let mut seen = HashSet::new();
        let mut list = self.list;
        list.retain(|found| seen.insert((found.place.clone(), found.message.clone())));
        list
    }
}

/// A name from a document, on one line and between backticks.
pub(super) fn code(name: &str) -> String {
    format!("`{}`", plain(name))
}

/// A name from a document, on one line and not too long.
pub(super) fn plain(name: &str) -> String {
    let mut chars = name.chars().map(|c| {
        if c.is_control() || c == '`' {
            '\u{fffd}'
        } else {
            c
        }
    });
    let mut out: String = chars.by_ref().take(LONGEST_NAME).collect();
    if chars.next().is_some() {
        out.push('…');
    }
    out
}

/// Names in a row, at most five of them.
pub(super) fn codes<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    const FEW: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(FEW).map(|name| code(name)).collect();
    match names.len().saturating_sub(FEW) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
