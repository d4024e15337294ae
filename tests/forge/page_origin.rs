//! `plan --format html` in a pipeline: the page says which commit it is about.

use serde_json::Value;

use super::workspace::Workspace;

const COMMIT: &str = "0123456789abcdef0123456789abcdef01234567";

/// A project in the folder `cata logue` of a repository, in a pipeline with these variables.
fn page(variables: &[(&'static str, &str)]) -> Value {
    let mut workspace = Workspace::new();
    workspace.write(".git/HEAD", "ref: refs/heads/main\n");
    workspace.write(
        "cata logue/apicenter.yaml",
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: catalogue}\n\
         spec: {targets: {local: {emulator: {}}}}\n",
    );
    workspace.write(
        "cata logue/api.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\n\
         spec: {title: Orders, kind: rest}\n",
    );
    workspace.write(
        "event.json",
        &format!(
            r#"{{"pull_request": {{"number": 7, "head": {{"sha": "{COMMIT}", "ref": "new-team",
               "repo": {{"html_url": "https://github.com/contoso/apis"}}}}}}}}"#
        ),
    );
    let event = workspace.path("event.json").display().to_string();
    workspace.set("GITHUB_EVENT_PATH", event);
    for (name, value) in variables {
        workspace.set(name, (*value).to_owned());
    }
    let said = workspace
        .run_plainly(&["-C", "cata logue", "plan", "--format", "html"])
        .expect(0);
    let (_, rest) = said.out.split_once("id=\"plan\">").expect("the data");
    let (data, _) = rest.split_once("</script>").expect("the end of the data");
    let data: Value = serde_json::from_str(data).expect("JSON");
    data["origin"].clone()
}

#[test]
fn a_page_names_the_commit_and_the_pull_request_of_its_pipeline() {
    let origin = page(&[
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_REPOSITORY", "contoso/apis"),
        ("GITHUB_SERVER_URL", "https://github.com"),
    ]);
    let base = "https://github.com/contoso/apis";
    assert_eq!(origin["project"], "catalogue");
    assert_eq!(origin["commit"]["name"], COMMIT);
    assert_eq!(origin["commit"]["url"], format!("{base}/commit/{COMMIT}"));
    assert_eq!(origin["branch"]["url"], format!("{base}/tree/new-team"));
    assert_eq!(origin["pullRequest"]["url"], format!("{base}/pull/7"));
    assert_eq!(
        origin["file"],
        format!("{base}/blob/{COMMIT}/cata%20logue/{{path}}#L{{line}}")
    );
}

#[test]
fn outside_a_pipeline_a_page_names_only_the_project_and_the_program() {
    let origin = page(&[]);
    let names: Vec<&String> = origin.as_object().unwrap().keys().collect();
    assert_eq!(names, ["project", "program"]);
}
