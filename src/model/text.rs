//! Parts of messages.

/// A number and a noun, with an `s` unless the number is 1.
#[must_use]
pub fn counted(count: usize, noun: &str) -> String {
    match count {
        1 => format!("1 {noun}"),
        count => format!("{count} {noun}s"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_its_noun_agree() {
        let texts = [0, 1, 2].map(|count| counted(count, "field"));
        assert_eq!(texts, ["0 fields", "1 field", "2 fields"]);
    }
}
