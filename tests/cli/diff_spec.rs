//! `diff-spec`: what one description breaks that another one promised.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{ORDERS_OPENAPI as BEFORE, orders};
use super::service_fixture::ServiceFixture;
use crate::schemas::{errors, validator};

/// The same in JSON, on one line, with its keys in another order.
const BEFORE_JSON: &str = r#"{"paths":{"/orders/{id}":{"delete":{"responses":{"204":{"description":"Deleted."}}},"get":{"responses":{"200":{"content":{"application/json":{"schema":{"properties":{"state":{"enum":["open","done"],"type":"string"}},"type":"object"}}},"description":"The order."}}},"parameters":[{"schema":{"type":"string"},"required":true,"name":"id","in":"path"}]},"/orders":{"post":{"responses":{"201":{"description":"Created."}},"requestBody":{"content":{"application/json":{"schema":{"properties":{"quantity":{"maximum":100,"type":"integer"}},"type":"object"}}},"required":true}}}},"info":{"version":"1.0.0","title":"Orders"},"openapi":"3.0.3"}"#;

/// Two breaks, a caution, and a new path.
fn after() -> String {
    BEFORE
        .replace("maximum: 100", "maximum: 50")
        .replace("[open, done]", "[open, done, lost]")
        .replace(
            "    delete:\n      responses:\n        '204': {description: Deleted.}\n",
            "  /items:\n    get: {responses: {'200': {description: Items.}}}\n",
        )
}

/// A folder with both and no project.
fn folder() -> Project {
    Project::empty()
        .file("old.yaml", BEFORE)
        .file("old.json", BEFORE_JSON)
        .file("new.yaml", &after())
}

#[test]
fn what_breaks_is_shown_with_its_places_and_what_was_removed_first() {
    folder()
        .run("diff-spec old.yaml new.yaml")
        .success()
        .says(&[
            "breaking: DELETE /orders/{id}: operation removed\n    old.yaml:28:5\n",
            "breaking: POST /orders: request body: `quantity` has maximum 50 now, and had 100: `\"quantity\": 51` was accepted\n    old.yaml:13:17 → new.yaml:13:17\n",
            "caution: GET /orders/{id}: response 200: `state` may be `lost` now\n    old.yaml:27:19 → new.yaml:27:19\n",
            "\n1 operation removed; 1 path, 1 operation added.\n2 breaking changes, 1 caution.\n",
        ]);
}

#[test]
fn the_page_shows_what_is_printed() {
    let project = Project::empty()
        .file("orders-1.yaml", BEFORE)
        .file("orders-2.yaml", &after());
    let shown = project
        .run("diff-spec orders-1.yaml orders-2.yaml")
        .success();
    let page = include_str!("../../docs/breaking-changes.md");
    let block = format!("```text\n{}```\n", shown.stdout());
    assert!(page.contains(&block), "the page does not show\n{block}");
}

#[test]
fn data_has_the_findings_whole_and_follows_the_published_schema() {
    let data = folder()
        .run("diff-spec old.json new.yaml --format json")
        .success()
        .json();
    let schema = validator("diff-spec.schema.json");
    assert_eq!(errors(&schema, &data), [""; 0], "{data:#}");
    assert_eq!(data["formatVersion"], "1.0");
    assert_eq!(data["before"], "old.json");
    assert_eq!(data["kind"], "openapi");
    assert_eq!(data["summary"]["breaking"], 2);
    assert_eq!(data["summary"]["cautions"], 1);
    let operations = json!({"part": "operation", "removed": 1, "added": 1});
    assert_eq!(data["summary"]["parts"][1], operations);
    let column = BEFORE_JSON.find("\"quantity\"").map(|at| at + 1);
    let found = &data["breaking"][1];
    assert_eq!(found["rule"], "schema-constraint");
    assert_eq!(found["direction"], "request");
    assert_eq!(found["method"], "POST");
    assert_eq!(found["path"], "/orders");
    assert_eq!(found["witness"], json!({"quantity": 51}));
    assert_eq!(
        found["beforePlace"],
        json!({"file": "old.json", "line": 1, "column": column})
    );
    assert_eq!(
        found["afterPlace"],
        json!({"file": "new.yaml", "line": 13, "column": 17})
    );
    assert_eq!(data["breaking"][0]["afterPlace"], Value::Null);
}

#[test]
fn a_comment_has_everything_in_markdown() {
    folder()
        .run("diff-spec old.yaml new.yaml --format markdown")
        .success()
        .says(&[
            "### ⚠️ 2 breaking changes, 1 caution\n\n`old.yaml` → `new.yaml`: 1 operation removed; 1 path, 1 operation added\n\n",
            "- `DELETE /orders/{id}`: operation removed (`old.yaml:28:5`)\n",
            "- caution: `GET /orders/{id}`: response 200: `state` may be `lost` now (`new.yaml:27:19`)\n",
        ]);
}

#[test]
fn a_long_comment_is_cut_and_says_so() {
    let paths = |last: usize| -> String {
        (0..last)
            .map(|n| {
                format!(
                    "  /{}/{n}:\n    get: {{responses: {{}}}}\n",
                    "long".repeat(40)
                )
            })
            .collect()
    };
    let head = "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths:\n";
    let project = Project::empty()
        .file("old.yaml", &format!("{head}{}", paths(600)))
        .file("new.yaml", &format!("{head}{}", paths(1)));
    let shown = project
        .run("diff-spec old.yaml new.yaml --format markdown")
        .success()
        .says(&["### ⚠️ 599 breaking changes", "\n- … and "]);
    let length = shown.stdout().chars().count();
    assert!((50_000..=60_000).contains(&length), "{length}");
}

/// Nobody reads more than a thousand findings, and all must know that they are not all.
#[test]
fn findings_beyond_a_thousand_are_not_concealed() {
    let fields = |of: &str| -> String {
        let all = (0..1500).map(|n| format!("f{n}: {of} "));
        all.collect()
    };
    let schema = |of: &str| format!("type Query {{ {} }}", fields(of));
    let project = Project::empty()
        .file("old.graphql", &schema("Int"))
        .file("new.graphql", &schema("Boolean"));
    const MORE: &str = "There may be more: nothing was looked for beyond that number of findings.";
    for format in ["text", "markdown"] {
        project
            .run(&format!(
                "diff-spec old.graphql new.graphql --format {format}"
            ))
            .success()
            .says(&[MORE]);
    }
    let is_complete = |names: &str| {
        let command = format!("diff-spec {names} --format json");
        project.run(&command).success().json()["complete"].clone()
    };
    assert_eq!(is_complete("old.graphql new.graphql"), false);
    assert_eq!(is_complete("old.graphql old.graphql"), true);
}

#[test]
fn a_description_against_itself_in_another_notation_is_silent() {
    let project = folder();
    for names in [
        "old.yaml old.json",
        "old.json old.yaml",
        "old.yaml old.yaml",
    ] {
        let shown = project
            .run(&format!("diff-spec {names} --fail-on caution"))
            .success();
        assert_eq!(shown.stdout(), "No changes.\n", "{names}");
        let data = project
            .run(&format!("diff-spec {names} --format json"))
            .success()
            .json();
        assert_eq!(data["same"], true);
        assert_eq!(data["breaking"], json!([]));
        assert_eq!(data["cautions"], json!([]));
    }
    project.write("texts.yaml", BEFORE.replace("Created.", "Done."));
    project
        .run("diff-spec old.json texts.yaml --fail-on caution")
        .success()
        .says(&["Only descriptions differ.\nNo breaking changes.\n"]);
}

/// A text, a rewriting that means the same, and one with other descriptions only.
const REWRITTEN: [(&str, &str, &str, &str); 4] = [
    (
        "graphql",
        "\"Cups\" type Query { cup(id: ID!, n: [Int] = [1]): Cup } type Cup implements Node { id: ID! \"in cm\" size: Int } interface Node { id: ID! }",
        "# The same\nschema { query: Query }\ninterface Node { id: ID! }\n\"Cups\"\ntype Query {\n  cup(n: [Int] = [1,], id: ID!): Cup\n}\ntype Cup { \"\"\"in cm\"\"\" size: Int, id: ID! }\nextend type Cup implements & Node\n",
        "type Query { cup(id: ID!, n: [Int] = [1]): Cup } \"A cup\" type Cup implements Node { id: ID! \"in mm\" size: Int } interface Node { id: ID! }",
    ),
    (
        "proto",
        "syntax = \"proto3\";\npackage shop;\nimport \"a.proto\";\nimport \"b.proto\";\n// Cups\nmessage Cup {\n  string id = 1; // a number\n  map<string, In> ins = 2;\n  message In { E e = 1; }\n  oneof o { int32 x = 4; int32 y = 5; }\n}\nenum E { A = 0; B = 1; C = 2; }\nservice S { rpc R(Cup) returns (Cup); }\n",
        "syntax = 'proto3';\nimport \"b.proto\"; import \"a.proto\";\npackage shop;\nservice S { rpc R(.shop.Cup) returns (shop.Cup) {} }\nenum E { A = 0; C = 2; B = 1; }\n// Cups\nmessage Cup {\n  oneof o { int32 y = 5; int32 x = 4; }\n  message In { E e = 1; }\n  map<string, Cup.In> ins = 2;\n\n  string id = 1; // a number\n}\n",
        "syntax = \"proto3\";\npackage shop;\nimport \"a.proto\";\nimport \"b.proto\";\nmessage Cup {\n  string id = 1; // a name\n  map<string, In> ins = 2;\n  message In { E e = 1; }\n  oneof o { int32 x = 4; int32 y = 5; }\n}\nenum E { A = 0; B = 1; C = 2; }\n/* Shops */\nservice S { rpc R(Cup) returns (Cup); }\n",
    ),
    (
        "wsdl",
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' name='A' targetNamespace='urn:a'><documentation>One</documentation><portType name='P'/></definitions>",
        "<?xml version=\"1.0\"?>\n<w:definitions xmlns:w=\"http://schemas.xmlsoap.org/wsdl/\"\n  targetNamespace=\"urn:a\" name=\"A\">\n  <!-- c -->\n  <w:documentation>One</w:documentation>\n  <w:portType name=\"P\"></w:portType>\n</w:definitions>\n",
        "<definitions xmlns='http://schemas.xmlsoap.org/wsdl/' name='A' targetNamespace='urn:a'><portType name='P'><documentation>Two</documentation></portType></definitions>",
    ),
    (
        "json",
        "{\"asyncapi\": \"3.0.0\", \"info\": {\"title\": \"A\", \"version\": \"1\", \"description\": \"One\"}}",
        "{\n  \"info\": {\"version\": \"1\", \"description\": \"One\", \"title\": \"A\"},\n  \"asyncapi\": \"3.0.0\"\n}\n",
        "{\"asyncapi\": \"3.0.0\", \"info\": {\"title\": \"A\", \"version\": \"1\"}}",
    ),
];

#[test]
fn layout_and_order_are_no_changes_and_descriptions_are_said_to_differ() {
    for (suffix, text, same, described) in REWRITTEN {
        let project = Project::empty()
            .file(&format!("a.{suffix}"), text)
            .file(&format!("b.{suffix}"), same)
            .file(&format!("c.{suffix}"), described);
        let run = |other: &str, format: &str| {
            let command =
                format!("diff-spec a.{suffix} {other}.{suffix} --fail-on caution{format}");
            project.run(&command).success()
        };
        assert_eq!(run("b", "").stdout(), "No changes.\n", "{suffix}");
        assert_eq!(
            run("c", "").stdout(),
            "Only descriptions differ.\nNo breaking changes.\n",
            "{suffix}"
        );
        let data = run("c", " --format json").json();
        assert_eq!(
            (&data["same"], &data["descriptionsOnly"]),
            (&json!(false), &json!(true))
        );
        let page = run("c", " --format markdown").stdout().to_owned();
        assert!(page.starts_with("### No breaking changes\n"), "{page}");
        assert!(page.contains(": only descriptions differ\n"), "{page}");
    }
}

#[test]
fn the_exit_code_is_that_of_the_level_whatever_the_format() {
    let project = folder().file(
        "careful.yaml",
        &BEFORE.replace("[open, done]", "[open, done, lost]"),
    );
    for (names, flags, code) in [
        ("old.yaml new.yaml", "", 0),
        ("old.yaml new.yaml", "--fail-on breaking", 5),
        ("old.yaml new.yaml", "--fail-on caution", 5),
        ("old.yaml careful.yaml", "--fail-on breaking", 0),
        ("old.yaml careful.yaml", "--fail-on caution", 5),
        ("old.yaml old.json", "--fail-on caution", 0),
    ] {
        for format in ["text", "json", "markdown", "sarif"] {
            let arguments = format!("diff-spec {names} {flags} --format {format}");
            let ended = project.run(&arguments).exit(code);
            assert!(!ended.stdout().is_empty(), "{arguments}");
        }
    }
}

#[test]
fn descriptions_come_from_standard_input_and_from_addresses() {
    let project = folder();
    let mut child = project
        .command("diff-spec - new.yaml")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("it starts");
    let mut input = child.stdin.take().expect("it is piped");
    input.write_all(BEFORE_JSON.as_bytes()).expect("it reads");
    drop(input);
    let output = child.wait_with_output().expect("it ends");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(text.contains("\n    standard input:1:"), "{text}");
    assert!(text.contains("2 breaking changes, 1 caution."), "{text}");

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a request");
        let mut request = [0; 4096];
        let length = stream.read(&mut request).expect("a request");
        let head = format!(
            "HTTP/1.1 200 OK\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
            BEFORE.len()
        );
        stream.write_all(head.as_bytes()).expect("it is sent");
        stream.write_all(BEFORE.as_bytes()).expect("it is sent");
        String::from_utf8_lossy(&request[..length]).into_owned()
    });
    project
        .run(&format!("diff-spec http://{address}/openapi.yaml new.yaml"))
        .success()
        .says(&["2 breaking changes, 1 caution."]);
    let request = server.join().expect("it ends").to_lowercase();
    assert!(!request.contains("authorization"), "{request}");
}

#[test]
fn a_live_definition_is_compared_with_a_file() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.write("apis/openapi.yaml", BEFORE);
    project.run("apply --auto-approve -q").success();
    project.write("apis/openapi.yaml", after());
    center.mark();
    let live = "api/orders/version/1-0-0/definition/openapi";
    project
        .run(&format!(
            "diff-spec {live} apis/openapi.yaml --fail-on breaking"
        ))
        .exit(5)
        .says(&[
            "breaking: DELETE /orders/{id}: operation removed",
            &format!("    {live}:13:17 → apis/openapi.yaml:13:17"),
            "2 breaking changes, 1 caution.",
        ]);
    project
        .run(&format!("diff-spec {live} {live}"))
        .success()
        .says(&["No changes."]);
    assert_eq!(center.writes(), [""; 0]);
    project
        .run("diff-spec api/orders/version/1-0-0/definition/none apis/openapi.yaml")
        .exit(1)
        .talks(&["the service `contoso` has no `api/orders/version/1-0-0/definition/none`"]);
    project
        .run("diff-spec api/orders apis/openapi.yaml")
        .exit(64)
        .talks(&[
            "there is no file `api/orders`",
            "api/NAME/version/NAME/definition/NAME",
        ]);
}

#[test]
fn split_descriptions_are_compared_whole_and_places_are_in_their_parts() {
    let main = "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths:\n  /orders:\n    $ref: paths/orders.yaml\n";
    let part = |required: bool| {
        format!(
            "get:\n  parameters:\n    - name: page\n      in: query\n      required: {required}\n      schema: {{type: integer}}\n  responses: {{'200': {{description: Orders.}}}}\n"
        )
    };
    let project = Project::empty()
        .file("1/openapi.yaml", main)
        .file("1/paths/orders.yaml", &part(false))
        .file("2/openapi.yaml", main)
        .file("2/paths/orders.yaml", &part(true))
        .file(".git/HEAD", "");
    project
        .run("diff-spec 1/openapi.yaml 2/openapi.yaml")
        .success()
        .says(&[
            "breaking: GET /orders: parameter `page` is now required\n    1/paths/orders.yaml:3:7 → 2/paths/orders.yaml:3:7\n",
        ]);
    project.remove("2/paths/orders.yaml");
    project
        .run("diff-spec 1/openapi.yaml 2/openapi.yaml")
        .exit(6)
        .talks(&["2/openapi.yaml:5:11: error[document-missing]: no file `2/paths/orders.yaml`"]);
}

#[test]
fn what_cannot_be_compared_is_an_error_at_its_place() {
    let project = folder()
        .file("broken.yaml", "openapi: 3.0.3\ninfo: {title: a\n")
        .file(
            "twice.yaml",
            "openapi: 3.0.3\ninfo: {title: a}\npaths: {}\npaths: {}\n",
        )
        .file(
            "twice.json",
            "{\"openapi\": \"3.0.3\",\n \"paths\": {}, \"paths\": {}}",
        )
        .file("empty.yaml", "\n")
        .file("notes.md", "# Notes\n")
        .file("api.raml", "#%RAML 1.0\ntitle: A\n")
        .file("schema.graphql", "type Query { a: Int }\n");
    project.write("latin.yaml", b"openapi: 3.0.3\ninfo: {title: caf\xe9}\n");
    project
        .run("diff-spec broken.yaml twice.yaml")
        .exit(6)
        .talks(&[
            "broken.yaml:2:7: error",
            "twice.yaml:4:1: error",
            "`paths` appears twice",
        ]);
    for (name, words) in [
        ("twice.json", "twice.json:2:15: error"),
        ("empty.yaml", "it is empty"),
        ("notes.md", "it describes no API"),
        ("api.raml", "descriptions in RAML are not compared"),
        (
            "schema.graphql",
            "`old.yaml` is an OpenAPI document, and `schema.graphql` is a GraphQL schema",
        ),
        ("latin.yaml", "`latin.yaml` is not UTF-8 text (byte 32)"),
    ] {
        let ended = project.run(&format!("diff-spec old.yaml {name}")).exit(6);
        ended.talks(&[words]);
    }
    for (arguments, code, words) in [
        ("diff-spec old.yaml none.yaml", 1, "cannot read `none.yaml`"),
        ("diff-spec - -", 64, "only one of the two"),
        ("diff-spec old.yaml", 64, "AFTER"),
        ("diff-spec old.yaml new.yaml --fail-on all", 64, "breaking"),
    ] {
        project.run(arguments).exit(code).talks(&[words]);
    }
}

#[test]
fn other_formats_are_compared_too() {
    let project = Project::empty()
        .file("1.graphql", "type Query { a: Int b: Int }\n")
        .file("2.graphql", "type Query { a: Int }\n")
        .file(
            "1.proto",
            "syntax = \"proto3\";\nmessage A { string b = 1; }\n",
        )
        .file(
            "2.proto",
            "syntax = \"proto3\";\nmessage A { int32 b = 1; }\n",
        );
    for (names, kind, rule) in [
        ("1.graphql 2.graphql", "graphql", "graphql-field-removed"),
        ("1.proto 2.proto", "grpc", "proto-field-type"),
    ] {
        let data = project
            .run(&format!(
                "diff-spec {names} --format json --fail-on breaking"
            ))
            .exit(5)
            .json();
        assert_eq!(data["kind"], kind);
        assert_eq!(data["breaking"][0]["rule"], rule, "{data:#}");
    }
}

#[test]
fn findings_in_graphql_have_lines_rules_and_sums() {
    let project = Project::empty()
        .file(
            "old.graphql",
            "type Query {\n  orders(first: Int = 10): [Order!]!\n}\ntype Order {\n  id: ID!\n  name: String @deprecated(reason: \"use label\")\n}\ndirective @cached on FIELD\n",
        )
        .file(
            "new.graphql",
            "type Query {\n  orders(first: Int = 20): [Order!]!\n}\ntype Order {\n  id: ID!\n}\nextend type Order {\n  label: String\n}\n",
        );
    project
        .run("diff-spec old.graphql new.graphql --fail-on breaking")
        .exit(5)
        .says(&[
            "breaking: type Order: field `name` removed; it was deprecated: use label\n    old.graphql:6:3\n",
            "breaking: directive @cached: directive removed\n    old.graphql:8:12\n",
            "caution: type Query: the argument `first` of `orders` has the default `20` now, and had `10`\n    old.graphql:2:10 → new.graphql:2:10\n",
            "\n1 field, 1 directive removed; 1 field added.\n2 breaking changes, 1 caution.\n",
        ]);
    let data = project
        .run("diff-spec old.graphql new.graphql --format json")
        .success()
        .json();
    assert_eq!(errors(&validator("diff-spec.schema.json"), &data), [""; 0]);
    let place =
        |line: u64, column: u64| json!({"file": "old.graphql", "line": line, "column": column});
    assert_eq!(data["breaking"][0]["rule"], "graphql-field-removed");
    assert_eq!(data["breaking"][0]["beforePlace"], place(6, 3));
    assert_eq!(data["cautions"][0]["rule"], "graphql-argument-default");
}

#[test]
fn findings_in_protocol_buffers_have_lines_rules_and_sums() {
    let project = Project::empty()
        .file(
            "old.proto",
            "syntax = \"proto3\";\npackage shop.v1;\nmessage Cup {\n  string id = 1;\n  int32 size = 2;\n  int32 old = 3;\n}\nservice Shop {\n  rpc Get(Cup) returns (Cup);\n}\n",
        )
        .file(
            "new.proto",
            "syntax = \"proto3\";\npackage shop.v1;\n// Cups\nmessage Cup {\n  reserved 3;\n  reserved \"old\";\n  string id = 1;\n  int64 size = 2;\n}\nservice Shop {\n  rpc Get(Cup) returns (stream Cup);\n}\n",
        );
    project
        .run("diff-spec old.proto new.proto --fail-on breaking")
        .exit(5)
        .says(&[
            "breaking: service Shop: the rpc `Get` returns `stream Cup` now, and not `Cup`\n    old.proto:9:7 → new.proto:11:7\n",
            "caution: message Cup: field `old` (3) removed; its number and its name are reserved\n    old.proto:6:9\n",
            "caution: message Cup: the field `size` has the type `int64` now, and had `int32`",
            "    old.proto:5:9 → new.proto:8:9\n",
            "\n1 field removed.\n1 breaking change, 2 cautions.\n",
        ]);
    let log = project
        .run("diff-spec old.proto new.proto --format sarif")
        .success()
        .json();
    // What was removed is shown at the message that it was in.
    let removed = &log["runs"][0]["results"][1];
    assert_eq!(removed["ruleId"], "proto-field-removed");
    let region = &removed["locations"][0]["physicalLocation"]["region"];
    assert_eq!(region["startLine"], 4, "{log:#}");
}

#[test]
fn code_scanning_gets_the_lines_of_the_new_description() {
    let project = Project::empty()
        .file(".git/HEAD", "")
        .file("specs/old.yaml", BEFORE)
        .file("specs/new.yaml", &after());
    let log = project
        .run("diff-spec specs/old.yaml specs/new.yaml --format sarif")
        .success()
        .json();
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert_eq!(results.len(), 3, "{log:#}");
    let place = |result: &Value, pointer: &str| {
        let place = &result.pointer(pointer).expect("a place")["physicalLocation"];
        let file = place["artifactLocation"]["uri"].clone();
        (file, place["region"]["startLine"].clone())
    };
    // What was removed is shown at what was around it.
    for (result, rule, level, line, before) in [
        (&results[0], "operation-removed", "error", 15, 28),
        (&results[1], "schema-constraint", "error", 13, 13),
        (&results[2], "schema-values", "warning", 27, 27),
    ] {
        assert_eq!(result["ruleId"], rule);
        assert_eq!(result["level"], level);
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        let index = result["ruleIndex"].as_u64().expect("a number") as usize;
        assert_eq!(rules[index]["id"], rule);
        assert_eq!(
            place(result, "/locations/0"),
            (json!("specs/new.yaml"), json!(line)),
            "{rule}"
        );
        assert_eq!(
            place(result, "/relatedLocations/0"),
            (json!("specs/old.yaml"), json!(before)),
            "{rule}"
        );
    }
}

#[test]
fn pipelines_get_annotations_on_the_lines_of_the_new_description() {
    let project = Project::empty()
        .file(".git/HEAD", "")
        .file("specs/old.yaml", BEFORE)
        .file("specs/new.yaml", &after())
        .file("summary.md", "");
    let summary = project.path("summary.md").display().to_string();
    let project = project.env("GITHUB_STEP_SUMMARY", &summary);
    project
        .run("diff-spec specs/old.yaml specs/new.yaml --annotate github")
        .success()
        .talks(&[
            "::warning title=breaking change,file=specs/new.yaml,line=15,col=3,",
            "::breaking: DELETE /orders/{id}: operation removed",
            "::warning title=breaking change,file=specs/new.yaml,line=13,col=17,",
            "::notice title=change that may break callers,file=specs/new.yaml,line=27,col=19,",
        ]);
    assert!(project.read("summary.md").contains("2 breaking changes"));
}

#[test]
fn every_rule_can_be_explained() {
    let project = Project::empty();
    for (rule, words) in [
        ("schema-constraint", "forbids what was allowed in a request"),
        ("path-removed", "A path was removed"),
        ("channel-removed", "A channel was removed"),
        ("element-order", "Elements come in another order"),
    ] {
        project.run(&format!("explain {rule}")).success().says(&[
            rule,
            words,
            "docs/breaking-changes.md",
        ]);
    }
}

/// The kind is known by the name of the file, or it is an error: silence would pass for "nothing breaks".
#[test]
fn what_cannot_be_compared_is_not_called_unbroken() {
    let project = Project::empty()
        .file(
            "1.proto",
            "package a; message A { required string b = 1; } service S { rpc X(A) returns (A); }",
        )
        .file("2.proto", "package a; message A { optional int32 b = 2; }")
        .file("1.graphql", "type Query { a: Int b: Int }")
        .file("2.graphql", "fragment F on X { a }");
    let _ended = project
        .run("diff-spec 1.proto 2.proto --fail-on breaking")
        .exit(5)
        .says(&["breaking: "]);
    let _ended = project
        .run("diff-spec 1.graphql 2.graphql")
        .exit(6)
        .talks(&["2.graphql", "it declares no types"]);
}

/// Windows PowerShell redirects output in UTF-16.
#[test]
fn a_file_in_utf_16_is_read() {
    let project = Project::empty().file("new.yaml", BEFORE);
    let utf16: Vec<u8> = std::iter::once(0xfeff)
        .chain(BEFORE.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    project.write("old.yaml", utf16);
    let ended = project.run("diff-spec old.yaml new.yaml").success();
    assert_eq!(ended.stdout(), "No changes.\n");
}
