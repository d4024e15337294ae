//! Where a position is within a flow collection, such as `{name: a, tags: [b, |]}`.

use std::ops::Range;

use super::stack::Step;

/// A place within a flow collection.
#[derive(Debug, Default)]
pub(super) struct FlowPlace {
    /// The steps into it.
    pub(super) path: Vec<Step>,
    /// Whether a value is there, and not a key.
    pub(super) is_value: bool,
    /// The beginning of what is written there.
    pub(super) start: usize,
    /// The keys beside it that are written before it.
    pub(super) siblings: Vec<String>,
}

struct Level {
    is_mapping: bool,
    index: usize,
    key: Option<String>,
    keys: Vec<String>,
    start: usize,
}

/// The place at the end of a piece of text that begins with the bracket of a collection; `None` if that is closed there.
pub(super) fn flow_place(text: &str, range: Range<usize>) -> Option<FlowPlace> {
    let mut levels: Vec<Level> = Vec::new();
    let mut quote = None;
    let mut before = ' ';
    for (i, c) in text[range.clone()].char_indices() {
        let at = range.start + i;
        match (quote, c) {
            (Some(open), _) if c == open => quote = None,
            (Some(_), _) => {}
            (None, '"' | '\'') if " :[{,\n".contains(before) => quote = Some(c),
            (None, '{' | '[') => levels.push(Level {
                is_mapping: c == '{',
                index: 0,
                key: None,
                keys: Vec::new(),
                start: at + 1,
            }),
            (None, '}' | ']') => {
                levels.pop();
                if levels.is_empty() {
                    return None;
                }
            }
            (None, ',') => {
                let level = levels.last_mut()?;
                level.index += 1;
                level.keys.extend(level.key.take());
                level.start = at + 1;
            }
            (None, ':') => {
                let behind = text[at + 1..].chars().next();
                let level = levels.last_mut()?;
                let is_end = behind.is_none_or(|c| c.is_whitespace() || ",{[]}".contains(c));
                if level.is_mapping && level.key.is_none() && is_end {
                    let written = text[level.start..at].trim();
                    level.key = Some(written.trim_matches(['"', '\'']).to_owned());
                    level.start = at + 1;
                }
            }
            _ => {}
        }
        before = c;
    }
    let last = levels.last()?;
    let is_value = !last.is_mapping || last.key.is_some();
    let spaces = text[last.start..range.end].len() - text[last.start..range.end].trim_start().len();
    Some(FlowPlace {
        is_value,
        start: last.start + spaces,
        siblings: last.keys.clone(),
        path: levels.iter().filter_map(step).collect(),
    })
}

fn step(level: &Level) -> Option<Step> {
    match (level.is_mapping, &level.key) {
        (true, Some(key)) => Some(Step::Key(key.clone())),
        (true, None) => None,
        (false, _) => Some(Step::Item(level.index)),
    }
}
