//! Problems while typing: what `validate` reports, at the same places.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::client::Client;
use crate::cli::harness::Project;

const ORDERS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
";

/// A project with many kinds of mistakes, characters outside of the basic plane, and lines that end with CRLF.
fn project_with_mistakes() -> Project {
    Project::local()
        .file("ok.yaml", ORDERS)
        .file(
            "emoji.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: emoji}\nspec: {title: \"\u{1f600}\u{1f600}\", titel: x, kind: rest, 'é': 1}\n",
        )
        .file(
            "crlf.yaml",
            "apiVersion: apicenter/v1\r\nkind: Api\r\nmetadata: {name: crlf}\r\nspec:\r\n  titel: x\r\n  kind: rest\r\n",
        )
        .file(
            "reference.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: billing}\nspec:\n  title: Billing\n  kind: rest\n  deployments:\n    - name: prod\n      title: Prod\n      environment: nowhere\n---\napiVersion: apicenter/v1\nkind: Apii\nmetadata: {name: x}\nspec: {}\n",
        )
        .file("broken.yaml", "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: broken}\nspec:\n  title: [a, b\n  kind: rest\n")
        .file("again.yaml", ORDERS)
        .file("stranger.yaml", "hello: world\n")
}

/// Problems as `validate` prints them: file, line, column, severity, code and message.
type Problem = (String, u64, u64, String, String, String);

fn validated(project: &Project) -> Vec<Problem> {
    let json = project.run("validate --format json").exit(6).json();
    let mut problems: Vec<Problem> = json["diagnostics"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().expect("a text").to_owned();
            let source = &one["source"];
            let message = match one["help"].as_str() {
                Some(help) => format!("{}\nhelp: {help}", text("message")),
                None => text("message"),
            };
            (
                source["file"].as_str().expect("a file").to_owned(),
                source["line"].as_u64().expect("a line"),
                source["column"].as_u64().expect("a column"),
                text("severity"),
                text("code"),
                message,
            )
        })
        .collect();
    problems.sort();
    problems
}

/// What the editor shows, with columns in characters from 1, as `validate` counts them.
fn shown(client: &Client<'_>, texts: &BTreeMap<String, String>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for file in client.files_with_problems() {
        let shown = client.shown(&file);
        for one in shown.as_array().expect("a list") {
            let start = &one["range"]["start"];
            let (line, unit) = (
                start["line"].as_u64().expect("a number"),
                start["character"].as_u64().expect("a number"),
            );
            let lines: Vec<&str> = texts[&file].split('\n').collect();
            let units: Vec<u16> = lines[usize::try_from(line).expect("a small number")]
                .encode_utf16()
                .collect();
            let before =
                String::from_utf16(&units[..usize::try_from(unit).expect("a small number")]);
            let column = before.expect("whole characters").chars().count() as u64 + 1;
            let severity = if one["severity"] == 1 {
                "error"
            } else {
                "warning"
            };
            let text = |value: &Value| value.as_str().expect("a text").to_owned();
            problems.push((
                file.clone(),
                line + 1,
                column,
                severity.to_owned(),
                text(&one["code"]),
                text(&one["message"]),
            ));
        }
    }
    problems.sort();
    problems
}

fn texts(project: &Project) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(project.root()).expect("a folder");
    files
        .map(|entry| entry.expect("an entry").file_name())
        .filter_map(|name| name.into_string().ok())
        .filter(|name| name.ends_with(".yaml"))
        .map(|name| (name.clone(), project.read(&name)))
        .collect()
}

#[test]
fn problems_are_those_of_validate_at_the_same_places() {
    let project = project_with_mistakes();
    let expected = validated(&project);
    let codes: Vec<&str> = expected.iter().map(|(.., code, _)| code.as_str()).collect();
    for code in [
        "unknown-field",
        "dangling-reference",
        "unknown-kind",
        "yaml-syntax",
        "duplicate-resource",
    ] {
        assert!(codes.contains(&code), "{code} among {codes:?}");
    }
    let mut client = Client::start(&project);
    client.open("ok.yaml");
    client.diagnostics("ok.yaml");
    assert_eq!(shown(&client, &texts(&project)), expected);
    assert_eq!(client.end(), Some(0));
}

#[test]
fn typing_changes_what_is_shown_and_closing_goes_back_to_the_file() {
    let project = Project::local().file("orders.yaml", ORDERS).file(
        "prod.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: prod}\nspec: {title: Prod, kind: production}\n",
    );
    let mut client = Client::start(&project);
    client.open("orders.yaml");
    assert_eq!(client.diagnostics("orders.yaml"), json!([]));
    // `title` loses its last letter.
    let place = |line: u32, from: u32, to: u32| json!({"start": {"line": line, "character": from}, "end": {"line": line, "character": to}});
    client.change(
        "orders.yaml",
        json!([{"range": place(4, 6, 7), "text": ""}]),
    );
    let found = client.diagnostics("orders.yaml");
    assert_eq!(found[0]["code"], "unknown-field", "{found}");
    assert_eq!(found[0]["range"], place(4, 2, 6));
    assert!(
        found[0]["message"]
            .as_str()
            .unwrap()
            .contains("did you mean `title`?"),
        "{found}"
    );
    // Two changes in one message are made one after the other.
    client.change(
        "orders.yaml",
        json!([
            {"range": place(4, 6, 6), "text": "\u{1f600}"},
            {"range": place(4, 6, 8), "text": "e"},
        ]),
    );
    assert_eq!(client.diagnostics("orders.yaml"), json!([]));
    // A reference to what another open document declares, before it is saved.
    let text = format!(
        "{ORDERS}  deployments:\n    - name: prod\n      title: P\n      environment: stage\n"
    );
    client.replace("orders.yaml", &text);
    let found = client.diagnostics("orders.yaml");
    assert_eq!(found[0]["code"], "dangling-reference", "{found}");
    client.open_text(
        "stage.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: stage}\nspec: {title: Stage, kind: staging}\n",
    );
    client.diagnostics("stage.yaml");
    assert_eq!(client.shown("orders.yaml"), json!([]));
    client.close("stage.yaml");
    client.wait_for("orders.yaml", |shown| {
        shown[0]["code"] == "dangling-reference"
    });
    client.close("orders.yaml");
    client.wait_for("orders.yaml", |shown| *shown == json!([]));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_syntax_error_hides_no_problem_of_another_file() {
    let project = Project::local()
        .file("orders.yaml", &ORDERS.replace("title", "titel"))
        .file("billing.yaml", &ORDERS.replace("orders", "billing"));
    let mut client = Client::start(&project);
    client.open("billing.yaml");
    assert_eq!(client.diagnostics("billing.yaml"), json!([]));
    assert_eq!(client.files_with_problems(), ["orders.yaml"]);
    client.replace("billing.yaml", &ORDERS.replace("Orders", "[half"));
    let found = client.diagnostics("billing.yaml");
    assert_eq!(found[0]["code"], "yaml-syntax", "{found}");
    assert_eq!(
        client.files_with_problems(),
        ["billing.yaml", "orders.yaml"]
    );
    assert_eq!(client.shown("orders.yaml")[0]["code"], "unknown-field");
    assert_eq!(client.end(), Some(0));
}

#[test]
fn files_that_change_on_disk_are_read_again() {
    let project = Project::local().file("orders.yaml", ORDERS);
    let mut client = Client::start(&project);
    client.open("apicenter.yaml");
    assert_eq!(client.diagnostics("apicenter.yaml"), json!([]));
    project.edit("orders.yaml", "title", "titel");
    client.changed_on_disk(&["orders.yaml"]);
    client.wait_for("orders.yaml", |shown| shown[0]["code"] == "unknown-field");
    project.remove("orders.yaml");
    client.changed_on_disk(&["orders.yaml"]);
    client.wait_for("orders.yaml", |shown| *shown == json!([]));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn a_project_that_cannot_be_opened_says_why_and_recovers() {
    let project = Project::with_spec("targets: {a: {emulator: {}}, b: {emulator: {}}}");
    let mut client = Client::start(&project);
    client.open("apicenter.yaml");
    let found = client.diagnostics("apicenter.yaml");
    assert_eq!(found[0]["code"], "project-setting", "{found}");
    let message = found[0]["message"].as_str().unwrap();
    assert!(message.contains("which target?"), "{message}");
    let text = project.read("apicenter.yaml");
    client.replace(
        "apicenter.yaml",
        &text.replace("targets:", "defaultTarget: a\n  targets:"),
    );
    assert_eq!(client.diagnostics("apicenter.yaml"), json!([]));
    assert_eq!(client.end(), Some(0));
}

#[test]
fn the_target_of_the_command_line_counts() {
    let project = Project::with_spec(
        "defaultTarget: a\ntargets:\n  a: {emulator: {}, variables: {title: A}}\n  b: {emulator: {}}",
    )
    .file("orders.yaml", &ORDERS.replace("title: Orders", "title: ${title}"));
    let mut client = Client::start(&project);
    client.open("orders.yaml");
    assert_eq!(client.diagnostics("orders.yaml"), json!([]));
    assert_eq!(client.end(), Some(0));
    let mut client = Client::start_with(&project, "lsp --stdio -t b");
    client.open("orders.yaml");
    let found = client.diagnostics("orders.yaml");
    assert_eq!(found[0]["code"], "unset-variable", "{found}");
    assert_eq!(client.end(), Some(0));
}
