//! Warnings about files that a branch does not change are counted, not shown.

use super::git::{commit, diverge, git, id, in_git};
use super::harness::Project;

/// An API whose kind is worth a warning.
fn api(name: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec: {{title: {name}, kind: rst}}\n"
    )
}

const OTHERS: &str = "2 warnings in 2 files that this branch does not change; `apicenter validate -t local` shows them";

/// Three APIs with a warning each on `main`, one of them with another title on the branch `edit`.
fn edited() -> Option<Project> {
    let project = in_git(
        Project::local()
            .file("one.yaml", &api("one"))
            .file("two.yaml", &api("two"))
            .file("three.yaml", &api("three")),
    )?;
    commit(&project);
    diverge(&project);
    Some(project)
}

#[test]
fn a_plan_counts_the_warnings_about_files_that_the_branch_does_not_change() {
    let Some(project) = edited() else { return };
    let plan = project.run("plan --changed-since main").success();
    let plan = plan.talks(&["one.yaml:4:", OTHERS]);
    assert!(!plan.stderr().contains("two.yaml"), "{}", plan.stderr());
    // Without a base, everything is shown.
    let plan = project
        .run("plan")
        .success()
        .talks(&["one.yaml", "three.yaml", "two.yaml"]);
    let _plan = plan.never_says("this branch does not change");
    // The check of the project is not about a branch.
    let _checked = project
        .run("validate")
        .success()
        .talks(&["one.yaml", "three.yaml", "two.yaml"]);
}

#[test]
fn a_new_file_that_is_not_committed_is_of_the_branch() {
    let Some(project) = edited() else { return };
    project.write("four.yaml", api("four"));
    let _plan = project.run("plan --changed-since main").success().talks(&[
        "four.yaml:4:",
        "one.yaml:4:",
        OTHERS,
    ]);
}

/// The warning is in the manifest, and the description causes it.
#[test]
fn what_a_changed_description_causes_is_shown() {
    let description = |version: &str| {
        format!("openapi: 3.0.3\ninfo: {{title: Orders, version: {version}}}\npaths: {{}}\n")
    };
    let manifest = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n  \
                    versions:\n    - name: v1\n      title: 1.0.0\n      lifecycleStage: production\n      definitions:\n        \
                    - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}\n";
    let project = Project::local()
        .file("orders.yaml", manifest)
        .file("openapi.yaml", &description("1.0.0"));
    let Some(project) = in_git(project) else {
        return;
    };
    commit(&project);
    project.write("openapi.yaml", description("9.9.9"));
    let plan = project.run("plan --changed-since main").success();
    let plan = plan.talks(&["warning[version-mismatch]"]);
    let _plan = plan.never_says("this branch does not change");
}

#[test]
fn errors_are_shown_wherever_they_are() {
    let Some(project) = edited() else { return };
    project.edit("three.yaml", "kind: rst", "kind: [rst]");
    commit(&project);
    assert!(git(&project, &["checkout", "-qb", "next"]));
    project.edit("one.yaml", "First", "Once more");
    let plan = project.run("plan --changed-since edit").exit(6);
    let _plan = plan.talks(&["three.yaml:4:28: error"]);
}

#[test]
fn the_comment_and_the_annotations_are_about_the_branch() {
    let Some(project) = edited() else { return };
    let plan = project
        .run("plan --changed-since main --format markdown --annotate github")
        .success();
    assert!(plan.stdout().contains("one.yaml:4:"), "{}", plan.stdout());
    assert!(
        !plan.stdout().contains("three.yaml:4:"),
        "{}",
        plan.stdout()
    );
    let plan = plan.says(&["2 warnings in 2 files that this branch does not change"]);
    let commands = plan
        .stderr()
        .lines()
        .filter(|line| line.starts_with("::warning"));
    assert_eq!(commands.count(), 1, "{}", plan.stderr());
    let page = project
        .run("plan --changed-since main --format html")
        .success();
    let page = page.says(&[OTHERS]);
    let warnings = page.stdout().matches("\"severity\":\"warning\"").count();
    assert_eq!(warnings, 1, "{}", page.stdout());
    // Programs get all of them.
    let json = project
        .run("plan --changed-since main --format json")
        .success()
        .json();
    assert_eq!(json["diagnostics"].as_array().unwrap().len(), 3);
}

#[test]
fn pipelines_say_where_the_branch_begins() {
    let Some(project) = edited() else { return };
    assert!(git(
        &project,
        &["update-ref", "refs/remotes/origin/main", "main"]
    ));
    let (start, edit) = (id(&project, "main~1"), id(&project, "edit"));
    for variables in [
        &[("GITHUB_BASE_REF", "main"), ("GITHUB_SHA", &edit)][..],
        &[("SYSTEM_PULLREQUEST_TARGETBRANCH", "refs/heads/main")],
        &[("CI_MERGE_REQUEST_DIFF_BASE_SHA", &start)],
        &[("CI_MERGE_REQUEST_TARGET_BRANCH_NAME", "main")],
    ] {
        let Some(mut project) = edited() else { return };
        assert!(git(
            &project,
            &["update-ref", "refs/remotes/origin/main", "main"]
        ));
        for (name, value) in variables {
            // The commits of this repository are not those of the first one.
            let value = match *value {
                value if value == start => id(&project, "main~1"),
                value if value == edit => id(&project, "edit"),
                value => value.to_owned(),
            };
            project = project.env(name, &value);
        }
        let _plan = project.run("plan").success().talks(&[OTHERS]);
    }
}

/// Forges check out the commit that a merge would make, with its parents if the pipeline asks for two commits.
#[test]
fn the_first_parent_of_a_merge_is_the_base_without_its_branch() {
    let Some(project) = edited() else { return };
    assert!(git(&project, &["checkout", "-q", "--detach", "main"]));
    assert!(git(
        &project,
        &["merge", "-q", "--no-ff", "-m", "merge", "edit"]
    ));
    let merge = id(&project, "HEAD");
    let project = project
        .env("GITHUB_BASE_REF", "main")
        .env("GITHUB_SHA", &merge);
    let _plan = project
        .run("plan")
        .success()
        .talks(&["one.yaml:4:", OTHERS]);
    // Another commit than the pipeline's says nothing about its base.
    assert!(git(&project, &["checkout", "-q", "edit"]));
    let _plan = project
        .run("plan")
        .success()
        .talks(&["one.yaml", "three.yaml", "two.yaml"]);
}

#[test]
fn a_base_that_nobody_knows_hides_nothing_and_one_that_is_asked_for_is_an_error() {
    let Some(project) = edited() else { return };
    let project = project.env("GITHUB_BASE_REF", "nowhere");
    let _plan = project
        .run("plan")
        .success()
        .talks(&["one.yaml", "three.yaml", "two.yaml"]);
    for name in ["nowhere", "--output=x", "HEAD:one.yaml"] {
        let _plan = project
            .run(&format!("plan --changed-since={name}"))
            .exit(64)
            .talks(&[
                "--changed-since: git knows no commit",
                name,
                "shallow clone",
            ]);
    }
    let alone = Project::local().file("one.yaml", &api("one"));
    let _plan = alone.run("plan --changed-since main").exit(64);
    let _plan = alone.env("GITHUB_BASE_REF", "main").run("plan").success();
}
