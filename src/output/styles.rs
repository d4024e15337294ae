//! Colours, or none: the text is the same either way.

use anstyle::{AnsiColor, Style};

/// Whether what is written may be coloured.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Styles {
    /// Whether to colour.
    pub color: bool,
}

impl Styles {
    /// Something that is new.
    #[must_use]
    pub fn added(self, text: &str) -> String {
        self.with(AnsiColor::Green.on_default(), text)
    }

    /// Something that changes.
    #[must_use]
    pub fn changed(self, text: &str) -> String {
        self.with(AnsiColor::Yellow.on_default(), text)
    }

    /// Something that goes away, or an error.
    #[must_use]
    pub fn removed(self, text: &str) -> String {
        self.with(AnsiColor::Red.on_default(), text)
    }

    /// Something that a rule forbids.
    #[must_use]
    pub fn blocked(self, text: &str) -> String {
        self.with(AnsiColor::Magenta.on_default(), text)
    }

    /// A place or a hint that helps without asking for attention.
    #[must_use]
    pub fn faint(self, text: &str) -> String {
        self.with(Style::new().dimmed(), text)
    }

    /// A heading.
    #[must_use]
    pub fn strong(self, text: &str) -> String {
        self.with(Style::new().bold(), text)
    }

    /// Lines of a difference that say where the next ones are.
    #[must_use]
    pub fn location(self, text: &str) -> String {
        self.with(AnsiColor::Cyan.on_default(), text)
    }

    fn with(self, style: Style, text: &str) -> String {
        if self.color {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}
