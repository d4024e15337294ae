//! The colours of the program: pieces of text with a style, which only a terminal sees.

use anstyle::{AnsiColor, Style};

/// A piece of a line and its style.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Piece {
    pub(super) style: Option<Style>,
    pub(super) text: String,
}

impl Piece {
    pub(super) fn new(style: Style, text: impl Into<String>) -> Self {
        Self {
            style: Some(style).filter(|style| !style.is_plain()),
            text: text.into(),
        }
    }

    /// The same in bold, whatever its colour.
    #[must_use]
    pub fn strong(mut self) -> Self {
        self.style = Some(self.style.unwrap_or_default().bold());
        self
    }
}

impl From<String> for Piece {
    fn from(text: String) -> Self {
        Self { style: None, text }
    }
}

/// Something that is new.
pub fn added(text: impl Into<String>) -> Piece {
    Piece::new(AnsiColor::Green.on_default(), text)
}

/// Something that changes.
pub fn changed(text: impl Into<String>) -> Piece {
    Piece::new(AnsiColor::Yellow.on_default(), text)
}

/// Something that is deleted, or an error.
pub fn removed(text: impl Into<String>) -> Piece {
    Piece::new(AnsiColor::Red.on_default(), text)
}

/// Something that a rule forbids.
pub(super) fn blocked(text: impl Into<String>) -> Piece {
    Piece::new(AnsiColor::Magenta.on_default(), text)
}

/// A place or a hint that helps without asking for attention.
pub fn faint(text: impl Into<String>) -> Piece {
    Piece::new(Style::new().dimmed(), text)
}

/// A heading.
pub(super) fn strong(text: impl Into<String>) -> Piece {
    Piece::new(Style::new().bold(), text)
}

/// Lines of a difference that say where the next ones are.
pub(super) fn location(text: impl Into<String>) -> Piece {
    Piece::new(AnsiColor::Cyan.on_default(), text)
}
