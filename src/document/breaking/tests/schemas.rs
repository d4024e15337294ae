use super::{finds, found};

fn api(operation: &str, schema: &str) -> String {
    format!(
        "openapi: 3.1.0\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {{post: {{{operation}}}}}}}\n\
         components: {{schemas: {{S: {schema}, Other: {{type: string}}}}}}\n"
    )
}

/// An operation that takes the schema.
fn taken(schema: &str) -> String {
    let body = "requestBody: {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}";
    api(body, schema)
}

/// An operation that returns the schema.
fn returned(schema: &str) -> String {
    let response =
        "responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}";
    api(response, schema)
}

/// What is found where a schema is taken, and where it is returned.
#[track_caller]
fn rule(before: &str, after: &str, request: &[&str], response: &[&str]) {
    let prefixed = |what: &str, all: &[&str]| -> Vec<String> {
        let one = |text: &&str| match text.strip_prefix("caution: ") {
            Some(text) => format!("caution: POST /a: {what}{text}"),
            None => format!("POST /a: {what}{text}"),
        };
        all.iter().map(one).collect()
    };
    let (request, response) = (
        prefixed("request body", request),
        prefixed("response 200", response),
    );
    assert_eq!(
        found(&taken(before), &taken(after)),
        request,
        "request: {before} -> {after}"
    );
    assert_eq!(
        found(&returned(before), &returned(after)),
        response,
        "response: {before} -> {after}"
    );
}

#[test]
fn properties() {
    let one = "{type: object, properties: {a: {type: string}}}";
    let two = "{type: object, properties: {a: {type: string}, b: {type: string}}}";
    let required =
        "{type: object, required: [b], properties: {a: {type: string}, b: {type: string}}}";
    rule(one, two, &[], &[]);
    rule(two, one, &[], &[": property `b` removed"]);
    rule(two, required, &[": property `b` is now required"], &[]);
    rule(one, required, &[": property `b` is new and required"], &[]);
    rule(required, two, &[], &[": property `b` may be absent now"]);
    let closed = "{type: object, additionalProperties: false, properties: {a: {type: string}}}";
    rule(
        two,
        closed,
        &[": property `b` is no longer taken"],
        // Nobody who relied on it can be shown: it was optional, and nothing else takes its place.
        &["caution: : property `b` removed (no value that shows it was found)"],
    );
    // Callers never send the one and never get the other.
    let read = "{type: object, required: [b], properties: {a: {type: string}, b: {type: string, readOnly: true}}}";
    rule(one, read, &[], &[]);
    let write =
        "{type: object, properties: {a: {type: string}, b: {type: string, writeOnly: true}}}";
    rule(write, one, &[], &[]);
}

#[test]
fn types() {
    let changed = |now: &str, was: &str| format!(" has the type {now} now, and had {was}");
    rule(
        "{type: string}",
        "{type: integer}",
        &[&changed("`integer`", "`string`")],
        &[&changed("`integer`", "`string`")],
    );
    rule(
        "{type: integer}",
        "{type: number}",
        &[],
        &[&changed("`number`", "`integer`")],
    );
    rule(
        "{type: number}",
        "{type: integer}",
        &[&changed("`integer`", "`number`")],
        &[],
    );
    rule(
        "{type: string}",
        "{type: [string, 'null']}",
        &[],
        &[" may be null now"],
    );
    rule(
        "{type: [string, 'null']}",
        "{type: string}",
        &[" must not be null"],
        &[],
    );
    rule(
        "{type: string, nullable: true}",
        "{type: [string, 'null']}",
        &[],
        &[],
    );
    rule(
        "{type: string, nullable: true}",
        "{anyOf: [{type: string}, {type: 'null'}]}",
        &[],
        &[],
    );
    rule(
        "{}",
        "{type: string}",
        &[" has the type `string` now, and had none"],
        &[],
    );
    rule(
        "{type: string}",
        "{}",
        &[],
        &[" no longer has a type; it was `string`"],
    );
    // What is said in another way is the same.
    rule(
        "{properties: {a: {}}}",
        "{type: object, properties: {a: {}}}",
        &[],
        &[],
    );
}

#[test]
fn formats() {
    let with = |format: &str| format!("{{type: integer, format: {format}}}");
    let changed = " has the format `int32` now, and had `int64`";
    rule(&with("int64"), &with("int32"), &[changed], &[]);
    let changed = " has the format `int64` now, and had `int32`";
    rule(&with("int32"), &with("int64"), &[], &[changed]);
    let changed = " has the format `date` now, and had `uuid`";
    rule(
        "{type: string, format: uuid}",
        "{type: string, format: date}",
        &[changed],
        &[changed],
    );
    rule(
        "{type: string}",
        "{type: string, format: uuid}",
        &["caution:  has the format `uuid` now, and had none"],
        &[],
    );
    rule(
        "{type: string, format: uuid}",
        "{type: string}",
        &[],
        &["caution:  no longer has a format; it was `uuid`"],
    );
}

#[test]
fn values() {
    let (two, three) = (
        "{type: string, enum: [a, b]}",
        "{type: string, enum: [a, b, c]}",
    );
    rule(three, two, &[" no longer takes `c`"], &[]);
    rule(two, three, &[], &["caution:  may be `c` now"]);
    rule(
        "{type: string}",
        two,
        &[" takes nothing but `a`, `b` now"],
        &[],
    );
    rule(
        two,
        "{type: string}",
        &[],
        &["caution:  may be more than `a`, `b` now"],
    );
    rule(two, "{type: string, enum: [b, a]}", &[], &[]);
}

#[test]
fn bounds() {
    rule(
        "{type: string, maxLength: 20}",
        "{type: string, maxLength: 10}",
        &[" has maxLength 10 now, and had 20: `\"aaaaaaaaaaa\"` was accepted"],
        &[],
    );
    rule(
        "{type: string, maxLength: 10}",
        "{type: string, maxLength: 20}",
        &[],
        &[" has maxLength 20 now, and had 10: `\"aaaaaaaaaaa\"` may be returned now"],
    );
    rule(
        "{type: string}",
        "{type: string, minLength: 1}",
        &[" has minLength 1 now, and had none: `\"\"` was accepted"],
        &[],
    );
    rule("{type: string}", "{type: string, minLength: 0}", &[], &[]);
    rule(
        "{type: integer, minimum: 1}",
        "{type: integer, minimum: 2}",
        &[" has minimum 2 now, and had 1: `1` was accepted"],
        &[],
    );
}

#[test]
fn everything_below_is_compared() {
    let deep = |inner: &str| {
        format!(
            "{{type: object, properties: {{list: {{type: array, items: {{type: object, properties: {{x: {inner}}}}}}}}}}}"
        )
    };
    let changed = ": `list[].x` has the type `integer` now, and had `string`";
    rule(
        &deep("{type: string}"),
        &deep("{type: integer}"),
        &[changed],
        &[changed],
    );
    let map = |inner: &str| format!("{{type: object, additionalProperties: {inner}}}");
    let changed = ": `{}` has the type `integer` now, and had `string`";
    rule(
        &map("{type: string}"),
        &map("{type: integer}"),
        &[changed],
        &[changed],
    );
    let composed = |properties: &str| {
        format!(
            "{{allOf: [{{type: object, properties: {{a: {{}}}}}}, {{properties: {{{properties}}}}}]}}"
        )
    };
    rule(
        &composed("b: {type: string}"),
        &composed(""),
        &[],
        &[": property `b` removed"],
    );
    // The same properties, composed in another way.
    rule(
        &composed("b: {}"),
        "{type: object, properties: {a: {}, b: {}}}",
        &[],
        &[],
    );
}

#[test]
fn alternatives_are_told_apart_by_their_names() {
    let one_of = |names: &[&str]| {
        let list: Vec<String> = names
            .iter()
            .map(|n| format!("{{$ref: '#/components/schemas/{n}'}}"))
            .collect();
        format!(
            "{{oneOf: [{}]}}, A: {{type: object, required: [a], properties: {{a: {{}}, x: {{type: string}}}}}}, B: {{type: object, required: [b]}}, C: {{type: string}}",
            list.join(", ")
        )
    };
    rule(
        &one_of(&["A", "B", "C"]),
        &one_of(&["A", "B"]),
        &[" is no longer taken as `C`: `\"a\"` was accepted"],
        &[],
    );
    rule(
        &one_of(&["A", "B"]),
        &one_of(&["A", "B", "C"]),
        &[],
        &[" may be `C` now: `\"a\"` may be returned now"],
    );
    let before = one_of(&["A", "B"]);
    rule(
        &before,
        &before.replace(", x: {type: string}", ""),
        &[],
        &[": property `x` removed"],
    );
    rule(&before, "{type: object}", &[], &[": property `b` removed"]);
}

#[test]
fn nothing_breaks_for_sure_where_something_is_not_known() {
    let known = "{type: object, properties: {a: {}}}";
    for unknown in [
        "{$ref: 'other.yaml#/S'}",
        "{$ref: '#/components/schemas/Nowhere'}",
        "{allOf: [{$ref: 'other.yaml#/S'}]}",
        "7",
        "{$ref: '#/components/schemas/S'}",
    ] {
        for (before, after) in [
            (known, unknown),
            (
                unknown,
                "{type: object, required: [a], properties: {a: {}}}",
            ),
        ] {
            for found in [
                found(&taken(before), &taken(after)),
                found(&returned(before), &returned(after)),
            ] {
                let is_caution = |line: &String| line.starts_with("caution: ");
                assert!(
                    found.iter().all(is_caution),
                    "{before} -> {after}: {found:?}"
                );
            }
        }
        rule(unknown, unknown, &[], &[]);
    }
    rule(
        known,
        "{$ref: 'other.yaml#/S'}",
        &[
            "caution:  changed, and whether that breaks cannot be said: it refers to what cannot be found",
        ],
        &[
            "caution:  no longer has a type; it was `object` (no value that shows it was found)",
            "caution: : property `a` removed (no value that shows it was found)",
        ],
    );
}

#[test]
fn a_schema_that_holds_itself_is_compared_once() {
    let tree = |kind: &str| {
        format!(
            "{{type: object, properties: {{child: {{$ref: '#/components/schemas/S'}}, x: {{type: {kind}}}}}}}"
        )
    };
    let changed = ": `x` has the type `integer` now, and had `string`";
    rule(&tree("string"), &tree("integer"), &[changed], &[changed]);
}

#[test]
fn a_schema_of_several_operations_is_reported_at_the_first() {
    let two = |properties: &str| {
        let get = "get: {responses: {'200': {content: {a/b: {schema: {$ref: '#/components/schemas/S'}}}}}}";
        let schema = format!("{{type: object, properties: {{{properties}}}}}");
        let one = api("", &schema);
        one.replace(
            "{/a: {post: {}}}",
            &format!("{{/a: {{{get}}}, /b: {{{get}}}}}"),
        )
    };
    finds(
        &two("x: {}, y: {type: string}"),
        &two("x: {}"),
        &["GET /a: response 200: property `y` removed (and in 1 more operation)"],
    );
}

#[test]
fn alternatives_that_differ_in_their_default_only_are_compared_with_the_same() {
    let one = "{anyOf: [{type: object, additionalProperties: {type: boolean, default: true}}, {type: object, additionalProperties: {type: boolean}}]}";
    let other = "{anyOf: [{type: object, additionalProperties: {type: boolean}}, {type: object, additionalProperties: {type: boolean, default: true}}]}";
    rule(one, other, &[], &[]);
    rule(other, one, &[], &[]);
}
