//! A text by its lines, as far as a text that cannot be read allows it.

use granit_parser::{Event, Parser};

/// Where the line of a place starts.
pub(super) fn start(text: &str, at: usize) -> usize {
    let newline = text.as_bytes()[..at]
        .iter()
        .rposition(|byte| *byte == b'\n');
    newline.map_or(0, |newline| newline + 1)
}

/// The number of the line of a place, from 1.
pub(super) fn number(text: &str, at: usize) -> usize {
    text[..at].matches('\n').count() + 1
}

/// How far a line is indented; the dashes of its items count.
pub(super) fn indent(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

/// Where a text ends, without blanks and comments behind it.
pub(super) fn content_end(text: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    for line in text.split_inclusive('\n') {
        let content = line.find(" #").map_or(line, |comment| &line[..comment]);
        let content = content.trim_end();
        if !content.trim().is_empty() && !content.trim().starts_with('#') {
            end = at + content.len();
        }
        at += line.len();
    }
    end
}

/// What a text says, until it stops being well-formed, and where it does.
pub(super) fn events(text: &str) -> (Vec<String>, Option<usize>) {
    let mut found = Vec::new();
    let mut parser = Parser::new_from_str(text);
    while let Some(result) = parser.next_event() {
        match result {
            Ok((Event::StreamEnd, _)) => break,
            Ok((event, _)) => found.push(format!("{event:?}")),
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(text.len());
                return (found, Some(at));
            }
        }
    }
    (found, None)
}
