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
        &[": property `b` removed"],
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
        &["caution:  has the type `string` now, and had none"],
        &[],
    );
    rule(
        "{type: string}",
        "{}",
        &[],
        &["caution:  no longer has a type; it was `string`"],
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
fn bounds_hold_for_what_callers_send() {
    rule(
        "{type: string, maxLength: 20}",
        "{type: string, maxLength: 10}",
        &[" has maxLength 10 now, and had 20"],
        &[],
    );
    rule(
        "{type: string, maxLength: 10}",
        "{type: string, maxLength: 20}",
        &[],
        &[],
    );
    rule(
        "{type: string}",
        "{type: string, minLength: 1}",
        &[" has minLength 1 now, and had none"],
        &[],
    );
    rule("{type: string}", "{type: string, minLength: 0}", &[], &[]);
    rule(
        "{type: integer, minimum: 1}",
        "{type: integer, minimum: 2}",
        &[" has minimum 2 now, and had 1"],
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
        &composed("b: {}"),
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
            "{{oneOf: [{}]}}, A: {{type: object, properties: {{x: {{}}}}}}, B: {{type: object}}, C: {{}}",
            list.join(", ")
        )
    };
    rule(
        &one_of(&["A", "B", "C"]),
        &one_of(&["A", "B"]),
        &[" is no longer taken as `C`"],
        &[],
    );
    rule(
        &one_of(&["A", "B"]),
        &one_of(&["A", "B", "C"]),
        &[],
        &["caution:  may be `C` now"],
    );
    let before = one_of(&["A", "B"]);
    rule(
        &before,
        &before.replace("{x: {}}", "{}"),
        &[],
        &[": property `x` removed"],
    );
    // Nothing is claimed about what cannot be compared.
    rule(&before, "{type: object}", &[], &[]);
    rule("{type: object, properties: {x: {}}}", &before, &[], &[]);
}

#[test]
fn nothing_is_claimed_about_what_is_not_known() {
    let known = "{type: object, properties: {a: {}}}";
    for unknown in [
        "{$ref: 'other.yaml#/S'}",
        "{$ref: '#/components/schemas/Nowhere'}",
        "{allOf: [{$ref: 'other.yaml#/S'}]}",
        "{type: object, patternProperties: {'.': {}}}",
        "true",
        "7",
        "{$ref: '#/components/schemas/S'}",
    ] {
        rule(known, unknown, &[], &[]);
        rule(
            unknown,
            "{type: object, required: [a], properties: {a: {}}}",
            &[],
            &[],
        );
    }
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
        &two("x: {}, y: {}"),
        &two("x: {}"),
        &["GET /a: response 200: property `y` removed (in other operations too)"],
    );
}
