//! Changes of single values in a YAML text that keep the rest of it as it is written.
//!
//! An edit is made in the text and in the value that the text means; if the two do not agree afterwards, as may
//! happen where anchors or merge keys are involved, there is no edit.

mod documents;
mod items;
mod places;
mod written;

use std::sync::Arc;

use serde_json::{Map, Value, json};

pub use self::documents::{Rest, without_document};
pub use self::places::entry_end;

use self::places::is_flow;
use self::written::{as_before, block, flow, flow_key};
use super::node::{Entry, Node, YamlDocument};
use super::parse;
use crate::model::{Diagnostics, Sources, line_end};

/// One step from a value to a value inside it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PathStep<'a> {
    /// The value of a key.
    Key(&'a str),
    /// An item, counted from 0.
    Item(usize),
}

/// What is changed at a path.
#[derive(Debug, Clone, Copy)]
pub enum Edit<'a> {
    /// The key or item at the end of the path gets this value. A key that is new comes after the last of `after` that
    /// is there, or else last.
    Set {
        /// The value.
        value: &'a Value,
        /// The keys that precede it, in their order.
        after: &'a [&'a str],
    },
    /// The list at the path gets this item, as its last.
    Append(&'a Value),
    /// The list gets this item in front of the one at the end of the path, or as its last.
    Insert(&'a Value),
    /// The key or item at the end of the path is removed.
    Remove,
}

/// The text with one edit in its document of that number, counted from 0; `None` if it cannot be made there.
#[must_use]
pub fn edited(
    text: &str,
    document: usize,
    path: &[PathStep<'_>],
    edit: Edit<'_>,
) -> Option<String> {
    let documents = read(text)?;
    let root = documents.get(document)?.root.as_ref()?;
    let mut wanted: Vec<Value> = documents.iter().map(value).collect();
    change(wanted.get_mut(document)?, path, edit)?;
    let candidates = Candidates {
        text,
        node: root,
        path,
        edit,
    };
    [Style::AsBefore, Style::Block, Style::Flow]
        .into_iter()
        .find_map(|style| {
            let candidate = candidates.of(style)?;
            let found = read(&candidate)?;
            let values: Vec<Value> = found.iter().map(value).collect();
            (values == wanted).then_some(candidate)
        })
}

/// The documents of a text without problems.
fn read(text: &str) -> Option<Vec<YamlDocument>> {
    let mut problems = Diagnostics::default();
    let source = Sources::default().add("", "");
    let documents = parse(source, text, &mut problems);
    problems.is_empty().then_some(documents)
}

fn value(document: &YamlDocument) -> Value {
    let root = document.root.as_ref();
    root.map(|root| root.to_json()).unwrap_or_default()
}

/// Makes the edit in a value.
fn change(value: &mut Value, path: &[PathStep<'_>], edit: Edit<'_>) -> Option<()> {
    match (path, edit) {
        ([], Edit::Append(item)) => value.as_array_mut()?.push(item.clone()),
        ([PathStep::Key(key)], Edit::Set { value: new, .. }) => {
            let map = value.as_object_mut()?;
            map.insert((*key).to_owned(), new.clone());
        }
        ([PathStep::Key(key)], Edit::Remove) => {
            value.as_object_mut()?.shift_remove(*key)?;
        }
        ([PathStep::Item(at)], Edit::Set { value: new, .. }) => {
            *value.as_array_mut()?.get_mut(*at)? = new.clone();
        }
        ([PathStep::Item(at)], Edit::Insert(item)) => {
            let items = value.as_array_mut()?;
            items.insert((*at).min(items.len()), item.clone());
        }
        ([PathStep::Item(at)], Edit::Remove) => {
            let items = value.as_array_mut()?;
            (*at < items.len()).then(|| items.remove(*at))?;
        }
        ([PathStep::Key(key), rest @ ..], _) => change(value.get_mut(*key)?, rest, edit)?,
        ([PathStep::Item(at), rest @ ..], _) => change(value.get_mut(*at)?, rest, edit)?,
        ([], _) => return None,
    }
    Some(())
}

/// How a new value is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Style {
    /// A text in place of another: in the same quotes, or again without any.
    AsBefore,
    /// As if by hand, over several lines where it needs them.
    Block,
    /// On one line, as JSON.
    Flow,
}

struct Candidates<'a> {
    text: &'a str,
    node: &'a Arc<Node>,
    path: &'a [PathStep<'a>],
    edit: Edit<'a>,
}

impl Candidates<'_> {
    fn of(&self, style: Style) -> Option<String> {
        let path = match self.edit {
            Edit::Append(_) => self.path,
            Edit::Set { .. } | Edit::Insert(_) | Edit::Remove => self.path.split_last()?.1,
        };
        let mut node = self.node;
        for step in path {
            node = match step {
                PathStep::Key(key) => node.get(key)?,
                PathStep::Item(at) => node.items()?.get(*at)?,
            };
        }
        match (self.edit, self.path.last()) {
            (Edit::Append(item), _) => self.append(node, item, style),
            (Edit::Set { value, after }, Some(PathStep::Key(key))) => match node.entry(key) {
                Some(entry) => self.replace(node, entry, value, style),
                None => self.insert(node, key, value, after, style),
            },
            (Edit::Remove, Some(PathStep::Key(key))) => self.remove(node, node.entry(key)?),
            (Edit::Set { value, .. }, Some(PathStep::Item(at))) => {
                self.replace_item(node, *at, value, style)
            }
            (Edit::Insert(item), Some(PathStep::Item(at))) => {
                self.insert_item(node, *at, item, style)
            }
            (Edit::Remove, Some(PathStep::Item(at))) => self.remove_item(node, *at),
            _ => None,
        }
    }

    fn insert(
        &self,
        mapping: &Node,
        key: &str,
        value: &Value,
        after: &[&str],
        style: Style,
    ) -> Option<String> {
        let own: Vec<&Entry> = mapping
            .entries()?
            .iter()
            .filter(|entry| entry.key.span.start >= mapping.span.start)
            .collect();
        if is_flow(self.text, mapping) {
            let entry = format!("{}: {}", flow_key(key), flow(value));
            return self.within_brackets(mapping, own.is_empty(), &entry);
        }
        let before = after
            .iter()
            .rev()
            .find_map(|key| own.iter().find(|entry| entry.key.text == **key))
            .or(own.last())?;
        let indent = self.column(own.first()?.key.span.start);
        let written = match style {
            Style::AsBefore => return None,
            Style::Block => block(&json!({ key: value })),
            Style::Flow => format!("{}: {}", flow_key(key), flow(value)),
        };
        let end = self.end_of_line(entry_end(self.text, before));
        Some(self.with_lines(end, &written, indent))
    }

    fn replace(
        &self,
        mapping: &Node,
        entry: &Entry,
        value: &Value,
        style: Style,
    ) -> Option<String> {
        if style == Style::AsBefore {
            let written = self.as_before(&entry.value, value, is_flow(self.text, mapping))?;
            let (start, end) = (entry.value.span.start, entry_end(self.text, entry));
            (start >= entry.key.span.end).then_some(())?;
            return Some(format!(
                "{}{written}{}",
                &self.text[..start],
                &self.text[end..]
            ));
        }
        let (start, end) = (entry.key.span.start, entry_end(self.text, entry));
        let written = if is_flow(self.text, mapping) || style == Style::Flow {
            format!("{}: {}", flow_key(&entry.key.text), flow(value))
        } else {
            block(&json!({ entry.key.text.as_str(): value }))
        };
        let written = self.indented(&written, self.column(start));
        Some(format!(
            "{}{written}{}",
            &self.text[..start],
            &self.text[end..]
        ))
    }

    /// A text as the one is written whose place it takes.
    fn as_before(&self, old: &Node, new: &Value, is_in_brackets: bool) -> Option<String> {
        old.scalar()?;
        let old = self.text.get(old.span.start..old.span.end)?;
        as_before(old, new.as_str()?, is_in_brackets)
    }

    fn remove(&self, mapping: &Node, entry: &Entry) -> Option<String> {
        let (start, end) = (entry.key.span.start, entry_end(self.text, entry));
        if is_flow(self.text, mapping) {
            return self.remove_between_brackets(start, end);
        }
        let line = self.text[..start].rfind('\n').map_or(0, |at| at + 1);
        let next = self.end_of_line(end);
        let next = self.text[next..]
            .find('\n')
            .map_or(self.text.len(), |at| next + at + 1);
        if self.text[line..start].trim().is_empty() {
            return Some(format!("{}{}", &self.text[..line], &self.text[next..]));
        }
        // The first key of an item is on the line of the dash: the next key takes its place.
        let rest = &self.text[next..];
        let rest = rest.trim_start_matches(' ');
        Some(format!("{}{rest}", &self.text[..start]))
    }

    fn remove_between_brackets(&self, start: usize, end: usize) -> Option<String> {
        let after = self.text[end..].trim_start();
        if let Some(rest) = after.strip_prefix(',') {
            let rest = rest.trim_start();
            return Some(format!("{}{rest}", &self.text[..start]));
        }
        let before = self.text[..start].trim_end();
        let before = before.strip_suffix(',').unwrap_or(before);
        Some(format!("{before}{}", &self.text[end..]))
    }

    /// Writes an entry before the closing bracket of a list or a mapping.
    fn within_brackets(&self, node: &Node, is_empty: bool, entry: &str) -> Option<String> {
        let close = node.span.end.checked_sub(1)?;
        if !self.text[close..].starts_with(['}', ']']) {
            return None;
        }
        let before = self.text[..close].trim_end();
        let blanks = &self.text[before.len()..close];
        let before = before.strip_suffix(',').unwrap_or(before);
        let comma = if is_empty { "" } else { ", " };
        Some(format!(
            "{before}{comma}{entry}{blanks}{}",
            &self.text[close..]
        ))
    }

    fn column(&self, at: usize) -> usize {
        let line = self.text[..at].rfind('\n').map_or(0, |newline| newline + 1);
        self.text[line..at].chars().count()
    }

    /// Where the line ends that has this place, comment included.
    fn end_of_line(&self, at: usize) -> usize {
        let rest = &self.text[at..];
        let end = rest.find('\n').unwrap_or(rest.len());
        at + rest[..end].trim_end_matches('\r').len()
    }

    /// The text with lines of their own after the line that ends at `at`.
    fn with_lines(&self, at: usize, lines: &str, indent: usize) -> String {
        let blanks = " ".repeat(indent);
        let newline = line_end(self.text);
        format!(
            "{}{newline}{blanks}{}{}",
            &self.text[..at],
            self.indented(lines, indent),
            &self.text[at..]
        )
    }

    /// Lines as they continue a line of this indentation.
    fn indented(&self, lines: &str, indent: usize) -> String {
        let mut lines = lines.trim_end_matches('\n').split('\n');
        let mut whole = lines.next().unwrap_or_default().to_owned();
        for line in lines {
            whole.push_str(line_end(self.text));
            if !line.is_empty() {
                whole.push_str(&" ".repeat(indent));
            }
            whole.push_str(line);
        }
        whole
    }
}

/// The fields of a value in an order; used to say what precedes a new key.
#[must_use]
pub fn keys_before<'a>(order: &'a Map<String, Value>, key: &str) -> Vec<&'a str> {
    order
        .keys()
        .map(String::as_str)
        .take_while(|other| *other != key)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "\
# Orders
kind: Api   # an API
spec:
  title: Orders # short
  description: |
    One.

    Two.
  # the history
  versions:
    - name: v1
      # kept
      source: {file: a.yaml, x: 1} # here
    - name: v2
      definitions: []

  contacts: [{name: A}]
---
kind: Other
";

    fn set(text: &str, path: &[PathStep<'_>], value: &Value, after: &[&str]) -> String {
        edited(text, 0, path, Edit::Set { value, after }).unwrap()
    }

    #[test]
    fn everything_else_stays_as_it_is_written() {
        use PathStep::{Item, Key};
        let spec = |key| [Key("spec"), Key(key)];
        let changed = set(TEXT, &spec("title"), &json!("Orders: all"), &[]);
        assert_eq!(
            changed,
            TEXT.replace("Orders # short", "\"Orders: all\" # short")
        );
        let changed = set(TEXT, &spec("description"), &json!("Three.\n\nFour."), &[]);
        assert_eq!(
            changed,
            TEXT.replace(
                "description: |\n    One.\n\n    Two.",
                "description: |-\n    Three.\n\n    Four."
            )
        );
        let changed = set(TEXT, &spec("title"), &json!("a\nb"), &[]);
        assert!(changed.contains("title: \"a\\nb\" # short"), "{changed}");
        let changed = set(TEXT, &spec("summary"), &json!("S"), &["kind", "title"]);
        assert_eq!(
            changed,
            TEXT.replace("# short\n", "# short\n  summary: S\n")
        );
        let item = json!({"name": "v3", "definitions": [{"name": "openapi"}]});
        let changed = edited(TEXT, 0, &spec("versions"), Edit::Append(&item)).unwrap();
        assert_eq!(
            changed,
            TEXT.replace(
                "      definitions: []\n",
                "      definitions: []\n    - name: v3\n      definitions:\n        - name: openapi\n"
            )
        );
        let path = [Key("spec"), Key("versions"), Item(1), Key("definitions")];
        let changed = edited(TEXT, 0, &path, Edit::Append(&json!({"name": "a"}))).unwrap();
        assert_eq!(
            changed,
            TEXT.replace("definitions: []", "definitions: [{name: \"a\"}]")
        );
        let path = [Key("spec"), Key("versions"), Item(0), Key("source")];
        let changed = edited(TEXT, 0, &path, Edit::Remove).unwrap();
        assert_eq!(
            changed,
            TEXT.replace("      source: {file: a.yaml, x: 1} # here\n", "")
        );
        let path = [
            Key("spec"),
            Key("versions"),
            Item(0),
            Key("source"),
            Key("file"),
        ];
        let changed = edited(TEXT, 0, &path, Edit::Remove).unwrap();
        assert_eq!(changed, TEXT.replace("file: a.yaml, x", "x"));
        let changed = set(TEXT, &path, &json!("b.yaml"), &[]);
        assert_eq!(changed, TEXT.replace("a.yaml", "b.yaml"));
        let path = [Key("spec"), Key("versions"), Item(0), Key("name")];
        let changed = edited(TEXT, 0, &path, Edit::Remove).unwrap();
        assert!(changed.contains("    - # kept\n      source"), "{changed}");
        let changed = edited(
            TEXT,
            1,
            &[Key("spec")],
            Edit::Set {
                value: &json!({"a": [1]}),
                after: &[],
            },
        );
        assert_eq!(changed.unwrap(), format!("{TEXT}spec:\n  a:\n    - 1\n"));
    }

    #[test]
    fn line_ends_are_kept_and_lists_may_be_at_the_column_of_their_key() {
        let text = "a:\r\n- name: x\r\n  b: 1\r\n- name: y\r\nc: 2";
        let changed = edited(
            text,
            0,
            &[PathStep::Key("a")],
            Edit::Append(&json!({"name": "z", "b": [2]})),
        );
        assert_eq!(
            changed.unwrap(),
            "a:\r\n- name: x\r\n  b: 1\r\n- name: y\r\n- name: z\r\n  b:\r\n    - 2\r\nc: 2"
        );
        let changed = set(text, &[PathStep::Key("d")], &json!("e"), &[]);
        assert_eq!(changed, format!("{text}\r\nd: e"));
    }

    #[test]
    fn items_in_brackets_do_not_make_the_list_one() {
        for (text, item, wanted) in [
            ("a:\n- {b: 1}\n", json!({"b": 2}), "a:\n- {b: 1}\n- b: 2\n"),
            (
                "a:\n  - [1]\nc: 3\n",
                json!(2),
                "a:\n  - [1]\n  - 2\nc: 3\n",
            ),
            ("a: [[1]]\n", json!(2), "a: [[1], 2]\n"),
            ("a: [\n  1,\n]\n", json!(2), "a: [\n  1, 2\n]\n"),
        ] {
            let changed = edited(text, 0, &[PathStep::Key("a")], Edit::Append(&item));
            assert_eq!(changed.as_deref(), Some(wanted), "{text}");
        }
    }

    #[test]
    fn what_an_anchor_shares_is_not_changed_elsewhere() {
        let text = "a: &x\n  k: 1\nb: *x\nc:\n  <<: *x\n  l: 2\n";
        assert_eq!(
            edited(
                text,
                0,
                &[PathStep::Key("a"), PathStep::Key("k")],
                Edit::Remove
            ),
            None
        );
        assert_eq!(
            edited(
                text,
                0,
                &[PathStep::Key("b"), PathStep::Key("k")],
                Edit::Remove
            ),
            None
        );
        let changed = set(
            text,
            &[PathStep::Key("c"), PathStep::Key("m")],
            &json!(3),
            &[],
        );
        assert_eq!(changed, format!("{text}  m: 3\n"));
        let changed = set(text, &[PathStep::Key("d")], &json!(3), &["a", "b"]);
        assert_eq!(changed, text.replace("c:", "d: 3\nc:"));
    }
}
