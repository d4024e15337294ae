//! Findings about the projection, in the words of XML Schema.

use super::built_in::FORMS;

/// A message about the projection as one about XML.
pub(super) fn in_xml(message: &str) -> String {
    let witness = [": `\"", ": `{", ": `["];
    let end = witness.iter().filter_map(|start| message.find(start)).min();
    let (words, witness) = message.split_at(end.unwrap_or(message.len()));
    // Names are between backticks: every second piece.
    let pieces = words
        .split('`')
        .enumerate()
        .map(|(at, piece)| match at % 2 {
            1 => match FORMS.iter().find(|(_, form)| *form == piece) {
                Some((name, _)) => format!("xs:{name}"),
                None => piece.replace("[]", "").replace(".$", ""),
            },
            _ => piece
                .replace(" maxItems ", " maxOccurs ")
                .replace(" minItems ", " minOccurs ")
                .replace("property", "element")
                .replace("properties", "elements"),
        });
    let out = pieces.collect::<Vec<String>>().join("`");
    let out = out
        .replace("element `@", "attribute `")
        .replace("element `$`", "its text")
        .replace(": `$` ", " ")
        .replace(
            "it refers to what cannot be found",
            "part of it is not compared",
        );
    format!("{out}{witness}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_json_become_those_of_xml() {
        for (before, after) in [
            (
                "input: `lines[].size[].$` has the type `integer` now, and had `string`",
                "input: `lines.size` has the type `integer` now, and had `string`",
            ),
            (
                "output: `label` has maxItems 2 now, and had 1: `\"label\": [{},{}]` may be returned now",
                "output: `label` has maxOccurs 2 now, and had 1: `\"label\": [{},{}]` may be returned now",
            ),
            (
                "input: property `a[].@id` is now required",
                "input: element `a.@id` is now required",
            ),
            (
                "input: property `@id` is now required",
                "input: attribute `id` is now required",
            ),
        ] {
            assert_eq!(in_xml(before), after);
        }
    }
}
