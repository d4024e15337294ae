//! `diff-spec` for AsyncAPI and WSDL.

use serde_json::{Value, json};

use super::harness::Project;

const ORDERS: &str = "\
asyncapi: 2.6.0
info: {title: Orders, version: 1.0.0}
servers:
  main: {url: broker.example, protocol: kafka}
channels:
  orders/{id}:
    subscribe:
      message: {$ref: '#/components/messages/Placed'}
  refunds:
    publish:
      message:
        name: refund
        payload: {type: object, properties: {amount: {type: number, maximum: 100}}}
components:
  messages:
    Placed:
      contentType: application/json
      payload: {type: object, required: [id], properties: {id: {type: string}}}
";

#[test]
fn asyncapi_is_compared_by_its_rules() {
    let after = ORDERS
        .replace("protocol: kafka", "protocol: amqp")
        .replace("maximum: 100", "maximum: 50")
        .replace("  orders/{id}:\n    subscribe:\n      message: {$ref: '#/components/messages/Placed'}\n", "");
    let project = Project::empty()
        .file("old.yaml", ORDERS)
        .file("new.yaml", &after);
    let _ended = project
        .run("diff-spec old.yaml new.yaml --fail-on breaking")
        .exit(5)
        .says(&[
            "breaking: channel orders/{id}: channel removed\n    old.yaml:6:3\n",
            "breaking: server main: the protocol is `amqp` now, and was `kafka`\n    old.yaml:4:3 → new.yaml:4:3\n",
            "breaking: publish refunds: message `refund`: `amount` has maximum 50 now, and had 100: `\"amount\": 51` was accepted\n    old.yaml:13:46 → new.yaml:10:46\n",
            "\n1 channel, 1 operation removed.\n3 breaking changes.\n",
        ]);
    let data = project
        .run("diff-spec old.yaml new.yaml --format json")
        .success()
        .json();
    assert_eq!(data["kind"], "asyncapi");
    let rules: Vec<&Value> = data["breaking"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|found| &found["rule"])
        .collect();
    assert_eq!(
        rules,
        ["channel-removed", "server-protocol", "schema-constraint"]
    );
    let refund = &data["breaking"][2];
    assert_eq!(refund["direction"], "request");
    assert_eq!(refund["witness"], json!({"amount": 51}));
    assert_eq!(
        refund["before"],
        "/channels/refunds/publish/message/payload/properties/amount"
    );
}

/// The same in version 3: what clients subscribe to is what the application sends.
#[test]
fn asyncapi_2_and_3_are_compared_as_one() {
    let newer = "\
asyncapi: 3.0.0
info: {title: Orders, version: 1.0.0}
servers:
  main: {host: broker.example, protocol: kafka}
channels:
  placed:
    address: orders/{key}
    messages:
      Placed: {$ref: '#/components/messages/Placed'}
  refunds:
    address: refunds
    messages:
      refund: {payload: {type: object, properties: {amount: {type: number, maximum: 100}}}}
operations:
  sendPlaced: {action: send, channel: {$ref: '#/channels/placed'}}
  takeRefunds: {action: receive, channel: {$ref: '#/channels/refunds'}}
components:
  messages:
    Placed:
      contentType: application/json
      payload: {type: object, required: [id], properties: {id: {type: string}}}
";
    let project = Project::empty()
        .file("old.yaml", ORDERS)
        .file("new.yaml", newer)
        .file("optional.yaml", &newer.replace("required: [id], ", ""));
    project
        .run("diff-spec old.yaml new.yaml --fail-on caution")
        .success()
        .says(&["No breaking changes."]);
    project
        .run("diff-spec new.yaml old.yaml --fail-on caution")
        .success()
        .says(&["No breaking changes."]);
    let _ended = project
        .run("diff-spec old.yaml optional.yaml --fail-on breaking")
        .exit(5)
        .says(&[
            "breaking: subscribe orders/{id}: message `Placed`: property `id` may be absent now\n",
        ]);
}

const SHOP: &str = r#"<definitions targetNamespace="urn:s" xmlns="http://schemas.xmlsoap.org/wsdl/" xmlns:s="urn:s"
    xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:soap="http://schemas.xmlsoap.org/wsdl/soap/">
<types><xs:schema targetNamespace="urn:s">
  <xs:element name="Find"><xs:complexType><xs:sequence>
    <xs:element name="size" type="xs:string"/>
  </xs:sequence></xs:complexType></xs:element>
</xs:schema></types>
<message name="FindIn"><part name="body" element="s:Find"/></message>
<portType name="Shop">
  <operation name="Find"><input message="s:FindIn"/></operation>
  <operation name="List"><input message="s:FindIn"/></operation>
</portType>
<service name="Shop"><port name="Main" binding="s:Soap"><soap:address location="http://a.example"/></port></service>
</definitions>
"#;

#[test]
fn wsdl_is_compared_by_its_rules() {
    let after = SHOP
        .replace("xs:string", "xs:int")
        .replace("http://a.example", "http://b.example")
        .replace(
            "  <operation name=\"List\"><input message=\"s:FindIn\"/></operation>\n",
            "",
        );
    let project = Project::empty()
        .file("old.wsdl", SHOP)
        .file("new.wsdl", &after)
        .file(
            "other.wsdl",
            &SHOP
                .replace("s:Find", "shop:Find")
                .replace("xmlns:s=", "xmlns:shop="),
        );
    let _ended = project
        .run("diff-spec old.wsdl new.wsdl --fail-on breaking")
        .exit(5)
        .says(&[
            "breaking: operation Shop.List: operation removed\n    old.wsdl:11:4\n",
            "breaking: operation Shop.Find: input: `size` has the type `xs:int` now, and had `xs:string`: `<size>a</size>` was accepted\n    old.wsdl:5:6 → new.wsdl:5:6\n",
            "caution: port Main: the address is `http://b.example` now, and was `http://a.example`\n    old.wsdl:13:23 → new.wsdl:12:23\n",
            "\n1 operation removed.\n2 breaking changes, 1 caution.\n",
        ]);
    project
        .run("diff-spec old.wsdl other.wsdl --fail-on caution")
        .success()
        .says(&["No breaking changes."]);
    let data = project
        .run("diff-spec old.wsdl new.wsdl --format json")
        .success()
        .json();
    assert_eq!(data["kind"], "wsdl");
    assert_eq!(data["breaking"][1]["rule"], "schema-type");
    assert_eq!(
        data["breaking"][1]["witness"],
        "<Find><size>a</size></Find>"
    );
}
