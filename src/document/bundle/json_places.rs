//! Where values of a JSON text are, without a tree of it: descriptions may have tens of megabytes.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use serde::de::IgnoredAny;

use super::reference::push;

/// The ranges of the keys, or of the first characters, of what the pointers name; `None` for a text that is not
/// JSON.
pub(super) fn json_places(
    text: &str,
    wanted: &HashSet<&str>,
) -> Option<HashMap<String, Range<usize>>> {
    serde_json::from_str::<IgnoredAny>(text).ok()?;
    let mut scanner = Scanner {
        text,
        at: 0,
        pointer: String::new(),
        open: Vec::new(),
        wanted,
        found: HashMap::new(),
    };
    scanner.run();
    Some(scanner.found)
}

/// A list or an object around what is read.
struct Open {
    /// How long the pointer to it is.
    length: usize,
    /// The position of the next item; `None` for an object.
    next: Option<usize>,
}

/// Reads a text that is known to be JSON.
struct Scanner<'t> {
    text: &'t str,
    at: usize,
    pointer: String,
    open: Vec<Open>,
    wanted: &'t HashSet<&'t str>,
    found: HashMap<String, Range<usize>>,
}

impl Scanner<'_> {
    fn run(&mut self) {
        self.skip_blanks();
        self.note(self.at..self.at + 1);
        self.value();
        while let Some(open) = self.open.last_mut() {
            let (length, next) = (open.length, open.next);
            if let Some(next) = &mut open.next {
                *next += 1;
            }
            self.pointer.truncate(length);
            self.skip_separators();
            let start = self.at;
            match (self.text.as_bytes().get(self.at), next) {
                (None | Some(b']' | b'}'), _) => {
                    self.at += 1;
                    self.open.pop();
                    continue;
                }
                (_, Some(position)) => {
                    push(&mut self.pointer, &position.to_string());
                    self.note(start..start + 1);
                }
                (_, None) => {
                    self.string();
                    let end = self.at;
                    let quoted = &self.text[start..end];
                    let key: String = serde_json::from_str(quoted).unwrap_or_default();
                    push(&mut self.pointer, &key);
                    self.note(start..end);
                    self.skip_separators();
                }
            }
            self.value();
        }
    }

    fn note(&mut self, place: Range<usize>) {
        if self.wanted.contains(self.pointer.as_str()) {
            self.found.insert(self.pointer.clone(), place);
        }
    }

    /// Reads a value, or the beginning of one that has others.
    fn value(&mut self) {
        let length = self.pointer.len();
        let next = match self.text.as_bytes().get(self.at) {
            Some(b'{') => None,
            Some(b'[') => Some(0),
            Some(b'"') => return self.string(),
            _ => {
                let rest = &self.text.as_bytes()[self.at..];
                let ends = |byte: &u8| b",]} \t\r\n".contains(byte);
                self.at += rest.iter().position(ends).unwrap_or(rest.len());
                return;
            }
        };
        self.at += 1;
        self.open.push(Open { length, next });
    }

    fn string(&mut self) {
        let bytes = self.text.as_bytes();
        self.at += 1;
        while let Some(byte) = bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        self.at = (self.at + 1).min(bytes.len());
    }

    fn skip_blanks(&mut self) {
        self.skip(b" \t\r\n");
    }

    fn skip_separators(&mut self) {
        self.skip(b" \t\r\n,:");
    }

    fn skip(&mut self, skipped: &[u8]) {
        let rest = self.text.as_bytes().get(self.at..).unwrap_or_default();
        let is_other = |byte: &u8| !skipped.contains(byte);
        self.at += rest.iter().position(is_other).unwrap_or(rest.len());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_and_items_are_found_whatever_is_in_strings() {
        let text = r#" {"a\"/~": [1, {"b": "]}\\\",:"}, [ ] , {}], "c" : null, "": {"d": true}}"#;
        let at = |pointer: &str| {
            let wanted = HashSet::from([pointer]);
            let found = json_places(text, &wanted).unwrap();
            found.get(pointer).map(|place| &text[place.clone()])
        };
        for (pointer, found) in [
            ("", Some("{")),
            ("/a\"~1~0", Some(r#""a\"/~""#)),
            ("/a\"~1~0/0", Some("1")),
            ("/a\"~1~0/1/b", Some("\"b\"")),
            ("/a\"~1~0/3", Some("{")),
            ("/c", Some("\"c\"")),
            ("/", Some("\"\"")),
            ("//d", Some("\"d\"")),
            ("/e", None),
        ] {
            assert_eq!(at(pointer), found, "{pointer}");
        }
        assert!(json_places("{a: 1}", &HashSet::new()).is_none());
    }
}
