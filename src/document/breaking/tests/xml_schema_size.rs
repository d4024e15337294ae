//! XML Schema: content that is large.

use super::super::{Impact, breaking};
use super::finds;
use super::xml_schema::{element, sent};

/// What is too large to compare is a caution if it changed.
#[test]
fn content_that_is_too_large_is_a_caution_if_it_changed() {
    let group = |name: usize, content: &str| {
        format!("<xs:group name=\"g{name}\"><xs:sequence>{content}</xs:sequence></xs:group>")
    };
    let refer = |name: usize| format!("<xs:group ref=\"t:g{name}\"/>");
    let of = |kind: &str| {
        let mut groups = group(0, &element(&format!("type=\"xs:{kind}\"")));
        for level in 1..26 {
            groups.push_str(&group(level, &refer(level - 1).repeat(2)));
        }
        sent(&refer(25)).replace(
            "<xs:element name=\"Place\">",
            &format!("{groups}<xs:element name=\"Place\">"),
        )
    };
    finds(&of("string"), &of("string"), &[]);
    let found = breaking(&of("string"), &of("int"));
    assert!(!found.is_empty());
}

/// A long sequence is put together step by step.
#[test]
fn a_long_sequence_is_compared() {
    let of = |kind: &str| -> String {
        let each = (0..300).map(|n| format!("<xs:element name=\"e{n}\" type=\"xs:{kind}\"/>"));
        each.collect()
    };
    let found = breaking(&sent(&of("string")), &sent(&of("int")));
    assert!(!found.is_empty());
    finds(&sent(&of("string")), &sent(&of("string")), &[]);
}

/// Choices that both descriptions have do not multiply: the rest is compared whole.
#[test]
fn many_choices_are_compared() {
    let of = |first: &str, rest: &str| -> String {
        let choice = |n: usize| {
            let more = if n == 1 { first } else { "" };
            format!(
                "<xs:choice><xs:element name=\"a{n}\" type=\"xs:int\"/><xs:element name=\"b{n}\" type=\"xs:int\"/>{more}</xs:choice>"
            )
        };
        let all: String = (0..40).map(choice).collect();
        sent(&format!("{all}{rest}"))
    };
    let optional = element("type=\"xs:string\" minOccurs=\"0\"");
    let more = "<xs:element name=\"c1\" type=\"xs:int\"/>";
    let place = "operation Orders.Place: input:";
    finds(&of("", ""), &of("", ""), &[]);
    finds(&of("", ""), &of("", &optional), &[]);
    finds(&of("", ""), &of(more, ""), &[]);
    finds(
        &of("", &optional),
        &of(more, ""),
        &[&format!("{place} element `x` is no longer taken")],
    );
    let lost = breaking(&of(more, ""), &of("", ""));
    assert_eq!(lost.len(), 1, "{lost:?}");
    assert_eq!(lost[0].impact, Impact::Break);
    let without = of("", "").replace("<xs:choice><xs:element name=\"a7\" type=\"xs:int\"/><xs:element name=\"b7\" type=\"xs:int\"/></xs:choice>", "");
    let gone = breaking(&of("", ""), &without);
    assert!(!gone.is_empty());
    for found in gone {
        assert!(!found.message.contains(['#', '?']), "{found:?}");
    }
}

/// Every required element of a long sequence is in the value that shows a break.
#[test]
fn breaks_in_long_sequences_are_shown() {
    let of = |kind: &str| -> String {
        let each = (0..1500).map(|n| {
            let kind = if n == 700 { kind } else { "string" };
            format!("<xs:element name=\"e{n}\" type=\"xs:{kind}\"/>")
        });
        sent(&each.collect::<String>())
    };
    finds(
        &of("string"),
        &of("int"),
        &[
            "operation Orders.Place: input: `e700` has the type `xs:int` now, and had `xs:string`: `<e700>a</e700>` was accepted",
        ],
    );
}
