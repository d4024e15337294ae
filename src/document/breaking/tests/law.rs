//! One law: what narrows what is accepted, and what takes away what was promised, breaks callers.

use super::{Impact, breaking};

/// What has to be found.
#[derive(Debug, PartialEq, Eq, Clone, Copy)]
enum Verdict {
    Nothing,
    Caution,
    Breaks,
}

use Verdict::{Breaks, Caution, Nothing};

#[track_caller]
fn judge(before: &str, after: &str, expected: Verdict) {
    let found = breaking(before, after);
    let verdict = if found.iter().any(|found| found.impact == Impact::Break) {
        Breaks
    } else if found.is_empty() {
        Nothing
    } else {
        Caution
    };
    assert_eq!(verdict, expected, "{before}\n->\n{after}\n{found:#?}");
    // Nothing is claimed about a schema without a value that shows it.
    for found in found.iter().filter(|found| found.impact == Impact::Break) {
        let is_about_a_schema = ["schema-", "property-", "object-"]
            .iter()
            .any(|start| found.rule.starts_with(start));
        assert!(!is_about_a_schema || found.witness.is_some(), "{found:?}");
    }
}

fn document(version: &str, path: &str, more: &str) -> String {
    format!("openapi: {version}\ninfo: {{title: T, version: '1'}}\npaths: {{/a: {path}}}\n{more}")
}

/// A schema that callers send, and that they receive: each with its verdict.
#[track_caller]
fn schemas(version: &str, before: &str, after: &str, sent: Verdict, received: Verdict) {
    let body = |schema: &str| {
        document(
            version,
            &format!(
                "{{post: {{requestBody: {{required: true, content: {{application/json: {{schema: {schema}}}}}}}, responses: {{'204': {{description: d}}}}}}}}"
            ),
            "",
        )
    };
    let response = |schema: &str| {
        document(
            version,
            &format!(
                "{{get: {{responses: {{'200': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}}}}}}}"
            ),
            "",
        )
    };
    judge(&body(before), &body(after), sent);
    judge(&response(before), &response(after), received);
}

#[track_caller]
fn narrower(before: &str, after: &str) {
    schemas("3.1.0", before, after, Breaks, Nothing);
    schemas("3.1.0", after, before, Nothing, Breaks);
}

#[test]
fn keywords_that_narrow() {
    narrower("{type: string}", "{type: string, pattern: '^[a-z]{3}$'}");
    narrower("{type: integer}", "{type: integer, multipleOf: 5}");
    narrower(
        "{type: number, maximum: 9}",
        "{type: number, exclusiveMaximum: 9}",
    );
    narrower(
        "{type: array, items: {type: string}}",
        "{type: array, uniqueItems: true, items: {type: string}}",
    );
    narrower(
        "{type: array}",
        "{type: array, prefixItems: [{type: string}]}",
    );
    narrower(
        "{type: array, items: {type: integer}}",
        "{type: array, items: {type: integer}, contains: {const: 7}}",
    );
    narrower("{type: object}", "{type: object, minProperties: 1}");
    narrower(
        "{type: object}",
        "{type: object, propertyNames: {maxLength: 3}}",
    );
}

#[test]
fn more_keywords_that_narrow() {
    narrower(
        "{type: object, properties: {p: {type: string}, q: {type: string}}}",
        "{type: object, properties: {p: {type: string}, q: {type: string}}, dependentRequired: {p: [q]}}",
    );
    narrower("{type: [string, integer]}", "{type: string}");
    narrower("{type: string}", "{type: string, not: {const: admin}}");
    narrower(
        "{type: integer}",
        "{type: integer, if: {minimum: 10}, then: {multipleOf: 10}}",
    );
    narrower(
        "{anyOf: [{type: string}, {type: integer}]}",
        "{type: integer}",
    );
    narrower(
        "{allOf: [{type: integer, maximum: 90}, {maximum: 70}]}",
        "{allOf: [{type: integer, maximum: 90}, {maximum: 30}]}",
    );
    narrower(
        "{type: object, additionalProperties: {type: integer}}",
        "{type: object, additionalProperties: {type: integer, maximum: 5}}",
    );
    narrower(
        "{type: object, patternProperties: {'^x': {type: string}}}",
        "{type: object, patternProperties: {'^x': {type: string, maxLength: 4}}}",
    );
}

#[test]
fn closing_an_object_refuses_what_it_did_not_name() {
    for closed in [
        "additionalProperties: false",
        "unevaluatedProperties: false",
    ] {
        schemas(
            "3.1.0",
            "{type: object, properties: {p: {type: string}}}",
            &format!("{{type: object, properties: {{p: {{type: string}}}}, {closed}}}"),
            Breaks,
            Nothing,
        );
    }
}

#[test]
fn what_says_the_same_is_silent() {
    for (version, one, other) in [
        (
            "3.1.0",
            "{type: string, enum: [u, v]}",
            "{anyOf: [{const: v}, {const: u}]}",
        ),
        (
            "3.1.0",
            "{type: integer, exclusiveMinimum: 0}",
            "{type: integer, minimum: 1}",
        ),
        (
            "3.0.3",
            "{type: integer, minimum: 0, exclusiveMinimum: true}",
            "{type: integer, minimum: 1}",
        ),
        (
            "3.1.0",
            "{type: [string, 'null']}",
            "{oneOf: [{type: 'null'}, {type: string}]}",
        ),
        (
            "3.1.0",
            "{allOf: [{type: object, properties: {p: {type: string}}}, {required: [p]}]}",
            "{type: object, required: [p], properties: {p: {type: string}}}",
        ),
        (
            "3.0.3",
            "{oneOf: [{type: string}, {type: boolean}]}",
            "{anyOf: [{type: boolean}, {type: string}]}",
        ),
    ] {
        schemas(version, one, other, Nothing, Nothing);
        schemas(version, other, one, Nothing, Nothing);
    }
}

#[test]
fn read_only_and_write_only() {
    let with = |flag: &str| {
        format!("{{type: object, required: [p], properties: {{p: {{type: string{flag}}}}}}}")
    };
    schemas(
        "3.0.3",
        &with(", readOnly: true"),
        &with(""),
        Breaks,
        Nothing,
    );
    schemas(
        "3.0.3",
        &with(""),
        &with(", readOnly: true"),
        Caution,
        Nothing,
    );
    schemas(
        "3.0.3",
        &with(""),
        &with(", writeOnly: true"),
        Nothing,
        Breaks,
    );
}

#[track_caller]
fn operations(before: &str, after: &str, expected: Verdict) {
    let of = |operation: &str| document("3.1.0", &format!("{{get: {{{operation}}}}}"), "");
    judge(&of(before), &of(after), expected);
}

#[test]
fn how_parameters_are_written() {
    let query = |more: &str| format!("parameters: [{{in: query, name: q, {more}}}]");
    operations(
        &query("schema: {type: integer}"),
        &query("schema: {type: string}"),
        Nothing,
    );
    operations(
        &query("schema: {type: string}"),
        &query("schema: {type: integer}"),
        Breaks,
    );
    operations(
        &query("schema: {type: integer}"),
        &query("schema: {type: array, items: {type: integer}}"),
        Nothing,
    );
    operations(
        &query("explode: true, schema: {type: array, items: {type: string}}"),
        &query("explode: false, schema: {type: array, items: {type: string}}"),
        Breaks,
    );
    operations(
        &query("style: form, schema: {type: string}"),
        &query("style: pipeDelimited, schema: {type: string}"),
        Nothing,
    );
    operations(
        &query("schema: {type: object}"),
        &query("content: {application/json: {schema: {type: object}}}"),
        Breaks,
    );
    operations(
        &query("allowEmptyValue: true"),
        &query("allowEmptyValue: false"),
        Breaks,
    );
    operations(
        &query("schema: {type: string, default: u}"),
        &query("schema: {type: string, default: v}"),
        Caution,
    );
}

#[test]
fn responses_and_their_ranges() {
    let of = |status: &str, schema: &str| {
        format!(
            "responses: {{'{status}': {{description: d, content: {{application/json: {{schema: {schema}}}}}}}}}"
        )
    };
    let typed = "{type: object, required: [p], properties: {p: {type: string}}}";
    operations(&of("2XX", typed), &of("200", typed), Nothing);
    operations(&of("2XX", typed), &of("200", "{type: array}"), Breaks);
    operations(&of("200", typed), &of("202", typed), Breaks);
    operations(&of("200", typed), &of("200", "{}"), Breaks);
    operations(&of("200", "{}"), &of("200", typed), Nothing);
    let link = "responses: {'200': {description: d, links: {next: {operationId: n}}}}";
    operations(link, "responses: {'200': {description: d}}", Caution);
}

#[test]
fn callbacks_and_webhooks_change_sides() {
    let schema = |required: &str| {
        format!(
            "{{content: {{application/json: {{schema: {{type: object, required: [{required}], properties: {{p: {{type: string}}}}}}}}}}}}"
        )
    };
    let callback = |required: &str| {
        format!(
            "callbacks: {{done: {{'{{$request.query.url}}': {{post: {{requestBody: {}}}}}}}}}",
            schema(required)
        )
    };
    operations(&callback("p"), &callback(""), Breaks);
    operations(&callback(""), &callback("p"), Nothing);
    operations(&callback("p"), "operationId: o", Breaks);
    let webhook = |required: &str| {
        document(
            "3.1.0",
            "{}",
            &format!(
                "webhooks: {{changed: {{post: {{requestBody: {}}}}}}}",
                schema(required)
            ),
        )
    };
    judge(&webhook("p"), &webhook(""), Breaks);
    judge(&webhook(""), &webhook("p"), Nothing);
    judge(&webhook(""), &document("3.1.0", "{}", ""), Breaks);
}

#[test]
fn credentials() {
    let flows = |flows: &str| {
        document(
            "3.0.3",
            "{get: {security: [{o: []}]}}",
            &format!(
                "components: {{securitySchemes: {{o: {{type: oauth2, flows: {{{flows}}}}}}}}}"
            ),
        )
    };
    let (client, code) = (
        "clientCredentials: {tokenUrl: 'https://t', scopes: {}}",
        "password: {tokenUrl: 'https://t', scopes: {}}",
    );
    judge(&flows(&format!("{client}, {code}")), &flows(client), Breaks);
    judge(
        &flows(client),
        &flows(&client.replace("//t", "//u")),
        Caution,
    );
    let key = |place: &str, name: &str| {
        document(
            "3.0.3",
            "{get: {security: [{k: []}]}}",
            &format!(
                "components: {{securitySchemes: {{k: {{type: apiKey, in: {place}, name: {name}}}}}}}"
            ),
        )
    };
    judge(&key("query", "Key"), &key("query", "key"), Breaks);
    judge(&key("header", "Key"), &key("header", "key"), Nothing);
}

#[test]
fn addresses_of_one_operation() {
    let of = |servers: &str| format!("servers: [{servers}]");
    operations(
        &of("{url: 'https://u'}, {url: 'https://v'}"),
        &of("{url: 'https://u'}"),
        Caution,
    );
    operations(
        &of("{url: 'https://u'}"),
        &of("{url: 'https://u'}, {url: 'https://v'}"),
        Nothing,
    );
}

#[test]
fn whole_paths_and_all_operations_are_in_the_data() {
    let long = format!("/{}", "segment/".repeat(30));
    let with = |paths: &str| {
        format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths: {{{paths}}}\n")
    };
    let found = breaking(
        &with(&format!(
            "{long}u: {{get: {{}}, put: {{}}}}, {long}v: {{get: {{}}}}, /k: {{}}"
        )),
        &with("/k: {}"),
    );
    let places: Vec<&str> = found.iter().map(|found| found.place.as_str()).collect();
    assert_eq!(places, [format!("{long}u"), format!("{long}v")]);
    assert_eq!(
        found[0].other_operations,
        [format!("GET {long}u"), format!("PUT {long}u")]
    );
}
