//! Byte ranges that the parser does not give.

use std::ops::Range;

use granit_parser::ErrorKind;

/// The place of a block text, of which the parser gives only the lines: from its `|` or `>`,
/// which follows the last token after nothing but an anchor, a tag and comments, to the end of
/// its last line that is not blank.
pub(super) fn block_text(
    file: &str,
    last_end: usize,
    lines: &Range<usize>,
    text: &str,
) -> Range<usize> {
    let mut at = last_end.min(lines.start);
    let header = loop {
        let rest = &file[at..];
        let blank = rest.len() - rest.trim_start().len();
        at += blank;
        let rest = &rest[blank..];
        if rest.is_empty() || at > lines.start {
            break lines.start;
        }
        if rest.starts_with(['|', '>']) {
            break at;
        }
        let token_ends: fn(char) -> bool = if rest.starts_with('#') {
            |c| c == '\n' || c == '\r'
        } else {
            char::is_whitespace
        };
        at += rest.find(token_ends).unwrap_or(rest.len());
    };
    let whole = &file[header..lines.end.max(header)];
    let length = if text.trim().is_empty() {
        whole.find(char::is_whitespace).unwrap_or(whole.len())
    } else {
        whole.trim_end().len()
    };
    header..header + length
}

/// Where a problem is that the parser noticed somewhere.
pub(super) fn noticed(text: &str, offset: usize, kind: &ErrorKind) -> usize {
    match kind {
        // The parser points to where the text began.
        ErrorKind::TabInPlainScalar | ErrorKind::TabAtBlockScalarStart => {
            tab_below(text, offset).unwrap_or(offset)
        }
        _ => at_the_tab(text, offset),
    }
}

/// The character at an offset; at the end of the file, the last one that is not blank.
pub(super) fn character(file: &str, offset: usize) -> Range<usize> {
    let end = file.trim_end().len();
    if offset >= end {
        let last = file[..end].char_indices().next_back();
        return last.map_or(0, |(at, _)| at)..end;
    }
    let rest = file.get(offset..).unwrap_or_default();
    let next = rest.chars().next().filter(|c| !matches!(c, '\n' | '\r'));
    offset..offset + next.map_or(0, char::len_utf8)
}

/// The tab in the indentation before an offset, or else the offset: the parser notices a tab only
/// after it.
fn at_the_tab(text: &str, offset: usize) -> usize {
    let before = &text[..offset.min(text.len())];
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    let indentation = &before[line..];
    match indentation.find('\t') {
        Some(tab) if indentation.trim().is_empty() => line + tab,
        _ => offset,
    }
}

/// Whether the character at `offset` is a tab with nothing but blanks before it on its line.
pub(super) fn is_indenting_tab(text: &str, offset: usize) -> bool {
    let before = text.get(..offset).unwrap_or_default();
    let line = before.rfind('\n').map_or(0, |end| end + 1);
    before[line..].trim().is_empty() && text[before.len()..].starts_with('\t')
}

/// The first tab in the indentation of a line below an offset: one that is not right of the key on the
/// offset's own line, or else any.
fn tab_below(text: &str, offset: usize) -> Option<usize> {
    let offset = offset.min(text.len());
    let start = text[..offset].rfind('\n').map_or(0, |end| end + 1);
    let mut lines = text[start..].split_inclusive('\n');
    let first = lines.next()?;
    let key = first.find(|c: char| c != ' ' && c != '-').unwrap_or(0);
    let mut at = start + first.len();
    let mut tabs = Vec::new();
    for line in lines {
        let indentation = &line[..line.len() - line.trim_start_matches([' ', '\t']).len()];
        if let Some(tab) = indentation.find('\t').filter(|_| !line.trim().is_empty()) {
            if tab <= key {
                return Some(at + tab);
            }
            tabs.push(at + tab);
        }
        at += line.len();
    }
    tabs.first().copied()
}
