//! Names within the text of a value.

use crate::model::Span;
use crate::yaml::Node;

/// Where a part of a scalar is in its file: within the quotes, if there are any. The whole value, if it is written in a
/// way that does not show the part, such as with escapes.
pub(super) fn part_of(node: &Node, text: &str, part: std::ops::Range<usize>) -> Span {
    let Some(scalar) = node.scalar_text() else {
        return node.span;
    };
    let written = text.get(node.span.start..node.span.end);
    match written.and_then(|written| written.find(scalar)) {
        Some(at) if !scalar.is_empty() => Span {
            start: node.span.start + at + part.start,
            end: node.span.start + at + part.end,
            ..node.span
        },
        _ => node.span,
    }
}

/// Where the names between some signs are in a text.
pub(super) fn steps(text: &str, sign: char) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut start = 0;
    text.split(sign)
        .map(|step| {
            let range = start..start + step.len();
            start = range.end + sign.len_utf8();
            (step, range)
        })
        .collect()
}

/// The variables in a piece of a file, with their places in it: `${name}`, and not `$${name}`.
pub(super) fn variables(text: &str) -> Vec<(&str, std::ops::Range<usize>)> {
    let mut found = Vec::new();
    let mut rest = 0;
    while let Some(at) = text[rest..].find("${").map(|at| rest + at) {
        let start = at + 2;
        let is_escaped = text[..at].ends_with('$');
        let Some(length) = text[start..].find('}') else {
            break;
        };
        let name = &text[start..start + length];
        let is_name = !name.is_empty() && !name.contains(['{', '$', '\n']);
        if is_name && !is_escaped {
            found.push((name, start..start + length));
        }
        rest = start;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn variables_are_found_by_their_signs() {
        let names = |text| -> Vec<&str> { variables(text).into_iter().map(|(n, _)| n).collect() };
        assert_eq!(names("a ${b}-${c} $${d} ${} ${e"), ["b", "c"]);
        assert_eq!(names("${a${b}"), ["b"]);
        assert_eq!(variables("x ${stage}")[0].1, 4..9);
    }

    #[test]
    fn steps_have_their_places() {
        let found = steps("1-0/openapi", '/');
        assert_eq!(found, [("1-0", 0..3), ("openapi", 4..11)]);
    }
}
