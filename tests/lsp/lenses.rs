//! How resources stand to the service, above each of them.

use serde_json::{Value, json};

use super::catalogue::catalogue;
use super::client::Client;
use crate::cli::harness::Project;

/// The lenses of a document: the line, from 1, and the title.
fn lenses(client: &mut Client<'_>, path: &str) -> Vec<(u64, String)> {
    let uri = client.uri(path);
    let found = client.request(
        "textDocument/codeLens",
        json!({"textDocument": {"uri": uri}}),
    );
    let lenses = found.as_array().expect("a list").iter().map(|lens| {
        assert_eq!(lens["command"]["command"], "apicenter.refresh");
        assert_eq!(lens["command"]["arguments"], json!([uri]));
        let line = lens["range"]["start"]["line"].as_u64().expect("a line");
        let title = lens["command"]["title"].as_str().expect("a title");
        (line + 1, title.to_owned())
    });
    lenses.collect()
}

fn refresh(client: &mut Client<'_>, path: &str) {
    let uri = client.uri(path);
    let params = json!({"command": "apicenter.refresh", "arguments": [uri]});
    assert_eq!(
        client.request("workspace/executeCommand", params),
        Value::Null
    );
}

fn titles(lenses: &[(u64, String)]) -> Vec<&str> {
    lenses.iter().map(|(_, title)| title.as_str()).collect()
}

const FILE: &str = "apis/orders.yaml";

#[test]
fn lenses_follow_what_is_typed_and_the_service_only_when_asked() {
    let project = catalogue();
    let text = project.read(FILE);
    let mut client = Client::start(&project);
    client.open(FILE);
    let found = lenses(&mut client, FILE);
    let lines: Vec<u64> = found.iter().map(|(line, _)| *line).collect();
    // The API, its version, its definition and its deployment.
    assert_eq!(lines, [1, 9, 13, 17]);
    assert_eq!(titles(&found), ["not compared yet"; 4]);
    refresh(&mut client, FILE);
    client.wait_for_other("workspace/codeLens/refresh");
    assert_eq!(
        titles(&lenses(&mut client, FILE)),
        ["not in the service"; 4]
    );
    let _applied = project.run("apply --auto-approve").success();
    // Nobody asked.
    assert_eq!(
        titles(&lenses(&mut client, FILE)),
        ["not in the service"; 4]
    );
    refresh(&mut client, FILE);
    assert_eq!(titles(&lenses(&mut client, FILE)), ["in step"; 4]);
    client.replace(FILE, &text.replace("title: v1", "title: One"));
    assert_eq!(
        titles(&lenses(&mut client, FILE)),
        ["in step", "1 field differs", "in step", "in step"]
    );
    let two = text
        .replace("Orders \u{1f600}", "Orders")
        .replace("  kind: rest", "  summary: All of them.\n  kind: rest");
    client.replace(FILE, &two);
    assert_eq!(titles(&lenses(&mut client, FILE))[0], "2 fields differ");
    // A description that is not saved counts too.
    client.replace(FILE, &text);
    client.open_text(
        "apis/specs/orders.yaml",
        "openapi: 3.0.3\ninfo: {title: Orders, version: 2.0.0}\npaths: {}\n",
    );
    assert_eq!(
        titles(&lenses(&mut client, FILE)),
        ["in step", "in step", "1 field differs", "in step"]
    );
    // Nothing is said about what cannot be read.
    client.replace(FILE, &text.replace("title: v1", "titel: v1"));
    assert_eq!(lenses(&mut client, FILE), []);
    client.replace(FILE, &text.replace("title: v1", "title: [v1"));
    assert_eq!(lenses(&mut client, FILE), []);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_was_live_is_known_to_the_next_server_and_to_overlays() {
    let project = catalogue();
    let _applied = project.run("apply --auto-approve").success();
    let mut client = Client::start(&project);
    client.open(FILE);
    refresh(&mut client, FILE);
    assert_eq!(client.end(), Some(0));
    let kept = project.cache_files();
    let names = kept.iter().filter_map(|path| path.file_name()?.to_str());
    assert_eq!(names.filter(|name| name.starts_with("live-")).count(), 1);
    let mut client = Client::start(&project);
    client.open(FILE);
    client.wait_for_other("workspace/codeLens/refresh");
    assert_eq!(titles(&lenses(&mut client, FILE)), ["in step"; 4]);
    client.open("overlays/prod.yaml");
    assert_eq!(lenses(&mut client, "overlays/prod.yaml"), []);
    assert_eq!(client.end(), Some(0));
    // Another target is another service.
    let mut client = Client::start_with(&project, "lsp -t prod");
    client.open(FILE);
    assert_eq!(titles(&lenses(&mut client, FILE)), ["not compared yet"; 4]);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_service_that_cannot_be_read_is_reported_and_nothing_is_lost() {
    let project = catalogue();
    let _applied = project.run("apply --auto-approve").success();
    let mut client = Client::start(&project);
    client.open(FILE);
    refresh(&mut client, FILE);
    let text = project.read("apicenter.yaml");
    let service =
        "subscriptionId: 00000000-0000-0000-0000-000000000000, resourceGroup: r, service: contoso";
    project.write("apicenter.yaml", text.replacen("emulator: {}", service, 1));
    refresh(&mut client, FILE);
    let shown = client.wait_for_other("window/showMessage");
    assert_eq!(shown["params"]["type"], 1);
    let message = shown["params"]["message"].as_str().expect("a message");
    assert!(message.contains("credentials"), "{message}");
    assert_eq!(titles(&lenses(&mut client, FILE)), ["in step"; 4]);
    let unknown = client.response(
        "workspace/executeCommand",
        json!({"command": "apicenter.apply"}),
    );
    assert_eq!(unknown["error"]["code"], -32602, "{unknown}");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_project_file_with_errors_is_not_read_for_lenses() {
    let project = Project::local().file("a.yaml", "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: a}\nspec: {title: A, kind: testing}\n");
    project.edit("apicenter.yaml", "targets:", "target:");
    let mut client = Client::start(&project);
    client.open("a.yaml");
    refresh(&mut client, "a.yaml");
    let shown = client.wait_for_other("window/showMessage");
    let message = shown["params"]["message"].as_str().expect("a message");
    assert!(message.contains("help: "), "{message}");
    assert_eq!(client.end(), Some(0));
}
