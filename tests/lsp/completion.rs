//! What can be written at a position, and what the editor shows of a field.

use serde_json::{Value, json};

use super::catalogue::catalogue;
use super::client::Client;

const HEAD: &str =
    "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: O\n";

/// A text and the position of the mark `|` in it.
fn marked(text: &str) -> (String, Value) {
    let offset = text.rfind('|').expect("a mark");
    let before = &text[..offset];
    let start = before.rfind('\n').map_or(0, |end| end + 1);
    let position = json!({
        "line": before.matches('\n').count(),
        "character": text[start..offset].encode_utf16().count(),
    });
    (format!("{before}{}", &text[offset + 1..]), position)
}

/// What is offered at the mark of a text that is open as `apis/orders.yaml`.
fn offered(client: &mut Client<'_>, text: &str) -> Vec<Value> {
    let (text, position) = marked(text);
    client.replace("apis/orders.yaml", &text);
    let uri = client.uri("apis/orders.yaml");
    let params = json!({"textDocument": {"uri": uri}, "position": position});
    let found = client.request("textDocument/completion", params);
    found.as_array().expect("a list").clone()
}

fn labels(offers: &[Value]) -> Vec<&str> {
    let labels = offers.iter().map(|offer| offer["label"].as_str());
    labels.map(|label| label.expect("a text")).collect()
}

#[test]
fn fields_values_and_names_are_offered_where_they_belong() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    let api = |text: &str| format!("{HEAD}{text}");
    for (text, expected) in [
        (
            "|".to_owned(),
            vec!["apiVersion", "kind", "metadata", "spec"],
        ),
        (
            "apiVersion: apicenter/v1\nkind: |".to_owned(),
            vec!["Api", "Environment", "Project", "Exemption"],
        ),
        (
            api("  |"),
            vec!["kind", "versions", "deployments", "customProperties"],
        ),
        (api("  su|"), vec!["summary"]),
        (api("  kind: |"), vec!["rest", "graphql", "mcp"]),
        (
            api("  versions:\n    - |"),
            vec!["name", "title", "lifecycleStage"],
        ),
        (
            api("  versions:\n    - name: a\n      lifecycleStage: p|"),
            vec!["production", "retired"],
        ),
        (api("  customProperties:\n    |"), vec!["team"]),
        (api("  customProperties: {|}"), vec!["team"]),
        (
            api("  customProperties:\n    team: |"),
            vec!["checkout", "billing"],
        ),
        (
            api("  deployments:\n    - environment: |"),
            vec!["production", "stage"],
        ),
        (
            api(
                "  versions: [{name: v9, definitions: [{name: d9}]}]\n  deployments:\n    - definition: |",
            ),
            vec!["v9/d9"],
        ),
        (
            api("  versions:\n    - definitions:\n        - source:\n            file: |"),
            vec!["specs/orders.yaml"],
        ),
        (
            api("  versions:\n    - definitions:\n        - source: {|"),
            vec!["file", "inline", "url"],
        ),
        (api("  summary: a ${|"), vec!["stage"]),
        // With syntax errors above, and half a line.
        (
            api("  contacts: [\"a\n  x: {\n  |"),
            vec!["kind", "summary"],
        ),
        (
            "kind: Project\nspec:\n  defaultTarget: |".to_owned(),
            vec!["local", "prod"],
        ),
        (
            "kind: Project\nspec:\n  targets:\n    x:\n      |".to_owned(),
            vec!["emulator", "service", "variables"],
        ),
        (
            "kind: Exemption\nspec:\n  findings:\n    - code: |".to_owned(),
            vec!["dangling-reference"],
        ),
        (
            "kind: Exemption\nspec:\n  findings:\n    - address: |".to_owned(),
            vec!["environment/stage"],
        ),
        (
            "kind: Resource\nspec:\n  parent: |".to_owned(),
            vec!["environment/stage"],
        ),
        (
            "kind: Plugin\nspec:\n  resources:\n    - |".to_owned(),
            vec!["api/orders"],
        ),
        (
            format!("{HEAD}---\nkind: Environment\nspec:\n  |"),
            vec!["title", "onboarding"],
        ),
    ] {
        let offers = offered(&mut client, &text);
        let labels = labels(&offers);
        for wanted in expected {
            assert!(
                labels.contains(&wanted),
                "{wanted} is not offered in:\n{text}\n{labels:?}"
            );
        }
        let once: std::collections::BTreeSet<&&str> = labels.iter().collect();
        assert_eq!(once.len(), labels.len(), "{labels:?}");
    }
    let offers = offered(&mut client, &api("  |"));
    assert!(!labels(&offers).contains(&"title"), "it is there already");
    let offers = offered(&mut client, &api("  deployments:\n    - environment: |"));
    assert!(!labels(&offers).contains(&"orders"), "only environments");
    let offers = offered(&mut client, "kind: Plugin\nspec:\n  resources: [|]");
    assert_eq!(labels(&offers), ["api/orders"], "only what can be a member");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn what_is_offered_is_written_in_the_right_place() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    for (text, label, written) in [
        ("  ki|", "kind", "kind: "),
        ("  versions|", "versions", "versions:\n    - "),
        ("  license|", "license", "license:\n    "),
        ("  ki|: rest", "kind", "kind"),
        ("  license: {|}", "name", "name: "),
        ("  kind: gr|", "graphql", "graphql"),
    ] {
        let offers = offered(&mut client, &format!("{HEAD}{text}"));
        let offer = offers.iter().find(|offer| offer["label"] == label);
        let offer = offer.unwrap_or_else(|| panic!("{label} in {:?}", labels(&offers)));
        assert_eq!(offer["textEdit"]["newText"], written, "{text}");
        let word = text.find('|').unwrap()
            - text[..text.find('|').unwrap()].rfind([' ', '{']).unwrap()
            - 1;
        let range = &offer["textEdit"]["range"];
        let width = range["end"]["character"].as_u64().unwrap()
            - range["start"]["character"].as_u64().unwrap();
        assert_eq!(width, word as u64, "{text}: what is replaced");
    }
    // Required fields come first, and have a description.
    let offers = offered(
        &mut client,
        "apiVersion: apicenter/v1\nkind: Api\nspec:\n  |",
    );
    let mut sorted = offers.clone();
    sorted.sort_by_key(|offer| offer["sortText"].as_str().map(str::to_owned));
    assert_eq!(labels(&sorted)[..2], ["title", "kind"]);
    assert!(
        sorted[0]["documentation"]["value"]
            .as_str()
            .unwrap()
            .contains("portal")
    );
    assert_eq!(client.end(), Some(0));
}

fn hovered(client: &mut Client<'_>, text: &str) -> String {
    let (text, position) = marked(text);
    client.replace("apis/orders.yaml", &text);
    let uri = client.uri("apis/orders.yaml");
    let params = json!({"textDocument": {"uri": uri}, "position": position});
    let found = client.request("textDocument/hover", params);
    found["contents"]["value"]
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn fields_and_names_are_explained() {
    let project = catalogue();
    let mut client = Client::start(&project);
    client.open("apis/orders.yaml");
    for (text, expected) in [
        (
            "  ti|tle: Orders",
            vec![
                "**Api.title** (text, required)",
                "portal",
                "at most this many characters: `50`",
            ],
        ),
        ("  kind: re|st", vec!["`rest`: HTTP API", "- `graphql`"]),
        (
            "  customProperties: {te|am: checkout}",
            vec![
                "`metadata-schema/team`",
                "declared in `team.yaml:3`",
                "Who owns it.",
                "- `billing`: Bills",
            ],
        ),
        (
            "  deployments:\n    - environment: prod|uction",
            vec![
                "`environment/production`",
                "Production: declared in `environments.yaml:3`",
            ],
        ),
        (
            "  deployments:\n    - environment: no|where",
            vec!["`environment/nowhere`", "not declared in this project"],
        ),
        (
            "  summary: ${sta|ge}",
            vec!["`${stage}`", "declared in `apicenter.yaml:7`"],
        ),
        (
            "  versions:\n    - lifecycle|Stage: design",
            vec!["**Api.versions.lifecycleStage**", "- `production`"],
        ),
    ] {
        let said = hovered(
            &mut client,
            &format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n{text}"
            ),
        );
        for part in expected {
            assert!(said.contains(part), "{part} in what {text} says:\n{said}");
        }
    }
    assert_eq!(hovered(&mut client, &format!("{HEAD}  |")), "");
    assert_eq!(client.end(), Some(0));
}
