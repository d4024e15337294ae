//! Removing whole documents.

use serde_json::Value;

use super::{read, value};
use crate::yaml::node::YamlDocument;

/// What is left of a text without one of its documents.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rest {
    /// The other documents.
    Text(String),
    /// No document.
    Nothing,
}

/// A text without its document of that number, counted from 0, with what is written in front of it after the document
/// before. `None` if it cannot be removed.
#[must_use]
pub fn without_document(text: &str, document: usize) -> Option<Rest> {
    let documents = read(text)?;
    let root = documents.get(document)?.root.as_ref()?;
    let has_content = |one: &&YamlDocument| one.root.is_some();
    if documents.iter().filter(has_content).count() == 1 {
        return Some(Rest::Nothing);
    }
    let starts = starts(text);
    let at = starts.iter().rposition(|start| *start <= root.span.start)?;
    let end = starts.get(at + 1).copied().unwrap_or(text.len());
    let rest = format!("{}{}", &text[..starts[at]], &text[end..]);
    let values = |documents: &[YamlDocument], left_out: Option<usize>| -> Vec<Value> {
        let all = documents.iter().enumerate();
        let others = all.filter(|(i, one)| Some(*i) != left_out && one.root.is_some());
        others.map(|(_, one)| value(one)).collect()
    };
    let found = read(&rest)?;
    (values(&found, None) == values(&documents, Some(document))).then_some(Rest::Text(rest))
}

/// Where documents start: with their `---`, except for the first one.
fn starts(text: &str) -> Vec<usize> {
    let mut starts = vec![0];
    let mut offset = 0;
    for line in text.split_inclusive('\n') {
        let rest = line.strip_prefix("---");
        let is_marker =
            rest.is_some_and(|rest| rest.trim_end().is_empty() || rest.starts_with(' '));
        if is_marker && offset > 0 && !text[..offset].trim().is_empty() {
            let before = &text[starts[starts.len() - 1]..offset];
            // Comments in front of the first marker belong to the first document.
            let is_head = starts.len() == 1
                && before
                    .lines()
                    .all(|line| line.trim().is_empty() || line.starts_with(['#', '%']));
            if !is_head {
                starts.push(offset);
            }
        }
        offset += line.len();
    }
    starts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_goes_with_what_is_in_front_of_it() {
        let text = "# head\n---\n# a\na: 1\n---\n# b\nb: |\n  --- no\n---\nc: 3\n";
        let without = |number| match without_document(text, number) {
            Some(Rest::Text(rest)) => rest,
            other => panic!("{other:?}"),
        };
        assert_eq!(without(0), "---\n# b\nb: |\n  --- no\n---\nc: 3\n");
        assert_eq!(without(1), "# head\n---\n# a\na: 1\n---\nc: 3\n");
        assert_eq!(
            without(2),
            "# head\n---\n# a\na: 1\n---\n# b\nb: |\n  --- no\n"
        );
        assert_eq!(without_document(text, 3), None);
        assert_eq!(without_document("a: 1\n---\n", 0), Some(Rest::Nothing));
    }
}
