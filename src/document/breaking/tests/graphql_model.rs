//! Every part of the type system of GraphQL is judged when it is added, removed and changed, or left out for a reason.

use std::collections::BTreeSet;

use super::super::breaking;
use super::super::graphql::RULES;
use super::judged::judged;

/// The fields of the types of introspection, which is the object model of the format.
const MODEL: &str = "
__Schema description types queryType mutationType subscriptionType directives
__Type kind name description specifiedByURL fields interfaces possibleTypes enumValues inputFields ofType isOneOf
__Field name description args type isDeprecated deprecationReason
__InputValue name description type defaultValue isDeprecated deprecationReason
__EnumValue name description isDeprecated deprecationReason
__Directive name description isRepeatable locations args
";

/// Parts, with both schemas beside `type Query { q: Q } type Q { x: Int }`.
const CASES: &str = include_str!("graphql_model.txt");

/// Parts that nothing judges, and why.
const WAIVED: &[(&str, &str)] = &[
    ("description", "says nothing about what is sent"),
    (
        "name",
        "another name is another part: one is removed, one is added",
    ),
    (
        "deprecationReason",
        "announces a removal and breaks nothing by itself",
    ),
];

fn schema(text: &str) -> String {
    format!("type Query {{ q: Q }} type Q {{ x: Int }} {text}")
}

#[test]
fn every_part_is_judged_when_it_is_added_removed_or_changed() {
    let known = judged(CASES, schema, RULES);
    for line in MODEL.lines().filter(|line| !line.is_empty()) {
        let (of, fields) = line.split_once(' ').unwrap();
        for field in fields.split(' ') {
            let is_waived = WAIVED.iter().any(|(name, _)| *name == field);
            let part = format!("{of}.{field}");
            let operations = known.get(part.as_str()).map_or(0, BTreeSet::len);
            assert!(is_waived || operations == 3, "{part}: {operations} of 3");
        }
    }
}

#[test]
fn rewritings_without_change_are_silent() {
    let one = r#"
        schema @link(url: "x") { query: Query }
        "The root" type Query { cup(id: ID!, first: [Int!]! = [1, 2]): Cup  e: E }
        interface Node { id: ID! }
        type Cup implements Node & Other @key(fields: "id") { id: ID! label(e: E = A): String @deprecated }
        interface Other { id: ID! }
        union U = Cup | Query
        enum E { A B }
        input I @oneOf { a: Int b: String }
        scalar Date @specifiedBy(url: "https://x")
        directive @d(a: I = {a: 1}) repeatable on FIELD | QUERY
    "#;
    let other = r#"
        # A comment
        directive @d(a: I = {a: 1,}) repeatable on | QUERY | FIELD
        extend enum E { B }
        scalar Date
        extend scalar Date @specifiedBy(url: "https://x")
        enum E { "first" A }
        extend type Cup implements Other { label(e: E = A): String @deprecated(reason: "No longer supported") }
        input I { b: String a: Int } extend input I @oneOf
        union U = | Query extend union U = Cup
        interface Other { id: ID! } interface Node { id: ID! }
        type Cup implements Node { id: ID! }
        type Query { e: E, """block""" cup(first: [Int!]! = [1 2], id: ID!): Cup }
    "#;
    super::finds(one, other, &[]);
    super::finds(other, one, &[]);
}

#[test]
fn a_schema_equals_its_introspection() {
    let schema = r#"
        type Query { a(x: [Int!] = [1, 2], e: E = B): U }
        type A implements N { n: ID! } interface N { n: ID! } union U = A
        enum E { A B } input I @oneOf { a: Int } scalar D @specifiedBy(url: "x")
        directive @d(a: Int = 1) repeatable on FIELD
    "#;
    let named =
        |kind: &str, name: &str| serde_json::json!({"kind": kind, "name": name, "ofType": null});
    let non_null =
        |of: serde_json::Value| serde_json::json!({"kind": "NON_NULL", "name": null, "ofType": of});
    let list =
        |of: serde_json::Value| serde_json::json!({"kind": "LIST", "name": null, "ofType": of});
    let id = serde_json::json!([{"name": "n", "args": [], "type": non_null(named("SCALAR", "ID")), "isDeprecated": false}]);
    let result = serde_json::json!({"__schema": {
        "queryType": {"name": "Query"}, "mutationType": null, "subscriptionType": null,
        "directives": [
            {"name": "skip", "isRepeatable": false, "locations": ["FIELD"], "args": []},
            {"name": "d", "isRepeatable": true, "locations": ["FIELD"], "args": [
                {"name": "a", "type": named("SCALAR", "Int"), "defaultValue": "1"}]},
        ],
        "types": [
            {"kind": "SCALAR", "name": "Int"}, {"kind": "SCALAR", "name": "D", "specifiedByURL": "x"},
            {"kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [{"name": "a", "args": [
                {"name": "x", "type": list(non_null(named("SCALAR", "Int"))), "defaultValue": "[1,2]"},
                {"name": "e", "type": named("ENUM", "E"), "defaultValue": "B"},
            ], "type": named("UNION", "U"), "isDeprecated": false}]},
            {"kind": "OBJECT", "name": "A", "interfaces": [named("INTERFACE", "N")], "fields": id},
            {"kind": "INTERFACE", "name": "N", "interfaces": [], "fields": id, "possibleTypes": [named("OBJECT", "A")]},
            {"kind": "UNION", "name": "U", "possibleTypes": [named("OBJECT", "A")]},
            {"kind": "ENUM", "name": "E", "enumValues": [{"name": "B"}, {"name": "A"}]},
            {"kind": "INPUT_OBJECT", "name": "I", "isOneOf": true, "inputFields": [
                {"name": "a", "type": named("SCALAR", "Int"), "defaultValue": null}]},
        ],
    }});
    super::finds(schema, &result.to_string(), &[]);
    super::finds(&result.to_string(), schema, &[]);
    let found = breaking(&result.to_string(), "type Query { a: Int }");
    let pointers: Vec<&str> = found
        .iter()
        .filter_map(|found| super::pointer(&found.before))
        .collect();
    assert!(
        pointers.contains(&"/__schema/types/2/fields/0"),
        "{pointers:?}"
    );
}

#[test]
fn hostile_schemas_end_soon() {
    let many = |n: usize, make: &dyn Fn(usize) -> String| -> String {
        (0..n).map(make).collect::<Vec<_>>().join("\n")
    };
    let query = "type Query { a: Int }\n";
    let cycle = many(3000, &|n| {
        format!("input I{n} {{ a: I{} b: Int }}", (n + 1) % 3000)
    });
    let loosened = cycle.replace("b: Int", "b: Int!");
    assert_eq!(
        breaking(&format!("{query}{cycle}"), &format!("{query}{loosened}")).len(),
        1000
    );
    let implements = "interface A implements B { a: A } interface B implements A { a: B }";
    assert_eq!(breaking(implements, implements), []);
    let members: Vec<String> = (0..3000).map(|n| format!("T{n}")).collect();
    let union = |members: &[String]| {
        let types = many(3000, &|n| format!("type T{n} {{ u: U }}"));
        format!("{types}\nunion U = {}", members.join(" | "))
    };
    assert_eq!(
        breaking(&union(&members), &union(&members[..1])).len(),
        1000
    );
    let long = "a".repeat(500_000);
    let found = breaking(&format!("type {long} {{ a: Int }}"), "type B { a: Int }");
    assert!(found[0].place.chars().count() < 100, "{}", found[0].place);
}

/// Each of these takes minutes if something is searched from the start for each part.
#[test]
fn large_schemas_are_compared() {
    const MANY: usize = 10_000;
    let all = |separator: &str, make: &dyn Fn(usize) -> String| -> String {
        (0..MANY).map(make).collect::<Vec<_>>().join(separator)
    };
    let types = all(" ", &|n| format!("type T{n} {{ a: Int }}"));
    let members = all(" | ", &|n| format!("T{n}"));
    let reversed = all(" | ", &|n| format!("T{}", MANY - 1 - n));
    let query = |of: &str| {
        let fields = all(" ", &|n| format!("u{n}: {of}"));
        format!("type Query {{ {fields} }}")
    };
    let before = format!(
        "{} {types} union U = {members} union V = {members}",
        query("U")
    );
    let after = format!(
        "{} {types} union U = {reversed} union V = {reversed}",
        query("V")
    );
    assert_eq!(breaking(&before, &after), []);
    let extended = all(" ", &|n| format!("extend type T{n} {{ b: Int }}"));
    let base = format!("type Query {{ a: Int }} {types}");
    let after = format!("{base} {extended}");
    assert_eq!(breaking(&base, &after), []);
    assert_eq!(breaking(&after, &base).len(), 1000);
    let pieces = all(" ", &|n| format!("extend type Query {{ b{n}: Int }}"));
    let one = format!("type Query {{ a: Int }} {pieces}");
    assert_eq!(breaking(&one, &one), []);
}
