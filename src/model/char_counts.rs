//! How many characters precede a byte of a text, without counting them all again.

/// Bytes between two counts.
const STEP: usize = 512;

/// The characters before every so many bytes of a text; none for a text where each byte is a character.
#[derive(Debug, Clone, Default)]
pub(super) struct CharCounts(Vec<usize>);

impl CharCounts {
    /// Counts a text once.
    pub(super) fn of(text: &str) -> Self {
        if text.is_ascii() {
            return Self::default();
        }
        let mut total = 0;
        let counts = text.as_bytes().chunks(STEP).map(|chunk| {
            let before = total;
            total += starts(chunk);
            before
        });
        Self(counts.collect())
    }

    /// The characters of the counted text before a byte that starts one.
    pub(super) fn before(&self, text: &str, offset: usize) -> usize {
        if self.0.is_empty() {
            return offset;
        }
        let step = (offset / STEP).min(self.0.len() - 1);
        self.0[step] + starts(&text.as_bytes()[step * STEP..offset])
    }
}

/// How many bytes start a character.
fn starts(bytes: &[u8]) -> usize {
    bytes.iter().filter(|byte| **byte & 0xC0 != 0x80).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_those_of_the_characters() {
        let plain = "abc ".repeat(400);
        let mixed = "aé\u{1f600}ß".repeat(300);
        let late = format!("{plain}é");
        for text in ["", "a", "é", &plain, &mixed, &late] {
            let counts = CharCounts::of(text);
            let offsets = text.char_indices().map(|(offset, _)| offset);
            for (count, offset) in offsets.chain([text.len()]).enumerate() {
                assert_eq!(counts.before(text, offset), count, "{offset}");
            }
        }
    }
}
