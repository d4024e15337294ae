//! Every field of the descriptors of protocol buffers is judged when it is added, removed and changed, or left out for a
//! reason.

use std::collections::BTreeSet;

use prost_types as d;

use super::super::proto::RULES;
use super::super::{DocumentPlace, breaking};
use super::finds;
use super::judged::judged;

/// Fields of descriptors, with both files behind a syntax: `2:` is proto2, `E:` an edition, and anything else proto3.
const CASES: &str = include_str!("proto_model.txt");

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

#[test]
fn every_part_is_judged_when_it_is_added_removed_or_changed() {
    let known = judged(CASES, file, RULES);
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

/// Each of these takes minutes if something is searched from the start for each part.
#[test]
fn large_files_are_compared() {
    const MANY: i32 = 20_000;
    let all = |make: &dyn Fn(i32) -> String| -> String {
        (1..=MANY)
            .map(|n| make(n + 20_000))
            .collect::<Vec<_>>()
            .join(" ")
    };
    let message = |body: String| format!("syntax = \"proto3\"; message M {{ {body} }}");
    let counted = |before: &str, after: &str, rule: &str, expected: usize| {
        let found = breaking(before, after);
        let is_all = found.iter().all(|found| found.rule == rule);
        assert!(is_all && found.len() == expected, "{rule}: {}", found.len());
    };
    let fields = message(all(&|n| format!("int32 f{n} = {n};")));
    let moved = message(all(&|n| format!("int32 f{n} = {};", n + 90_000)));
    counted(&fields, &moved, "proto-field-number", 1000);
    let reserved = message(format!(
        "reserved {};",
        all(&|n| format!("{},", 2 * n)) + "1"
    ));
    counted(&fields, &reserved, "proto-field-removed", 1000);
    let maps = message(all(&|n| format!("map<string, int32> f{n} = {n};")));
    counted(&maps, &maps, "", 0);
    let oneofs = |name: &str| message(all(&|n| format!("oneof {name}{n} {{ int32 f{n} = {n}; }}")));
    counted(&oneofs("a"), &oneofs("b"), "proto-oneof-renamed", 1000);
    let values = |name: &str, first: &str| {
        let values = all(&|n| format!("{name}{n} = {n};"));
        format!("syntax = \"proto3\"; enum {first} {{ {first}0 = 0; {values} }}")
    };
    counted(
        &values("A", "E"),
        &values("B", "E"),
        "proto-value-name",
        1000,
    );
    let uses = |of: &str| message((1..9000).map(|n| format!("{of} f{n} = {n}; ")).collect());
    let enums = format!(
        "{}{}",
        values("A", "E"),
        values("A", "E").replace("enum E", "enum F")
    );
    let enums = enums.replace("syntax = \"proto3\";", "");
    let (before, after) = (uses("E") + &enums, uses("F") + &enums);
    counted(&before, &after, "proto-field-type", 1000);
    let bindings = |name: &str| {
        let paths = all(&|n| format!("additional_bindings {{ get: \"/{name}/{n}/{{id}}\" }}"));
        format!(
            "syntax = \"proto3\"; service S {{ rpc R(M) returns (M) {{ \
             option (google.api.http) = {{ get: \"/a\" {paths} }}; }} }}"
        )
    };
    counted(&bindings("a"), &bindings("a"), "", 0);
}

#[test]
fn what_is_still_there_is_said() {
    let aliases = |values: &str| {
        format!("syntax = \"proto3\"; enum E {{ option allow_alias = true; A = 0; {values} }}")
    };
    finds(
        &aliases("B = 1; C = 1;"),
        &aliases("B = 1;"),
        &[
            "enum E: the name `C` of the value 1 was removed: JSON with it is no longer read; the number is still `B`",
        ],
    );
    finds(
        &aliases("B = 1;"),
        &aliases("C = 1; B = 1;"),
        &[
            "caution: enum E: the value 1 is written as `C` in JSON now, and was as `B`, which is still read",
        ],
    );
    let rpc = |path: &str, body: &str| {
        format!(
            "syntax = \"proto3\"; service S {{ rpc R(M) returns (M) {{ \
             option (google.api.http) = {{ post: \"{path}\" {body} }}; }} }} \
             message M {{ string a = 1; string b = 2; }}"
        )
    };
    finds(
        &rpc("/v1/{a}/{b}", ""),
        &rpc("/v1/{b}/{a}", ""),
        &[
            "service S: the rpc `R` takes other fields from the path of `POST /v1/{a}/{b}`, which is `/v1/{b}/{a}` now",
        ],
    );
    finds(
        &rpc("/v1/{a}", ""),
        &rpc("/v1/{x}", ""),
        &[
            "caution: service S: the rpc `R` may take other fields from the path of `POST /v1/{a}`, which is `/v1/{x}` now: \
           whether `x` is what `a` was cannot be said",
        ],
    );
    finds(
        &rpc("/v1/{a}", "body: \"*\""),
        &rpc("/v1/{a}", "body: \"b\""),
        &["service S: the rpc `R` takes another body by `POST /v1/{a}`: `b` now, and was `*`"],
    );
}
