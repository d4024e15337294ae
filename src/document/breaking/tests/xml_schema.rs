//! What XML Schema accepts, before and after.

use super::super::{Impact, breaking};
use super::wsdl::SHOP;
use super::{finds, found};

const SKU: &str = "<xs:element name=\"sku\" type=\"t:Sku\"/>";

/// The schema with other content of what callers send, or receive.
pub(super) fn sent(content: &str) -> String {
    SHOP.replace(SKU, content)
}

fn received(content: &str) -> String {
    SHOP.replace("<xs:element name=\"id\" type=\"xs:string\"/>", content)
}

#[track_caller]
fn request(before: &str, after: &str, expected: &[&str]) {
    let lines = line(expected, "input");
    finds(
        &sent(before),
        &sent(after),
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

#[track_caller]
fn response(before: &str, after: &str, expected: &[&str]) {
    let lines = line(expected, "output");
    finds(
        &received(before),
        &received(after),
        &lines.iter().map(String::as_str).collect::<Vec<_>>(),
    );
}

fn line(expected: &[&str], part: &str) -> Vec<String> {
    let line = |text: &&str| match text.strip_prefix("caution: ") {
        Some(text) => format!("caution: operation Orders.Place: {part}: {text}"),
        None => format!("operation Orders.Place: {part}: {text}"),
    };
    expected.iter().map(line).collect()
}

pub(super) fn element(attributes: &str) -> String {
    format!("<xs:element name=\"x\" {attributes}/>")
}

/// An element with a restriction of a built-in type.
fn restricted(base: &str, facets: &[(&str, &str)]) -> String {
    let facets: String = facets
        .iter()
        .map(|(name, value)| format!("<xs:{name} value=\"{value}\"/>"))
        .collect();
    format!(
        "<xs:element name=\"x\"><xs:simpleType><xs:restriction base=\"xs:{base}\">{facets}</xs:restriction></xs:simpleType></xs:element>"
    )
}

#[test]
fn elements_and_how_often_they_appear() {
    let text = element("type=\"xs:string\"");
    let optional = element("type=\"xs:string\" minOccurs=\"0\"");
    let many = element("type=\"xs:string\" maxOccurs=\"unbounded\"");
    request(&optional, &text, &["element `x` is now required"]);
    request(&text, &optional, &[]);
    response(&text, &optional, &["element `x` may be absent now"]);
    request("", &optional, &[]);
    request("", &text, &["element `x` is new and required"]);
    request(&optional, "", &["element `x` is no longer taken"]);
    response("", &text, &["caution: element `x` is new"]);
    request(&text, &many, &[]);
    request(
        &many,
        &text,
        &["`x` has maxOccurs 1 now, and had unbounded: `<x>a</x><x>a</x>` was accepted"],
    );
}

#[test]
fn types_and_facets() {
    let of = |kind: &str| element(&format!("type=\"xs:{kind}\""));
    request(
        &of("string"),
        &of("int"),
        &["`x` has the type `xs:int` now, and had `xs:string`: `<x>a</x>` was accepted"],
    );
    request(&of("int"), &of("string"), &[]);
    request(&of("int"), &of("long"), &[]);
    response(
        &of("int"),
        &of("string"),
        &["`x` has the type `xs:string` now, and had `xs:int`: `<x>a</x>` may be returned now"],
    );
    response(&of("token"), &of("string"), &[]);
    let changed = |base: &str, was: &[(&str, &str)], now: &[(&str, &str)]| {
        let (before, after) = (sent(&restricted(base, was)), sent(&restricted(base, now)));
        let found = breaking(&before, &after);
        assert!(
            found
                .iter()
                .any(|found| found.impact == Impact::Break && found.witness.is_some()),
            "{base} {now:?}: {found:?}"
        );
        finds(&after, &before, &[]);
    };
    changed("string", &[], &[("enumeration", "a"), ("enumeration", "b")]);
    changed(
        "string",
        &[("enumeration", "a"), ("enumeration", "b")],
        &[("enumeration", "b")],
    );
    changed("string", &[], &[("pattern", "[a-c]{2}")]);
    changed(
        "string",
        &[("pattern", "a"), ("pattern", "b")],
        &[("pattern", "b")],
    );
    changed("string", &[("maxLength", "9")], &[("length", "4")]);
    changed("string", &[], &[("minLength", "4")]);
    changed("int", &[], &[("minInclusive", "3")]);
    changed(
        "decimal",
        &[("maxInclusive", "9")],
        &[("maxExclusive", "9")],
    );
    changed(
        "int",
        &[("enumeration", "1"), ("enumeration", "2")],
        &[("enumeration", "2")],
    );
    changed("decimal", &[], &[("fractionDigits", "0")]);
}

#[test]
fn what_cannot_be_read_is_a_caution_if_it_changed() {
    let dates = |value: &str| restricted("date", &[("minInclusive", value)]);
    let found = found(&sent(&dates("2020-01-01")), &sent(&dates("2021-01-01")));
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(
        found[0].starts_with("caution: operation Orders.Place: input: `x` changed"),
        "{found:?}"
    );
    request(&dates("2020-01-01"), &dates("2020-01-01"), &[]);
    let names = |pattern: &str| restricted("string", &[("pattern", pattern)]);
    request(&names("\\i\\c*"), &names("\\i\\c*"), &[]);
    let elsewhere = |name: &str| element(&format!("type=\"t:{name}\""));
    request(&elsewhere("Far"), &elsewhere("Far"), &[]);
}

#[test]
fn attributes_text_and_nothing() {
    let with = |attribute: &str| {
        SHOP.replace(
            "<xs:attribute name=\"lang\" type=\"xs:string\"/>",
            attribute,
        )
    };
    let one = |after: &str, expected: &[&str]| {
        let lines = line(expected, "input");
        finds(
            SHOP,
            &with(after),
            &lines.iter().map(String::as_str).collect::<Vec<_>>(),
        );
    };
    one("", &["attribute `lang` is no longer taken"]);
    one(
        "<xs:attribute name=\"lang\" type=\"xs:string\" use=\"required\"/>",
        &["attribute `lang` is now required"],
    );
    one(
        "<xs:attribute name=\"lang\" type=\"xs:int\"/>",
        &[
            "attribute `lang` has the type `xs:int` now, and had `xs:string`: `lang=\"a\"` was accepted",
        ],
    );
    one(
        "<xs:attribute name=\"lang\" type=\"xs:string\"/><xs:anyAttribute/>",
        &[],
    );
    let nil = |word: &str| element(&format!("type=\"xs:string\" nillable=\"{word}\""));
    request(&nil("false"), &nil("true"), &[]);
    request(
        &nil("true"),
        &nil("false"),
        &["`x` is no longer nillable: `<x xsi:nil=\"true\"/>` was accepted"],
    );
    // A text with an attribute that may be left out is a text.
    let extended = "<xs:element name=\"x\"><xs:complexType><xs:simpleContent><xs:extension base=\"xs:string\"><xs:attribute name=\"a\"/></xs:extension></xs:simpleContent></xs:complexType></xs:element>";
    request(&element("type=\"xs:string\""), extended, &[]);
    request(
        extended,
        &element("type=\"xs:string\""),
        &["attribute `a` of `x` is no longer taken"],
    );
}

#[test]
fn choices_orders_and_derived_types() {
    let (a, b) = (
        "<xs:element name=\"a\" type=\"xs:string\"/>",
        "<xs:element name=\"b\" type=\"xs:string\"/>",
    );
    let choice = format!("<xs:choice>{a}{b}</xs:choice>");
    request(a, &choice, &[]);
    let found = breaking(&sent(&choice), &sent(a));
    assert!(
        found.iter().any(|found| found.impact == Impact::Break),
        "{found:?}"
    );
    request(
        &format!("{a}{b}"),
        &format!("{b}{a}"),
        &["`b` comes before `a` now, and came after it"],
    );
    request(
        &format!("<xs:sequence>{a}{b}</xs:sequence>"),
        &format!("{a}{b}"),
        &[],
    );
    let group = |inner: &str| {
        SHOP.replace("<xs:sequence>\n    ", "<xs:sequence><xs:group ref=\"t:G\"/>")
            .replace("<xs:simpleType name=\"Sku\">", &format!("<xs:group name=\"G\"><xs:sequence>{inner}</xs:sequence></xs:group><xs:simpleType name=\"Sku\">"))
    };
    finds(&sent(&format!("{a}{SKU}")), &group(a), &[]);
    // A type that extends another one has all that the other one has, first.
    let derived = SHOP
        .replace("<xs:element name=\"Refused\"", "<xs:complexType name=\"Base\"><xs:sequence><xs:element name=\"sku\" type=\"t:Sku\"/></xs:sequence></xs:complexType><xs:element name=\"Refused\"")
        .replace("<xs:element name=\"Place\"><xs:complexType><xs:sequence>\n    <xs:element name=\"sku\" type=\"t:Sku\"/>", "<xs:element name=\"Place\"><xs:complexType><xs:complexContent><xs:extension base=\"t:Base\"><xs:sequence>")
        .replace("</xs:sequence><xs:attribute name=\"lang\" type=\"xs:string\"/>", "</xs:sequence><xs:attribute name=\"lang\" type=\"xs:string\"/></xs:extension></xs:complexContent>");
    assert_ne!(derived, SHOP);
    finds(SHOP, &derived, &[]);
    finds(&derived, SHOP, &[]);
}

#[test]
fn every_break_of_a_schema_has_a_value_that_shows_it() {
    let contents = [
        element("type=\"xs:string\""),
        element("type=\"xs:int\" maxOccurs=\"3\""),
        element("type=\"t:Sku\" minOccurs=\"0\""),
        restricted("string", &[("pattern", "[0-9]{3}")]),
        "<xs:any minOccurs=\"0\"/>".to_owned(),
        "<xs:choice maxOccurs=\"unbounded\"><xs:element name=\"x\" type=\"xs:int\"/><xs:element name=\"y\"/></xs:choice>".to_owned(),
        String::new(),
    ];
    let mut count = 0;
    for before in &contents {
        for after in &contents {
            for (one, other) in [
                (sent(before), sent(after)),
                (received(before), received(after)),
            ] {
                for found in breaking(&one, &other) {
                    let is_schema = found.rule.starts_with("schema-")
                        || found.rule.starts_with("property-")
                        || found.rule.starts_with("object-");
                    let is_break = found.impact == Impact::Break;
                    assert!(
                        !is_schema || !is_break || found.witness.is_some(),
                        "{found:?}"
                    );
                    count += usize::from(is_schema && is_break);
                }
            }
        }
    }
    assert!(count > 20, "{count}");
}

/// Order matters only between elements that may be there both.
#[test]
fn branches_of_a_choice_have_no_order() {
    let of = |names: &[&str]| -> String {
        let each = names
            .iter()
            .map(|name| format!("<xs:element name=\"{name}\" type=\"xs:string\"/>"));
        each.collect()
    };
    let choice = |content: &str| format!("<xs:choice>{content}</xs:choice>");
    let sequence = |content: &str| format!("<xs:sequence>{content}</xs:sequence>");
    request(
        &choice(&of(&["a", "b", "c"])),
        &choice(&of(&["c", "a", "b"])),
        &[],
    );
    let nested = |one: &[&str], other: &[&str]| {
        choice(&format!("{}{}", sequence(&of(one)), sequence(&of(other))))
    };
    request(
        &nested(&["a", "b"], &["c", "d"]),
        &nested(&["c", "d"], &["a", "b"]),
        &[],
    );
    request(
        &nested(&["a", "b"], &["c", "d"]),
        &nested(&["c", "d"], &["b", "a"]),
        &["`b` comes before `a` now, and came after it"],
    );
    let free = "<xs:choice maxOccurs=\"unbounded\">";
    let optional =
        of(&["a", "b"]).replace("type=", "minOccurs=\"0\" maxOccurs=\"unbounded\" type=");
    let repeated = format!("{free}{}</xs:choice>", of(&["a", "b"]))
        .replace("<xs:choice", "<xs:choice minOccurs=\"0\"");
    request(
        &repeated,
        &sequence(&optional),
        &["`a` and `b` must be in this order now, and could be in any"],
    );
    request(&sequence(&optional), &repeated, &[]);
}
