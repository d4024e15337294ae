use super::finds;

fn v2(channel: &str) -> String {
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
        &base
            .replace("orders:", "renamed:")
            .replace("channels/orders", "channels/renamed"),
        &[],
    );
}
