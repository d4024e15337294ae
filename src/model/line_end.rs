//! How the lines of a text end.

/// What ends the lines of a text: `\r\n` as soon as one of them has it.
#[must_use]
pub fn line_end(text: &str) -> &'static str {
    match text.contains("\r\n") {
        true => "\r\n",
        false => "\n",
    }
}

/// A text whose lines end as those of another one do.
#[must_use]
pub fn with_line_ends_of(other: &str, text: &str) -> String {
    let lines = text.replace("\r\n", "\n");
    match line_end(other) {
        "\n" => lines,
        end => lines.replace('\n', end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_end_as_in_the_other_text() {
        for (other, text, new) in [
            ("a\r\nb\n", "1\n2\r\n", "1\r\n2\r\n"),
            ("a\nb", "1\r\n2\n", "1\n2\n"),
            ("", "1\r\n", "1\n"),
        ] {
            assert_eq!(with_line_ends_of(other, text), new);
        }
    }
}
