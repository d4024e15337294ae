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
