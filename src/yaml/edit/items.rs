//! Edits of the items of a list.

use serde_json::{Value, json};

use super::places::{end, is_flow};
use super::written::{block, flow};
use super::{Candidates, Style};
use crate::model::line_end;
use crate::yaml::node::Node;

impl Candidates<'_> {
    pub(super) fn append(&self, list: &Node, item: &Value, style: Style) -> Option<String> {
        let items = list.items()?;
        if is_flow(self.text, list) {
            return self.within_brackets(list, items.is_empty(), &flow(item));
        }
        let indent = self.column(self.dash(items.first()?)?);
        let written = match style {
            Style::AsBefore => return None,
            Style::Block => block(&json!([item])),
            Style::Flow => format!("- {}", flow(item)),
        };
        let end = self.end_of_line(end(self.text, items.last()?));
        Some(self.with_lines(end, &written, indent))
    }

    /// Puts an item in front of the one that has its number so far.
    pub(super) fn insert_item(
        &self,
        list: &Node,
        at: usize,
        item: &Value,
        style: Style,
    ) -> Option<String> {
        let items = list.items()?;
        let Some(next) = items.get(at) else {
            return self.append(list, item, style);
        };
        if is_flow(self.text, list) {
            let start = next.span.start;
            let (before, after) = self.text.split_at(start);
            return Some(format!("{before}{}, {after}", flow(item)));
        }
        let written = match style {
            Style::AsBefore => return None,
            Style::Block => block(&json!([item])),
            Style::Flow => format!("- {}", flow(item)),
        };
        let indent = self.column(self.dash(next)?);
        match at.checked_sub(1).and_then(|before| items.get(before)) {
            Some(before) => {
                let end = self.end_of_line(end(self.text, before));
                Some(self.with_lines(end, &written, indent))
            }
            // It takes the place of the first one, which follows on a line of its own.
            None => {
                let dash = self.dash(next)?;
                let lines = self.indented(&written, indent);
                let newline = line_end(self.text);
                let blanks = " ".repeat(indent);
                let (before, after) = self.text.split_at(dash);
                Some(format!("{before}{lines}{newline}{blanks}{after}"))
            }
        }
    }

    pub(super) fn replace_item(
        &self,
        list: &Node,
        at: usize,
        value: &Value,
        style: Style,
    ) -> Option<String> {
        let item = list.items()?.get(at)?;
        let start = item.span.start;
        let written = match style {
            Style::AsBefore => self.as_before(item, value, is_flow(self.text, list))?,
            Style::Block if !is_flow(self.text, list) => {
                let lines = block(&json!([value]));
                let lines = lines.strip_prefix("- ")?;
                lines.replace("\n  ", "\n")
            }
            _ => flow(value),
        };
        let written = self.indented(&written, self.column(start));
        let end = end(self.text, item);
        Some(format!(
            "{}{written}{}",
            &self.text[..start],
            &self.text[end..]
        ))
    }

    /// Removes an item with the comments inside it, and those right above it if another item is in front of them.
    pub(super) fn remove_item(&self, list: &Node, at: usize) -> Option<String> {
        let item = list.items()?.get(at)?;
        let (start, end) = (item.span.start, end(self.text, item));
        if is_flow(self.text, list) {
            return self.remove_between_brackets(start, end);
        }
        let dash = self.dash(item)?;
        let column = self.column(dash);
        let mut from = self.text[..dash].rfind('\n').map_or(0, |at| at + 1);
        if !self.text[from..dash].trim().is_empty() {
            return None;
        }
        while at > 0
            && let Some(above) = self.line_above(from)
            && self.comment_column(above) == Some(column)
        {
            from = above;
        }
        let mut to = self.next_line(self.end_of_line(end));
        while self
            .comment_column(to)
            .is_some_and(|inside| inside > column)
        {
            to = self.next_line(to);
        }
        Some(format!("{}{}", &self.text[..from], &self.text[to..]))
    }

    /// The dash of an item.
    fn dash(&self, item: &Node) -> Option<usize> {
        self.text[..item.span.start].rfind('-')
    }

    /// Where the line above the one that starts at `start` starts.
    fn line_above(&self, start: usize) -> Option<usize> {
        let end = start.checked_sub(1)?;
        Some(self.text[..end].rfind('\n').map_or(0, |at| at + 1))
    }

    /// Where the line after this place starts.
    fn next_line(&self, at: usize) -> usize {
        let newline = self.text[at..].find('\n');
        newline.map_or(self.text.len(), |found| at + found + 1)
    }

    /// The column of a comment that has a line to itself, by where the line starts.
    fn comment_column(&self, line: usize) -> Option<usize> {
        let rest = &self.text[line..];
        let text = rest.trim_start_matches(' ');
        text.starts_with('#').then_some(rest.len() - text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Edit, PathStep, edited};
    use super::*;

    const LIST: &str = "\
a:
  # all of them
  - name: x # first
    b: 1
    # inside
  # about y
  - name: 'y'

  - plain
c: [1, 'two', three] # end
";

    fn at(key: &str, item: usize, edit: Edit<'_>) -> Option<String> {
        edited(LIST, 0, &[PathStep::Key(key), PathStep::Item(item)], edit)
    }

    fn set(value: &Value) -> Edit<'_> {
        Edit::Set { value, after: &[] }
    }

    #[test]
    fn an_item_takes_its_own_comments_along() {
        let first = "  - name: x # first\n    b: 1\n    # inside\n";
        assert_eq!(at("a", 0, Edit::Remove).unwrap(), LIST.replace(first, ""));
        let second = "  # about y\n  - name: 'y'\n";
        assert_eq!(at("a", 1, Edit::Remove).unwrap(), LIST.replace(second, ""));
        assert_eq!(
            at("c", 1, Edit::Remove).unwrap(),
            LIST.replace("'two', ", "")
        );
        assert_eq!(
            at("c", 2, Edit::Remove).unwrap(),
            LIST.replace(", three", "")
        );
        assert_eq!(at("c", 3, Edit::Remove), None);
        let single = "a:\n  - b\n";
        let path = [PathStep::Key("a"), PathStep::Item(0)];
        assert_eq!(edited(single, 0, &path, Edit::Remove), None);
    }

    #[test]
    fn a_text_is_written_as_the_one_before() {
        let two = json!("it's 2");
        assert_eq!(
            at("c", 1, set(&two)).unwrap(),
            LIST.replace("'two'", "'it''s 2'")
        );
        let three = json!("3rd");
        assert_eq!(
            at("c", 2, set(&three)).unwrap(),
            LIST.replace("three", "\"3rd\"")
        );
        let three = json!("drei");
        assert_eq!(
            at("c", 2, set(&three)).unwrap(),
            LIST.replace("three", "drei")
        );
        let plain = json!({"name": "z", "list": [1]});
        let written = "  - name: z\n    list:\n      - 1\n";
        assert_eq!(
            at("a", 2, set(&plain)).unwrap(),
            LIST.replace("  - plain\n", written)
        );
        let command = json!("##vso[task.x]y");
        let path = [PathStep::Key("a")];
        let changed = edited("a: 'b'\n", 0, &path, set(&command)).unwrap();
        assert!(!changed.contains("##vso"), "{changed}");
    }

    #[test]
    fn an_item_is_put_in_front_of_another() {
        let item = json!({"name": "z", "b": 2});
        let written = "  - name: z\n    b: 2\n";
        let first = "  - name: x # first\n";
        assert_eq!(
            at("a", 0, Edit::Insert(&item)).unwrap(),
            LIST.replace(first, &format!("{written}{first}"))
        );
        let second = "  - name: 'y'\n";
        assert_eq!(
            at("a", 2, Edit::Insert(&item)).unwrap(),
            LIST.replace(second, &format!("{second}{written}"))
        );
        assert_eq!(
            at("a", 3, Edit::Insert(&json!("w"))).unwrap(),
            LIST.replace("  - plain\n", "  - plain\n  - w\n")
        );
        assert_eq!(
            at("c", 0, Edit::Insert(&json!(0))).unwrap(),
            LIST.replace("[1", "[0, 1")
        );
    }
}
