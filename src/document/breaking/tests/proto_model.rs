//! Every field of the descriptors of protocol buffers is judged when it is added, removed and changed, or left out for a
//! reason.

use std::collections::{BTreeMap, BTreeSet};

use prost_types as d;

use super::super::proto::RULES;
use super::super::{Breaking, DocumentPlace, Impact, breaking};
use super::finds;

/// A field of a descriptor, what happened to it, both files behind a syntax, and what has to be found: a rule, with `?`
/// if it is a caution, or nothing. `2:` is proto2, `E:` an edition, and anything else proto3.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    (
        "File.package",
        "added",
        "message A {}",
        "package p; message A {}",
        "proto-package",
    ),
    (
        "File.package",
        "removed",
        "package p; message A {}",
        "message A {}",
        "proto-package",
    ),
    (
        "File.package",
        "changed",
        "package p; message A {}",
        "package q; message A {}",
        "proto-package",
    ),
    ("File.message_type", "added", "", "message A {}", ""),
    (
        "File.message_type",
        "removed",
        "message A { message B {} }",
        "",
        "proto-message-removed",
    ),
    (
        "File.message_type",
        "changed",
        "message A {}",
        "message B {}",
        "proto-message-removed",
    ),
    ("File.enum_type", "added", "", "enum E { A = 0; }", ""),
    (
        "File.enum_type",
        "removed",
        "enum E { A = 0; }",
        "",
        "proto-enum-removed",
    ),
    (
        "File.enum_type",
        "changed",
        "enum E { A = 0; }",
        "enum F { A = 0; }",
        "proto-enum-removed",
    ),
    ("File.service", "added", "", "service S {}", ""),
    (
        "File.service",
        "removed",
        "service S {}",
        "",
        "proto-service-removed",
    ),
    (
        "File.service",
        "changed",
        "service S {}",
        "service T {}",
        "proto-service-removed",
    ),
    (
        "File.extension",
        "added",
        "2: message A { extensions 1 to 9; }",
        "2: message A { extensions 1 to 9; } extend A { optional int32 e = 1; }",
        "",
    ),
    (
        "File.extension",
        "removed",
        "2: message A { extensions 1 to 9; } extend A { optional int32 e = 1; }",
        "2: message A { extensions 1 to 9; }",
        "proto-extension-removed",
    ),
    (
        "File.extension",
        "changed",
        "2: message A { extensions 1 to 9; } extend A { optional int32 e = 1; }",
        "2: message A { extensions 1 to 9; } extend A { optional string e = 1; }",
        "proto-field-type",
    ),
    (
        "File.syntax",
        "added",
        "2: message A { optional int32 a = 1; }",
        "message A { optional int32 a = 1; }",
        "proto-syntax?",
    ),
    (
        "File.syntax",
        "removed",
        "message A { optional int32 a = 1; }",
        "2: message A { optional int32 a = 1; }",
        "proto-syntax?",
    ),
    (
        "File.syntax",
        "changed",
        "message A { optional int32 a = 1; }",
        "E: message A { int32 a = 1; }",
        "",
    ),
    (
        "File.syntax",
        "changed",
        "E: message A { int32 a = 1; }",
        "E: record A { int32 a = 1; }",
        "proto-undecided?",
    ),
    (
        "Message.field",
        "added",
        "message A {}",
        "message A { int32 a = 1; }",
        "",
    ),
    (
        "Message.field",
        "added",
        "2: message A {}",
        "2: message A { required int32 a = 1; }",
        "proto-field-required",
    ),
    (
        "Message.field",
        "removed",
        "message A { int32 a = 1; }",
        "message A { reserved 2; }",
        "proto-field-removed",
    ),
    (
        "Message.field",
        "removed",
        "message A { int32 a = 1; }",
        "message A { reserved 1; reserved \"a\"; }",
        "proto-field-removed?",
    ),
    (
        "Message.field",
        "removed",
        "2: message A { required int32 a = 1; }",
        "2: message A { reserved 1; }",
        "proto-field-removed",
    ),
    (
        "Message.field",
        "changed",
        "message A { int32 a = 1; }",
        "message A { int32 a = 2; reserved 1; }",
        "proto-field-number",
    ),
    (
        "Message.nested_type",
        "added",
        "message A {}",
        "message A { message B {} }",
        "",
    ),
    (
        "Message.nested_type",
        "removed",
        "message A { message B {} }",
        "message A {}",
        "proto-message-removed",
    ),
    (
        "Message.nested_type",
        "changed",
        "message A { message B {} }",
        "message A {} message B {}",
        "proto-message-removed",
    ),
    (
        "Message.enum_type",
        "added",
        "message A {}",
        "message A { enum E { B = 0; } }",
        "",
    ),
    (
        "Message.enum_type",
        "removed",
        "message A { enum E { B = 0; } }",
        "message A {}",
        "proto-enum-removed",
    ),
    (
        "Message.enum_type",
        "changed",
        "message A { enum E { B = 0; } }",
        "message A { enum F { B = 0; } }",
        "proto-enum-removed",
    ),
    (
        "Message.extension",
        "added",
        "2: message A { extensions 1; }",
        "2: message A { extensions 1; extend A { optional A e = 1; } }",
        "",
    ),
    (
        "Message.extension",
        "removed",
        "2: message A { extensions 1; extend A { optional A e = 1; } }",
        "2: message A { extensions 1; }",
        "proto-extension-removed",
    ),
    (
        "Message.extension",
        "changed",
        "2: message A { extensions 1; extend A { optional A e = 1; } }",
        "2: message A { extensions 1; } extend A { optional A e = 1; }",
        "proto-field-json-name",
    ),
    (
        "Message.extension_range",
        "added",
        "2: message A {}",
        "2: message A { extensions 5; }",
        "",
    ),
    (
        "Message.extension_range",
        "removed",
        "2: message A { extensions 5; }",
        "2: message A {}",
        "proto-extension-range",
    ),
    (
        "Message.extension_range",
        "changed",
        "2: message A { extensions 5 to 9; }",
        "2: message A { extensions 5, 7 to max; }",
        "proto-extension-range",
    ),
    (
        "Message.oneof_decl",
        "added",
        "message A { int32 a = 1; int32 b = 2; }",
        "message A { oneof o { int32 a = 1; int32 b = 2; } }",
        "proto-field-oneof proto-field-presence?",
    ),
    (
        "Message.oneof_decl",
        "added",
        "message A { optional int32 a = 1; }",
        "message A { oneof o { int32 a = 1; int32 b = 2; } }",
        "proto-field-oneof?",
    ),
    (
        "Message.oneof_decl",
        "removed",
        "message A { oneof o { A a = 1; A b = 2; } }",
        "message A { A a = 1; A b = 2; }",
        "proto-field-oneof",
    ),
    (
        "Message.oneof_decl",
        "changed",
        "message A { oneof o { A a = 1; A b = 2; } }",
        "message A { oneof p { A b = 2; A a = 1; A c = 3; } }",
        "proto-oneof-renamed?",
    ),
    (
        "Message.reserved_range",
        "added",
        "message A {}",
        "message A { reserved 1 to 5; }",
        "",
    ),
    (
        "Message.reserved_range",
        "removed",
        "message A { reserved 1; }",
        "message A {}",
        "proto-reserved-removed",
    ),
    (
        "Message.reserved_range",
        "changed",
        "message A { reserved 1 to 5; }",
        "message A { reserved 1 to 3, 4, 5 to max; }",
        "",
    ),
    (
        "Message.reserved_name",
        "added",
        "message A {}",
        "message A { reserved \"a\"; }",
        "",
    ),
    (
        "Message.reserved_name",
        "removed",
        "message A { reserved \"a\"; }",
        "message A {}",
        "proto-reserved-removed",
    ),
    (
        "Message.reserved_name",
        "changed",
        "message A { reserved \"a\"; }",
        "message A { reserved \"b\"; }",
        "proto-reserved-removed",
    ),
    (
        "Field.label",
        "added",
        "message A { int32 a = 1; }",
        "message A { repeated int32 a = 1; }",
        "proto-field-cardinality",
    ),
    (
        "Field.label",
        "removed",
        "2: message A { required int32 a = 1; }",
        "2: message A { optional int32 a = 1; }",
        "proto-field-required",
    ),
    (
        "Field.label",
        "changed",
        "2: message A { optional int32 a = 1; }",
        "2: message A { required int32 a = 1; }",
        "proto-field-required",
    ),
    (
        "Field.type",
        "added",
        "message A { A a = 1; }",
        "message A { int32 a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type",
        "removed",
        "message A { bool a = 1; }",
        "message A { A a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type",
        "changed",
        "message A { sint32 a = 1; }",
        "message A { int32 a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type",
        "changed",
        "message A { fixed64 a = 1; }",
        "message A { sfixed64 a = 1; }",
        "proto-field-type?",
    ),
    (
        "Field.type",
        "changed",
        "message A { string a = 1; }",
        "message A { bytes a = 1; }",
        "proto-field-type?",
    ),
    (
        "Field.type",
        "changed",
        "message A { bytes a = 1; }",
        "message A { string a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type_name",
        "added",
        "message A { int32 a = 1; } enum E { X = 0; }",
        "message A { E a = 1; } enum E { X = 0; }",
        "proto-field-type",
    ),
    (
        "Field.type_name",
        "removed",
        "message A { E a = 1; } enum E { X = 0; }",
        "message A { string a = 1; } enum E { X = 0; }",
        "proto-field-type",
    ),
    (
        "Field.type_name",
        "changed",
        "message A { A a = 1; } message B {}",
        "message A { B a = 1; } message B {}",
        "proto-field-type",
    ),
    (
        "Field.type_name",
        "changed",
        "message A { E a = 1; } enum E { X = 0; } enum F { X = 0; Y = 1; }",
        "message A { F a = 1; } enum E { X = 0; } enum F { X = 0; Y = 1; }",
        "proto-field-type?",
    ),
    (
        "Field.type_name",
        "changed",
        "message A { map<string, int32> a = 1; }",
        "message A { map<string, sint32> a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.default_value",
        "added",
        "2: message A { optional int32 a = 1; }",
        "2: message A { optional int32 a = 1 [default = 0]; }",
        "",
    ),
    (
        "Field.default_value",
        "added",
        "2: message A { optional int32 a = 1; }",
        "2: message A { optional int32 a = 1 [default = 1]; }",
        "proto-field-default",
    ),
    (
        "Field.default_value",
        "removed",
        "E: message A { string a = 1 [default = \"x\"]; }",
        "E: message A { string a = 1; }",
        "proto-field-default",
    ),
    (
        "Field.default_value",
        "changed",
        "2: message A { optional float a = 1 [default = 1]; }",
        "2: message A { optional float a = 1 [default = 1.5]; }",
        "proto-field-default",
    ),
    (
        "Field.oneof_index",
        "added",
        "message A { oneof o { A a = 1; } A b = 2; }",
        "message A { oneof o { A a = 1; A b = 2; } }",
        "proto-field-oneof",
    ),
    (
        "Field.oneof_index",
        "removed",
        "message A { oneof o { A a = 1; A b = 2; } }",
        "message A { oneof o { A a = 1; } A b = 2; }",
        "proto-field-oneof",
    ),
    (
        "Field.oneof_index",
        "changed",
        "message A { oneof o { A a = 1; A b = 2; } oneof p { A c = 3; } }",
        "message A { oneof o { A a = 1; } oneof p { A c = 3; A b = 2; } }",
        "proto-field-oneof",
    ),
    (
        "Field.json_name",
        "added",
        "message A { int32 a_b = 1; }",
        "message A { int32 a_b = 1 [json_name = \"aB\"]; }",
        "",
    ),
    (
        "Field.json_name",
        "removed",
        "message A { int32 a = 1 [json_name = \"x\"]; }",
        "message A { int32 a = 1; }",
        "proto-field-json-name",
    ),
    (
        "Field.json_name",
        "changed",
        "message A { int32 a = 1 [json_name = \"x\"]; }",
        "message A { int32 a = 1 [json_name = \"y\"]; }",
        "proto-field-json-name",
    ),
    (
        "Field.name",
        "added",
        "message A { int32 a = 1; }",
        "message A { int32 b = 1; }",
        "proto-field-name",
    ),
    (
        "Field.name",
        "removed",
        "message A { int32 a = 1; }",
        "message A { int32 b = 1; reserved \"a\"; }",
        "proto-field-name",
    ),
    (
        "Field.name",
        "changed",
        "message A { int32 a = 1; }",
        "message A { int32 b = 1 [json_name = \"a\"]; }",
        "proto-field-name?",
    ),
    (
        "Field.proto3_optional",
        "added",
        "message A { int32 a = 1; }",
        "message A { optional int32 a = 1; }",
        "proto-field-presence?",
    ),
    (
        "Field.proto3_optional",
        "removed",
        "message A { optional int32 a = 1; }",
        "message A { int32 a = 1; }",
        "proto-field-presence?",
    ),
    (
        "Field.proto3_optional",
        "changed",
        "message A { optional A a = 1; }",
        "message A { A a = 1; }",
        "",
    ),
    (
        "Enum.value",
        "added",
        "enum E { A = 0; }",
        "enum E { A = 0; B = 1; }",
        "",
    ),
    (
        "Enum.value",
        "removed",
        "enum E { A = 0; B = 1; }",
        "enum E { A = 0; }",
        "proto-value-removed",
    ),
    (
        "Enum.value",
        "removed",
        "enum E { A = 0; B = 1; }",
        "enum E { A = 0; reserved 1; }",
        "proto-value-removed",
    ),
    (
        "Field.type",
        "changed",
        "message A { int32 a = 1; }",
        "message A { int64 a = 1; }",
        "proto-field-type?",
    ),
    (
        "Field.type",
        "changed",
        "message A { sint32 a = 1; }",
        "message A { sint64 a = 1; }",
        "proto-field-type?",
    ),
    (
        "Field.type",
        "changed",
        "message A { int32 a = 1; }",
        "message A { bool a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type",
        "changed",
        "message A { fixed32 a = 1; }",
        "message A { fixed64 a = 1; }",
        "proto-field-type",
    ),
    (
        "Field.type_name",
        "removed",
        "message A { E a = 1; } enum E { X = 0; }",
        "message A { int32 a = 1; } enum E { X = 0; }",
        "proto-field-type",
    ),
    (
        "Message.field",
        "removed",
        "message A { int32 a = 1; }",
        "message A { reserved 1; }",
        "proto-field-removed",
    ),
    (
        "Message.field",
        "removed",
        "message A { int32 a = 1; }",
        "message A { reserved \"a\"; }",
        "proto-field-removed",
    ),
    (
        "Enum.value",
        "removed",
        "enum E { A = 0; B = 1; }",
        "enum E { A = 0; reserved \"B\"; }",
        "proto-value-removed",
    ),
    (
        "Enum.value",
        "removed",
        "enum E { A = 0; B = 1; }",
        "enum E { A = 0; reserved 1; reserved \"B\"; }",
        "proto-value-removed?",
    ),
    (
        "Enum.value",
        "changed",
        "2: enum E { A = 1; B = 2; }",
        "2: enum E { B = 2; A = 1; }",
        "proto-enum-default",
    ),
    (
        "Enum.reserved_range",
        "added",
        "enum E { A = 0; }",
        "enum E { reserved 2 to max; A = 0; }",
        "",
    ),
    (
        "Enum.reserved_range",
        "removed",
        "enum E { reserved 2; A = 0; }",
        "enum E { A = 0; }",
        "proto-reserved-removed",
    ),
    (
        "Enum.reserved_range",
        "changed",
        "enum E { reserved 2 to 4; A = 0; }",
        "enum E { reserved 2, 4; A = 0; }",
        "proto-reserved-removed",
    ),
    (
        "Enum.reserved_name",
        "added",
        "enum E { A = 0; }",
        "enum E { reserved \"B\"; A = 0; }",
        "",
    ),
    (
        "Enum.reserved_name",
        "removed",
        "enum E { reserved \"B\"; A = 0; }",
        "enum E { A = 0; }",
        "proto-reserved-removed",
    ),
    (
        "Enum.reserved_name",
        "changed",
        "enum E { reserved \"B\"; A = 0; }",
        "enum E { reserved \"C\"; A = 0; }",
        "proto-reserved-removed",
    ),
    (
        "EnumValue.number",
        "added",
        "enum E { option allow_alias = true; A = 0; }",
        "enum E { option allow_alias = true; A = 0; B = 0; }",
        "",
    ),
    (
        "EnumValue.number",
        "removed",
        "enum E { option allow_alias = true; A = 0; B = 0; }",
        "enum E { A = 0; }",
        "proto-value-name",
    ),
    (
        "EnumValue.number",
        "changed",
        "enum E { A = 0; B = 1; }",
        "enum E { A = 0; B = 2; }",
        "proto-value-number",
    ),
    (
        "EnumValue.name",
        "added",
        "enum E { A = 0; }",
        "enum E { A = 0; B = 7; }",
        "",
    ),
    (
        "EnumValue.name",
        "removed",
        "enum E { A = 0; B = 7; }",
        "enum E { A = 0; C = 7; }",
        "proto-value-name",
    ),
    (
        "EnumValue.name",
        "changed",
        "enum E { A = 0; }",
        "enum E { B = 0; }",
        "proto-value-name",
    ),
    (
        "Service.method",
        "added",
        "service S {} message A {}",
        "service S { rpc R(A) returns (A); } message A {}",
        "",
    ),
    (
        "Service.method",
        "removed",
        "service S { rpc R(A) returns (A); } message A {}",
        "service S {} message A {}",
        "proto-rpc-removed",
    ),
    (
        "Service.method",
        "changed",
        "service S { rpc R(A) returns (A); } message A {}",
        "service S { rpc T(A) returns (A); } message A {}",
        "proto-rpc-removed",
    ),
    (
        "Method.input_type",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(.A) returns (A); }",
        "",
    ),
    (
        "Method.input_type",
        "removed",
        "service S { rpc R(a.A) returns (A); }",
        "service S { rpc R(.a.A) returns (A); }",
        "",
    ),
    (
        "Method.input_type",
        "changed",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(B) returns (A); }",
        "proto-rpc-type",
    ),
    (
        "Method.output_type",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(A) returns (.A); }",
        "",
    ),
    (
        "Method.output_type",
        "removed",
        "service S { rpc R(A) returns (.A); }",
        "service S { rpc R(A) returns (A); }",
        "",
    ),
    (
        "Method.output_type",
        "changed",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(A) returns (B); }",
        "proto-rpc-type",
    ),
    (
        "Method.client_streaming",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(stream A) returns (A); }",
        "proto-rpc-streaming",
    ),
    (
        "Method.client_streaming",
        "removed",
        "service S { rpc R(stream A) returns (A); }",
        "service S { rpc R(A) returns (A); }",
        "proto-rpc-streaming",
    ),
    (
        "Method.client_streaming",
        "changed",
        "service S { rpc R(stream A) returns (A); }",
        "service S { rpc R(A) returns (stream A); }",
        "proto-rpc-streaming",
    ),
    (
        "Method.server_streaming",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(A) returns (stream A); }",
        "proto-rpc-streaming",
    ),
    (
        "Method.server_streaming",
        "removed",
        "service S { rpc R(A) returns (stream A); }",
        "service S { rpc R(A) returns (A); }",
        "proto-rpc-streaming",
    ),
    (
        "Method.server_streaming",
        "changed",
        "service S { rpc R(A) returns (stream A); }",
        "service S { rpc R(A) returns (stream B); }",
        "proto-rpc-type",
    ),
    (
        "MethodOptions.idempotency_level",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
        "",
    ),
    (
        "MethodOptions.idempotency_level",
        "removed",
        "service S { rpc R(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
        "service S { rpc R(A) returns (A); }",
        "proto-idempotency?",
    ),
    (
        "MethodOptions.idempotency_level",
        "changed",
        "service S { rpc R(A) returns (A) { option idempotency_level = NO_SIDE_EFFECTS; } }",
        "service S { rpc R(A) returns (A) { option idempotency_level = IDEMPOTENT; } }",
        "proto-idempotency?",
    ),
    (
        "MethodOptions.http",
        "added",
        "service S { rpc R(A) returns (A); }",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { get: \"/a\" }; } }",
        "",
    ),
    (
        "MethodOptions.http",
        "removed",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { get: \"/a\" }; } }",
        "service S { rpc R(A) returns (A); }",
        "proto-http",
    ),
    (
        "MethodOptions.http",
        "changed",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { get: \"/a\" }; } }",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { post: \"/b\" body: \"*\" additional_bindings { get: \"/a\" } }; } }",
        "",
    ),
    (
        "MethodOptions.http",
        "changed",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { put: \"/a/{id}\" body: \"*\" }; } }",
        "service S { rpc R(A) returns (A) { option (google.api.http).put = \"/a/{name=*}\"; option (google.api.http).body = \"*\"; } }",
        "",
    ),
    (
        "MethodOptions.http",
        "changed",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { put: \"/a\" body: \"*\" }; } }",
        "service S { rpc R(A) returns (A) { option (google.api.http) = { put: \"/a\" body: \"b\" response_body: \"c\" }; } }",
        "proto-http",
    ),
    (
        "MessageOptions.message_set_wire_format",
        "added",
        "2: message A {}",
        "2: message A { option message_set_wire_format = true; extensions 4 to max; }",
        "proto-message-encoding",
    ),
    (
        "MessageOptions.message_set_wire_format",
        "removed",
        "2: message A { option message_set_wire_format = true; }",
        "2: message A {}",
        "proto-message-encoding",
    ),
    (
        "MessageOptions.message_set_wire_format",
        "changed",
        "2: message A { option message_set_wire_format = true; }",
        "2: message A { option message_set_wire_format = false; }",
        "proto-message-encoding",
    ),
    (
        "FieldOptions.jstype",
        "added",
        "message A { int64 a = 1; }",
        "message A { int64 a = 1 [jstype = JS_STRING]; }",
        "proto-generated-code?",
    ),
    (
        "FieldOptions.jstype",
        "removed",
        "message A { int64 a = 1 [jstype = JS_NUMBER]; }",
        "message A { int64 a = 1; }",
        "proto-generated-code?",
    ),
    (
        "FieldOptions.jstype",
        "changed",
        "message A { int64 a = 1 [jstype = JS_NUMBER]; }",
        "message A { int64 a = 1 [jstype = JS_STRING]; }",
        "proto-generated-code?",
    ),
    (
        "FieldOptions.ctype",
        "added",
        "message A { string a = 1; }",
        "message A { string a = 1 [ctype = CORD]; }",
        "proto-generated-code?",
    ),
    (
        "FieldOptions.ctype",
        "removed",
        "message A { string a = 1 [ctype = CORD]; }",
        "message A { string a = 1; }",
        "proto-generated-code?",
    ),
    (
        "FieldOptions.ctype",
        "changed",
        "message A { string a = 1 [ctype = STRING]; }",
        "message A { string a = 1; }",
        "",
    ),
    (
        "FileOptions.go_package",
        "added",
        "",
        "option go_package = \"a\";",
        "proto-generated-code?",
    ),
    (
        "FileOptions.go_package",
        "removed",
        "option go_package = \"a\";",
        "",
        "proto-generated-code?",
    ),
    (
        "FileOptions.go_package",
        "changed",
        "option go_package = \"a\";",
        "option go_package = \"b\";",
        "proto-generated-code?",
    ),
    (
        "FileOptions.java_package",
        "added",
        "package p;",
        "package p; option java_package = \"p\";",
        "",
    ),
    (
        "FileOptions.java_package",
        "removed",
        "option java_package = \"p\";",
        "",
        "proto-generated-code?",
    ),
    (
        "FileOptions.java_package",
        "changed",
        "option java_package = \"p\";",
        "option java_package = \"q\";",
        "proto-generated-code?",
    ),
    (
        "features.enum_type",
        "added",
        "E: enum E { A = 0; }",
        "E: option features.enum_type = CLOSED; enum E { A = 0; }",
        "proto-enum-closed",
    ),
    (
        "features.enum_type",
        "removed",
        "E: enum E { option features.enum_type = CLOSED; A = 0; }",
        "E: enum E { A = 0; }",
        "proto-enum-closed?",
    ),
    (
        "features.enum_type",
        "changed",
        "E: enum E { option features.enum_type = OPEN; A = 0; }",
        "E: enum E { option features = { enum_type: CLOSED }; A = 0; }",
        "proto-enum-closed",
    ),
    (
        "features.utf8_validation",
        "added",
        "E: message A { string a = 1; }",
        "E: message A { string a = 1 [features.utf8_validation = NONE]; }",
        "proto-utf8?",
    ),
    (
        "features.utf8_validation",
        "removed",
        "E: option features.utf8_validation = NONE; message A { string a = 1; string b = 2; }",
        "E: message A { string a = 1; string b = 2; }",
        "proto-utf8?",
    ),
    (
        "features.utf8_validation",
        "changed",
        "E: message A { bytes a = 1 [features.utf8_validation = NONE]; }",
        "E: message A { bytes a = 1; }",
        "",
    ),
    (
        "features.json_format",
        "added",
        "E: message A {}",
        "E: message A { option features.json_format = LEGACY_BEST_EFFORT; }",
        "proto-json-format",
    ),
    (
        "features.json_format",
        "removed",
        "E: enum E { option features.json_format = LEGACY_BEST_EFFORT; A = 0; }",
        "E: enum E { A = 0; }",
        "",
    ),
    (
        "features.json_format",
        "changed",
        "E: enum E { A = 0; }",
        "E: option features.json_format = LEGACY_BEST_EFFORT; enum E { A = 0; }",
        "proto-json-format",
    ),
    (
        "features.field_presence",
        "added",
        "E: message A { int32 a = 1; }",
        "E: message A { int32 a = 1 [features.field_presence = IMPLICIT]; }",
        "proto-field-presence?",
    ),
    (
        "features.field_presence",
        "removed",
        "E: message A { int32 a = 1 [features.field_presence = LEGACY_REQUIRED]; }",
        "E: message A { int32 a = 1; }",
        "proto-field-required",
    ),
    (
        "features.field_presence",
        "changed",
        "E: option features.field_presence = IMPLICIT; message A { int32 a = 1; }",
        "E: option features.field_presence = EXPLICIT; message A { int32 a = 1 [features.field_presence = IMPLICIT]; }",
        "",
    ),
    (
        "features.message_encoding",
        "added",
        "E: message A { A a = 1; }",
        "E: message A { A a = 1 [features.message_encoding = DELIMITED]; }",
        "proto-field-type",
    ),
    (
        "features.message_encoding",
        "removed",
        "E: option features.message_encoding = DELIMITED; message A { A a = 1; }",
        "E: message A { A a = 1; }",
        "proto-field-type",
    ),
    (
        "features.message_encoding",
        "changed",
        "2: message A { optional group G = 1 {} }",
        "E: message A { G g = 1 [features.message_encoding = DELIMITED]; message G {} }",
        "",
    ),
    (
        "features.repeated_field_encoding",
        "added",
        "E: message A { repeated int32 a = 1; }",
        "E: message A { repeated int32 a = 1 [features.repeated_field_encoding = EXPANDED]; }",
        "",
    ),
    (
        "features.repeated_field_encoding",
        "removed",
        "2: message A { repeated int32 a = 1 [packed = true]; }",
        "2: message A { repeated int32 a = 1; }",
        "",
    ),
    (
        "features.repeated_field_encoding",
        "changed",
        "message A { repeated int32 a = 1 [packed = true]; }",
        "message A { repeated int32 a = 1 [packed = false]; }",
        "",
    ),
];

/// Fields of descriptors that nothing judges, and why.
const WAIVED: &[(&str, &str)] = &[
    (
        "another name is another part: one is removed, one is added",
        "File.name Message.name Enum.name Service.name Method.name Oneof.name",
    ),
    (
        "where something is defined is not what is sent",
        "File.dependency File.public_dependency File.weak_dependency File.source_code_info",
    ),
    (
        "judged by its fields",
        "File.options Message.options Field.options Oneof.options Enum.options EnumValue.options Service.options Method.options ExtensionRange.options",
    ),
    (
        "the key by which fields are compared",
        "Field.number Field.extendee",
    ),
    (
        "judged as one range",
        "ExtensionRange.start ExtensionRange.end ReservedRange.start ReservedRange.end",
    ),
    (
        "as go_package",
        "FileOptions.java_outer_classname FileOptions.java_multiple_files FileOptions.java_string_check_utf8 FileOptions.optimize_for FileOptions.cc_generic_services FileOptions.java_generic_services FileOptions.py_generic_services FileOptions.cc_enable_arenas FileOptions.objc_class_prefix FileOptions.csharp_namespace FileOptions.swift_prefix FileOptions.php_class_prefix FileOptions.php_namespace FileOptions.php_metadata_namespace FileOptions.ruby_package FileOptions.php_generic_services",
    ),
    (
        "changes how equals are generated, and nothing else",
        "FileOptions.java_generate_equals_and_hash",
    ),
    (
        "announces a removal and breaks nothing by itself",
        "FileOptions.deprecated MessageOptions.deprecated FieldOptions.deprecated EnumOptions.deprecated EnumValueOptions.deprecated ServiceOptions.deprecated MethodOptions.deprecated",
    ),
    (
        "judged as features.repeated_field_encoding",
        "FieldOptions.packed",
    ),
    (
        "how a parser works, and not what it reads",
        "FieldOptions.lazy FieldOptions.weak MessageOptions.no_standard_descriptor_accessor",
    ),
    ("judged as maps", "MessageOptions.map_entry"),
    (
        "which names may have one number; the values are judged",
        "EnumOptions.allow_alias",
    ),
    (
        "options of other tools, except google.api.http",
        "FileOptions.uninterpreted_option MessageOptions.uninterpreted_option FieldOptions.uninterpreted_option OneofOptions.uninterpreted_option EnumOptions.uninterpreted_option EnumValueOptions.uninterpreted_option ServiceOptions.uninterpreted_option MethodOptions.uninterpreted_option ExtensionRangeOptions.uninterpreted_option",
    ),
];

/// The fields of a descriptor, by what it shows of itself.
fn fields<T: std::fmt::Debug + Default>(of: &str) -> Vec<String> {
    let shown = format!("{:?}", T::default());
    let name = regex::Regex::new(r"(\w+):").unwrap();
    let names = name.captures_iter(&shown);
    names
        .map(|name| format!("{of}.{}", name[1].trim_start_matches("r#")))
        .collect()
}

fn model() -> Vec<String> {
    [
        fields::<d::FileDescriptorProto>("File"),
        fields::<d::DescriptorProto>("Message"),
        fields::<d::FieldDescriptorProto>("Field"),
        fields::<d::OneofDescriptorProto>("Oneof"),
        fields::<d::EnumDescriptorProto>("Enum"),
        fields::<d::EnumValueDescriptorProto>("EnumValue"),
        fields::<d::ServiceDescriptorProto>("Service"),
        fields::<d::MethodDescriptorProto>("Method"),
        fields::<d::descriptor_proto::ExtensionRange>("ExtensionRange"),
        fields::<d::descriptor_proto::ReservedRange>("ReservedRange"),
        fields::<d::FileOptions>("FileOptions"),
        fields::<d::MessageOptions>("MessageOptions"),
        fields::<d::FieldOptions>("FieldOptions"),
        fields::<d::OneofOptions>("OneofOptions"),
        fields::<d::EnumOptions>("EnumOptions"),
        fields::<d::EnumValueOptions>("EnumValueOptions"),
        fields::<d::ServiceOptions>("ServiceOptions"),
        fields::<d::MethodOptions>("MethodOptions"),
        fields::<d::ExtensionRangeOptions>("ExtensionRangeOptions"),
        [
            "MethodOptions.http",
            "features.field_presence",
            "features.enum_type",
            "features.repeated_field_encoding",
            "features.utf8_validation",
            "features.message_encoding",
            "features.json_format",
        ]
        .map(str::to_owned)
        .into(),
    ]
    .concat()
}

fn file(text: &str) -> String {
    match text.split_once(": ") {
        Some(("2", rest)) => format!("syntax = \"proto2\";\n{rest}"),
        Some(("E", rest)) => format!("edition = \"2023\";\n{rest}"),
        _ => format!("syntax = \"proto3\";\n{text}"),
    }
}

fn rules(found: &[Breaking]) -> Vec<String> {
    let rule = |found: &Breaking| match found.impact {
        Impact::Break => found.rule.to_owned(),
        Impact::Caution => format!("{}?", found.rule),
    };
    let rules: BTreeSet<String> = found.iter().map(rule).collect();
    rules.into_iter().collect()
}

#[test]
fn every_part_is_judged_when_it_is_added_removed_or_changed() {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (part, what, before, after, expected) in CASES {
        known.entry(part).or_default().insert(what);
        let (before, after) = (file(before), file(after));
        let found = breaking(&before, &after);
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(
            rules(&found),
            expected,
            "{part} {what}:\n{before}\n->\n{after}\n{found:#?}"
        );
        assert_eq!(breaking(&before, &before), []);
        seen.extend(found.iter().map(|found| found.rule));
    }
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(seen, ids, "each rule has a case");
    let waived: BTreeSet<&str> = WAIVED
        .iter()
        .flat_map(|(_, parts)| parts.split(' '))
        .collect();
    let model = model();
    assert!(model.len() > 100, "{model:?}");
    for part in &model {
        let operations = known.get(part.as_str()).map_or(0, BTreeSet::len);
        let is_waived = waived.contains(part.as_str());
        assert!(is_waived || operations == 3, "{part}: {operations} of 3");
    }
    for part in waived {
        assert!(model.iter().any(|known| known == part), "{part}");
    }
}

#[test]
fn rewritings_without_change_are_silent() {
    let one = r#"
        syntax = "proto3"; package shop.v1; import "a.proto"; import "b.proto";
        message Cup { string id = 1; map<string, In> ins = 2; In in = 3; message In { E e = 1; } oneof o { int32 x = 4; int32 y = 5; } reserved 7 to 9; reserved "a"; }
        enum E { A = 0; B = 1; }
        service S { rpc R(Cup) returns (other.v1.Cup) { option (google.api.http) = { get: "/a" }; } rpc T(Cup) returns (Cup); }
    "#;
    let other = r#"
        // Comments
        syntax = 'proto3'; import public "b.proto"; package shop.v1;
        service S { rpc T(.shop.v1.Cup) returns (shop.v1.Cup) {}
          rpc R(Cup) returns (.other.v1.Cup) { option (google.api.http) = { /* here too */ get : '/a' }; } }
        enum E { A = 0; B = 1; }
        message Cup { reserved "a"; reserved 8 to 9, 7; oneof o { int32 y = 5; int32 x = 4; } message In { E e = 1; }
          Cup.In in = 3; map < string , shop.v1.Cup.In > ins = 2; string id = 1; }
    "#;
    finds(one, other, &[]);
    finds(other, one, &[]);
}

#[test]
fn places_are_those_of_the_text_as_it_was_given() {
    let before = "edition = \"2023\";\nexport message Cup {\n  reserved a, b; string cup_id = 1;\n  int32 size = 2 [default = 3];\n}\n";
    let after = before
        .replace("cup_id", "cup_key")
        .replace("  int32 size", "  /* é */ string size");
    for (before, after) in [
        (before.to_owned(), after.clone()),
        (before.replace('\n', "\r\n"), after.replace('\n', "\r\n")),
    ] {
        let words = |place: &Option<DocumentPlace>, text: &str| match place {
            Some(DocumentPlace::Text(range)) => text[range.bytes(text)].to_owned(),
            _ => String::new(),
        };
        let found = breaking(&before, &after);
        let places: Vec<(String, String)> = found
            .iter()
            .map(|found| (words(&found.before, &before), words(&found.after, &after)))
            .collect();
        let expected = [("cup_id", "cup_key"), ("size", "size")];
        let expected = expected.map(|(was, now)| (was.to_owned(), now.to_owned()));
        assert_eq!(places, expected, "{found:#?}");
    }
}

#[test]
fn hostile_files_end_soon() {
    let fields = |kind: &str| {
        let all: Vec<String> = (1..5000).map(|n| format!("{kind} f{n} = {n};")).collect();
        format!("syntax = \"proto3\"; message M {{ {} }}", all.join(" "))
    };
    assert_eq!(breaking(&fields("M"), &fields("int32")).len(), 1000);
    let reserved = |from: usize| {
        let all: Vec<String> = (from..9000).map(|n| (2 * n).to_string()).collect();
        format!(
            "syntax = \"proto3\"; message M {{ reserved {}; }}",
            all.join(", ")
        )
    };
    let found = breaking(&reserved(1), &reserved(4000));
    assert_eq!(found.len(), 1);
    assert!(found[0].message.len() < 200, "{}", found[0].message);
    let nested = |field: &str| {
        let open = format!("message M {{ M {field} = 1; ").repeat(20);
        format!("syntax = \"proto3\"; {open}{}", "}".repeat(20))
    };
    assert_eq!(breaking(&nested("m"), &nested("n")).len(), 20);
    let deep = format!(
        "syntax = \"proto3\"; option (a) = {{ {}{} }};",
        "b { ".repeat(20_000),
        "} ".repeat(20_000)
    );
    assert_eq!(breaking(&deep, &deep), []);
}
