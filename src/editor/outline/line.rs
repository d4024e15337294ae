//! What one line of YAML consists of.

use std::ops::Range;

/// A line: its dashes, its key and what is behind it. Columns and ranges are bytes of the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// Where it starts in the text.
    pub(super) start: usize,
    /// The columns of its dashes.
    pub(super) dashes: Vec<usize>,
    /// The column of what is behind indentation and dashes.
    pub(super) column: usize,
    /// What is there, without a comment at its end.
    pub(super) content: Range<usize>,
    /// The key, if there is one.
    pub(super) key: Option<LineKey>,
}

/// A key with its value on the same line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct LineKey {
    /// Its text without quotes.
    pub(super) name: String,
    pub(super) range: Range<usize>,
    /// What is behind the colon, without spaces around it and without a comment.
    pub(super) value: Range<usize>,
}

/// The parts of the line that starts at a byte of a text and ends at another.
pub(super) fn line(text: &str, range: Range<usize>) -> Line {
    let start = range.start;
    let bytes = text.as_bytes();
    let mut at = start;
    let end = end_of_content(text, range);
    let mut dashes = Vec::new();
    loop {
        while at < end && bytes[at] == b' ' {
            at += 1;
        }
        let is_dash = at < end
            && bytes[at] == b'-'
            && (at + 1 == end || bytes[at + 1] == b' ')
            && !text[at..end].starts_with("---");
        if !is_dash {
            break;
        }
        dashes.push(at - start);
        at += 1;
    }
    let content = at..end.max(at);
    Line {
        start,
        dashes,
        column: at - start,
        key: key(text, &content),
        content,
    }
}

/// Where a line ends without its comment and the spaces before it.
fn end_of_content(text: &str, range: Range<usize>) -> usize {
    let line = &text[range.clone()];
    let mut quote = None;
    let mut end = line.len();
    let mut before = ' ';
    for (i, c) in line.char_indices() {
        match quote {
            Some(open) if c == open => quote = None,
            Some(_) => {}
            None if (c == '"' || c == '\'') && " :-[{,".contains(before) => quote = Some(c),
            None if c == '#' && (i == 0 || before.is_whitespace()) => {
                end = i;
                break;
            }
            None => {}
        }
        before = c;
    }
    range.start + line[..end].trim_end().len()
}

fn key(text: &str, content: &Range<usize>) -> Option<LineKey> {
    let written = &text[content.clone()];
    let (length, name) = match written.chars().next()? {
        quote @ ('"' | '\'') => {
            let close = written[1..].find(quote)? + 1;
            (close + 1, written[1..close].to_owned())
        }
        '{' | '[' | '#' | '&' | '*' | '!' | '|' | '>' => return None,
        _ => {
            let is_end = |at: &usize| {
                let behind = written.as_bytes().get(at + 1);
                behind.is_none() || behind == Some(&b' ')
            };
            let colon = written.match_indices(':').map(|(at, _)| at).find(is_end)?;
            (colon, written[..colon].trim_end().to_owned())
        }
    };
    let behind = written[length..].trim_start();
    let rest = behind.strip_prefix(':')?;
    if !(rest.is_empty() || rest.starts_with(' ')) {
        return None;
    }
    let value = content.end - rest.trim_start().len();
    Some(LineKey {
        range: content.start..content.start + length,
        name,
        value: value..content.end,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(text: &str) -> (Vec<usize>, usize, Option<(String, String)>) {
        let line = line(text, 0..text.len());
        let key = line.key.map(|key| (key.name, text[key.value].to_owned()));
        (line.dashes, line.column, key)
    }

    #[test]
    fn a_line_has_dashes_a_key_and_a_value() {
        let some = |key: &str, value: &str| Some((key.to_owned(), value.to_owned()));
        assert_eq!(parts("title: A # b"), (vec![], 0, some("title", "A")));
        assert_eq!(
            parts("  - name: 'a: b'"),
            (vec![2], 4, some("name", "'a: b'"))
        );
        assert_eq!(parts("- - x"), (vec![0, 2], 4, None));
        assert_eq!(parts("  -"), (vec![2], 3, None));
        assert_eq!(parts("\"a b\":"), (vec![], 0, some("a b", "")));
        assert_eq!(
            parts("url: https://a#b"),
            (vec![], 0, some("url", "https://a#b"))
        );
        assert_eq!(parts("https://a"), (vec![], 0, None));
        assert_eq!(parts("é: '#'"), (vec![], 0, some("é", "'#'")));
    }
}
