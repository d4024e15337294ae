//! Changes of XML Schema in messages, by what they change.

use std::fmt::Write as _;

use super::super::{BREAKING_RULES, BreakingRule, breaking};
use super::judged::judged;

/// The rules that the table has to show.
const RULES: [&str; 12] = [
    "discriminator",
    "element-order",
    "object-closed",
    "object-opened",
    "property-optional",
    "property-required",
    "schema-alternative",
    "schema-constraint",
    "schema-default",
    "schema-type",
    "schema-undecided",
    "schema-values",
];

/// `x:int`, `x:int?`, `x:int*` or `x:int facet=value …`.
fn element(text: &str) -> String {
    let mut words = text.split(' ');
    let (name, kind) = words.next().unwrap().split_once(':').unwrap();
    let (kind, occurs) = match kind.split_at(kind.len() - 1) {
        (kind, "?") => (kind, " minOccurs=\"0\""),
        (kind, "*") => (kind, " minOccurs=\"0\" maxOccurs=\"unbounded\""),
        _ => (kind, ""),
    };
    let mut facets = String::new();
    for (facet, value) in words.map(|word| word.split_once('=').unwrap()) {
        let _ = write!(facets, "<xs:{facet} value=\"{value}\"/>");
    }
    if facets.is_empty() {
        return format!("<xs:element name=\"{name}\" type=\"xs:{kind}\"{occurs}/>");
    }
    format!(
        "<xs:element name=\"{name}\"{occurs}><xs:simpleType><xs:restriction base=\"xs:{kind}\">{facets}</xs:restriction></xs:simpleType></xs:element>"
    )
}

/// `A x:int`, `!A x:int` if it is abstract, or `B:A x:int` if it extends another one.
fn complex_type(text: &str) -> String {
    let (name, content) = text.split_once(' ').unwrap();
    let content = format!("<xs:sequence>{}</xs:sequence>", element(content));
    let (name, is_abstract) = match name.strip_prefix('!') {
        Some(name) => (name, " abstract=\"true\""),
        None => (name, ""),
    };
    match name.split_once(':') {
        Some((name, base)) => format!(
            "<xs:complexType name=\"{name}\"><xs:complexContent><xs:extension base=\"t:{base}\">{content}</xs:extension></xs:complexContent></xs:complexType>"
        ),
        None => format!("<xs:complexType name=\"{name}\"{is_abstract}>{content}</xs:complexType>"),
    }
}

/// A text with what is between two signs written out. Within, the signs may be in pairs.
fn expanded(text: &str, signs: (char, char), each: fn(&str) -> String) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(signs.0) {
        let mut depth = 0;
        let is_end = |c: char| {
            depth += i32::from(c == signs.0) - i32::from(c == signs.1);
            depth == 0
        };
        let end = start + rest[start..].find(is_end).unwrap();
        out.push_str(&rest[..start]);
        out.push_str(&each(&rest[start + 1..end]));
        rest = &rest[end + 1..];
    }
    out + rest
}

/// What callers send, or receive after `>`; attributes after `|`, and what is global after `||`.
pub(super) fn document(cell: &str) -> String {
    let (content, global) = cell.split_once("||").unwrap_or((cell, ""));
    let (content, attributes) = content.split_once(" | ").unwrap_or((content, ""));
    let (is_received, content) = match content.trim().strip_prefix('>') {
        Some(content) => (true, content),
        None => (false, content),
    };
    let global = expanded(global, ('[', ']'), complex_type);
    let content = expanded(content, ('{', '}'), element);
    let content = format!("<xs:sequence>{content}</xs:sequence>{attributes}");
    let (sent, received) = if is_received {
        ("", content.as_str())
    } else {
        (content.as_str(), "")
    };
    format!(
        r#"<definitions targetNamespace="urn:s" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:s" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<types><xs:schema targetNamespace="urn:s" elementFormDefault="qualified">
<xs:element name="In"><xs:complexType>{sent}</xs:complexType></xs:element>
<xs:element name="Out"><xs:complexType>{received}</xs:complexType></xs:element>{global}</xs:schema></types>
<message name="I"><part name="b" element="t:In"/></message><message name="O"><part name="b" element="t:Out"/></message>
<portType name="P"><operation name="Do"><input message="t:I"/><output message="t:O"/></operation></portType></definitions>"#
    )
}

#[test]
fn changes_of_xml_schema_are_judged() {
    let is_own = |rule: &&BreakingRule| RULES.contains(&rule.id);
    let rules: Vec<BreakingRule> = BREAKING_RULES.iter().filter(is_own).copied().collect();
    assert_eq!(rules.len(), RULES.len());
    let known = judged(include_str!("wsdl_model.txt"), document, &rules);
    assert!(known.len() > 20, "{known:?}");
}

/// Readers of WSDL know elements, attributes and facets, not JSON Schema.
#[test]
fn messages_are_in_the_words_of_xml() {
    const FOREIGN: [&str; 10] = [
        "^(?:",
        "`@",
        "`$",
        "[]",
        "array",
        "null",
        "property",
        "properties",
        "minItems",
        "{\"",
    ];
    for line in include_str!("wsdl_model.txt").lines() {
        let cells: Vec<&str> = line.split('~').map(str::trim).collect();
        for found in breaking(&document(cells[1]), &document(cells[2])) {
            for word in FOREIGN {
                assert!(!found.message.contains(word), "{word}: {}", found.message);
            }
            if let Some(witness) = found.witness {
                let text = witness.as_str().unwrap();
                assert!(
                    text.starts_with("<In") || text.starts_with("<Out") || text.starts_with("<B"),
                    "{text}"
                );
                assert!(
                    crate::document::xml::elements(text.replace("xsi:", "").as_str()).is_some(),
                    "{text}"
                );
            }
        }
    }
}
