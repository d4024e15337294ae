//! The comment beside the last value of a document, where lines with comments follow.
//!
//! The library that lays YAML out moves these lines to the first column, as it takes all of them for one comment that belongs
//! to the document. So the comment beside the value is taken away before, and put back after.

/// Takes such comments away, one per document.
pub(super) fn taken(text: &str, is_same: impl Fn(&str) -> bool) -> (String, Vec<Option<String>>) {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    let mut comments = Vec::new();
    for range in documents(text) {
        let comment = last_value(&lines, range).and_then(|last| {
            let follows = lines.get(last + 1)?;
            let is_below = follows.starts_with(' ') && is_comment(follows);
            let found = is_below.then(|| taken_from(&mut lines, last, &is_same));
            found.flatten()
        });
        comments.push(comment);
    }
    (lines.join("\n"), comments)
}

/// Puts the comments back.
pub(super) fn put_back(text: &str, comments: Vec<Option<String>>) -> String {
    let mut lines: Vec<String> = text.split('\n').map(str::to_owned).collect();
    for (range, comment) in documents(text).into_iter().zip(comments) {
        let last = last_value(&lines, range);
        if let (Some(comment), Some(line)) = (comment, last.and_then(|last| lines.get_mut(last))) {
            line.push(' ');
            line.push_str(&comment);
        }
    }
    lines.join("\n")
}

/// The lines of each document.
fn documents(text: &str) -> Vec<std::ops::Range<usize>> {
    let mut ranges = Vec::new();
    let (mut start, mut count) = (0, 0);
    for (i, line) in text.split('\n').enumerate() {
        if line.starts_with("---") {
            ranges.push(start..i);
            start = i;
        }
        count = i + 1;
    }
    ranges.push(start..count);
    ranges
}

fn is_comment(line: &str) -> bool {
    line.trim_start().starts_with('#')
}

fn last_value(lines: &[String], range: std::ops::Range<usize>) -> Option<usize> {
    let is_value = |i: &usize| {
        let line = lines.get(*i).map(|line| line.trim());
        line.is_some_and(|line| !line.is_empty() && line != "..." && !line.starts_with('#'))
    };
    range.rev().find(is_value)
}

/// The comment beside a value: what can be taken away and leaves all values as they are.
fn taken_from(lines: &mut [String], at: usize, is_same: &impl Fn(&str) -> bool) -> Option<String> {
    let line = lines.get(at)?.clone();
    let places = line.match_indices('#').map(|(place, _)| place);
    for place in places {
        let (value, comment) = line.split_at(place);
        if value.trim().is_empty() || !value.ends_with([' ', '\t']) {
            continue;
        }
        value.trim_end().clone_into(&mut lines[at]);
        if is_same(&lines.join("\n")) {
            return Some(comment.trim_end().to_owned());
        }
        lines[at].clone_from(&line);
    }
    None
}
