use super::finds;

const BASE: &str = "
\"\"\"An order\"\"\"
type Order implements Node & Thing @key(fields: \"id\") { id: ID! total(currency: String = \"EUR\"): Float! lines: [Line!] }
type Line { sku: String }
interface Node { id: ID! }
interface Thing { id: ID! }
union Hit = Order | Line
enum State { OPEN @deprecated(reason: \"x\") DONE }
type Paint { colour: Colour }
enum Colour { RED GREEN }
input NewOrder { sku: String! count: Int = 1, note: String }
scalar Date
directive @key(fields: String!) repeatable on OBJECT | INTERFACE
type Query { orders(first: Int, state: State): [Order!]! hit: Node }
";

#[track_caller]
fn rule(old: &str, new: &str, expected: &[&str]) {
    assert_eq!(BASE.matches(old).count(), 1, "{old}");
    finds(BASE, &BASE.replace(old, new), expected);
}

#[test]
fn what_is_gone() {
    rule("scalar Date\n", "", &["scalar Date: type removed"]);
    rule(
        "scalar Date",
        "enum Date { NOW }",
        &["scalar Date: is `enum` now, and was `scalar`"],
    );
    rule(
        " lines: [Line!]",
        "",
        &["type Order: field `lines` removed"],
    );
    rule(
        ", state: State",
        "",
        &["type Query: argument `state` of `orders` removed"],
    );
    rule(" DONE", "", &["enum State: value `DONE` removed"]);
    rule(" | Line", "", &["union Hit: member `Line` removed"]);
    rule(
        ", note: String",
        "",
        &["input NewOrder: field `note` removed"],
    );
    rule(
        " & Thing",
        "",
        &["type Order: no longer implements `Thing`"],
    );
}

#[test]
fn what_is_new() {
    rule(
        "scalar Date",
        "scalar Date scalar Time type X { a: Int }",
        &[],
    );
    rule("sku: String }", "sku: String, more: [Int!]! }", &[]);
    rule(" DONE", " DONE LOST", &[]);
    rule(
        " GREEN",
        " GREEN BLUE",
        &["caution: enum Colour: responses may contain `BLUE` now"],
    );
    rule("(first: Int", "(first: Int, after: ID", &[]);
    rule("(first: Int", "(first: Int, after: ID! = \"0\"", &[]);
    rule(
        "(first: Int",
        "(first: Int, after: ID!",
        &["type Query: the argument `after` of `orders` is new and required"],
    );
    rule(
        "note: String",
        "note: String, more: Int!",
        &["input NewOrder: the field `more` is new and required"],
    );
    rule("note: String", "note: String, more: Int", &[]);
}

#[test]
fn what_has_another_type() {
    rule("sku: String }", "sku: String! }", &[]);
    rule("lines: [Line!]", "lines: [Line!]!", &[]);
    rule(
        "lines: [Line!]",
        "lines: [Line]",
        &["type Order: the field `lines` has the type `[Line]` now, and had `[Line!]`"],
    );
    rule("hit: Node", "hit: Order", &[]);
    rule(
        "hit: Node",
        "hit: Line",
        &["type Query: the field `hit` has the type `Line` now, and had `Node`"],
    );
    rule(
        "note: String",
        "note: String!",
        &["input NewOrder: the field `note` is now required"],
    );
    rule(
        "note: String",
        "note: String! = \"\"",
        &["input NewOrder: the field `note` no longer accepts null"],
    );
    rule("{ sku: String!", "{ sku: String", &[]);
    rule(
        "count: Int = 1",
        "count: Int",
        &["caution: input NewOrder: the field `count` no longer has a default; it was `1`"],
    );
    rule(
        "count: Int = 1",
        "count: Float",
        &["input NewOrder: the field `count` has the type `Float` now, and had `Int`"],
    );
    rule(
        "first: Int",
        "first: Int!",
        &["type Query: the argument `first` of `orders` is now required"],
    );
}

#[test]
fn how_it_is_written_does_not_matter() {
    let split = BASE.replace(
        " lines: [Line!] }",
        " }\n# more\nextend type Order { lines: [Line!] }",
    );
    finds(BASE, &split, &[]);
    finds(BASE, &format!("schema {{ query: Query }}{BASE}"), &[]);
    finds(
        BASE,
        &format!(
            "schema {{ query: Root }}{}",
            BASE.replace("type Query", "type Root")
        ),
        &["caution: schema: the type of `query` is called `Root` now, and was `Query`"],
    );
}

#[test]
fn the_result_of_an_introspection_is_a_schema_too() {
    let result = r#"{"data": {"__schema": {"queryType": {"name": "Query"}, "types": [
        {"kind": "SCALAR", "name": "String"}, {"kind": "OBJECT", "name": "__Type", "fields": []},
        {"kind": "OBJECT", "name": "Query", "interfaces": [], "fields": [{"name": "a", "args": [
            {"name": "x", "type": {"kind": "SCALAR", "name": "Int"}, "defaultValue": null}],
            "type": {"kind": "NON_NULL", "ofType": {"kind": "LIST", "ofType": {"kind": "SCALAR", "name": "String"}}}}]}
    ]}}}"#;
    finds(result, "type Query { a(x: Int): [String]! }", &[]);
    finds("type Query { a(x: Int): [String]! }", result, &[]);
    finds(
        result,
        &result.replace(
            r#"{"kind": "SCALAR", "name": "Int"}"#,
            r#"{"kind": "NON_NULL", "ofType": {"kind": "SCALAR", "name": "Int"}}"#,
        ),
        &["type Query: the argument `x` of `a` is now required"],
    );
    finds(
        result,
        "type Query { b: Int }",
        &["type Query: field `a` removed"],
    );
}

#[test]
fn what_cannot_be_read_leads_to_no_claim() {
    finds(BASE, "type Query {", &[]);
    finds(BASE, "query { a }", &[]);
    finds(BASE, "words of no language", &[]);
    finds(
        BASE,
        &format!("type A {{ a: {}Int }}", "[".repeat(100_000)),
        &[],
    );
}
