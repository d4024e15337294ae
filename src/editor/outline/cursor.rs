//! Where a position is in a document.

use std::ops::Range;

use super::flow::flow_place;
use super::line::{Line, line};
use super::stack::{Stack, Step};

/// What is written at a position.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::editor) enum Role {
    /// A key.
    Key,
    /// A value.
    Value,
    /// A word or nothing: it may become a key or a value.
    Open,
}

/// Where a position is.
#[derive(Debug, Clone)]
pub(in crate::editor) struct Cursor {
    /// The steps to what contains the key or the value; to the value itself, where one is.
    pub(in crate::editor) path: Vec<Step>,
    pub(in crate::editor) role: Role,
    /// The bytes that are written there.
    pub(in crate::editor) range: Range<usize>,
    /// The column of a key that would be written there.
    pub(in crate::editor) column: usize,
    /// Whether it is within brackets.
    pub(in crate::editor) is_flow: bool,
    /// The keys beside it.
    pub(in crate::editor) siblings: Vec<String>,
    /// Every field of the document whose value is on its line, by its steps.
    pub(in crate::editor) fields: Vec<(Vec<Step>, String)>,
    /// The number of the document in its file, from 0.
    pub(in crate::editor) document: usize,
}

impl Cursor {
    /// The value of a field of the document, by the names of keys.
    pub(in crate::editor) fn field(&self, keys: &[&str]) -> Option<&str> {
        let is_it = |path: &[Step]| {
            path.len() == keys.len()
                && path
                    .iter()
                    .zip(keys)
                    .all(|(step, key)| *step == Step::Key((*key).to_owned()))
        };
        let mut fields = self.fields.iter();
        fields
            .find(|(path, _)| is_it(path))
            .map(|(_, value)| value.as_str())
    }
}

/// Where an offset is in a text.
pub(in crate::editor) fn cursor(text: &str, offset: usize) -> Cursor {
    let (lines, document) = document(text, offset);
    let mut reading = Reading {
        text,
        offset,
        stack: Stack::default(),
        fields: Vec::new(),
        keys: Vec::new(),
        found: None,
        document,
    };
    let mut skip_below = None;
    let mut flow = 0..0;
    for range in lines {
        let line = line(text, range.clone());
        let is_here = range.start <= offset && offset <= range.end;
        if range.start < flow.end && !is_here {
            continue;
        }
        let is_blank = line.content.is_empty() && line.dashes.is_empty();
        if let Some(column) = skip_below {
            if (is_blank && !is_here) || (line.column > column && !is_blank) {
                continue;
            }
            skip_below = skip_below.filter(|_| is_blank);
        }
        if is_here {
            let is_within = range.start < flow.end;
            reading.here(&line, &range, is_within.then_some(flow.start));
        }
        if is_blank || range.start < flow.end {
            continue;
        }
        reading.enter(&line);
        let value = line
            .key
            .as_ref()
            .map_or(line.content.clone(), |key| key.value.clone());
        if text[value.clone()].starts_with(['|', '>']) {
            skip_below = Some(line.column);
        }
        if text[value.clone()].starts_with(['{', '[']) {
            flow = value.start..flow_end(text, value.start);
        }
    }
    reading.finish()
}

/// The lines of the document that an offset is in, without their ends, and its number.
fn document(text: &str, offset: usize) -> (Vec<Range<usize>>, usize) {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let (mut number, mut has_begun) = (0, false);
    let mut start = 0;
    for part in text.split_inclusive('\n') {
        let end = start + part.trim_end_matches(['\n', '\r']).len();
        let next = start + part.len();
        let is_mark = part.starts_with("---");
        if is_mark && start > offset {
            return (lines, number);
        }
        if is_mark && end < offset {
            number += usize::from(has_begun);
            lines.clear();
        } else {
            lines.push(start..end);
        }
        let content = part.trim();
        has_begun |= !content.is_empty() && !content.starts_with(['#', '%']);
        start = next;
    }
    if text.is_empty() || text.ends_with('\n') {
        lines.push(text.len()..text.len());
    }
    (lines, number)
}

/// Where a flow collection ends that begins at a byte; the end of its line if it is never closed, because what follows
/// is then more likely to be of the next lines.
fn flow_end(text: &str, start: usize) -> usize {
    let mut depth = 0_usize;
    let mut quote = None;
    for (i, c) in text[start..].char_indices() {
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') => quote = Some(c),
            (None, '{' | '[') => depth += 1,
            (None, '}' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return start + i;
                }
            }
            _ => {}
        }
    }
    start
}

struct Reading<'a> {
    text: &'a str,
    offset: usize,
    stack: Stack,
    fields: Vec<(Vec<Step>, String)>,
    /// Every key with the steps to what contains it.
    keys: Vec<(Vec<Step>, String)>,
    found: Option<Cursor>,
    document: usize,
}

impl Reading<'_> {
    fn enter(&mut self, line: &Line) {
        self.stack.enter(line);
        let Some(key) = &line.key else { return };
        let path = self.stack.path();
        let above = path[..path.len() - 1].to_vec();
        let is_here = key.range.start <= self.offset && self.offset <= key.range.end;
        if !is_here {
            self.keys.push((above, key.name.clone()));
        }
        let value = self.text[key.value.clone()].trim_matches(['"', '\'']);
        self.fields.push((path, value.to_owned()));
    }

    /// Finds where the offset is in its line, which may be within a flow collection that began before.
    fn here(&mut self, line: &Line, range: &Range<usize>, flow: Option<usize>) {
        let mut cursor = match flow {
            Some(_) => self.place(self.stack.path(), Role::Open, range.clone(), 0),
            None => self.in_block(line, range),
        };
        let own = line.key.as_ref().filter(|key| key.range.end < self.offset);
        let on_line = own.map_or(line.content.start, |key| key.value.start);
        self.within_flow(flow.unwrap_or(on_line), &mut cursor);
        self.found = Some(cursor);
    }

    fn in_block(&self, line: &Line, range: &Range<usize>) -> Cursor {
        let mut stack = self.stack.clone();
        stack.enter_items(line);
        match &line.key {
            Some(key) if self.offset > key.range.end => {
                stack.leave(line.column);
                let mut path = stack.path();
                path.push(Step::Key(key.name.clone()));
                self.place(path, Role::Value, key.value.clone(), line.column)
            }
            Some(key) if self.offset >= line.content.start => {
                stack.leave(line.column);
                self.place(stack.path(), Role::Key, key.range.clone(), line.column)
            }
            _ => {
                let last_dash = line.dashes.last();
                let written = self.offset - range.start;
                let column = match (last_dash, line.content.is_empty()) {
                    (Some(dash), true) => written.max(dash + 2),
                    (None, true) => written,
                    (_, false) => line.column,
                };
                stack.leave(column);
                self.place(stack.path(), Role::Open, line.content.clone(), column)
            }
        }
    }

    fn place(&self, path: Vec<Step>, role: Role, range: Range<usize>, column: usize) -> Cursor {
        let is_within = range.start <= self.offset && self.offset <= range.end;
        Cursor {
            path,
            role,
            range: match is_within {
                true => range,
                false => self.offset..self.offset,
            },
            column,
            is_flow: false,
            siblings: Vec::new(),
            fields: Vec::new(),
            document: self.document,
        }
    }

    /// Looks into a flow collection that begins at a byte, if one does.
    fn within_flow(&self, start: usize, cursor: &mut Cursor) {
        let behind = self.text.get(start..).unwrap_or_default();
        if !behind.starts_with(['{', '[']) || start >= self.offset {
            return;
        }
        let Some(place) = flow_place(self.text, start..self.offset) else {
            return;
        };
        cursor.path.extend(place.path);
        cursor.role = match place.is_value {
            true => Role::Value,
            false => Role::Key,
        };
        let behind = &self.text[self.offset..];
        let end = behind
            .find([',', '}', ']', '\n', '\r', ':', ' '])
            .unwrap_or(behind.len());
        cursor.range = place.start..self.offset + end;
        cursor.is_flow = true;
        cursor.siblings = place.siblings;
    }

    fn finish(self) -> Cursor {
        let nowhere = || self.place(Vec::new(), Role::Open, self.offset..self.offset, 0);
        let mut cursor = self.found.clone().unwrap_or_else(nowhere);
        if !cursor.is_flow {
            let beside = self
                .keys
                .into_iter()
                .filter(|(path, _)| *path == cursor.path);
            cursor.siblings = beside.map(|(_, key)| key).collect();
        }
        cursor.fields = self.fields;
        cursor
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The place at the mark `|`: steps, role, what is written, keys beside.
    fn at(marked: &str) -> (String, Role, String, Vec<String>) {
        let offset = marked.rfind('|').unwrap();
        let text = format!("{}{}", &marked[..offset], &marked[offset + 1..]);
        let found = cursor(&text, offset);
        let path: Vec<String> = found
            .path
            .iter()
            .map(|step| match step {
                Step::Key(name) => name.clone(),
                Step::Item(index) => index.to_string(),
            })
            .collect();
        (
            path.join("."),
            found.role,
            text[found.range].to_owned(),
            found.siblings,
        )
    }

    #[track_caller]
    fn is(marked: &str, path: &str, role: Role, written: &str, siblings: &[&str]) {
        let (found, of, word, beside) = at(marked);
        assert_eq!(
            (found.as_str(), of, word.as_str()),
            (path, role, written),
            "{marked}"
        );
        assert_eq!(beside, siblings, "{marked}");
    }

    #[test]
    fn keys_and_values_of_blocks_are_found_by_their_columns() {
        is("|", "", Role::Open, "", &[]);
        is("kind: Api\nsp|", "", Role::Open, "sp", &["kind"]);
        is("kind: A|pi # x", "kind", Role::Value, "Api", &[]);
        is("kind: |", "kind", Role::Value, "", &[]);
        is(
            "spec:\n  title: A\n  |\n  kind: b",
            "spec",
            Role::Open,
            "",
            &["title", "kind"],
        );
        is("spec:\n  |", "spec", Role::Open, "", &[]);
        is("spec:\n  ti|tle: A", "spec", Role::Key, "title", &[]);
        is("a:\n  - name: x\n    |", "a.0", Role::Open, "", &["name"]);
        is("a:\n  - name: x\n  - |", "a.1", Role::Open, "", &[]);
        is("a:\n  - name: x\n  - na|", "a.1", Role::Open, "na", &[]);
        is("a:\n- name: x\n  b: |", "a.0.b", Role::Value, "", &[]);
        is("a:\n- name: x\nb|", "", Role::Open, "b", &["a"]);
        is(
            "a:\n  - b:\n    - c\n    - |",
            "a.0.b.1",
            Role::Open,
            "",
            &[],
        );
    }

    #[test]
    fn flow_collections_are_understood_on_a_line_and_across_lines() {
        is("metadata: {na|}", "metadata", Role::Key, "na", &[]);
        is(
            "metadata: {name: x, l|",
            "metadata",
            Role::Key,
            "l",
            &["name"],
        );
        is("metadata: {name: |}", "metadata.name", Role::Value, "", &[]);
        is("a: [x, {b: y|}]", "a.1.b", Role::Value, "y", &[]);
        is("a: {b: [c, |]}", "a.b.1", Role::Value, "", &[]);
        is("a: {\n  b: 1,\n  |\n}\nc: 2", "a", Role::Key, "", &["b"]);
        is("a: {b: 1}\n|", "", Role::Open, "", &["a"]);
    }

    #[test]
    fn what_is_not_structure_does_not_count() {
        is("a: |\n  b: x\n  c: y\nd: |", "d", Role::Value, "", &[]);
        is("# b: c\na: \"x: y\"\n|", "", Role::Open, "", &["a"]);
        is("a: 1\n---\nb: 2\n|", "", Role::Open, "", &["b"]);
        is("b: 2\n|\n---\na: 1", "", Role::Open, "", &["b"]);
        // A syntax error above.
        is("a: [x\nb: \"y\nspec:\n  |", "spec", Role::Open, "", &[]);
        is("a: 1\r\nb: |\r\n", "b", Role::Value, "", &[]);
    }

    #[test]
    fn every_place_of_odd_texts_is_somewhere() {
        for text in [
            "- - {[: é\n\t- 'x\n--- |\n}]]",
            "\u{1f600}: {\u{1f600}",
            ":\n:\n  - :",
            "{",
        ] {
            let places = text.char_indices().map(|(i, _)| i).chain([text.len()]);
            for offset in places {
                let found = cursor(text, offset);
                assert!(text.get(found.range).is_some(), "{text:?} at {offset}");
            }
        }
    }
}
