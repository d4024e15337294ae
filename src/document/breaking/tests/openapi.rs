use super::super::breaking;
use super::{finds, pointer};

/// A description with these lines below `paths`.
fn api(paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: '1'}}\npaths:\n{paths}\n")
}

fn swagger(more: &str) -> String {
    format!("swagger: '2.0'\ninfo: {{title: T, version: '1'}}\n{more}\n")
}

/// `GET /a` with this operation.
fn get(operation: &str) -> String {
    api(&format!("  /a: {{get: {{{operation}}}}}"))
}

/// `POST /a` with this body.
fn post(body: &str) -> String {
    api(&format!("  /a: {{post: {{requestBody: {body}}}}}"))
}

#[test]
fn paths_and_operations_that_are_gone() {
    let both = api("  /a: {get: {}, post: {}}\n  /b: {get: {}}");
    finds(
        &both,
        &api("  /a: {get: {}}\n  /b: {get: {}}"),
        &["POST /a: operation removed"],
    );
    finds(
        &both,
        &api("  /a: {get: {}, post: {}}"),
        &["/b: path removed (GET)"],
    );
    let more = api("  /a: {get: {}, post: {}, put: {}}\n  /b: {get: {}}\n  /c: {get: {}}");
    finds(&both, &more, &[]);
    // Nobody could call a path without operations.
    finds(&api("  /a: {}"), &api("  /b: {}"), &[]);
}

#[test]
fn what_a_path_calls_its_parameters_does_not_matter() {
    let named = |name: &str, kind: &str| {
        let parameter =
            format!("{{in: path, name: {name}, required: true, schema: {{type: {kind}}}}}");
        api(&format!(
            "  /a/{{{name}}}/b: {{get: {{parameters: [{parameter}]}}}}"
        ))
    };
    finds(&named("id", "integer"), &named("key", "integer"), &[]);
    finds(&named("id", "integer"), &named("key", "number"), &[]);
    finds(
        &named("id", "string"),
        &named("key", "integer"),
        &["GET /a/{id}/b: parameter `id` has the type `integer` now, and had `string`"],
    );
}

#[test]
fn parameters() {
    let with = |parameter: &str| get(&format!("parameters: [{parameter}]"));
    let one = with("{in: query, name: expand}");
    let required = with("{in: query, name: expand, required: true}");
    finds(
        &one,
        &required,
        &["GET /a: parameter `expand` is now required"],
    );
    finds(&required, &one, &[]);
    finds(&one, &with(""), &["GET /a: parameter `expand` removed"]);
    finds(
        &with(""),
        &required,
        &["GET /a: parameter `expand` is new and required"],
    );
    finds(&with(""), &one, &[]);
    let header = with("{in: header, name: X-Tenant}");
    finds(&header, &with("{in: header, name: x-tenant}"), &[]);
    finds(&header, &with(""), &["GET /a: header `X-Tenant` removed"]);
    // OpenAPI ignores this one, so that it was never promised.
    finds(&with("{in: header, name: Accept}"), &with(""), &[]);
    // A parameter of the path item holds for its operations.
    let shared = api("  /a: {parameters: [{in: query, name: expand}], get: {}}");
    finds(&one, &shared, &[]);
}

#[test]
fn parameters_behind_references() {
    let with = |parameters: &str, components: &str| {
        format!(
            "{}components:\n  parameters: {{{components}}}\n",
            get(&format!("parameters: [{parameters}]"))
        )
    };
    let referred = "{$ref: '#/components/parameters/page'}";
    let before = with(referred, "page: {in: query, name: page}");
    finds(
        &before,
        &with(referred, "page: {in: query, name: page, required: true}"),
        &["GET /a: parameter `page` is now required"],
    );
    finds(&before, &with("{in: query, name: page}", ""), &[]);
    // What is in another file is not known, so that nothing is claimed.
    finds(&before, &with("{$ref: 'common.yaml#/page'}", ""), &[]);
}

#[test]
fn request_bodies() {
    let none = api("  /a: {post: {}}");
    let optional = post("{content: {application/json: {}}}");
    let required = post("{required: true, content: {application/json: {}}}");
    finds(
        &none,
        &required,
        &["POST /a: a request body is now required"],
    );
    finds(&none, &optional, &[]);
    finds(
        &optional,
        &required,
        &["POST /a: the request body is now required"],
    );
    finds(&required, &optional, &[]);
    finds(&optional, &none, &["POST /a: request body removed"]);
    finds(
        &post("{content: {application/json: {}, text/csv: {}}}"),
        &optional,
        &["POST /a: request body: `text/csv` is no longer taken"],
    );
    finds(
        &optional,
        &post("{content: {application/json; charset=utf-8: {}}}"),
        &[],
    );
    finds(&optional, &post("{content: {'*/*': {}}}"), &[]);
}

#[test]
fn responses() {
    let with = |responses: &str| get(&format!("responses: {{{responses}}}"));
    let both = with("'200': {}, '404': {}");
    finds(&both, &with("'404': {}"), &["GET /a: response 200 removed"]);
    finds(&both, &with("'200': {}"), &[]);
    finds(&both, &with("'2XX': {}"), &[]);
    finds(&both, &with("default: {}"), &[]);
    let json = with("'200': {content: {application/json: {schema: {type: object}}}}");
    finds(
        &json,
        &with("'200': {}"),
        &["GET /a: response 200 no longer has content"],
    );
    finds(
        &json,
        &with("'200': {content: {text/xml: {schema: {type: object}}}}"),
        &["GET /a: response 200: `application/json` is no longer returned"],
    );
    let header = with("'200': {headers: {ETag: {required: true, schema: {type: string}}}}");
    finds(
        &header,
        &with("'200': {}"),
        &["GET /a: response 200: header `ETag` removed"],
    );
    finds(
        &header,
        &with("'200': {headers: {etag: {schema: {type: string}}}}"),
        &["GET /a: response 200: header `ETag` may be absent now"],
    );
}

#[test]
fn security_that_is_stricter() {
    let components = "components: {securitySchemes: {key: {type: apiKey, in: header, name: K}, o: {type: oauth2}}}\n";
    let with = |security: &str| format!("{}{components}", get(security));
    let (open, key) = (with(""), with("security: [{key: []}]"));
    finds(
        &open,
        &key,
        &["GET /a: needs `key` now, and needed no credential"],
    );
    finds(&key, &open, &[]);
    finds(&key, &with("security: [{key: []}, {o: [r]}]"), &[]);
    finds(&open, &with("security: [{}, {key: []}]"), &[]);
    finds(
        &with("security: [{o: [r]}]"),
        &with("security: [{o: [r, w]}]"),
        &["GET /a: needs `o` (scopes `r`, `w`) now: `o` (scope `r`) is no longer enough"],
    );
    finds(
        &with("security: [{o: [r, w]}]"),
        &with("security: [{o: [r]}]"),
        &[],
    );
    let all = format!("{open}security: [{{key: []}}]\n");
    finds(
        &open,
        &all,
        &["GET /a: needs `key` now, and needed no credential"],
    );
    // Nobody inherits it.
    let own = with("security: []");
    finds(&own, &format!("{own}security: [{{key: []}}]\n"), &[]);
    // Another name for the same scheme.
    let renamed = key.replace("key:", "token:");
    finds(&key, &renamed, &[]);
}

#[test]
fn an_address_that_is_gone_is_a_caution() {
    let with = |servers: &str| format!("{}servers: [{servers}]\n", get(""));
    let one = with("{url: 'https://a/v1'}");
    finds(
        &one,
        &with("{url: 'https://b/v1'}"),
        &["caution: servers: the address `https://a/v1` is no longer listed"],
    );
    finds(
        &one,
        &with("{url: 'https://a/v1/'}, {url: 'https://b/v1'}"),
        &[],
    );
    finds(
        &swagger("basePath: /v1\npaths: {/a: {get: {}}}"),
        &swagger("basePath: /\npaths: {/v1/a: {get: {}}}"),
        &[],
    );
}

#[test]
fn a_removed_address_of_swagger_is_where_it_changed() {
    let of = |base: &str, host: &str, scheme: &str| {
        let address = format!("basePath: {base}\nhost: {host}\nschemes: [{scheme}]");
        swagger(&format!("{address}\npaths: {{/a: {{get: {{}}}}}}"))
    };
    let before = of("/v1", "a", "http");
    for (key, after) in [
        ("basePath", of("/v2", "a", "http")),
        ("host", of("/v1", "b", "http")),
        ("schemes", of("/v1", "a", "https")),
    ] {
        let found = breaking(&before, &after);
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].place, key);
        assert_eq!(pointer(&found[0].before), Some(&*format!("/{key}")));
    }
}

#[test]
fn swagger_has_the_same_rules() {
    let with = |operation: &str| swagger(&format!("paths: {{/a: {{post: {{{operation}}}}}}}"));
    finds(
        &with("parameters: [{in: query, name: q, type: string}]"),
        &with("parameters: [{in: query, name: q, type: integer, required: true}]"),
        &[
            "POST /a: parameter `q` is now required",
            "POST /a: parameter `q` has the type `integer` now, and had `string`",
        ],
    );
    let body = |required: &str| {
        with(&format!(
            "parameters: [{{in: body, name: b, schema: {{type: object, required: [{required}], \
             properties: {{x: {{type: string}}}}}}}}]"
        ))
    };
    finds(
        &body(""),
        &body("x"),
        &["POST /a: request body: property `x` is now required"],
    );
    finds(&body("x"), &body(""), &[]);
    let form = |required: bool| {
        with(&format!(
            "parameters: [{{in: formData, name: f, type: string}}, {{in: formData, name: g, type: file, required: {required}}}]"
        ))
    };
    finds(
        &form(false),
        &form(true),
        &[
            "POST /a: the request body is now required",
            "POST /a: request body: property `g` is now required",
        ],
    );
    let response = |schema: &str| with(&format!("responses: {{200: {{schema: {schema}}}}}"));
    finds(
        &response("{properties: {a: {}, b: {type: string}}}"),
        &response("{properties: {a: {}}}"),
        &["POST /a: response 200: property `b` removed"],
    );
}

#[test]
fn the_same_api_in_a_newer_version_of_the_format_breaks_nothing() {
    let old = swagger(
        "basePath: /v1\nhost: x\nproduces: [application/json]\nsecurityDefinitions: {b: {type: basic}}\nsecurity: [{b: []}]\n\
         paths:\n  /a:\n    post:\n      parameters:\n        - {in: query, name: q, type: string}\n        \
         - {in: body, name: b, required: true, schema: {$ref: '#/definitions/A'}}\n      \
         responses: {200: {schema: {$ref: '#/definitions/A'}}}\n\
         definitions: {A: {type: object, required: [x], properties: {x: {type: string}}}}\n",
    );
    let new = "openapi: 3.1.0\ninfo: {title: T, version: '1'}\nservers: [{url: 'https://x/v1'}]\n\
         paths:\n  /a:\n    post:\n      parameters: [{in: query, name: q, schema: {type: string}}]\n      \
         requestBody: {required: true, content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}\n      \
         responses: {'200': {content: {application/json: {schema: {$ref: '#/components/schemas/A'}}}}}\n\
         components:\n  securitySchemes: {basic: {type: http, scheme: Basic}}\n  \
         schemas: {A: {type: object, required: [x], properties: {x: {type: string}}}}\nsecurity: [{basic: []}]\n";
    finds(&old, new, &[]);
    finds(
        &old,
        &new.replace("x: {type: string}", "y: {type: string}")
            .replace("required: [x], ", ""),
        &["POST /a: response 200: property `x` removed"],
    );
}

#[test]
fn a_status_of_other_letters_is_only_a_name() {
    let of = |status: &str| get(&format!("responses: {{'{status}': {{description: d}}}}"));
    finds(&of("\u{e9}XX"), &of("\u{e9}01"), &[]);
    finds(
        &of("2XX"),
        &of("\u{e9}XX"),
        &["GET /a: response 2xx removed"],
    );
}

#[test]
fn a_field_of_the_operation_takes_the_place_of_one_of_its_path() {
    let field = |is_required: bool| {
        format!("{{in: formData, name: f, type: string, required: {is_required}}}")
    };
    let of = |path: bool, operation: bool| {
        swagger(&format!(
            "paths:\n  /a:\n    parameters: [{}]\n    post: {{consumes: [multipart/form-data], parameters: [{}]}}",
            field(path),
            field(operation)
        ))
    };
    let required = [
        "POST /a: the request body is now required",
        "POST /a: request body: property `f` is now required",
    ];
    finds(&of(false, false), &of(true, true), &required);
    finds(&of(false, false), &of(false, true), &required);
    finds(&of(false, false), &of(true, false), &[]);
    finds(&of(true, false), &of(true, true), &required);
}

#[test]
fn a_finding_names_its_operation_and_where_it_is_in_the_old_description() {
    let callback = |kind: &str| {
        let body = format!("{{content: {{a/b: {{schema: {{type: {kind}}}}}}}}}");
        format!("callbacks: {{done: {{'{{$url}}': {{post: {{requestBody: {body}}}}}}}}}")
    };
    let of = |kind: &str, server: &str| {
        get(&format!(
            "servers: [{{url: 'https://{server}'}}], {}",
            callback(kind)
        ))
    };
    let found = crate::document::breaking::breaking(&of("string", "a"), &of("integer", "b"));
    let shown: Vec<_> = found
        .iter()
        .map(|found| {
            let operation = found.operation.as_ref();
            let operation = operation.map(|(method, path)| (method.as_str(), path.as_str()));
            (found.rule, operation, pointer(&found.before))
        })
        .collect();
    let schema = "/paths/~1a/get/callbacks/done/{$url}/post/requestBody/content/a~1b/schema";
    assert_eq!(
        shown,
        [
            ("schema-type", Some(("GET", "/a")), Some(schema)),
            (
                "server-removed",
                Some(("GET", "/a")),
                Some("/paths/~1a/get/servers")
            ),
        ]
    );
}
