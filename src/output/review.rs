//! What the renderers for reviewers share: what is shown beside a plan, and text made harmless.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::json::OptionsJson;
use super::value::long_texts;
use crate::document::{Diff, DiffLineKind, DiffOptions, unified_diff};
use crate::model::{Address, Diagnostic, Sources, Span};
use crate::plan::{Change, FieldChange};

/// What a reviewer is shown beside the plan itself.
#[derive(Debug, Clone, Copy)]
pub struct Review<'a> {
    /// The files, so that places can be named.
    pub sources: &'a Sources,
    /// Problems of the manifests.
    pub diagnostics: &'a [Diagnostic],
    /// What the plan was asked for, so that exactly that can be applied.
    pub options: &'a OptionsJson,
    /// Whether the service is the embedded emulator, which has no real subscription.
    pub is_emulator: bool,
    /// Whether resources without changes are listed.
    pub show_unchanged: bool,
    /// Most lines of one difference between texts.
    pub diff_lines: usize,
}

impl Review<'_> {
    /// `file:line:column`.
    pub(super) fn place(&self, span: Span) -> String {
        let (file, position) = self.sources.locate(span);
        format!("{file}:{}:{}", position.line, position.column)
    }

    /// How the two texts of a field differ, where it holds a document or a long text on both sides.
    pub(super) fn text_diff(&self, change: &Change, field: &FieldChange) -> Option<Diff> {
        let options = DiffOptions {
            max_lines: self.diff_lines,
            ..DiffOptions::default()
        };
        let (before, after) = match (&change.text, change.is_document(field)) {
            (Some(text), true) => (text.before.as_deref()?, &*text.after.text),
            _ => long_texts(field.before.as_ref(), field.after.as_ref())?,
        };
        Some(unified_diff(before, after, options))
    }
}

/// A help in two parts: the words, and the lines of the manifest that they end with, if they do. Such a
/// manifest stands below an empty line and is indented by two spaces, which are taken away.
pub(super) fn with_manifest(help: &str) -> (&str, Option<Vec<&str>>) {
    let Some((words, below)) = help.split_once("\n\n") else {
        return (help, None);
    };
    let lines = below
        .trim_end()
        .split('\n')
        .map(|line| match line.strip_prefix("  ") {
            Some(rest) => Some(rest),
            None if line.is_empty() => Some(line),
            None => None,
        });
    match lines.collect::<Option<Vec<&str>>>() {
        Some(lines) if below.trim() != "" => (words, Some(lines)),
        _ => (help, None),
    }
}

/// The sign in front of a line of a difference; a hunk's line has its own.
pub(super) fn sign(kind: DiffLineKind) -> &'static str {
    match kind {
        DiffLineKind::Context => " ",
        DiffLineKind::Added => "+",
        DiffLineKind::Removed => "-",
        DiffLineKind::Hunk => "",
    }
}

/// A GUID, or the beginning of one where the text was cut.
static GUID: LazyLock<Regex> = LazyLock::new(|| {
    let hex = "[0-9A-Fa-f]";
    let whole = format!("{hex}{{4}}-{hex}{{4}}-{hex}{{4}}-{hex}{{12}}");
    Regex::new(&format!("({hex}{{8}})-(?:{whole}|[0-9A-Fa-f-]{{0,27}}…)"))
        .expect("the pattern is constant")
});

/// Shortens what tells strangers who and where we are: a comment is read by more people than the
/// service is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mask<'a> {
    /// The subscription of the target; empty where there is none.
    pub(super) subscription: &'a str,
}

impl Mask<'_> {
    /// The text with every GUID cut to its first eight characters.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        GUID.replace_all(text, "$1…")
    }

    /// An address. It may hold a GUID that is a name, and a name must stay what it is; only the
    /// subscription's is cut.
    pub(super) fn address(&self, address: &Address) -> String {
        let text = address.to_string();
        if self.subscription.is_empty() || !text.contains(self.subscription) {
            return text;
        }
        text.replace(self.subscription, &self.text(self.subscription))
    }

    /// A value with every text in it shortened, keys included.
    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => match self.text(&text) {
                Cow::Borrowed(_) => Value::String(text),
                Cow::Owned(short) => Value::String(short),
            },
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (self.text(&key).into_owned(), self.value(value)))
                .collect(),
            other => other,
        }
    }
}

/// The text on one line, with everything that hides or reorders text spelt out.
pub(super) fn visible(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_treacherous) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 16);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_treacherous(c) => {
                let _ = write!(out, "\\u{{{:x}}}", u32::from(c));
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

/// Controls, line separators, characters without width and those that change the direction.
fn is_treacherous(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{feff}')
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
        || matches!(c, '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}')
}

/// The first characters of a text, and a sign that there are more.
pub(super) fn cut(text: &str, most: usize) -> Cow<'_, str> {
    match text.char_indices().nth(most) {
        None => Cow::Borrowed(text),
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;

    const ID: &str = "0a1b2c3d-1111-2222-3333-444455556666";

    #[test]
    fn guids_are_cut_but_names_are_not() {
        let mask = Mask { subscription: ID };
        let path = format!("/subscriptions/{ID}/x");
        assert_eq!(mask.text(&path), "/subscriptions/0a1b2c3d…/x");
        assert_eq!(
            mask.value(json!({ID: [ID, 1]})),
            json!({"0a1b2c3d…": ["0a1b2c3d…", 1]})
        );
        let start = &ID[..20];
        assert_eq!(mask.text(&format!("x{start}…")), "x0a1b2c3d…");
        let named = |name: &str| Address::top(&kinds::API.info, name);
        assert_eq!(mask.address(&named(ID)), "api/0a1b2c3d…");
        let other = ID.replace("0a", "ff");
        assert_eq!(mask.address(&named(&other)), format!("api/{other}"));
    }

    #[test]
    fn a_manifest_below_a_help_is_told_from_its_words() {
        let lines = with_manifest("declare it:\n\n  kind: Service\n  spec:\n    a: b\n");
        let manifest = vec!["kind: Service", "spec:", "  a: b"];
        assert_eq!(lines, ("declare it:", Some(manifest)));
        for words in [
            "one",
            "one\n  two",
            "one\n\ntwo",
            "one\n\n  two\nthree",
            "one\n\n",
        ] {
            assert_eq!(with_manifest(words), (words, None));
        }
    }

    #[test]
    fn what_hides_is_spelt_out() {
        assert_eq!(
            visible("a\nb\u{202e}c\u{7f}é👍"),
            "a\\nb\\u{202e}c\\u{7f}é👍"
        );
        assert_eq!(cut("äöü", 2), "äö…");
        assert_eq!(cut("äöü", 3), "äöü");
    }
}
