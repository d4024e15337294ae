use super::finds;

const PROTO: &str = "syntax = \"proto3\";
package shop.v1;
import \"x.proto\";
option (a.b) = { c: 1 };
service Orders {
  option (x) = true;
  rpc Get (GetRequest) returns (Order);
  rpc Watch(.shop.v1.GetRequest) returns (stream Order) { option (google.api.http) = { get: \"/v1/{id}\" body: \"*\" }; }
}
message GetRequest { string id = 1 [(v) = {min: 1}, deprecated = true]; }
message Order {
  reserved 9, 10 to 12;
  string id = 1;
  optional int32 count = 2;
  repeated Line lines = 3;
  map<string, Line> by_sku = 4;
  oneof payment { string card = 5; Line line = 6; }
  message Line { string sku = 1; }
  enum State { option allow_alias = true; UNKNOWN = 0; LOST = -1; }
}
";

#[track_caller]
fn rule(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(PROTO.matches(old).count(), 1, "{old}");
    finds(PROTO, &PROTO.replace(old, new), expected);
}

#[test]
fn editions_are_compared_as_other_versions_are() {
    let edition = PROTO
        .replace("syntax = \"proto3\";", "edition = \"2023\";")
        .replace("optional int32", "int32")
        .replace(
            "count = 2;",
            "count = 2 [features.field_presence = EXPLICIT];",
        )
        .replace(
            "package shop.v1;",
            "package shop.v1; option features.field_presence = IMPLICIT;",
        )
        .replace("9, 10 to 12;", "9, 10 to 12; reserved foo, bar;");
    finds(PROTO, &edition, &[]);
    let quoted = PROTO.replace("9, 10 to 12;", "9, 10 to 12; reserved \"foo\", \"bar\";");
    finds(&edition, &quoted, &[]);
    let removed = edition.replace("  string id = 1;\n", "");
    finds(
        &edition,
        &removed,
        &["message Order: field `id` (1) removed"],
    );
    let later = edition
        .replace("\"2023\"", "\"2024\"")
        .replace("message Order", "export message Order")
        .replace("count = 2 [", "count = 2 [default = 7, ")
        .replace("string sku = 1", "int64 sku = 1");
    finds(
        &edition,
        &later,
        &[
            "message Order: the field `count` has the default `7` now, and had none",
            "message Order.Line: the field `sku` has the type `int64` now, and had `string`",
        ],
    );
}

#[test]
fn features_of_editions_say_which_fields_are_required() {
    let with = |presence: &str| {
        format!(
            "edition = \"2023\"; message M {{ string a = 1 {presence}; repeated M b = 2; oneof c {{ int32 d = 3; }} }}"
        )
    };
    let plain = with("");
    finds(&plain, &with("[features.field_presence = EXPLICIT]"), &[]);
    finds(
        &plain,
        &with("[features.field_presence = IMPLICIT]"),
        &[
            "caution: message M: the field `a` no longer differs between absent and the default value",
        ],
    );
    let required = with("[features.field_presence = LEGACY_REQUIRED]");
    let block = with("[features = {field_presence: LEGACY_REQUIRED}]");
    let proto2 = "syntax = \"proto2\"; message M { required string a = 1; repeated M b = 2; oneof c { int32 d = 3; } }";
    finds(&required, &block, &[]);
    let unchecked = required.replace(
        "message M",
        "option features.utf8_validation = NONE; message M",
    );
    finds(proto2, &unchecked, &[]);
    finds(
        proto2,
        &required,
        &["caution: syntax: texts must be UTF-8 now"],
    );
    finds(
        &plain,
        &required,
        &["message M: the field `a` is required now"],
    );
    finds(
        &required,
        &plain,
        &["message M: the field `a` is no longer required"],
    );
}

#[test]
fn protocol_buffers() {
    rule(
        "  rpc Get (GetRequest) returns (Order);\n",
        "",
        &["service Orders: rpc `Get` removed"],
    );
    rule(
        "(stream Order)",
        "(Order)",
        &["service Orders: the rpc `Watch` returns `Order` now, and not `stream Order`"],
    );
    rule(
        "rpc Get (GetRequest)",
        "rpc Get (Order)",
        &["service Orders: the rpc `Get` takes `Order` now, and not `GetRequest`"],
    );
    rule("(GetRequest)", "(shop.v1.GetRequest)", &[]);
    rule(
        "service Orders",
        "service Others",
        &["service Orders: service removed"],
    );
    rule(
        "  string id = 1;\n",
        "",
        &["message Order: field `id` (1) removed"],
    );
    rule(
        "  string id = 1;\n",
        "  reserved 1;\n",
        &["message Order: field `id` (1) removed; its number is reserved, its name is not"],
    );
    rule(
        "count = 2",
        "count = 20",
        &["message Order: the field `count` has the number 20 now, and had 2"],
    );
    rule(
        "count = 2",
        "amount = 2",
        &["message Order: the field 2 is `amount` now, and was `count`"],
    );
    rule(
        "int32 count",
        "int64 count",
        &[
            "caution: message Order: the field `count` has the type `int64` now, and had `int32`: the bytes can be read, but values and JSON may differ",
        ],
    );
    rule(
        "optional int32",
        "int32",
        &[
            "caution: message Order: the field `count` no longer differs between absent and the default value",
        ],
    );
    rule(
        "optional int32",
        "repeated int32",
        &["message Order: the field `count` is repeated now"],
    );
    rule(
        "repeated Line",
        "Line",
        &["message Order: the field `lines` is no longer repeated"],
    );
    rule("map<string, Line>", "map<string,Line>", &[]);
    rule(
        "map<string, Line>",
        "map<int32, Line>",
        &[
            "message Order: the field `by_sku` has the type `map<int32, Order.Line>` now, and had `map<string, Order.Line>`",
        ],
    );
    rule(
        "string card = 5; ",
        "",
        &["message Order: field `card` (5) removed"],
    );
    rule(
        "string sku = 1;",
        "",
        &["message Order.Line: field `sku` (1) removed"],
    );
    rule(
        " LOST = -1;",
        "",
        &["enum Order.State: value `LOST` removed"],
    );
    rule(
        "LOST = -1",
        "LOST = 1",
        &["enum Order.State: the value `LOST` has the number 1 now, and had -1"],
    );
    rule(
        "package shop.v1",
        "package shop",
        &[
            "package: the package is `shop` now, and was `shop.v1`",
            "service Orders: the rpc `Watch` takes `v1.GetRequest` now, and not `GetRequest`",
        ],
    );
    rule("string id = 1;\n", "string id = 1; string more = 7;\n", &[]);
    rule("LOST = -1;", "LOST = -1; FOUND = 2;", &[]);
    rule(
        "message GetRequest {",
        "message Get {} message GetRequest {",
        &[],
    );
}

#[test]
fn protocol_buffers_of_version_2() {
    let text = |fields: &str| {
        format!(
            "syntax = 'proto2';\nmessage M {{ {fields} extensions 100 to 199; }}\nextend M {{ optional int32 e = 100; }}\n"
        )
    };
    finds(
        &text(""),
        &text("required int32 a = 1;"),
        &["message M: the field `a` is new and required"],
    );
    finds(
        &text("required int32 a = 1;"),
        &text("optional int32 a = 1;"),
        &["message M: the field `a` is no longer required"],
    );
    finds(
        &text("repeated group G = 1 { optional int32 a = 2; }"),
        &text("repeated group G = 1 { }"),
        &["message M.G: field `a` (2) removed"],
    );
    // Not well-formed.
    finds(
        &text("required int32 a = 1;"),
        "syntax = 'proto2'; message M {",
        &[],
    );
}
