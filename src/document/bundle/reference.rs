//! Texts that refer to something: files, pointers, addresses.

/// What the text of a `$ref` names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Reference {
    /// Something in a file, by the file's path from the top of the project; `None` for the same file.
    File {
        /// The file.
        path: Option<String>,
        /// What is behind the `#`, decoded; empty for the whole file.
        fragment: String,
    },
    /// Something that is not a file of the project, such as `https://example.com/a.json`.
    Address,
    /// A file that is outside the project.
    Outside,
}

impl Reference {
    /// Reads a reference in the file at `from`, a path relative to the project.
    pub(super) fn of(text: &str, from: &str) -> Self {
        let (file, fragment) = text.split_once('#').unwrap_or((text, ""));
        if is_address(file) {
            return Self::Address;
        }
        let fragment = decoded(fragment);
        if file.is_empty() {
            let path = None;
            return Self::File { path, fragment };
        }
        match join(from, &decoded(file)) {
            Some(path) => Self::File {
                path: (path != from).then_some(path),
                fragment,
            },
            None => Self::Outside,
        }
    }
}

/// Whether a text starts with a scheme or the name of a host. One letter is a drive of Windows.
fn is_address(text: &str) -> bool {
    let scheme = text.split_once(':').map_or("", |(scheme, _)| scheme);
    let mut chars = scheme.chars();
    let is_scheme = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && scheme.len() > 1
        && chars.all(|c| c.is_ascii_alphanumeric() || "+.-".contains(c));
    (is_scheme && !scheme.eq_ignore_ascii_case("file")) || text.starts_with("//")
}

/// The path that a file names, from the top of the project; `None` outside of it.
fn join(from: &str, path: &str) -> Option<String> {
    let is_absolute = path.starts_with(['/', '\\']) || path.as_bytes().get(1) == Some(&b':');
    if is_absolute || path.starts_with("file:") {
        return None;
    }
    let mut steps: Vec<&str> = from.split('/').collect();
    steps.pop();
    for step in path.split('/') {
        match step {
            "" | "." => {}
            ".." => {
                steps.pop()?;
            }
            step => steps.push(step),
        }
    }
    Some(steps.join("/"))
}

/// `%7B` is `{`: a reference is a URI.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .filter(|hex| first == b'%' && hex.iter().all(u8::is_ascii_hexdigit))
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// The steps of a JSON pointer.
pub(super) fn steps(pointer: &str) -> impl Iterator<Item = String> + '_ {
    let steps = pointer.split('/').skip(1);
    steps.map(|step| step.replace("~1", "/").replace("~0", "~"))
}

/// Adds a step to a JSON pointer.
pub(super) fn push(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            c => pointer.push(c),
        }
    }
}

/// What follows in a pointer behind another one: empty, or with a `/` at its start.
pub(super) fn below<'p>(pointer: &'p str, above: &str) -> Option<&'p str> {
    let rest = pointer.strip_prefix(above)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// The pointers to a value and to each one around it, with what follows behind them; the longest first.
pub(super) fn splits(pointer: &str) -> impl Iterator<Item = (&str, &str)> {
    let ends = pointer.rmatch_indices('/').map(|(end, _)| end);
    std::iter::once(pointer.len())
        .chain(ends)
        .map(|end| pointer.split_at(end))
}

/// A pointer as a reference within its own document.
pub(super) fn local(pointer: &str) -> String {
    use std::fmt::Write as _;
    let mut text = String::from("#");
    for c in pointer.chars() {
        if c.is_ascii_alphanumeric() || "-._~!$&'()*+,;=:@/?".contains(c) {
            text.push(c);
        } else {
            let mut buffer = [0; 4];
            for byte in c.encode_utf8(&mut buffer).bytes() {
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_relative_to_the_file_that_has_them() {
        let file = |path: Option<&str>, fragment: &str| Reference::File {
            path: path.map(str::to_owned),
            fragment: fragment.to_owned(),
        };
        for (text, expected) in [
            ("b.yaml", file(Some("apis/v1/b.yaml"), "")),
            ("./b.yaml#/x", file(Some("apis/v1/b.yaml"), "/x")),
            ("../c/b.yaml#anchor", file(Some("apis/c/b.yaml"), "anchor")),
            ("../../b.json#", file(Some("b.json"), "")),
            (
                "with%20space.yaml",
                file(Some("apis/v1/with space.yaml"), ""),
            ),
            (
                "b.yaml#/paths/~1a~1%7Bid%7D",
                file(Some("apis/v1/b.yaml"), "/paths/~1a~1{id}"),
            ),
            ("a%zz.yaml", file(Some("apis/v1/a%zz.yaml"), "")),
            ("#/x", file(None, "/x")),
            ("", file(None, "")),
            ("a.yaml#/x", file(None, "/x")),
            ("../v1/a.yaml", file(None, "")),
            ("../../../b.yaml", Reference::Outside),
            ("/etc/passwd", Reference::Outside),
            ("C:\\b.yaml", Reference::Outside),
            ("file:///etc/passwd", Reference::Outside),
            ("https://example.com/b.yaml#/x", Reference::Address),
            ("urn:example:b", Reference::Address),
            ("//example.com/b", Reference::Address),
        ] {
            assert_eq!(Reference::of(text, "apis/v1/a.yaml"), expected, "{text}");
        }
    }

    #[test]
    fn pointers_keep_every_name() {
        for name in [
            "a", "a/b", "~", "~1", "{id}", "é", "a b", "", "100%", "x#y\"z",
        ] {
            let mut pointer = String::from("/x");
            push(&mut pointer, name);
            assert_eq!(steps(&pointer).collect::<Vec<_>>(), ["x", name]);
            let reference = local(&pointer);
            let fragment = pointer.clone();
            let expected = Reference::File {
                path: None,
                fragment,
            };
            assert_eq!(Reference::of(&reference, "a"), expected, "{reference}");
            assert!(reference.is_ascii() && !reference.contains([' ', '{', '"']));
        }
        assert_eq!(below("/a/b", "/a"), Some("/b"));
        assert_eq!(below("/ab", "/a"), None);
        assert_eq!(below("/a", ""), Some("/a"));
        let of = |pointer| splits(pointer).collect::<Vec<_>>();
        assert_eq!(of("/a/bc"), [("/a/bc", ""), ("/a", "/bc"), ("", "/a/bc")]);
        assert_eq!(of(""), [("", "")]);
    }
}
