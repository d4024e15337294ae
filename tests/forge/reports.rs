//! `validate --format sarif` and `--format junit`.

use serde_json::Value;

use apicenter::model::code;

use super::workspace::Workspace;

fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(".git/HEAD", "ref: refs/heads/main\n");
    workspace.write(
        "catalogue/apicenter.yaml",
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: catalogue}\n\
         spec: {targets: {local: {emulator: {}}}}\n",
    );
    workspace.write(
        "catalogue/good.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: dev}\n\
         spec: {title: Dev, kind: testing}\n",
    );
    workspace
}

/// Two problems in a file with a hostile name, one of which names a second place.
fn broken() -> Workspace {
    let workspace = repository();
    workspace.write(
        "catalogue/b<d & \"x\" é.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: dev}\n\
         spec:\n  title: Dev\n  kind: testing\n  \"<é>&\": red\n",
    );
    workspace
}

fn validate(workspace: &Workspace, format: &str, code: i32) -> String {
    let arguments = ["-C", "catalogue", "validate", "--format", format];
    workspace.run_plainly(&arguments).expect(code).out
}

fn sarif(workspace: &Workspace, code: i32) -> Value {
    serde_json::from_str(&validate(workspace, "sarif", code)).expect("SARIF is JSON")
}

#[test]
fn sarif_has_a_rule_for_every_code_and_nothing_to_complain_of() {
    let log = sarif(&repository(), 0);
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: Vec<_> = rules
        .iter()
        .filter_map(|rule| rule["id"].as_str())
        .collect();
    let codes: Vec<_> = code::ALL.iter().map(|code| &*code.id).collect();
    assert_eq!(ids, codes);
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            let text = rule[key]["text"].as_str().unwrap_or_default();
            assert!(text.ends_with('.'), "{rule}");
        }
    }
    assert_eq!(run["results"], serde_json::json!([]));
}

#[test]
fn sarif_results_have_what_code_scanning_demands() {
    let log = sarif(&broken(), 6);
    let run = &log["runs"][0];
    let results = run["results"].as_array().expect("results");
    assert_eq!(results.len(), 2, "{results:#?}");
    for result in results {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(
            run["tool"]["driver"]["rules"][index]["id"],
            result["ruleId"]
        );
        assert_eq!(result["level"], "error");
        let print = result["partialFingerprints"]["apicenterDiagnostic/v1"].as_str();
        assert_eq!(print.map(str::len), Some(32));
        let locations = result["locations"].as_array().expect("locations");
        assert_eq!(locations.len(), 1);
        let related = result["relatedLocations"].as_array();
        for location in locations.iter().chain(related.into_iter().flatten()) {
            let place = &location["physicalLocation"];
            assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
            let uri = place["artifactLocation"]["uri"]
                .as_str()
                .expect("an address");
            assert!(uri.starts_with("catalogue/"), "{uri}");
            let region = &place["region"];
            let number = |key: &str| region[key].as_u64().expect("a number from 1");
            let start = (number("startLine"), number("startColumn"));
            let end = (number("endLine"), number("endColumn"));
            assert!(start.0 >= 1 && start.1 >= 1 && start < end, "{region}");
        }
    }
}

#[test]
fn a_problem_without_a_place_is_shown_at_the_project_file() {
    let workspace = repository();
    workspace.write("catalogue/bad.yaml", "a: 1\n");
    std::fs::write(workspace.path("catalogue/bytes.yaml"), [0xff, 0xfe, 0x00]).expect("written");
    let log = sarif(&workspace, 6);
    let results = log["runs"][0]["results"].as_array().expect("results");
    assert!(!results.is_empty());
    for result in results {
        let place = &result["locations"][0]["physicalLocation"];
        assert!(
            place["region"]["startLine"].as_u64() >= Some(1),
            "{result:#}"
        );
    }
}

#[test]
fn sarif_looks_like_this() {
    let mut log = sarif(&broken(), 6);
    let run = &mut log["runs"][0];
    let rules = run["tool"]["driver"]["rules"].take();
    for result in run["results"].as_array_mut().expect("results") {
        // Where a rule is in the table changes with every new rule.
        let index = result["ruleIndex"].take().as_u64().expect("an index");
        assert_eq!(
            rules[usize::try_from(index).expect("a small number")]["id"],
            result["ruleId"]
        );
        result["ruleIndex"] = "…".into();
    }
    let driver = &mut run["tool"]["driver"];
    driver["rules"] = serde_json::json!(["…"]);
    driver["semanticVersion"] = "…".into();
    insta::assert_snapshot!(format!("{log:#}"));
}

#[test]
fn junit_looks_like_this() {
    insta::assert_snapshot!(validate(&broken(), "junit", 6));
}
