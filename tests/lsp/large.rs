//! A project that is too large to be read whole at each keystroke: a file is checked by itself at once, and then the
//! whole project.

use serde_json::json;

use super::catalogue::{ORDERS, catalogue};
use super::client::Client;
use crate::cli::harness::Project;

fn large() -> Project {
    let mut project = catalogue();
    for number in 0..200 {
        let text = ORDERS.replace("name: orders", &format!("name: other-{number}"));
        project = project.file(&format!("apis/other-{number}.yaml"), &text);
    }
    project
}

#[test]
fn a_file_of_a_large_project_is_checked_with_what_concerns_it() {
    let project = large();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    assert_eq!(client.diagnostics("apis/orders.yaml"), json!([]));
    let team = "  customProperties: {team: checkout}\n";
    for (old, new, code) in [
        // What another file declares is known, and what none declares is not.
        ("environment: production", "environment: stage", None),
        (
            "environment: production",
            "environment: nowhere",
            Some("dangling-reference"),
        ),
        (team, "", Some("custom-property-required")),
        (
            "team: checkout",
            "team: nobody",
            Some("custom-property-value"),
        ),
        ("${stage}", "${nothing}", Some("unset-variable")),
        (
            "definition: 1-0-0/openapi",
            "definition: 9/openapi",
            Some("dangling-reference"),
        ),
        (
            "specs/orders.yaml",
            "specs/nothing.yaml",
            Some("document-missing"),
        ),
        ("kind: rest", "kind: [", Some("yaml-syntax")),
        ("title: v1", "titel: v1", Some("unknown-field")),
        // Only the whole project shows this.
        ("name: orders", "name: other-7", Some("duplicate-resource")),
    ] {
        client.replace("apis/orders.yaml", &ORDERS.replacen(old, new, 1));
        let found = client.diagnostics("apis/orders.yaml");
        match code {
            None => assert_eq!(found, json!([]), "{new}"),
            Some("duplicate-resource") => {
                let is_found =
                    |shown: &serde_json::Value| shown.to_string().contains("duplicate-resource");
                let is_of_either = is_found(&found);
                if !is_of_either {
                    client.wait_for("apis/other-7.yaml", is_found);
                }
            }
            Some(code) => assert!(
                found.to_string().contains(code),
                "{code} for {new}: {found}"
            ),
        }
    }
    client.replace("apis/orders.yaml", ORDERS);
    assert_eq!(client.diagnostics("apis/orders.yaml"), json!([]));
    client.wait_for("apis/other-7.yaml", |shown| *shown == json!([]));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_environment_that_disappears_shows_in_all_files() {
    let project = large();
    let mut client = Client::start(&project);
    client.open("environments.yaml");
    assert_eq!(client.diagnostics("environments.yaml"), json!([]));
    let text = project.read("environments.yaml");
    client.replace(
        "environments.yaml",
        &text.replace("\"production\"", "\"live\""),
    );
    client.wait_for("apis/other-199.yaml", |shown| {
        shown[0]["code"] == "dangling-reference"
    });
    client.wait_for("apis/orders.yaml", |shown| {
        shown[0]["code"] == "dangling-reference"
    });
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_only_the_whole_project_shows_stays_while_other_fields_are_typed() {
    let project = large().file(
        "apis/again.yaml",
        &ORDERS.replace("name: orders", "name: other-7"),
    );
    let mut client = Client::start(&project);
    client.open("apis/other-7.yaml");
    let of_other = ["apis/again.yaml", "apis/other-7.yaml"];
    client.diagnostics("apis/other-7.yaml");
    let is_found = |client: &Client<'_>| {
        let shown = of_other.map(|file| client.shown(file).to_string());
        shown.iter().any(|it| it.contains("duplicate-resource"))
    };
    assert!(is_found(&client));
    let text = project.read("apis/other-7.yaml");
    for title in ["Orders of", "Orders of all", "Orders of all shops"] {
        client.replace(
            "apis/other-7.yaml",
            &text.replace("title: Orders", &format!("title: {title}")),
        );
        client.diagnostics("apis/other-7.yaml");
        assert!(is_found(&client), "{title}");
    }
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_value_that_a_metadata_schema_loses_shows_in_all_files() {
    let project = large();
    let mut client = Client::start(&project);
    client.open("team.yaml");
    assert_eq!(client.diagnostics("team.yaml"), json!([]));
    let text = project.read("team.yaml");
    // Its own problems, and its title, concern no other file.
    client.replace("team.yaml", &text.replace("title: Team", "title: The team"));
    assert_eq!(client.diagnostics("team.yaml"), json!([]));
    client.replace("team.yaml", &text.replace("assignedTo", "assigned"));
    assert_eq!(client.diagnostics("team.yaml")[0]["code"], "unknown-field");
    client.replace("team.yaml", &text.replace("const: checkout", "const: shop"));
    client.wait_for("apis/other-199.yaml", |shown| {
        shown[0]["code"] == "custom-property-value"
    });
    client.replace("team.yaml", &text);
    client.wait_for("apis/other-199.yaml", |shown| *shown == json!([]));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_name_that_nobody_declares_is_reported_with_what_others_declare() {
    let project = large();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    client.diagnostics("apis/orders.yaml");
    let text = ORDERS.replace("environment: production", "environment: producton");
    client.replace("apis/orders.yaml", &text);
    let found = client.diagnostics("apis/orders.yaml");
    let message = found[0]["message"].as_str().expect("a message");
    assert!(message.contains("did you mean `production`?"), "{found}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn keystrokes_that_wait_are_taken_together_in_their_order() {
    let project = large();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    client.diagnostics("apis/orders.yaml");
    for count in 1..=40 {
        let place = json!({"line": 4, "character": 8 + count});
        let edit = json!([{"range": {"start": place, "end": place}, "text": "x"}]);
        client.change("apis/orders.yaml", edit);
    }
    assert_eq!(client.diagnostics("apis/orders.yaml"), json!([]));
    let title = "x".repeat(40);
    let symbols = client.request("workspace/symbol", json!({"query": title}));
    assert_eq!(symbols.as_array().map(Vec::len), Some(1), "{symbols}");
    assert_eq!(client.end(), Some(0));
}

const SHOP: &str = "\
openapi: 3.0.3
info: {title: Shop, version: 1.0.0}
paths: {}
components:
  schemas:
    Order: {$ref: 'order.yaml#/Order'}
";

const PARCEL: &str = r##"{"Parcel": {"type": "object"}, "Address": {"$ref": "#/Parcel"}}"##;

#[test]
fn a_description_of_a_large_project_is_checked_with_the_manifest_that_names_it() {
    let manifest = ORDERS
        .replace("name: orders", "name: shop")
        .replace("specs/orders.yaml", "shop/openapi.yaml");
    let project = large()
        .file("apis/shop.yaml", &manifest)
        .file("apis/shop/openapi.yaml", SHOP)
        .file("apis/shop/order.yaml", "Order: {type: object}\n")
        .file("apis/shop/parcel.json", PARCEL);
    let (main, order, parcel) = (
        "apis/shop/openapi.yaml",
        "apis/shop/order.yaml",
        "apis/shop/parcel.json",
    );
    let mut client = Client::start(&project);
    for file in [main, order, parcel] {
        client.open(file);
        assert_eq!(client.diagnostics(file), json!([]), "{file}");
    }
    for (old, new, code) in [
        ("paths: {}", "paths: {", Some("document-invalid")),
        ("paths: {}", "paths: {}  # none", None),
        (
            "order.yaml#/Order",
            "order.yaml#/Parcel",
            Some("document-reference"),
        ),
        ("order.yaml#", "nothing.yaml#", Some("document-missing")),
        ("openapi: 3.0.3", "openapi: 3.1.0", None),
    ] {
        client.replace(main, &SHOP.replacen(old, new, 1));
        let found = client.diagnostics(main);
        match code {
            None => assert_eq!(found, json!([]), "{new}"),
            Some(code) => assert!(found.to_string().contains(code), "{code}: {found}"),
        }
    }
    // What is no longer a part of a description may have been meant as a manifest.
    client.replace(
        main,
        &SHOP.replace("order.yaml#/Order", "parcel.json#/Parcel"),
    );
    client.wait_for(order, |shown| shown.to_string().contains("not-a-manifest"));
    client.replace(main, SHOP);
    client.wait_for(order, |shown| *shown == json!([]));
    // A part, and what becomes one while it is typed.
    client.replace(order, "Order: {\n");
    let found = client.diagnostics(order);
    assert!(found.to_string().contains("not well-formed"), "{found}");
    client.replace(order, "Order: {$ref: 'parcel.json#/Address'}\n");
    assert_eq!(client.diagnostics(order), json!([]));
    client.replace(parcel, &PARCEL.replace("Address", "Location"));
    client.wait_for(order, |shown| {
        shown.to_string().contains("document-reference")
    });
    client.replace(parcel, &PARCEL.replace("#/Parcel", "#/Box"));
    client.wait_for(parcel, |shown| {
        shown.to_string().contains("document-reference")
    });
    assert_eq!(client.end(), Some(0));
}
