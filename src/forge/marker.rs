//! The hidden first line by which a comment is found again.

use std::fmt;

const START: &str = "<!-- apicenter-plan:";
const END: &str = " -->";

/// Bytes of a target's name that count.
const LONGEST: usize = 100;

/// The hidden first line of a comment: one for each target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marker(String);

impl Marker {
    /// The marker of a target. Other signs than those of ordinary names are spelt in
    /// hexadecimal, so that the marker cannot end early; the Markdown of a plan has the same one.
    #[must_use]
    pub fn of(target: &str) -> Self {
        let mut text = START.to_owned();
        for byte in target.bytes().take(LONGEST) {
            if byte.is_ascii_alphanumeric() || b"._-".contains(&byte) {
                text.push(char::from(byte));
            } else {
                text.push_str(&format!("%{byte:02X}"));
            }
        }
        text.push_str(END);
        Self(text)
    }

    /// The marker that a text begins with.
    #[must_use]
    pub fn at_start(text: &str) -> Option<Self> {
        let rest = text.strip_prefix(START)?;
        let name = &rest[..rest.find(END)?];
        let is_name = !name.is_empty() && !name.contains(['\n', '\r', '<', '>']);
        is_name.then(|| Self(format!("{START}{name}{END}")))
    }

    /// Whether a text begins with this marker. One further down is a quotation.
    #[must_use]
    pub fn starts(&self, text: &str) -> bool {
        text.starts_with(&self.0)
    }
}

impl fmt::Display for Marker {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_marker_is_found_at_the_start_only_and_for_its_target_only() {
        let prod = Marker::of("prod");
        assert_eq!(prod.to_string(), "<!-- apicenter-plan:prod -->");
        assert!(prod.starts("<!-- apicenter-plan:prod -->\n## Plan"));
        assert!(!prod.starts("> <!-- apicenter-plan:prod -->"));
        assert!(!prod.starts("<!-- apicenter-plan:prod-eu -->"));
        assert_eq!(Marker::at_start(&format!("{prod}\nx")), Some(prod));
        assert_eq!(Marker::at_start("## Plan"), None);
    }

    #[test]
    fn a_name_cannot_break_out_of_the_marker() {
        let hostile = Marker::of("a --> <img src=x>\n/close");
        let text = hostile.to_string();
        assert_eq!(text.matches("-->").count(), 1, "{text}");
        assert!(!text.contains('\n') && !text.contains("<img"), "{text}");
        assert_eq!(Marker::at_start(&text), Some(hostile));
    }
}
