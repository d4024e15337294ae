//! What an editor can do about problems, and what can be folded.

use serde_json::{Value, json};

use super::catalogue::catalogue;
use super::client::Client;
use super::edits;
use crate::cli::harness::Project;

/// The actions for the whole of a file.
fn actions(client: &mut Client<'_>, path: &str) -> Vec<Value> {
    let uri = client.uri(path);
    let range = json!({"start": {"line": 0, "character": 0}, "end": {"line": 999, "character": 0}});
    let params =
        json!({"textDocument": {"uri": uri}, "range": range, "context": {"diagnostics": []}});
    let found = client.request("textDocument/codeAction", params);
    found.as_array().expect("a list").clone()
}

fn titles(actions: &[Value]) -> Vec<&str> {
    let titles = actions.iter().map(|action| action["title"].as_str());
    titles.map(|title| title.expect("a text")).collect()
}

#[track_caller]
fn take<'v>(actions: &'v [Value], title: &str) -> &'v Value {
    let mut all = actions.iter();
    all.find(|action| action["title"] == title)
        .unwrap_or_else(|| panic!("{title} is not among {:?}", titles(actions)))
}

const MISTAKES: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  titel: Orders  # kept
  kind: rest
  descriptoin: \"\u{1f600}\"
";

#[test]
fn fixes_of_validate_are_made_one_by_one_or_all_at_once() {
    let fixed = Project::local().file("orders.yaml", MISTAKES);
    let _fixed = fixed.run("validate --fix").success();
    let project = Project::local().file("orders.yaml", MISTAKES);
    let mut client = Client::start(&project);
    client.open("orders.yaml");
    let found = actions(&mut client, "orders.yaml");
    let one = take(&found, "Write `title`");
    assert_eq!(one["kind"], "quickfix");
    assert_eq!(one["diagnostics"][0]["code"], "unknown-field");
    let all = take(&found, "Fix all that can have meant nothing else");
    assert_eq!(all["kind"], "source.fixAll");
    edits::make(&client, &project, &one["edit"]);
    assert_eq!(
        project.read("orders.yaml"),
        MISTAKES.replace("titel", "title")
    );
    project.write("orders.yaml", MISTAKES);
    edits::make(&client, &project, &all["edit"]);
    assert_eq!(project.read("orders.yaml"), fixed.read("orders.yaml"));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_is_missing_is_added_where_it_belongs() {
    let project = catalogue()
        .file("lacking.yaml", "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: first}\nspec: {title: F, kind: testing}\n---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: lacking}\nspec:\n  # A comment.\n  kind: rest\n  contacts: []\n");
    let mut client = Client::start(&project);
    client.open("lacking.yaml");
    let found = actions(&mut client, "lacking.yaml");
    edits::make(&client, &project, &take(&found, "Add `title`")["edit"]);
    let text = project.read("lacking.yaml");
    assert!(
        text.contains("# A comment.") && text.contains("title: Orders\n"),
        "{text}"
    );
    client.replace("lacking.yaml", &text);
    let found = actions(&mut client, "lacking.yaml");
    edits::make(&client, &project, &take(&found, "Add `team`")["edit"]);
    let text = project.read("lacking.yaml");
    assert!(
        text.contains("customProperties:\n    team: checkout\n"),
        "{text}"
    );
    let _valid = project.run("validate").success();
    assert_eq!(client.end(), Some(0));
}

#[test]
fn an_exemption_is_added_to_the_file_of_exemptions() {
    let lacking = |name: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec: {{title: L, kind: rest}}\n"
        )
    };
    let project = catalogue()
        .file("one.yaml", &lacking("one"))
        .file("two.yaml", &lacking("two"));
    let mut client = Client::start(&project);
    for (file, address) in [("one.yaml", "api/one"), ("two.yaml", "api/two")] {
        client.open(file);
        let found = actions(&mut client, file);
        let title = format!("Accept `custom-property-required` for {address} in exemptions.yaml");
        edits::make(&client, &project, &take(&found, &title)["edit"]);
        client.changed_on_disk(&["exemptions.yaml"]);
        client.wait_for(file, |shown| *shown == json!([]));
    }
    let text = project.read("exemptions.yaml");
    assert_eq!(text.matches("kind: Exemption").count(), 1, "{text}");
    let _valid = project.run("validate").success();
    assert_eq!(client.end(), Some(0));
}

#[test]
fn resources_can_be_folded() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("environments.yaml");
    let uri = client.uri("environments.yaml");
    let params = json!({"textDocument": {"uri": uri}});
    let found = client.request("textDocument/foldingRange", params);
    let found: Vec<(&Value, &Value)> = found
        .as_array()
        .expect("a list")
        .iter()
        .map(|fold| (&fold["startLine"], &fold["endLine"]))
        .collect();
    assert_eq!(
        found,
        [
            (&json!(0), &json!(3)),
            (&json!(5), &json!(9)),
            (&json!(7), &json!(8))
        ]
    );
    assert_eq!(client.end(), Some(0));
}
