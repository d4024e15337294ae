//! `--annotate`: commands on stderr, the summary, outputs.

use super::workspace::{Said, Workspace};

const PROJECT: &str = "\
apiVersion: apicenter/v1
kind: Project
metadata: {name: catalogue}
spec: {targets: {local: {emulator: {}}}}
";

/// A project in the folder `catalogue` of a repository.
fn repository() -> Workspace {
    let workspace = Workspace::new();
    workspace.write(".git/HEAD", "ref: refs/heads/main\n");
    workspace.write("catalogue/apicenter.yaml", PROJECT);
    workspace.with("GITHUB_ACTIONS", "true")
}

fn environments(count: usize) -> String {
    let one = |i| {
        format!(
            "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {{name: env{i}}}\n\
             spec: {{title: E{i}, kind: testing}}\n"
        )
    };
    let all: Vec<String> = (0..count).map(one).collect();
    all.join("---\n")
}

fn run(workspace: &Workspace, arguments: &[&str]) -> Said {
    let mut all = vec!["-C", "catalogue"];
    all.extend(arguments);
    workspace.run_plainly(&all)
}

#[test]
fn problems_are_shown_at_their_place_in_the_repository() {
    let mut workspace = repository();
    workspace.write(
        "catalogue/envs, 100%.yaml",
        "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: dev}\n\
         spec:\n  title: Dev\n  kind: testing\n  \"colour::error::\\n%\": red\n",
    );
    let said = run(&workspace, &["validate", "--annotate", "github"]).expect(6);
    let lines = said.lines("::");
    assert_eq!(lines.len(), 1, "{}", said.err);
    let start = "::error title=unknown-field,file=catalogue/envs%2C 100%25.yaml,line=7,col=3,";
    assert!(lines[0].starts_with(start), "{}", lines[0]);
    assert!(said.out.is_empty(), "{}", said.out);

    // The folder that was checked out wins over what git says.
    let folder = workspace.path("catalogue").display().to_string();
    workspace.set("GITHUB_WORKSPACE", folder);
    let said = run(&workspace, &["validate", "--annotate", "auto"]).expect(6);
    assert!(
        said.err.contains(",file=envs%2C 100%25.yaml,"),
        "{}",
        said.err
    );

    let said = run(&workspace, &["validate"]).expect(6);
    assert!(said.lines("::").is_empty(), "{}", said.err);
}

#[test]
fn the_summary_has_every_problem_where_annotations_are_capped() {
    let mut workspace = repository();
    let summary = workspace.path("summary.md").display().to_string();
    workspace.set("GITHUB_STEP_SUMMARY", summary);
    workspace.write("summary.md", "# Step\n");
    let wrong = environments(13).replace("kind: testing", "kind: testing, colour: red");
    workspace.write("catalogue/envs.yaml", &wrong);
    let said = run(&workspace, &["plan", "--annotate", "github"]).expect(6);
    assert_eq!(said.lines("::error ").len(), 10, "{}", said.err);
    assert_eq!(
        said.lines("3 more errors"),
        ["3 more errors without an annotation: the summary has them all"]
    );
    let summary = workspace.read("summary.md");
    assert!(summary.starts_with("# Step\n## API catalogue: problems\n\n```text\n"));
    assert_eq!(summary.matches("error[unknown-field]").count(), 13);
}

#[test]
fn a_plan_is_told_to_github() {
    let mut workspace = repository();
    for (name, file) in [
        ("GITHUB_STEP_SUMMARY", "summary.md"),
        ("GITHUB_OUTPUT", "output"),
    ] {
        let path = workspace.path(file).display().to_string();
        workspace.set(name, path);
    }
    workspace.write("catalogue/envs.yaml", &environments(12));
    let said = run(&workspace, &["plan", "--annotate", "auto"]).expect(0);
    let notices = said.lines("::notice ");
    assert_eq!(notices.len(), 10, "{}", said.err);
    let first = "::notice title=create environment/env0,file=catalogue/envs.yaml,line=";
    assert!(notices[0].starts_with(first), "{}", notices[0]);
    assert_eq!(said.lines("2 more notices").len(), 1, "{}", said.err);
    assert!(!said.out.contains("::"), "{}", said.out);
    let summary = workspace.read("summary.md");
    assert!(
        summary.contains("## Plan for `local`: 12 to add, 0 to change, 0 to destroy"),
        "{summary}"
    );
    let output = workspace.read("output");
    let (counts, id) = output.split_once("plan-id=").expect("an id");
    assert_eq!(
        counts,
        "has-changes=true\ncreate=12\nupdate=0\nreplace=0\nrename=0\ndelete=0\nblocked=0\n"
    );
    assert!(id.starts_with("p2-") && id.ends_with('\n'), "{id}");

    // An apply shows only what is worth a second look.
    let apply = ["apply", "--auto-approve", "--annotate", "github"];
    let said = run(&workspace, &apply).expect(0);
    assert!(said.lines("::").is_empty(), "{}", said.err);
    let said = run(&workspace, &["plan", "--annotate", "github"]).expect(0);
    assert!(said.lines("::").is_empty(), "{}", said.err);
    assert!(workspace.read("output").contains("\nhas-changes=false\n"));
}

#[test]
fn deletes_are_warnings_and_refusals_errors() {
    let workspace = repository();
    workspace.write("catalogue/envs.yaml", &environments(12));
    run(&workspace, &["apply", "--auto-approve"]).expect(0);
    workspace.write("catalogue/envs.yaml", &environments(1));
    workspace.write(
        "catalogue/apicenter.yaml",
        &PROJECT.replace("spec: {", "spec: {prune: {enabled: true, scope: all}, "),
    );
    let said = run(&workspace, &["plan", "--annotate", "github"]).expect(5);
    let warnings = said.lines("::warning title=delete environment/env");
    assert_eq!(warnings.len(), 10, "{}", said.err);
    assert_eq!(
        said.lines("4 more warnings without").len(),
        1,
        "{}",
        said.err
    );
    let errors = said.lines("::error title=plan refused::");
    assert_eq!(errors.len(), 1, "{}", said.err);
    let place = said.err.find("::error").expect("an error");
    assert!(place < said.err.find("::warning").expect("a warning"));
}

#[test]
fn a_plan_is_told_to_azure_pipelines() {
    let mut workspace = repository();
    workspace.unset("GITHUB_ACTIONS");
    workspace.set("TF_BUILD", "True");
    let temporary = workspace.path("agent").display().to_string();
    workspace.set("AGENT_TEMPDIRECTORY", &temporary);
    let sources = workspace.path("").display().to_string();
    workspace.set("BUILD_SOURCESDIRECTORY", sources);
    workspace.write("catalogue/envs.yaml", &environments(2));
    let said = run(&workspace, &["plan", "--annotate", "auto"]).expect(0);
    assert!(said.lines("##vso[task.logissue").is_empty(), "{}", said.err);
    let outputs = said.lines("##vso[task.setvariable ");
    assert_eq!(outputs.len(), 8);
    assert_eq!(
        outputs[0],
        "##vso[task.setvariable variable=has-changes;isoutput=true]true"
    );
    let summary = said.lines("##vso[task.uploadsummary]");
    let file = summary[0].split_once(']').expect("a path").1;
    assert!(
        file.starts_with(&temporary) && file.ends_with("/apicenter local.md"),
        "{file}"
    );
    let text = std::fs::read(file).expect("the summary is there");
    let text = String::from_utf8(text).expect("text");
    assert!(text.contains("2 to add"), "{text}");

    let wrong = environments(2).replace("kind: testing", "kind: testing, colour: red");
    workspace.write("catalogue/a;b].yaml", &wrong);
    let said = run(&workspace, &["validate", "--annotate", "auto"]).expect(6);
    let issues = said.lines("##vso[task.logissue ");
    let start = "##vso[task.logissue type=error;sourcepath=catalogue/a%3Bb%5D.yaml;linenumber=4;";
    assert!(
        issues.iter().any(|issue| issue.starts_with(start)),
        "{issues:?}"
    );
}
