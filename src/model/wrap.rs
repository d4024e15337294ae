//! Sentences in lines.

use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm};

/// A sentence in lines of at most so many columns, the first of them behind as many columns as `before` and the others
/// behind as many as `indent`. Words stay whole, however long they are, so that what is between blanks can be copied.
#[must_use]
pub fn wrapped(text: &str, width: usize, before: usize, indent: usize) -> Vec<String> {
    let (before, indent) = (" ".repeat(before), " ".repeat(indent));
    let options = Options::new(width)
        .initial_indent(&before)
        .subsequent_indent(&indent)
        .break_words(false)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit);
    let lines = textwrap::wrap(text, options);
    lines
        .iter()
        .map(|line| line.trim_start().to_owned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stay_whole() {
        assert_eq!(wrapped("a bc --d-e", 6, 2, 0), ["a bc", "--d-e"]);
        assert_eq!(wrapped("long-word a", 4, 4, 2), ["long-word", "a"]);
        assert_eq!(wrapped("über é", 6, 0, 0), ["über é"]);
        assert_eq!(wrapped("", 4, 2, 2), [""]);
    }
}
