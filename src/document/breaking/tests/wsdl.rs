//! The rules of WSDL.

use super::finds;

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
