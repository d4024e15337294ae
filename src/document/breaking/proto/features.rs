//! What a syntax or an edition says by itself, and what the features of a file change.

use super::options::Options;

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Syntax {
    Proto2,
    Proto3,
    Edition,
}

/// What holds for a file unless its parts say otherwise.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Features {
    /// Whether a field without a label knows that it is absent.
    pub(super) has_presence: bool,
    pub(super) is_closed: bool,
    pub(super) has_utf8_check: bool,
    pub(super) has_json: bool,
    /// Whether messages are between a start and an end.
    pub(super) is_delimited: bool,
}

impl Features {
    pub(super) fn of(syntax: Syntax, options: &Options) -> Self {
        let default = match syntax {
            Syntax::Proto2 => Self {
                has_presence: true,
                is_closed: true,
                has_utf8_check: false,
                has_json: false,
                is_delimited: false,
            },
            Syntax::Proto3 => Self {
                has_presence: false,
                is_closed: false,
                has_utf8_check: true,
                has_json: true,
                is_delimited: false,
            },
            Syntax::Edition => Self {
                has_presence: true,
                is_closed: false,
                has_utf8_check: true,
                has_json: true,
                is_delimited: false,
            },
        };
        default.with(options)
    }

    /// The same with what a part says.
    pub(super) fn with(self, options: &Options) -> Self {
        let is = |name: &str, word: &str, default: bool| match options.text(&["features", name]) {
            Some(text) => text == word,
            None => default,
        };
        let presence = options.text(&["features", "field_presence"]);
        Self {
            has_presence: presence.map_or(self.has_presence, |it| it != "IMPLICIT"),
            is_closed: is("enum_type", "CLOSED", self.is_closed),
            has_utf8_check: is("utf8_validation", "VERIFY", self.has_utf8_check),
            has_json: is("json_format", "ALLOW", self.has_json),
            is_delimited: is("message_encoding", "DELIMITED", self.is_delimited),
        }
    }
}
