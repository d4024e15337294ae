//! Texts with variables: `${stage}` stays where the edit does not touch what it stands for.

use std::collections::BTreeMap;

use crate::yaml::{Node, NodeValue};

type Values = BTreeMap<String, String>;

/// A part of a text.
#[derive(Debug, PartialEq, Eq)]
enum Part<'a> {
    /// As it is written, with `$${` for a plain `${`.
    Literal(&'a str),
    /// The name of a variable.
    Variable(&'a str),
}

/// A text as a manifest declares it.
pub(super) fn substituted(text: &str, values: &Values) -> String {
    parts(text)
        .iter()
        .map(|part| meaning(part, values))
        .collect()
}

/// The first variable in a value or below it.
pub(super) fn variable_in(node: &Node) -> Option<String> {
    match &node.value {
        NodeValue::Scalar(scalar) => {
            let parts = parts(&scalar.text);
            parts.into_iter().find_map(|part| match part {
                Part::Variable(name) => Some(name.to_owned()),
                Part::Literal(_) => None,
            })
        }
        NodeValue::Sequence(items) => items.iter().find_map(|item| variable_in(item)),
        NodeValue::Mapping(entries) => entries.iter().find_map(|entry| variable_in(&entry.value)),
    }
}

/// A text with variables so that it means another one. `None` if what differs is a part of a variable's value.
pub(super) fn rewritten(written: &str, wanted: &str, values: &Values) -> Option<String> {
    let parts = parts(written);
    let meanings: Vec<String> = parts.iter().map(|part| meaning(part, values)).collect();
    let present: String = meanings.concat();
    let before = common(present.chars(), wanted.chars());
    let most = present.len().min(wanted.len()) - before;
    let after = common(present.chars().rev(), wanted.chars().rev()).min(most);
    let after = (0..=after).rev().find(|length| {
        present.is_char_boundary(present.len() - length)
            && wanted.is_char_boundary(wanted.len() - length)
    })?;
    let (from, to) = (before, present.len() - after);
    let mut start = 0;
    let mut result = String::new();
    let mut is_done = false;
    for (part, meaning) in parts.iter().zip(&meanings) {
        let end = start + meaning.len();
        let text = match part {
            Part::Literal(_) if !is_done && start <= from && to <= end => {
                is_done = true;
                let (head, tail) = (&meaning[..from - start], &meaning[to - start..]);
                let middle = &wanted[before..wanted.len() - after];
                format!("{head}{middle}{tail}").replace("${", "$${")
            }
            Part::Literal(text) => (*text).to_owned(),
            Part::Variable(name) => format!("${{{name}}}"),
        };
        result.push_str(&text);
        start = end;
    }
    (is_done && substituted(&result, values) == wanted).then_some(result)
}

/// How many bytes two texts have in common at their starts.
fn common(one: impl Iterator<Item = char>, other: impl Iterator<Item = char>) -> usize {
    let same = one.zip(other).take_while(|(one, other)| one == other);
    same.map(|(c, _)| c.len_utf8()).sum()
}

fn meaning(part: &Part<'_>, values: &Values) -> String {
    match part {
        Part::Literal(text) => text.replace("$${", "${"),
        Part::Variable(name) => match values.get(*name) {
            Some(value) => value.clone(),
            None => format!("${{{name}}}"),
        },
    }
}

/// The parts of a text; there is a literal, which may be empty, around every variable.
fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(found) = text[at..].find("${") {
        let found = at + found;
        if text[..found].ends_with('$') {
            at = found + 2;
            continue;
        }
        let Some(end) = text[found..].find('}') else {
            break;
        };
        parts.push(Part::Literal(&text[start..found]));
        parts.push(Part::Variable(&text[found + 2..found + end]));
        start = found + end + 1;
        at = start;
    }
    parts.push(Part::Literal(&text[start..]));
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values() -> Values {
        [("stage", "prod"), ("owner", "Contoso")]
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .into()
    }

    #[test]
    fn what_is_beside_a_variable_can_change() {
        for (written, wanted, after) in [
            (
                "Orders (${stage})",
                "Orders API (prod)",
                Some("Orders API (${stage})"),
            ),
            ("${stage}", "prod 2", Some("${stage} 2")),
            (
                "${owner}: ${stage}",
                "Contoso / prod",
                Some("${owner} / ${stage}"),
            ),
            ("a $${x} ${stage}", "b ${x} prod", Some("b $${x} ${stage}")),
            ("${stage}: x", "prod: ${y}", Some("${stage}: $${y}")),
            ("Orders (${stage})", "Orders (test)", None),
            ("${stage}", "dev", None),
            ("${owner} ${stage}", "Fabrikam prod", None),
        ] {
            let found = rewritten(written, wanted, &values());
            assert_eq!(found.as_deref(), after, "{written} -> {wanted}");
        }
    }

    #[test]
    fn texts_mean_what_a_manifest_declares() {
        let text = "$${a} ${stage} ${unknown} ${";
        assert_eq!(substituted(text, &values()), "${a} prod ${unknown} ${");
    }
}
