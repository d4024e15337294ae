//! WSDL 2.0, by the rules of 1.1.

use super::finds;

#[test]
fn interfaces_of_version_2_have_the_same_rules() {
    let newer = r##"<description xmlns="http://www.w3.org/ns/wsdl" xmlns:t="urn:n" targetNamespace="urn:n"
        xmlns:wsoap="http://www.w3.org/ns/wsdl/soap" xmlns:xs="http://www.w3.org/2001/XMLSchema">
      <types><xs:schema targetNamespace="urn:n"><xs:element name="q" type="xs:int"/><xs:element name="a" type="xs:int"/></xs:schema></types>
      <interface name="Base"><fault name="F" element="t:a"/><operation name="Get"><input element="t:q"/><output element="t:a"/><outfault ref="t:F"/></operation></interface>
      <interface name="Orders" extends="t:Base"><operation name="Note"><input element="t:q"/></operation></interface>
      <binding name="B" interface="t:Orders" wsoap:protocol="urn:http"><operation ref="t:Get" wsoap:action="urn:get"/></binding>
      <service name="S" interface="t:Orders"><endpoint name="E" binding="t:B" address="http://a"/></service></description>"##;
    finds(newer, newer, &[]);
    let change =
        |old: &str, new: &str, expected: &[&str]| finds(newer, &newer.replace(old, new), expected);
    change(
        "<output element=\"t:a\"/>",
        "",
        &[
            "operation Base.Get: is one-way now, and was request and response",
            "operation Orders.Get: is one-way now, and was request and response",
        ],
    );
    change(
        "address=\"http://a\"",
        "address=\"http://b\"",
        &["caution: port E: the address is `http://b` now, and was `http://a`"],
    );
    change(
        "urn:get",
        "urn:other",
        &["binding B: operation `Get`: action is `urn:other` now, and was `urn:get`"],
    );
    change(
        "urn:http",
        "urn:smtp",
        &["binding B: protocol is `urn:smtp` now, and was `urn:http`"],
    );
    change(
        "name=\"q\" type=\"xs:int\"",
        "name=\"q\" type=\"xs:byte\"",
        &[
            "operation Base.Get: input: `q` has the type `xs:byte` now, and had `xs:int`: `<q>-129</q>` was accepted (and in 2 more operations)",
        ],
    );
}

/// The pattern says what is sent in which order.
#[test]
fn patterns_of_version_2() {
    let with = |pattern: &str, content: &str| {
        format!(
            r##"<description xmlns="http://www.w3.org/ns/wsdl" targetNamespace="urn:n"><interface name="I">
            <operation name="Get" pattern="http://www.w3.org/ns/wsdl/{pattern}">{content}</operation></interface></description>"##
        )
    };
    let both = "<input element=\"#none\"/><output element=\"#none\"/>";
    let turned = "<output element=\"#none\"/><input element=\"#none\"/>";
    finds(&with("in-out", both), &with("in-out", turned), &[]);
    for (was, now, expected) in [
        (
            "in-out",
            "in-opt-out",
            "operation I.Get: is a request with a response that may be left out now, and was request and response",
        ),
        ("in-opt-out", "in-out", ""),
        (
            "in-out",
            "in-only",
            "operation I.Get: is one-way now, and was request and response",
        ),
        (
            "in-only",
            "robust-in-only",
            "caution: operation I.Get: is one-way with faults now, and was one-way",
        ),
        ("out-in", "out-opt-in", ""),
        (
            "out-opt-in",
            "out-in",
            "operation I.Get: is a request to callers now, and was a request to callers that they may leave unanswered",
        ),
    ] {
        let expected: Vec<&str> = Some(expected)
            .filter(|text| !text.is_empty())
            .into_iter()
            .collect();
        finds(&with(was, both), &with(now, both), &expected);
    }
}
