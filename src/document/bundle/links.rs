//! The references of one text, whatever it is a part of, and what they lead to: for who goes from one to the other.

use std::ops::Range;
use std::sync::Arc;

use super::parts::reference_in;
use super::reference::{Reference, push, steps};
use crate::model::{Diagnostics, Sources, without_mark};
use crate::yaml::{self, Node};

/// A description or a part of one.
pub struct LinkedText {
    root: Option<Arc<Node>>,
}

/// A `$ref` to a value in a file of the project.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TextReference {
    /// Where its text is.
    pub place: Range<usize>,
    /// The file, by its path from the top of the project.
    pub file: String,
    /// The JSON pointer of the value in it; empty for the whole file.
    pub pointer: String,
}

impl LinkedText {
    /// Reads YAML or JSON as far as it can be read.
    #[must_use]
    pub fn read(text: &str) -> Self {
        // Places are only used as offsets into the text at hand.
        let source = Sources::default().add("", "");
        let mut problems = Diagnostics::default();
        let documents = yaml::parse(source, without_mark(text), &mut problems);
        let root = documents.into_iter().find_map(|document| document.root);
        Self { root }
    }

    /// Every reference to a file of the project, the text itself included, which has this path.
    #[must_use]
    pub fn links(&self, path: &str) -> Vec<TextReference> {
        let mut links = Vec::new();
        if let Some(root) = &self.root {
            collect(root, path, &mut links);
        }
        // Aliases lead to the same places again.
        links.sort_by_key(|link| link.place.start);
        links.dedup();
        links
    }

    /// The key, or the start of the item, that a JSON pointer names.
    #[must_use]
    pub fn place_of(&self, pointer: &str) -> Option<Range<usize>> {
        let mut node = self.root.as_deref()?;
        let mut place = 0..0;
        for step in steps(pointer) {
            if let Some(entry) = node.entry(&step) {
                let span = entry.key.span;
                (node, place) = (&entry.value, span.start..span.end);
            } else {
                node = node.items()?.get(step.parse::<usize>().ok()?)?;
                let span = node.first_span();
                place = span.start..span.end;
            }
        }
        Some(place)
    }

    /// The JSON pointer of the value whose key is at a place.
    #[must_use]
    pub fn key_at(&self, offset: usize) -> Option<String> {
        let mut pointer = String::new();
        let is_found = key_at(self.root.as_deref()?, offset, &mut pointer);
        is_found.then_some(pointer)
    }
}

fn collect(node: &Node, path: &str, links: &mut Vec<TextReference>) {
    if let Some((text, span)) = reference_in(node)
        && let Reference::File {
            path: file,
            fragment,
        } = Reference::of(text, path)
    {
        links.push(TextReference {
            place: span.start..span.end,
            file: file.unwrap_or_else(|| path.to_owned()),
            pointer: fragment,
        });
    }
    for entry in node.entries().into_iter().flatten() {
        collect(&entry.value, path, links);
    }
    for item in node.items().into_iter().flatten() {
        collect(item, path, links);
    }
}

/// Extends a pointer to the key at a place, if there is one below.
fn key_at(node: &Node, offset: usize, pointer: &mut String) -> bool {
    let length = pointer.len();
    for entry in node.entries().into_iter().flatten() {
        push(pointer, &entry.key.text);
        let key = entry.key.span;
        if (key.start..=key.end).contains(&offset) || key_at(&entry.value, offset, pointer) {
            return true;
        }
        pointer.truncate(length);
    }
    for (i, item) in node.items().into_iter().flatten().enumerate() {
        push(pointer, &i.to_string());
        if key_at(item, offset, pointer) {
            return true;
        }
        pointer.truncate(length);
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a:\n  - {$ref: 'b.yaml#/x~1y'}\n  - {$ref: '#/a'}\n  - {$ref: 'https://contoso.com/c.json'}\nb/c: {$ref: ../d.json}\n";

    #[test]
    fn references_have_their_place_and_what_they_name() {
        let links = LinkedText::read(TEXT).links("specs/all.yaml");
        let found: Vec<(&str, &str, &str)> = links
            .iter()
            .map(|link| {
                let written = TEXT.get(link.place.clone()).unwrap_or_default();
                (written, link.file.as_str(), link.pointer.as_str())
            })
            .collect();
        assert_eq!(
            found,
            [
                ("'b.yaml#/x~1y'", "specs/b.yaml", "/x~1y"),
                ("'#/a'", "specs/all.yaml", "/a"),
                ("../d.json", "d.json", ""),
            ]
        );
    }

    #[test]
    fn pointers_lead_to_keys_and_back() {
        let text = LinkedText::read(TEXT);
        for (pointer, place) in [
            ("/a", Some(0..1)),
            ("/b~1c", TEXT.find("b/c").map(|at| at..at + 3)),
            ("", Some(0..0)),
            ("/a/7", None),
            ("/c", None),
        ] {
            assert_eq!(text.place_of(pointer), place, "{pointer}");
        }
        let at = TEXT.find("b/c").unwrap_or_default();
        assert_eq!(text.key_at(at + 1).as_deref(), Some("/b~1c"));
        assert_eq!(text.key_at(TEXT.len()), None);
        let json = "{\n\t\"a\": {\"b\": [{\"c\": 1}]}\n}";
        let at = json.find("\"c\"").unwrap_or_default();
        assert_eq!(
            LinkedText::read(json).key_at(at + 1).as_deref(),
            Some("/a/b/0/c")
        );
    }
}
