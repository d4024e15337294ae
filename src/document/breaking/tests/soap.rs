//! The rules of WSDL.

use super::super::{DocumentPlace, Impact, breaking};
use super::{finds, found};

pub(super) const SHOP: &str = r#"<?xml version="1.0"?>
<definitions name="Shop" targetNamespace="urn:shop" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:t="urn:shop"
  xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/" xmlns:xs="http://www.w3.org/2001/XMLSchema">
<types><xs:schema targetNamespace="urn:shop" elementFormDefault="qualified">
  <xs:element name="Place"><xs:complexType><xs:sequence>
    <xs:element name="sku" type="t:Sku"/><xs:element name="count" type="xs:int"/>
  </xs:sequence><xs:attribute name="lang" type="xs:string"/></xs:complexType></xs:element>
  <xs:element name="Placed"><xs:complexType><xs:sequence><xs:element name="id" type="xs:string"/></xs:sequence></xs:complexType></xs:element>
  <xs:element name="Refused" type="xs:string"/>
  <xs:simpleType name="Sku"><xs:restriction base="xs:string"><xs:maxLength value="9"/></xs:restriction></xs:simpleType>
</xs:schema></types>
<message name="PlaceIn"><part name="body" element="t:Place"/></message>
<message name="PlaceOut"><part name="body" element="t:Placed"/></message>
<message name="PlaceFault"><part name="why" element="t:Refused"/></message>
<message name="NoteIn"><part name="text" type="xs:string"/><part name="urgent" type="xs:boolean"/></message>
<portType name="Orders">
  <operation name="Place"><input message="t:PlaceIn"/><output message="t:PlaceOut"/><fault name="Refused" message="t:PlaceFault"/></operation>
  <operation name="Note"><input message="t:NoteIn"/></operation>
</portType>
<binding name="OrdersSoap" type="t:Orders"><soap:binding transport="http://schemas.xmlsoap.org/soap/http"/>
  <operation name="Place"><soap:operation soapAction="urn:place"/><input><soap:body use="literal"/></input><output><soap:body use="literal"/></output></operation>
  <operation name="Note"><soap:operation soapAction="urn:note" style="rpc"/><input><soap:body use="literal" namespace="urn:n"/></input></operation>
</binding>
<service name="Shop"><port name="Main" binding="t:OrdersSoap"><soap:address location="http://a.example/shop"/></port></service>
</definitions>
"#;

#[track_caller]
pub(super) fn rule(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(SHOP.matches(old).count(), 1, "{old}");
    finds(SHOP, &SHOP.replace(old, new), expected);
}

#[test]
fn port_types_operations_and_messages() {
    finds(SHOP, SHOP, &[]);
    let note = "<operation name=\"Note\"><input message=\"t:NoteIn\"/></operation>";
    rule(note, "", &["operation Orders.Note: operation removed"]);
    let renamed = SHOP.replace("portType name=\"Orders\"", "portType name=\"Others\"");
    finds(SHOP, &renamed, &["port type Orders: port type removed"]);
    let renamed = renamed.replace("type=\"t:Orders\"", "type=\"t:Others\"");
    finds(SHOP, &renamed, &[]);
    finds(
        SHOP,
        &renamed.replace(note, ""),
        &["operation Orders.Note: operation removed"],
    );
    rule(note, &format!("{note}<operation name=\"More\"/>"), &[]);
    rule(
        "<output message=\"t:PlaceOut\"/>",
        "",
        &["operation Orders.Place: is one-way now, and was request and response"],
    );
    rule(
        "message=\"t:NoteIn\"/>",
        "message=\"t:NoteIn\"/><output message=\"t:PlaceOut\"/>",
        &["operation Orders.Note: is request and response now, and was one-way"],
    );
    let fault = "<fault name=\"Refused\" message=\"t:PlaceFault\"/>";
    rule(
        fault,
        "",
        &["caution: operation Orders.Place: fault `Refused` removed"],
    );
    finds(
        &SHOP.replace(fault, ""),
        SHOP,
        &["caution: operation Orders.Place: fault `Refused` may be returned now"],
    );
    let renamed = SHOP
        .replace("\"PlaceIn\"", "\"Other\"")
        .replace("t:PlaceIn", "t:Other");
    finds(SHOP, &renamed, &[]);
    finds(SHOP, "<html></html>", &[]);
    finds(SHOP, &SHOP.replace("</definitions>", ""), &[]);
}

#[test]
fn parts_of_messages() {
    let place = "operation Orders.Place";
    rule(
        "element=\"t:Placed\"",
        "element=\"t:Refused\"",
        &[&format!(
            "{place}: output: part `body` is the element `Refused` now, and was `Placed`"
        )],
    );
    rule(
        "<part name=\"why\" element",
        "<part name=\"reason\" element",
        &[],
    );
    let urgent = "<part name=\"urgent\" type=\"xs:boolean\"/>";
    rule(
        urgent,
        "",
        &["operation Orders.Note: input: part `urgent` removed"],
    );
    finds(
        &SHOP.replace(urgent, ""),
        SHOP,
        &["operation Orders.Note: input: part `urgent` is new and required"],
    );
    rule(
        "<part name=\"text\" type=\"xs:string\"",
        "<part name=\"text\" type=\"xs:date\"",
        &[
            "operation Orders.Note: input: part `text` has the type `xs:date` now, and had `xs:string`: `<text>a</text>` was accepted",
        ],
    );
    rule(
        urgent,
        "<part name=\"urgent\" element=\"t:Refused\"/>",
        &["operation Orders.Note: input: part `urgent` is an element now, and had a type"],
    );
}

/// Parts are written in the order of the message, unless they are headers or in a URL.
#[test]
fn parts_in_another_order_break_soap() {
    let parts =
        "<part name=\"text\" type=\"xs:string\"/><part name=\"urgent\" type=\"xs:boolean\"/>";
    let turned =
        "<part name=\"urgent\" type=\"xs:boolean\"/><part name=\"text\" type=\"xs:string\"/>";
    let words = "operation Orders.Note: input: part `urgent` comes before part `text` now, and came after it";
    rule(parts, turned, &[words]);
    let header = "<soap:header message=\"t:NoteIn\" part=\"urgent\" use=\"literal\"/></input></operation>\n</binding>";
    let with_header = SHOP.replace("</input></operation>\n</binding>", header);
    assert_ne!(with_header, SHOP);
    finds(&with_header, &with_header.replace(parts, turned), &[]);
    let in_url = SHOP.replace("wsdl/soap/", "wsdl/http/");
    finds(&in_url, &in_url.replace(parts, turned), &[]);
    let start = SHOP.find("<binding name").unwrap();
    let unbound = format!("{}</definitions>", &SHOP[..start]);
    finds(
        &unbound,
        &unbound.replace(parts, turned),
        &[&format!("caution: {words}")],
    );
}

#[test]
fn headers_and_what_they_contain() {
    let body = "<input><soap:body use=\"literal\"/></input>";
    let with = |header: &str| {
        let header = format!("<input><soap:body use=\"literal\"/>{header}</input>");
        SHOP.replace(body, &header)
    };
    let place = "binding OrdersSoap: operation `Place`:";
    let own = "<soap:header message=\"t:PlaceFault\" part=\"why\" use=\"literal\"/>";
    let required = own.replace(
        "use=",
        "xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\" w:required=\"true\" use=",
    );
    finds(&with(own), &with(own), &[]);
    finds(
        SHOP,
        &with(own),
        &[&format!("caution: {place} input: header `Refused` is new")],
    );
    finds(
        &with(own),
        SHOP,
        &[&format!("caution: {place} input: header `Refused` removed")],
    );
    finds(
        SHOP,
        &with(&required),
        &[&format!(
            "{place} input: header `Refused` is new and required"
        )],
    );
    finds(
        &with(own),
        &with(&required),
        &[&format!("{place} input: header `Refused` is now required")],
    );
    let renamed = with(own).replace("PlaceFault", "Why");
    finds(&with(own), &renamed, &[]);
    let narrowed = with(own).replace(
        "name=\"Refused\" type=\"xs:string\"",
        "name=\"Refused\" type=\"xs:int\"",
    );
    finds(
        &with(own),
        &narrowed,
        &[&format!(
            "{place} header `Refused` of the input: `Refused` has the type `xs:int` now, and had `xs:string`: `<Refused>a</Refused>` was accepted"
        )],
    );
}

#[test]
fn services_ports_and_bindings() {
    rule(
        "http://a.example/shop",
        "http://b.example/shop",
        &[
            "caution: port Main: the address is `http://b.example/shop` now, and was `http://a.example/shop`",
        ],
    );
    rule("port name=\"Main\"", "port name=\"Other\"", &[]);
    let both = SHOP
        .replace("port name=\"Main\"", "port name=\"Other\"")
        .replace("OrdersSoap", "OtherSoap");
    finds(SHOP, &both, &[]);
    finds(
        SHOP,
        &both.replace("urn:note", "urn:remark"),
        &["service Shop: port `Main` removed"],
    );
    rule(
        "<port name=\"Main\" binding=\"t:OrdersSoap\"><soap:address location=\"http://a.example/shop\"/></port>",
        "",
        &["service Shop: port `Main` removed"],
    );
    rule(
        "soapAction=\"urn:place\"",
        "soapAction=\"urn:put\"",
        &[
            "binding OrdersSoap: operation `Place`: soapAction is `urn:put` now, and was `urn:place`",
        ],
    );
    rule("soap/http\"/>", "soap/http\" style=\"document\"/>", &[]);
    rule(
        "soap/http\"/>",
        "soap/jms\"/>",
        &[
            "binding OrdersSoap: transport is `http://schemas.xmlsoap.org/soap/jms` now, and was `http://schemas.xmlsoap.org/soap/http`",
        ],
    );
    rule(
        "soap/http\"/>",
        "soap/http\" style=\"rpc\"/>",
        &["binding OrdersSoap: style is `rpc` now, and was `document`"],
    );
    rule(
        " style=\"rpc\"/>",
        "/>",
        &["binding OrdersSoap: operation `Note`: style is `document` now, and was `rpc`"],
    );
    rule(
        "use=\"literal\" namespace=\"urn:n\"",
        "use=\"encoded\" namespace=\"urn:n\"",
        &["binding OrdersSoap: operation `Note`: input: use is `encoded` now, and was `literal`"],
    );
    rule(
        "<output><soap:body use=\"literal\"/></output>",
        "<output><soap:body/></output>",
        &[],
    );
    let newer = SHOP.replace("wsdl/soap/", "wsdl/soap12/");
    finds(
        SHOP,
        &newer,
        &["binding OrdersSoap: protocol is `SOAP 1.2` now, and was `SOAP 1.1`"],
    );
    rule(
        "<input><soap:body use=\"literal\"/></input>",
        "<input><soap:body use=\"literal\"/><soap:header message=\"t:NoteIn\" part=\"text\" use=\"literal\"/></input>",
        &["caution: binding OrdersSoap: operation `Place`: input: header `text` is new"],
    );
}

#[test]
fn namespaces_are_reported_once() {
    let moved = SHOP.replace("\"urn:shop\"", "\"urn:store\"");
    finds(
        SHOP,
        &moved,
        &["service: the namespace is `urn:store` now, and was `urn:shop`"],
    );
    let unqualified = SHOP.replace(" elementFormDefault=\"qualified\"", "");
    finds(
        SHOP,
        &unqualified,
        &[
            "operation Orders.Place: input: `sku` is in no namespace now, and was in the namespace `urn:shop`",
        ],
    );
}

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
