//! A stable layout for YAML: indentation, spaces, quotes and blank lines. Values, comments and the order of keys stay.

use pretty_yaml::config::{FormatOptions, LanguageOptions, LayoutOptions};

use super::last_comments;
use super::node::{Node, NodeValue, YamlDocument};
use super::parse;
use crate::model::{Diagnostics, Severity, Sources, split_mark};

/// The columns after which a collection in brackets is broken into lines (chosen here).
const WIDTH: usize = 100;

/// Rounds until the layout does not change (chosen here).
const MOST_ROUNDS: usize = 4;

/// The text in the stable layout; `None` for a text that has errors, or whose values another layout would change. A byte
/// order mark and the line ends stay as they are.
#[must_use]
pub fn formatted(text: &str) -> Option<String> {
    let (mark, body) = split_mark(text);
    if body.is_empty() {
        return Some(text.to_owned());
    }
    let values = values(body)?;
    let is_windows = body.contains("\r\n");
    let mut layout = body.replace("\r\n", "\n");
    for _ in 0..MOST_ROUNDS {
        let has_values = |text: &str| self::values(text).is_some_and(|it| are_same(&values, &it));
        let (without, comments) = last_comments::taken(&layout, has_values);
        let next = pretty_yaml::format_text(&without, &options()).ok()?;
        let next = last_comments::put_back(&next, comments);
        if next == layout {
            let is_same = has_values(&layout);
            let ends = if is_windows { "\r\n" } else { "\n" };
            return is_same.then(|| format!("{mark}{}", layout.replace('\n', ends)));
        }
        layout = next;
    }
    None
}

fn options() -> FormatOptions {
    FormatOptions {
        layout: LayoutOptions {
            print_width: WIDTH,
            ..LayoutOptions::default()
        },
        language: LanguageOptions {
            brace_spacing: false,
            trailing_comma: false,
            ..LanguageOptions::default()
        },
    }
}

/// The documents, if they can be read without an error.
fn values(text: &str) -> Option<Vec<YamlDocument>> {
    let (mut sources, mut diagnostics) = (Sources::default(), Diagnostics::default());
    let source = sources.add("", text);
    let documents = parse(source, text, &mut diagnostics);
    (diagnostics.count(Severity::Error) == 0).then_some(documents)
}

fn are_same(before: &[YamlDocument], after: &[YamlDocument]) -> bool {
    before.len() == after.len()
        && before
            .iter()
            .zip(after)
            .all(|(before, after)| match (&before.root, &after.root) {
                (None, None) => true,
                (Some(before), Some(after)) => is_same(before, after),
                _ => false,
            })
}

fn is_same(before: &Node, after: &Node) -> bool {
    match (&before.value, &after.value) {
        (NodeValue::Scalar(before), NodeValue::Scalar(after)) => before == after,
        (NodeValue::Sequence(before), NodeValue::Sequence(after)) => {
            before.len() == after.len()
                && before
                    .iter()
                    .zip(after)
                    .all(|(before, after)| is_same(before, after))
        }
        (NodeValue::Mapping(before), NodeValue::Mapping(after)) => {
            before.len() == after.len()
                && before.iter().zip(after).all(|(before, after)| {
                    before.key.text == after.key.text && is_same(&before.value, &after.value)
                })
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use proptest::test_runner::FileFailurePersistence;
    use serde_json::Value;

    use super::*;
    use crate::yaml::emit;

    #[test]
    fn the_layout_is_stable_and_comments_stay() {
        let messy = "# first\napiVersion:   apicenter/v1\nkind:    Api # what\nmetadata: { name: 'orders' }\n\n\n\nspec:\n    title: \"Orders\"\n    contacts:\n    -   name: a   # who\n        email: a@b.c\n    # last\n    description: |\n        One\n          two\n";
        let neat = "# first\napiVersion: apicenter/v1\nkind: Api # what\nmetadata: {name: \"orders\"}\n\nspec:\n  title: \"Orders\"\n  contacts:\n    - name: a # who\n      email: a@b.c\n    # last\n  description: |\n    One\n      two\n";
        assert_eq!(formatted(messy).as_deref(), Some(neat));
        assert_eq!(formatted(neat).as_deref(), Some(neat));
        let windows = neat.replace('\n', "\r\n");
        assert_eq!(
            formatted(&format!("\u{feff}{windows}")),
            Some(format!("\u{feff}{windows}"))
        );
    }

    /// Also behind a value that has a comment beside it, at the end of a document.
    #[test]
    fn what_is_commented_out_at_the_end_stays_where_it_would_be_a_value() {
        for end in [
            "    b: 1 # one",
            "    b: {c: \"a # b\"} # one",
            "    b: \"a # b\"",
            "    b: a#b",
            "    b: |\n      text # not a comment",
            "    - x: 1 # one",
        ] {
            for below in [
                "    # d: 1\n",
                "  # d: 1\n  # e: 2\n",
                "# d: 1\n",
                "    # d\n  # e\n# f\n",
            ] {
                let one = format!("a:\n  b:\n{end}\n{below}");
                let text = format!("{one}---\n{one}");
                assert_eq!(formatted(&text).as_deref(), Some(text.as_str()), "{text}");
            }
        }
    }

    #[test]
    fn a_text_that_cannot_be_read_has_no_layout() {
        for text in ["a: [", "a: 1\na: 2\n", "a: b: c"] {
            assert_eq!(formatted(text), None, "{text}");
        }
        assert_eq!(formatted("").as_deref(), Some(""));
    }

    /// Values as manifests have them.
    fn value() -> impl Strategy<Value = Value> {
        let text = prop_oneof![
            "[ -~]{0,12}",
            "[a-z]{1,6}( [a-z]{1,6}){0,20}",
            "([a-z #:'\"-]{0,8}\n){1,4}",
            Just("${host}/x".to_owned()),
            Just("1.10".to_owned()),
        ];
        let leaf = prop_oneof![
            text.prop_map(Value::from),
            any::<i32>().prop_map(Value::from),
            any::<bool>().prop_map(Value::from),
            Just(Value::Null),
        ];
        leaf.prop_recursive(4, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec(("[a-zA-Z$][a-zA-Z0-9 -]{0,6}", inner), 0..4)
                    .prop_map(|entries| Value::Object(entries.into_iter().collect())),
            ]
        })
    }

    /// The same text laid out otherwise: other indentation, comments and blank lines.
    fn disturbed(text: &str, seed: &[u8]) -> (String, usize) {
        let (mut out, mut comments) = (String::new(), 0);
        let is_block = text.contains('|') || text.contains('>');
        for (i, line) in text.lines().enumerate() {
            let choice = seed.get(i % seed.len().max(1)).copied().unwrap_or_default();
            if !is_block && choice % 3 == 0 {
                out.push_str(&format!("#comment {comments}\n"));
                comments += 1;
            }
            if !is_block && choice % 5 == 0 {
                out.push_str("\n\n");
            }
            out.push_str(line);
            out.push('\n');
        }
        (out, comments)
    }

    proptest! {
        #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        ..ProptestConfig::default()
    })]

        #[test]
        fn only_the_layout_changes_and_only_once(value in value(), seed in prop::collection::vec(any::<u8>(), 1..40)) {
            let (text, comments) = disturbed(&emit(&value), &seed);
            let before = values(&text).map(|all| all.iter().map(|one| one.root.as_ref().map(|root| root.to_json())).collect::<Vec<_>>());
            if let Some(layout) = formatted(&text) {
                let after = values(&layout).map(|all| all.iter().map(|one| one.root.as_ref().map(|root| root.to_json())).collect::<Vec<_>>());
                prop_assert_eq!(before, after);
                let again = formatted(&layout);
                prop_assert_eq!(again.as_deref(), Some(layout.as_str()));
                for i in 0..comments {
                    let comment = format!("comment {i}\n");
                    prop_assert!(layout.contains(&comment), "{}\n{}", text, layout);
                }
            }
        }
    }
}
