//! From names to declarations and uses, and other names for them.

use serde_json::{Value, json};

use super::catalogue::{ORDERS, at, catalogue};
use super::client::Client;
use super::edits;
use crate::cli::harness::Project;

/// A text, the character in it, another name, and the files with what is in them then.
type Step = (
    &'static str,
    usize,
    &'static str,
    &'static [(&'static str, &'static str)],
);

/// Places as `file:line:character`, in the order of the server.
fn places(client: &Client<'_>, found: &Value) -> Vec<String> {
    let found = found.as_array().expect("a list").iter();
    found
        .map(|place| {
            let start = &place["range"]["start"];
            let file = client.path(place["uri"].as_str().expect("an address"));
            format!("{file}:{}:{}", start["line"], start["character"])
        })
        .collect()
}

fn ask(client: &mut Client<'_>, method: &str, path: &str, position: &Value) -> Value {
    let uri = client.uri(path);
    let context = json!({"includeDeclaration": true});
    client.request(
        method,
        json!({"textDocument": {"uri": uri}, "position": position, "context": context}),
    )
}

#[test]
fn names_lead_to_what_declares_them() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    for (part, into, expected) in [
        (
            "environment: production",
            15,
            vec!["environments.yaml:2:18"],
        ),
        ("1-0-0/openapi", 1, vec!["apis/orders.yaml:8:12"]),
        // The definition, and its description.
        (
            "1-0-0/openapi",
            8,
            vec!["apis/orders.yaml:12:16", "apis/specs/orders.yaml:0:0"],
        ),
        ("team: checkout", 2, vec!["team.yaml:2:17"]),
        (
            "${stage}",
            3,
            vec!["apicenter.yaml:6:38", "apicenter.yaml:7:37"],
        ),
        ("specs/orders.yaml", 3, vec!["apis/specs/orders.yaml:0:0"]),
        (
            "name: orders",
            7,
            vec!["apis/orders.yaml:2:17", "overlays/prod.yaml:2:17"],
        ),
        ("summary", 0, vec![]),
    ] {
        let text = format!("{ORDERS}# summary");
        let position = at(&text, part, into);
        let found = ask(
            &mut client,
            "textDocument/definition",
            "apis/orders.yaml",
            &position,
        );
        assert_eq!(places(&client, &found), expected, "{part}");
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn uses_are_found_in_all_files_also_in_overlays_of_other_targets() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("environments.yaml");
    let text = project.read("environments.yaml");
    let position = at(&text, "production\"", 2);
    let found = ask(
        &mut client,
        "textDocument/references",
        "environments.yaml",
        &position,
    );
    let expected = [
        "environments.yaml:2:18",
        "apis/orders.yaml:18:19",
        "overlays/prod.yaml:3:47",
    ];
    assert_eq!(places(&client, &found), expected);
    // Also while a text has a syntax error.
    client.replace("environments.yaml", &format!("{text}x: [\n"));
    let found = ask(
        &mut client,
        "textDocument/references",
        "environments.yaml",
        &position,
    );
    assert_eq!(places(&client, &found), expected);
    assert_eq!(client.end(), Some(0));
}

fn rename(client: &mut Client<'_>, path: &str, position: &Value, name: &str) -> Value {
    let uri = client.uri(path);
    client.response(
        "textDocument/rename",
        json!({"textDocument": {"uri": uri}, "position": position, "newName": name}),
    )
}

/// Members of a plugin, by address and by id, and a parent by its names.
const TOOLKIT: &str = "\
apiVersion: apicenter/v1
kind: Plugin
metadata: {name: toolkit}
spec:
  title: Toolkit
  resources: [api/orders, /workspaces/default/apis/orders] # both
---
apiVersion: apicenter/v1
kind: Resource
metadata: {name: key}
spec: {type: apis/versions/securityRequirements, parent: orders/1-0-0, properties: {title: Key}}
";

#[test]
fn members_and_parents_lead_to_what_declares_them() {
    let project = catalogue().file("toolkit.yaml", TOOLKIT);
    let mut client = Client::start(&project);
    client.open("toolkit.yaml");
    for (part, into, expected) in [
        ("[api/orders", 6, "apis/orders.yaml:2:17"),
        ("/apis/orders", 7, "apis/orders.yaml:2:17"),
        ("parent: orders", 9, "apis/orders.yaml:2:17"),
        ("/1-0-0", 2, "apis/orders.yaml:8:12"),
    ] {
        let position = at(TOOLKIT, part, into);
        let definition = "textDocument/definition";
        let found = ask(&mut client, definition, "toolkit.yaml", &position);
        assert_eq!(places(&client, &found)[0], expected, "{part}");
    }
    let position = at(TOOLKIT, "[api/orders", 6);
    let references = "textDocument/references";
    let found = ask(&mut client, references, "toolkit.yaml", &position);
    assert_eq!(
        places(&client, &found),
        [
            "apis/orders.yaml:2:17",
            "overlays/prod.yaml:2:17",
            "toolkit.yaml:5:18",
            "toolkit.yaml:5:51",
            "toolkit.yaml:10:57"
        ]
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn another_name_is_written_wherever_the_name_is_used() {
    let project = catalogue().file(
        "exemptions.yaml",
        "apiVersion: apicenter/v1\nkind: Exemption\nmetadata: {name: known}\nspec:\n  findings:\n    - {code: doubtful-name, address: api/orders/version/1-0-0, reason: old}\n",
    ).file(
        "wiki.yaml",
        "apiVersion: apicenter/v1\nkind: Resource\nmetadata: {name: wiki}\nspec:\n  type: links\n  properties: {title: Wiki, for: /workspaces/default/apis/orders/versions/1-0-0}\n",
    ).file("toolkit.yaml", TOOLKIT);
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    let valid = |project: &Project| {
        for target in ["local", "prod"] {
            let _valid = project.run(&format!("validate -t {target}")).success();
        }
    };
    valid(&project);
    let steps: [Step; 6] = [
        (
            "name: orders",
            7,
            "sales",
            &[
                ("exemptions.yaml", "api/sales/version/1-0-0"),
                ("overlays/prod.yaml", "{name: sales}"),
                (
                    "wiki.yaml",
                    "/workspaces/default/apis/sales/versions/1-0-0}",
                ),
                (
                    "toolkit.yaml",
                    "[api/sales, /workspaces/default/apis/sales] # both\n",
                ),
                ("toolkit.yaml", "parent: sales/1-0-0,"),
            ],
        ),
        (
            "environment: production",
            15,
            "live",
            &[
                ("environments.yaml", "{name: \"live\"}"),
                ("overlays/prod.yaml", "environment: live}"),
            ],
        ),
        (
            "name: 1-0-0",
            8,
            "2-0",
            &[
                ("apis/orders.yaml", "definition: 2-0/openapi"),
                ("exemptions.yaml", "api/sales/version/2-0"),
                ("wiki.yaml", "/workspaces/default/apis/sales/versions/2-0}"),
                ("toolkit.yaml", "parent: sales/2-0,"),
            ],
        ),
        (
            "name: openapi",
            8,
            "described",
            &[("apis/orders.yaml", "definition: 2-0/described")],
        ),
        (
            "team: checkout",
            1,
            "squad",
            &[
                ("team.yaml", "{name: squad}"),
                ("apis/orders.yaml", "{squad: checkout}"),
            ],
        ),
        (
            "${stage}",
            4,
            "where",
            &[
                ("apis/orders.yaml", "${where}"),
                ("apicenter.yaml", "{where: prod}"),
            ],
        ),
    ];
    for (part, into, name, expected) in steps {
        let text = project.read("apis/orders.yaml");
        let response = rename(
            &mut client,
            "apis/orders.yaml",
            &at(&text, part, into),
            name,
        );
        edits::make(&client, &project, &response["result"]);
        for (file, text) in expected {
            assert!(
                project.read(file).contains(text),
                "{part} in {file}: {}",
                project.read(file)
            );
        }
        valid(&project);
        client.replace("apis/orders.yaml", &project.read("apis/orders.yaml"));
        client.changed_on_disk(&["team.yaml", "environments.yaml"]);
        client.diagnostics("apis/orders.yaml");
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_name_that_is_not_possible_is_refused() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("environments.yaml");
    let text = project.read("environments.yaml");
    let stage = at(&text, "name: stage", 7);
    for (name, message) in [
        ("a b", "is not a name"),
        ("Production", "`Production` is declared already"),
    ] {
        let response = rename(&mut client, "environments.yaml", &stage, name);
        let said = response["error"]["message"].as_str().expect("an error");
        assert!(said.contains(message), "{said}");
    }
    let uri = client.uri("environments.yaml");
    let params = json!({"textDocument": {"uri": uri}, "position": stage});
    let found = client.request("textDocument/prepareRename", params);
    assert_eq!(found["placeholder"], "stage");
    // A broken text has no places that can be relied on.
    client.replace("environments.yaml", &format!("{text}x: [\n"));
    let response = rename(&mut client, "environments.yaml", &stage, "test");
    let said = response["error"]["message"].as_str().expect("an error");
    assert!(
        said.contains("environments.yaml has a syntax error"),
        "{said}"
    );
    assert_eq!(client.end(), Some(0));
}

#[test]
fn resources_are_listed_as_symbols() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    let uri = client.uri("apis/orders.yaml");
    let params = json!({"textDocument": {"uri": uri}});
    let found = client.request("textDocument/documentSymbol", params);
    assert_eq!(found[0]["name"], "api/orders");
    assert_eq!(found[0]["detail"], "Orders \u{1f600}");
    assert_eq!(
        found[0]["children"][0]["children"][0]["name"],
        "definition/openapi"
    );
    assert_eq!(found[0]["children"][1]["name"], "deployment/prod");
    let found = client.request("workspace/symbol", json!({"query": "envstage"}));
    assert_eq!(found[0]["name"], "environment/stage");
    assert_eq!(found.as_array().map(Vec::len), Some(1));
    assert_eq!(client.end(), Some(0));
}

const SPLIT: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths:
  /orders:
    get:
      responses:
        '200':
          description: \u{1f600}
          content: {application/json: {schema: {title: \u{1f600}, $ref: 'parts/order.json#/$defs/Order'}}}
  /customers:
    $ref: parts/customers.yaml#/all
components:
  schemas:
    Local: {type: object}
    Other: {$ref: '#/components/schemas/Local'}
";

const ORDER: &str = "{\n\t\"$defs\": {\n\t\t\"Order\": {\"type\": \"object\"},\n\t\t\"List\": {\"items\": {\"$ref\": \"#/$defs/Order\"}}\n\t}\n}\n";

const CUSTOMERS: &str = "all:\n  get:\n    responses:\n      '200': {description: All, content: {application/json: {schema: {$ref: 'order.json#/%24defs/Order'}}}}\n";

#[test]
fn references_of_descriptions_lead_into_other_files_and_back() {
    let project = catalogue()
        .file("apis/specs/orders.yaml", SPLIT)
        .file("apis/specs/parts/order.json", ORDER)
        .file("apis/specs/parts/customers.yaml", CUSTOMERS)
        .file("notes.txt", "order.json#/$defs/Order");
    let mut client = Client::start(&project);
    let (main, order) = ("apis/specs/orders.yaml", "apis/specs/parts/order.json");
    let customers = "apis/specs/parts/customers.yaml";
    client.open(main);
    client.open(order);
    client.open(customers);
    let definition = "textDocument/definition";
    for (file, part, expected) in [
        (
            main,
            "parts/order.json",
            vec!["apis/specs/parts/order.json:2:2"],
        ),
        (
            main,
            "parts/customers",
            vec!["apis/specs/parts/customers.yaml:0:0"],
        ),
        (main, "'#/components", vec!["apis/specs/orders.yaml:13:4"]),
        (
            customers,
            "order.json",
            vec!["apis/specs/parts/order.json:2:2"],
        ),
        (order, "\"#/$defs", vec!["apis/specs/parts/order.json:2:2"]),
        (main, "title: Orders", vec![]),
    ] {
        let position = at(&project.read(file), part, 1);
        let found = ask(&mut client, definition, file, &position);
        assert_eq!(places(&client, &found), expected, "{file}: {part}");
    }
    let all = [
        "apis/specs/parts/order.json:2:2",
        "apis/specs/orders.yaml:8:65",
        "apis/specs/parts/customers.yaml:3:76",
        "apis/specs/parts/order.json:3:29",
    ];
    for (file, part) in [(main, "parts/order.json"), (order, "\"Order\"")] {
        let position = at(&project.read(file), part, 1);
        let found = ask(&mut client, "textDocument/references", file, &position);
        assert_eq!(places(&client, &found), all, "{file}: {part}");
    }
    // Who names the whole description.
    let found = ask(
        &mut client,
        "textDocument/references",
        main,
        &at(SPLIT, "openapi", 1),
    );
    assert_eq!(places(&client, &found), ["apis/orders.yaml:14:25"]);
    // A text that is not saved counts, and a reference to nothing leads nowhere.
    client.replace(main, &SPLIT.replace("#/$defs/Order", "#/$defs/Nothing"));
    let position = at(SPLIT, "parts/order.json", 1);
    let found = ask(&mut client, definition, main, &position);
    assert_eq!(found, json!([]));
    let position = at(ORDER, "\"Order\"", 1);
    let found = ask(&mut client, "textDocument/references", order, &position);
    assert_eq!(places(&client, &found).len(), 3, "{found}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn references_lead_to_the_right_places_of_a_file_with_a_byte_order_mark() {
    let marked = "\u{feff}{\"\u{e9}\": 1,\n \"Order\": {\"type\": \"object\"}}\n";
    let project = catalogue()
        .file("apis/specs/part.yaml", "x: {$ref: 'order.json#/Order'}\n")
        .file("apis/specs/order.json", marked);
    let mut client = Client::start(&project);
    let file = "apis/specs/part.yaml";
    client.open(file);
    let position = at(&project.read(file), "order.json", 1);
    let found = ask(&mut client, "textDocument/definition", file, &position);
    assert_eq!(places(&client, &found), ["apis/specs/order.json:1:1"]);
    assert_eq!(client.end(), Some(0));
}
