//! Every part of the type system of GraphQL is judged when it is added, removed and changed, or left out for a reason.

use std::collections::{BTreeMap, BTreeSet};

use super::super::graphql::RULES;
use super::super::{Breaking, Impact, breaking};

/// The fields of the types of introspection, which is the object model of the format.
const MODEL: &str = "
__Schema description types queryType mutationType subscriptionType directives
__Type kind name description specifiedByURL fields interfaces possibleTypes enumValues inputFields ofType isOneOf
__Field name description args type isDeprecated deprecationReason
__InputValue name description type defaultValue isDeprecated deprecationReason
__EnumValue name description isDeprecated deprecationReason
__Directive name description isRepeatable locations args
";

/// A part, what happened to it, both schemas beside `type Query { q: Q } type Q { x: Int }`, and what has to be found:
/// a rule, with `?` if it is a caution, or nothing.
const CASES: &[(&str, &str, &str, &str, &str)] = &[
    ("__Schema.types", "added", "", "type A { a: Int }", ""),
    (
        "__Schema.types",
        "removed",
        "type A { a: Int }",
        "",
        "graphql-type-removed",
    ),
    (
        "__Schema.types",
        "changed",
        "type A { a: Int }",
        "type B { a: Int }",
        "graphql-type-removed",
    ),
    (
        "__Schema.queryType",
        "added",
        "schema { mutation: Q }",
        "schema { query: Query mutation: Q }",
        "",
    ),
    (
        "__Schema.queryType",
        "removed",
        "schema { query: Query mutation: Q }",
        "schema { mutation: Q }",
        "graphql-root-type",
    ),
    (
        "__Schema.queryType",
        "changed",
        "schema { query: Query }",
        "schema { query: Q }",
        "graphql-root-type",
    ),
    (
        "__Schema.mutationType",
        "added",
        "",
        "type Mutation { a: Int }",
        "",
    ),
    (
        "__Schema.mutationType",
        "removed",
        "schema { query: Query mutation: Q }",
        "schema { query: Query }",
        "graphql-root-type",
    ),
    (
        "__Schema.mutationType",
        "changed",
        "schema { query: Query mutation: M } type M { a: Int }",
        "schema { query: Query mutation: N } type N { a: Int }",
        "graphql-root-renamed?",
    ),
    (
        "__Schema.subscriptionType",
        "added",
        "",
        "type Subscription { a: Int }",
        "",
    ),
    (
        "__Schema.subscriptionType",
        "removed",
        "schema { query: Query subscription: Q }",
        "",
        "graphql-root-type",
    ),
    (
        "__Schema.subscriptionType",
        "changed",
        "schema { query: Query subscription: Q }",
        "schema { query: Query subscription: Query }",
        "graphql-root-type",
    ),
    (
        "__Schema.directives",
        "added",
        "",
        "directive @d on FIELD",
        "",
    ),
    (
        "__Schema.directives",
        "removed",
        "directive @d on FIELD",
        "",
        "graphql-directive-removed",
    ),
    (
        "__Schema.directives",
        "removed",
        "directive @d on OBJECT",
        "",
        "graphql-directive-removed?",
    ),
    (
        "__Schema.directives",
        "changed",
        "directive @d on FIELD",
        "directive @e on FIELD",
        "graphql-directive-removed",
    ),
    ("__Type.kind", "added", "", "scalar A", ""),
    (
        "__Type.kind",
        "removed",
        "scalar A",
        "",
        "graphql-type-removed",
    ),
    (
        "__Type.kind",
        "changed",
        "scalar A",
        "enum A { A }",
        "graphql-type-kind",
    ),
    (
        "__Type.specifiedByURL",
        "added",
        "scalar A",
        "scalar A @specifiedBy(url: \"x\")",
        "",
    ),
    (
        "__Type.specifiedByURL",
        "removed",
        "scalar A @specifiedBy(url: \"x\")",
        "scalar A",
        "graphql-scalar-specification?",
    ),
    (
        "__Type.specifiedByURL",
        "changed",
        "scalar A @specifiedBy(url: \"x\")",
        "scalar A @specifiedBy(url: \"y\")",
        "graphql-scalar-specification?",
    ),
    (
        "__Type.fields",
        "added",
        "type A { a: Int }",
        "type A { a: Int b: Int! }",
        "",
    ),
    (
        "__Type.fields",
        "removed",
        "interface A { a: Int b: Int }",
        "interface A { a: Int }",
        "graphql-field-removed",
    ),
    (
        "__Type.fields",
        "changed",
        "type A { a: Int b: Int }",
        "type A { a: Int c: Int }",
        "graphql-field-removed",
    ),
    (
        "__Type.interfaces",
        "added",
        "interface I { a: Int } type A { a: Int }",
        "interface I { a: Int } type A implements I { a: Int }",
        "graphql-interface-added?",
    ),
    (
        "__Type.interfaces",
        "added",
        "type A { a: Int }",
        "interface I { a: Int } type A implements I { a: Int }",
        "",
    ),
    (
        "__Type.interfaces",
        "removed",
        "interface I { a: Int } type A implements I { a: Int }",
        "interface I { a: Int } type A { a: Int }",
        "graphql-interface-removed",
    ),
    (
        "__Type.interfaces",
        "changed",
        "interface I { a: Int } interface J { a: Int } type A implements I { a: Int }",
        "interface I { a: Int } interface J { a: Int } type A implements J { a: Int }",
        "graphql-interface-removed graphql-interface-added?",
    ),
    (
        "__Type.possibleTypes",
        "added",
        "union U = Q",
        "union U = Q | Query",
        "graphql-member-added?",
    ),
    (
        "__Type.possibleTypes",
        "added",
        "interface I { a: Int } type B { i: I }",
        "interface I { a: Int } type B { i: I } type A implements I { a: Int }",
        "graphql-interface-added?",
    ),
    (
        "__Type.possibleTypes",
        "removed",
        "union U = Q | Query",
        "union U = Q",
        "graphql-member-removed",
    ),
    (
        "__Type.possibleTypes",
        "changed",
        "union U = Q",
        "union U = Query",
        "graphql-member-removed graphql-member-added?",
    ),
    (
        "__Type.enumValues",
        "added",
        "enum E { A } type B { e: E }",
        "enum E { A B } type B { e: E }",
        "graphql-value-added?",
    ),
    (
        "__Type.enumValues",
        "added",
        "enum E { A } type B { a(e: E): Int }",
        "enum E { A B } type B { a(e: E): Int }",
        "",
    ),
    (
        "__Type.enumValues",
        "removed",
        "enum E { A B } input I { e: [E!] }",
        "enum E { A } input I { e: [E!] }",
        "graphql-value-removed",
    ),
    (
        "__Type.enumValues",
        "removed",
        "enum E { A B } type B { e: E }",
        "enum E { A } type B { e: E }",
        "graphql-value-removed?",
    ),
    (
        "__Type.enumValues",
        "changed",
        "enum E { A B }",
        "enum E { A C }",
        "graphql-value-removed graphql-value-added?",
    ),
    (
        "__Type.inputFields",
        "added",
        "input I { a: Int }",
        "input I { a: Int b: Int c: Int! = 1 }",
        "",
    ),
    (
        "__Type.inputFields",
        "added",
        "input I { a: Int }",
        "input I { a: Int b: Int! }",
        "graphql-input-field-required",
    ),
    (
        "__Type.inputFields",
        "removed",
        "input I { a: Int b: Int }",
        "input I { a: Int }",
        "graphql-input-field-removed",
    ),
    (
        "__Type.inputFields",
        "changed",
        "input I { a: Int }",
        "input I { b: Int }",
        "graphql-input-field-removed",
    ),
    (
        "__Type.ofType",
        "added",
        "type A { a: Int }",
        "type A { a: [Int] }",
        "graphql-field-type",
    ),
    (
        "__Type.ofType",
        "added",
        "type A { a(x: Int): Int! }",
        "type A { a(x: [Int!]): Int! }",
        "",
    ),
    (
        "__Type.ofType",
        "removed",
        "type A { a: [Int!] }",
        "type A { a: [Int] }",
        "graphql-field-type",
    ),
    (
        "__Type.ofType",
        "removed",
        "type A { a(x: [Int]): Int }",
        "type A { a(x: Int): Int }",
        "graphql-argument-type",
    ),
    (
        "__Type.ofType",
        "changed",
        "type A { a: [Int]! }",
        "type A { a: [Int!] }",
        "graphql-field-type",
    ),
    (
        "__Type.isOneOf",
        "added",
        "input I { a: Int b: Int }",
        "input I @oneOf { a: Int b: Int }",
        "graphql-one-of",
    ),
    (
        "__Type.isOneOf",
        "removed",
        "input I @oneOf { a: Int b: Int }",
        "input I { a: Int b: Int }",
        "",
    ),
    (
        "__Type.isOneOf",
        "changed",
        "input I @oneOf { a: Int }",
        "input I @oneOf { a: Int b: Int }",
        "",
    ),
    (
        "__Field.args",
        "added",
        "type A { a: Int }",
        "type A { a(x: Int): Int }",
        "",
    ),
    (
        "__Field.args",
        "added",
        "type A { a: Int }",
        "type A { a(x: Int!): Int }",
        "graphql-argument-required",
    ),
    (
        "__Field.args",
        "removed",
        "type A { a(x: Int): Int }",
        "type A { a: Int }",
        "graphql-argument-removed",
    ),
    (
        "__Field.args",
        "changed",
        "type A { a(x: Int): Int }",
        "type A { a(y: Int): Int }",
        "graphql-argument-removed",
    ),
    (
        "__Field.type",
        "added",
        "interface I { a: Int } type A implements I { a: Int } type B { i: I }",
        "interface I { a: Int } type A implements I { a: Int } type B { i: A }",
        "",
    ),
    (
        "__Field.type",
        "removed",
        "type A { a: Int! }",
        "type A { a: Int }",
        "graphql-field-type",
    ),
    (
        "__Field.type",
        "changed",
        "type A { a: Int }",
        "type A { a: ID }",
        "graphql-field-type",
    ),
    (
        "__Field.type",
        "changed",
        "union U = Q | Query type A { a: U }",
        "union U = Q | Query type A { a: Q! }",
        "",
    ),
    (
        "__Field.type",
        "changed",
        "union U = Q | Query type A { a: Q }",
        "union U = Q | Query type A { a: U }",
        "graphql-field-type",
    ),
    (
        "__Field.isDeprecated",
        "added",
        "type A { a: Int }",
        "type A { a: Int @deprecated }",
        "",
    ),
    (
        "__Field.isDeprecated",
        "removed",
        "type A { a: Int @deprecated }",
        "type A { a: Int }",
        "",
    ),
    (
        "__Field.isDeprecated",
        "changed",
        "type A { a: Int b: Int @deprecated }",
        "type A { a: Int }",
        "graphql-field-removed",
    ),
    (
        "__InputValue.type",
        "added",
        "input I { a: Int }",
        "input I { a: Int! }",
        "graphql-input-field-required",
    ),
    (
        "__InputValue.type",
        "removed",
        "input I { a: Int! }",
        "input I { a: Int }",
        "",
    ),
    (
        "__InputValue.type",
        "changed",
        "input I { a: Int }",
        "input I { a: String }",
        "graphql-input-field-type",
    ),
    (
        "__InputValue.type",
        "changed",
        "type A { a(x: Int): Int }",
        "type A { a(x: Int! = 2): Int }",
        "graphql-argument-type",
    ),
    (
        "__InputValue.defaultValue",
        "added",
        "input I { a: Int b: Int! }",
        "input I { a: Int = 1 b: Int! = 1 }",
        "graphql-input-field-default?",
    ),
    (
        "__InputValue.defaultValue",
        "removed",
        "type A { a(x: Int = 1): Int }",
        "type A { a(x: Int): Int }",
        "graphql-argument-default?",
    ),
    (
        "__InputValue.defaultValue",
        "removed",
        "type A { a(x: Int! = 1): Int }",
        "type A { a(x: Int!): Int }",
        "graphql-argument-required",
    ),
    (
        "__InputValue.defaultValue",
        "changed",
        "type A { a(x: [I] = {a: 1, b: 2.0}): Int } input I { a: Int b: Int }",
        "type A { a(x: [I] = [{b: 2, a: 1}]): Int } input I { a: Int b: Int }",
        "",
    ),
    (
        "__InputValue.defaultValue",
        "changed",
        "type A { a(x: Int = 1): Int }",
        "type A { a(x: Int = 2): Int }",
        "graphql-argument-default?",
    ),
    (
        "__InputValue.isDeprecated",
        "added",
        "input I { a: Int }",
        "input I { a: Int @deprecated }",
        "",
    ),
    (
        "__InputValue.isDeprecated",
        "removed",
        "input I { a: Int @deprecated }",
        "input I { a: Int }",
        "",
    ),
    (
        "__InputValue.isDeprecated",
        "changed",
        "input I { a: Int b: Int @deprecated }",
        "input I { a: Int }",
        "graphql-input-field-removed",
    ),
    (
        "__EnumValue.isDeprecated",
        "added",
        "enum E { A B }",
        "enum E { A B @deprecated }",
        "",
    ),
    (
        "__EnumValue.isDeprecated",
        "removed",
        "enum E { A B @deprecated }",
        "enum E { A B }",
        "",
    ),
    (
        "__EnumValue.isDeprecated",
        "changed",
        "enum E { A B @deprecated }",
        "enum E { A }",
        "graphql-value-removed",
    ),
    (
        "__Directive.isRepeatable",
        "added",
        "directive @d on FIELD",
        "directive @d repeatable on FIELD",
        "",
    ),
    (
        "__Directive.isRepeatable",
        "removed",
        "directive @d repeatable on FIELD",
        "directive @d on FIELD",
        "graphql-directive-repeatable",
    ),
    (
        "__Directive.isRepeatable",
        "changed",
        "directive @d repeatable on SCALAR",
        "directive @d on SCALAR",
        "graphql-directive-repeatable?",
    ),
    (
        "__Directive.locations",
        "added",
        "directive @d on FIELD",
        "directive @d on FIELD | QUERY",
        "",
    ),
    (
        "__Directive.locations",
        "removed",
        "directive @d on FIELD | QUERY",
        "directive @d on FIELD",
        "graphql-directive-location",
    ),
    (
        "__Directive.locations",
        "changed",
        "directive @d on FIELD | OBJECT",
        "directive @d on FIELD | ENUM",
        "graphql-directive-location?",
    ),
    (
        "__Directive.args",
        "added",
        "directive @d on FIELD",
        "directive @d(a: Int) on FIELD",
        "",
    ),
    (
        "__Directive.args",
        "added",
        "directive @d on FIELD",
        "directive @d(a: Int!) on FIELD",
        "graphql-directive-argument",
    ),
    (
        "__Directive.args",
        "removed",
        "directive @d(a: Int) on FIELD",
        "directive @d on FIELD",
        "graphql-directive-argument",
    ),
    (
        "__Directive.args",
        "changed",
        "directive @d(a: Int) on FIELD",
        "directive @d(a: Boolean) on FIELD",
        "graphql-directive-argument",
    ),
    (
        "__Directive.args",
        "changed",
        "directive @d(a: Int = 1) on FIELD",
        "directive @d(a: Int = 2) on FIELD",
        "graphql-directive-argument?",
    ),
];

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

/// What was found, as it is written in the table.
fn rules(found: &[Breaking]) -> Vec<String> {
    let mut rules: Vec<String> = found
        .iter()
        .map(|found| match found.impact {
            Impact::Break => found.rule.to_owned(),
            Impact::Caution => format!("{}?", found.rule),
        })
        .collect();
    rules.sort();
    rules.dedup();
    rules
}

fn schema(text: &str) -> String {
    format!("type Query {{ q: Q }} type Q {{ x: Int }} {text}")
}

#[test]
fn every_part_is_judged_when_it_is_added_removed_or_changed() {
    let mut known: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    let mut seen = BTreeSet::new();
    for (part, what, before, after, expected) in CASES {
        known.entry(part).or_default().insert(what);
        let found = breaking(&schema(before), &schema(after));
        let mut expected: Vec<&str> = expected.split_whitespace().collect();
        expected.sort_unstable();
        assert_eq!(
            rules(&found),
            expected,
            "{part} {what}: {before} -> {after}"
        );
        seen.extend(found.iter().map(|found| found.rule));
        for found in &found {
            assert!(found.before.is_some() || found.after.is_some(), "{found:?}");
        }
    }
    let ids: BTreeSet<&str> = RULES.iter().map(|rule| rule.id).collect();
    assert_eq!(seen, ids, "each rule has a case");
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
