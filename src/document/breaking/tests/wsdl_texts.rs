//! WSDL: what only reads otherwise, where findings are, and texts that are hostile.

use super::super::{DocumentPlace, Impact, breaking};
use super::wsdl::SHOP;
use super::{finds, found};

#[test]
fn rewritings_of_xml_are_silent() {
    let prefixes = SHOP
        .replace("t:", "shop:")
        .replace("xmlns:t=", "xmlns:shop=")
        .replace("xs:", "q:");
    let prefixes = prefixes
        .replace("xmlns:xs", "xmlns:q")
        .replace("soap:", "s:")
        .replace("xmlns:soap", "xmlns:s");
    let qualified = SHOP.replace(
        "xmlns=\"http://schemas.xmlsoap.org/wsdl/\"",
        "xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\"",
    );
    let mut qualified = qualified
        .replace("<definitions", "<w:definitions")
        .replace("</definitions", "</w:definitions");
    for name in [
        "types",
        "message",
        "part",
        "portType",
        "operation",
        "input",
        "output",
        "fault",
        "binding",
        "service",
        "port",
    ] {
        for end in [" ", ">"] {
            qualified = qualified.replace(&format!("<{name}{end}"), &format!("<w:{name}{end}"));
            qualified = qualified.replace(&format!("</{name}{end}"), &format!("</w:{name}{end}"));
        }
    }
    let blank = SHOP
        .replace("><", ">\n\n  <!-- a comment -->\n  <")
        .replace('"', "'");
    let documented = SHOP.replace(
        "<portType name=\"Orders\">",
        "<portType name=\"Orders\"><documentation>All <b>orders</b>.</documentation>",
    );
    let annotated = SHOP.replace(
        "<xs:simpleType name=\"Sku\">",
        "<xs:simpleType name=\"Sku\" id=\"x\"><xs:annotation><xs:documentation>It.</xs:documentation></xs:annotation>",
    );
    let inlined = SHOP.replace(
        "<xs:element name=\"sku\" type=\"t:Sku\"/>",
        "<xs:element name=\"sku\"><xs:simpleType><xs:restriction base=\"xs:string\"><xs:maxLength value=\"9\"/></xs:restriction></xs:simpleType></xs:element>",
    );
    let referred = SHOP
        .replace(
            "<xs:element name=\"id\" type=\"xs:string\"/>",
            "<xs:element ref=\"t:id\"/>",
        )
        .replace(
            "<xs:simpleType name=\"Sku\">",
            "<xs:element name=\"id\" type=\"xs:string\"/><xs:simpleType name=\"Sku\">",
        );
    for after in [
        prefixes, qualified, blank, documented, annotated, inlined, referred,
    ] {
        assert_ne!(after, SHOP);
        finds(SHOP, &after, &[]);
        finds(&after, SHOP, &[]);
    }
}

#[test]
fn findings_have_their_places_in_both_texts() {
    let after = SHOP
        .replace("maxLength value=\"9\"", "maxLength value=\"3\"")
        .replace("urn:place", "urn:put");
    let found = breaking(SHOP, &after);
    let at = |text: &str, place: &Option<DocumentPlace>| match place {
        Some(DocumentPlace::Text(range)) => {
            text[range.bytes(text).start..].chars().take(18).collect()
        }
        other => format!("{other:?}"),
    };
    let places: Vec<_> = found
        .iter()
        .map(|found| {
            (
                found.rule,
                at(SHOP, &found.before),
                at(&after, &found.after),
            )
        })
        .collect();
    let text = |text: &str| text.to_owned();
    let sku = text("xs:simpleType name");
    assert_eq!(
        places,
        [
            (
                "soap-action",
                text("soap:operation soa"),
                text("soap:operation soa")
            ),
            ("schema-constraint", sku.clone(), sku)
        ]
    );
    assert_eq!(found[1].direction, Some("request"));
    assert_eq!(found[1].impact, Impact::Break);
    assert!(found[1].witness.is_some());
}

#[test]
fn hostile_descriptions_end() {
    let types = |text: &str| {
        SHOP.replace(
            "<xs:element name=\"Refused\" type=\"xs:string\"/>",
            &format!("<xs:element name=\"Refused\" type=\"xs:string\"/>{text}"),
        )
        .replace(
            "<xs:element name=\"id\" type=\"xs:string\"/>",
            "<xs:element name=\"id\" type=\"t:T0\"/>",
        )
    };
    let derived: String = (0..300)
        .map(|n| format!("<xs:complexType name=\"T{n}\"><xs:complexContent><xs:extension base=\"t:T{}\"><xs:sequence><xs:element name=\"e{n}\" type=\"t:T{n}\"/></xs:sequence></xs:extension></xs:complexContent></xs:complexType>", n + 1))
        .collect();
    let itself = "<xs:complexType name=\"T0\"><xs:complexContent><xs:extension base=\"t:T0\"/></xs:complexContent></xs:complexType>";
    let groups = "<xs:complexType name=\"T0\"><xs:group ref=\"t:G\"/></xs:complexType><xs:group name=\"G\"><xs:sequence><xs:group ref=\"t:G\"/><xs:group ref=\"t:G\"/></xs:sequence></xs:group>";
    let choice =
        "<xs:choice><xs:element name=\"a\"/><xs:element name=\"b\"/></xs:choice>".repeat(30);
    let choices =
        format!("<xs:complexType name=\"T0\"><xs:sequence>{choice}</xs:sequence></xs:complexType>");
    let simple = "<xs:simpleType name=\"T0\"><xs:restriction base=\"t:T0\"><xs:pattern value=\"(a\"/></xs:restriction></xs:simpleType>";
    let attributes = "<xs:complexType name=\"T0\"><xs:attributeGroup ref=\"t:A\"/></xs:complexType><xs:attributeGroup name=\"A\"><xs:attributeGroup ref=\"t:A\"/><xs:attributeGroup ref=\"t:A\"/></xs:attributeGroup>";
    let nested = "<xs:element name=\"T0\"><xs:complexType><xs:sequence>".repeat(3000)
        + &"</xs:sequence></xs:complexType></xs:element>".repeat(3000);
    for text in [
        &*derived, itself, groups, &choices, simple, attributes, &nested,
    ] {
        let after = types(text);
        assert_eq!(found(&after, &after), [""; 0]);
        assert!(breaking(SHOP, &after).len() < 50);
        assert!(breaking(&after, SHOP).len() < 50);
    }
}
