use super::{finds, found};

pub(super) fn v2(channel: &str) -> String {
    format!(
        "asyncapi: 2.6.0\ninfo: {{title: T, version: '1'}}\nchannels:\n  orders/{{id}}: {{{channel}}}\n  other: {{}}\n"
    )
}

fn v3(messages: &str, operations: &str) -> String {
    format!(
        "asyncapi: 3.0.0\ninfo: {{title: T, version: '1'}}\nchannels:\n  orders: {{address: orders.v1, messages: {{{messages}}}}}\n\
         operations:\n  x: {{action: send, channel: {{$ref: '#/channels/other'}}}}\n{operations}"
    )
}

const MESSAGES: &str = "a: {payload: {type: object, properties: {x: {type: string}}}}, b: {}";

#[test]
fn channels_operations_and_messages_of_version_2() {
    let message = |payload: &str| format!("message: {{payload: {payload}}}");
    let both = v2("publish: {}, subscribe: {}");
    finds(
        &both,
        &both.replace("  other: {}\n", ""),
        &["channel other: channel removed"],
    );
    finds(&both, &both.replace("{id}", "{key}"), &[]);
    finds(
        &both,
        &v2("subscribe: {}"),
        &["publish orders/{id}: operation removed"],
    );
    finds(&v2("subscribe: {}"), &both, &[]);
    let one = message("{type: object, properties: {x: {type: string}}}");
    let other = message("{type: object, required: [y], properties: {y: {}}}");
    finds(
        &v2(&format!("publish: {{{one}}}")),
        &v2(&format!("publish: {{{other}}}")),
        &["publish orders/{id}: message: property `y` is new and required"],
    );
    finds(
        &v2(&format!("subscribe: {{{one}}}")),
        &v2(&format!("subscribe: {{{other}}}")),
        &["subscribe orders/{id}: message: property `x` removed"],
    );
    let several = |names: &[&str]| {
        let list: Vec<String> = names
            .iter()
            .map(|name| format!("{{name: {name}}}"))
            .collect();
        v2(&format!(
            "publish: {{message: {{oneOf: [{}]}}}}",
            list.join(", ")
        ))
    };
    finds(
        &several(&["a", "b"]),
        &several(&["b"]),
        &["publish orders/{id}: message `a` removed"],
    );
    finds(&several(&["a", "b"]), &several(&["b", "c", "a"]), &[]);
    let avro = one.replace(
        "payload",
        "schemaFormat: application/vnd.apache.avro, payload",
    );
    finds(
        &v2(&format!("subscribe: {{{one}}}")),
        &v2(&format!("subscribe: {{{avro}}}")),
        &[
            "caution: subscribe orders/{id}: message is described in `application/vnd.apache.avro` now, and was as JSON Schema",
        ],
    );
}

#[test]
fn channels_operations_and_messages_of_version_3() {
    let operation = "  y: {action: send, channel: {$ref: '#/channels/orders'}}\n";
    let base = v3(MESSAGES, operation);
    finds(
        &base,
        &v3(MESSAGES, ""),
        &["operation y: operation removed"],
    );
    finds(
        &base,
        &base.replace("y: {action: send", "y: {action: receive"),
        &["operation y: the action is `receive` now, and was `send`"],
    );
    finds(
        &base,
        &base.replace(", b: {}", ""),
        &["caution: operation y: message `b` removed"],
    );
    finds(
        &base,
        &base.replace("{x: {type: string}}", "{}"),
        &["operation y: message `a`: property `x` removed"],
    );
    finds(
        &base,
        &base.replace("orders.v1", "orders.v2"),
        &["channel orders: the address is `orders.v2` now, and was `orders.v1`"],
    );
    finds(
        &base,
        &base.replace("orders.v1", "null"),
        &["caution: channel orders: the address is no longer stated; it was `orders.v1`"],
    );
    finds(
        &base,
        &base
            .replace("orders:", "renamed:")
            .replace("channels/orders", "channels/renamed"),
        &[],
    );
}

/// Version 2, with everything that has rules.
const SHOP: &str = "\
asyncapi: 2.6.0
info: {title: T, version: '1'}
defaultContentType: application/json
servers:
  main: {url: 'kafka://{region}.example', protocol: kafka, security: [{key: []}], variables: {region: {enum: [eu, us]}}}
  other: {url: other.example, protocol: amqp}
channels:
  orders/{id}:
    servers: [main, other]
    parameters: {id: {location: $message.header#/id, schema: {type: string}}}
    bindings: {amqp: {is: queue, queue: {name: q, durable: true}}}
    subscribe:
      operationId: sent
      message:
        name: placed
        headers: {type: object, properties: {trace: {type: string}}}
        correlationId: {location: $message.header#/trace}
        bindings: {kafka: {key: {type: string, enum: [a, b]}}}
        payload: {type: object, required: [sum], properties: {sum: {type: number}}}
    publish:
      operationId: taken
      security: [{token: [read]}]
      message: {name: pay, payload: {type: object, properties: {sum: {type: number}}}}
components:
  securitySchemes:
    key: {type: userPassword}
    token: {type: oauth2, flows: {implicit: {authorizationUrl: 'https://a.example', scopes: {read: r, write: w}}}}
";

#[track_caller]
fn rule(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(SHOP.matches(old).count(), 1, "{old}");
    finds(SHOP, &SHOP.replace(old, new), expected);
}

#[test]
fn servers_and_security() {
    rule(
        "  other: {url: other.example, protocol: amqp}\n",
        "",
        &["caution: server other: server removed"],
    );
    rule(
        "enum: [eu, us]",
        "enum: [eu]",
        &["caution: server main: the address `us.example` is no longer listed"],
    );
    rule("enum: [eu, us]", "enum: [eu, us, asia]", &[]);
    rule(
        "protocol: amqp",
        "protocol: mqtt",
        &["server other: the protocol is `mqtt` now, and was `amqp`"],
    );
    rule(
        "servers: [main, other]",
        "servers: [main]",
        &["caution: channel orders/{id}: the channel is no longer on the server `other`"],
    );
    rule(
        "[{key: []}]",
        "[{token: [read]}]",
        &["server main: needs `token` (scope `read`) now: `key` is no longer enough"],
    );
    rule(
        "[{token: [read]}]",
        "[{token: [write]}]",
        &[
            "publish orders/{id}: needs `token` (scope `write`) now: `token` (scope `read`) is no longer enough",
        ],
    );
    rule(
        "https://a.example",
        "https://b.example",
        &["caution: publish orders/{id}: `token` has other addresses for the flow `implicit`"],
    );
    rule("[{token: [read]}]", "[{token: []}]", &[]);
}

#[test]
fn what_messages_are_besides_their_payload() {
    let place = "subscribe orders/{id}";
    rule(
        "defaultContentType: application/json\n",
        "defaultContentType: text/xml\n",
        &[
            "publish orders/{id}: message `pay`: the content type is `text/xml` now, and was `application/json`",
            "subscribe orders/{id}: message `placed`: the content type is `text/xml` now, and was `application/json`",
        ],
    );
    rule(
        "correlationId: {location: $message.header#/trace}",
        "correlationId: {location: $message.payload#/sum}",
        &[&format!(
            "{place}: message `placed`: the correlation id is at `$message.payload#/sum` now, and was at `$message.header#/trace`"
        )],
    );
    rule(
        "{trace: {type: string}}",
        "{}",
        &[&format!(
            "{place}: headers of message `placed`: property `trace` removed"
        )],
    );
    rule(
        "enum: [a, b]",
        "enum: [a, b, c]",
        &[&format!(
            "caution: {place}: message `placed`: binding `kafka`: key may be `c` now"
        )],
    );
    rule(
        "$message.header#/id",
        "$message.payload#/id",
        &[
            "channel orders/{id}: parameter `id` is taken from `$message.payload#/id` now, and was from `$message.header#/id`",
        ],
    );
    rule(
        "is: queue",
        "is: routingKey",
        &["channel orders/{id}: binding `amqp`: `is` is `routingKey` now, and was `queue`"],
    );
    rule(
        "durable: true",
        "durable: false",
        &[
            "caution: channel orders/{id}: binding `amqp`: `queue.durable` is `false` now, and was `true`",
        ],
    );
    rule("amqp: {is", "amqp: {bindingVersion: 0.2.0, is", &[]);
}

#[test]
fn traits_and_references_are_applied_first() {
    let headers = "headers: {type: object, properties: {trace: {type: string}}}\n";
    let with_trait = SHOP
        .replace(headers, "traits: [{$ref: '#/components/messageTraits/Traced'}]\n")
        .replace("components:\n", "components:\n  messageTraits:\n    Traced: {headers: {type: object, properties: {trace: {type: string}}}}\n");
    let referred = SHOP
        .replace("      message: {name: pay, payload: {type: object, properties: {sum: {type: number}}}}\n", "      message: {$ref: '#/components/messages/pay'}\n")
        .replace("components:\n", "components:\n  messages:\n    pay: {name: pay, payload: {$ref: '#/components/schemas/Pay'}}\n  schemas:\n    Pay: {type: object, properties: {sum: {type: number}}}\n");
    let shared = SHOP
        .replace(headers, "headers: {type: object}\n        traits: [{headers: {properties: {trace: {type: string}}}}]\n");
    let json = crate::document::digest::meaning(SHOP).unwrap().to_string();
    for after in [&with_trait, &referred, &shared, &json] {
        assert_ne!(after, SHOP);
        finds(SHOP, after, &[]);
        finds(after, SHOP, &[]);
    }
    let changed = with_trait.replace("{trace: {type: string}}}}\n", "{}}}\n");
    finds(
        &with_trait,
        &changed,
        &["subscribe orders/{id}: headers of message `placed`: property `trace` removed"],
    );
}

#[test]
fn replies_travel_the_other_way() {
    let with = |reply: &str, action: &str| {
        format!(
            "asyncapi: 3.0.0\ninfo: {{title: T, version: '1'}}\nchannels:\n  ask: {{address: ask, messages: {{q: {{}}}}}}\n  \
             say: {{address: say, messages: {{a: {{payload: {{type: object, required: [x], properties: {{x: {{}}}}}}}}}}}}\n  \
             status: {{address: status, messages: {{a: {{payload: {{type: object, required: [x], properties: {{x: {{}}}}}}}}}}}}\n\
             operations:\n  o: {{action: {action}, channel: {{$ref: '#/channels/ask'}}{reply}}}\n"
        )
    };
    let reply =
        ", reply: {address: {location: $message.header#/to}, channel: {$ref: '#/channels/say'}}";
    let base = with(reply, "receive");
    finds(&base, &base, &[]);
    finds(&base, &with("", "receive"), &["operation o: reply removed"]);
    finds(&with("", "receive"), &base, &[]);
    finds(
        &with("", "send"),
        &with(reply, "send"),
        &["operation o: the application expects a reply now"],
    );
    finds(
        &base,
        &base.replace("$message.header#/to", "$message.header#/back"),
        &[
            "operation o: the address of the reply is at `$message.header#/back` now, and was at `$message.header#/to`",
        ],
    );
    finds(
        &base,
        &base.replace("#/channels/say", "#/channels/status"),
        &["operation o: the channel of the reply is `status` now, and was `say`"],
    );
    let optional = |text: &str| text.replacen("required: [x], ", "", 1);
    finds(
        &base,
        &optional(&base),
        &["operation o: reply: message `a`: property `x` may be absent now"],
    );
    let sent = with(reply, "send");
    finds(&sent, &optional(&sent), &[]);
    finds(
        &optional(&sent),
        &sent,
        &["operation o: reply: message `a`: property `x` is now required"],
    );
}

#[test]
fn hostile_events_end() {
    let traits = "{headers: {a: {a: {a: {}}}}}, ".repeat(3000);
    let many = format!(
        "asyncapi: 2.0.0\nchannels:\n  x: {{publish: {{message: {{headers: {{a: 1}}, traits: [{traits}]}}}}}}\n"
    );
    let itself = "asyncapi: 3.0.0\nchannels: {x: {$ref: '#/channels/x'}}\noperations: {o: {$ref: '#/operations/o'}}\n";
    let odd = "asyncapi: [3]\nchannels: [1]\noperations: {o: 1, p: {action: send, channel: 1, messages: {}, reply: 1}}\nservers: {a: 1, b: {variables: 1}}\n";
    for text in [
        many.as_str(),
        itself,
        odd,
        "asyncapi: 2.6.0\nchannels: {a: 1, b: {publish: 1, subscribe: {message: {oneOf: 1}}}}\n",
    ] {
        finds(text, text, &[]);
        for other in [SHOP, itself, odd] {
            assert!(found(text, other).len() < 50);
            assert!(found(other, text).len() < 50);
        }
    }
}
