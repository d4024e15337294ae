//! `--changed-since` where more than manifests differ: rulesets, submodules and renames.

use super::changed_since::{PLAN, applied, changes, scope};
use super::git::{commit, git, in_git};
use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

const ANALYZER: &str = "\
apiVersion: apicenter/v1
kind: Analyzer
metadata: {name: default}
spec: {ruleset: ./rules}
";

const RULES: &str = "rules: {has-title: {given: $.info, then: {field: title, function: truthy}}}\n";

#[test]
fn every_file_of_a_ruleset_counts() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("lint/default.yaml", ANALYZER)
        .file("lint/rules/ruleset.yml", RULES)
        .file("lint/rules/functions/own.js", "export default () => [];\n")
        .file("one.yaml", &api("one"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    let is_compared = |project: &Project, what: &str| {
        let plan = project.run(PLAN).success().json();
        let expected = vec!["analyzer/default"];
        assert_eq!(scope(&plan), (expected, vec![]), "{what}");
        assert_eq!(changes(&plan), [("analyzer/default", "update")], "{what}");
    };
    let rules = "lint/rules/ruleset.yml";
    project.edit(rules, "truthy", "falsy");
    is_compared(&project, "a rule differs");
    project.edit(rules, "falsy", "truthy");
    project.write("lint/rules/functions/new.js", "export default () => [];\n");
    is_compared(&project, "a function is new");
    project.remove("lint/rules/functions/new.js");
    project.remove("lint/rules/functions/own.js");
    is_compared(&project, "a function was removed");
}

/// Git says of a submodule only which commit it is at.
#[test]
fn a_submodule_that_differs_concerns_everything_and_what_it_holds_is_always_compared() {
    let library = Project::local()
        .file("shared/two.yaml", &api("two"))
        .file("shared/.gitignore", ".apicenter/\n");
    let Some(library) = in_git(library) else {
        return;
    };
    commit(&library);
    let mut center = ServiceFixture::start();
    let project = Project::of(&center).file("one.yaml", &api("one"));
    let Some(project) = in_git(project) else {
        return;
    };
    let from = library.root().display().to_string();
    let add = [
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "add",
        "-q",
        &from,
        "library",
    ];
    assert!(git(&project, &add));
    // The project file of the other repository makes a project of its own of the files beside it.
    assert!(git(
        &project,
        &["-C", "library", "rm", "-q", "apicenter.yaml"]
    ));
    assert!(git(
        &project,
        &["-C", "library", "commit", "-qm", "files only"]
    ));
    commit(&project);
    project.run("apply --auto-approve -q").success();
    center.mark();
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec!["api/two"], vec![]));
    assert_eq!(changes(&plan), []);

    project.edit("library/shared/two.yaml", "title: two", "title: Second");
    let plan = project.run(PLAN).success().json();
    assert_eq!(changes(&plan), [("api/two", "update")]);

    assert!(git(
        &project,
        &["-C", "library", "commit", "-qam", "a title"]
    ));
    let plan = project
        .run("plan --changed-since main --show-unchanged")
        .success();
    plan.talks(&["everything is planned", "the submodule `library` differs"])
        .says(&["~ api/two", "= api/one"]);
}

#[test]
fn a_rename_on_a_branch_is_one_change_and_both_names_are_compared() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("one.yaml", &api("one"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    project.run("mv api/orders api/sales").success();
    let whole = project.run("plan --format json").success().json();
    let branch = project.run(PLAN).success().json();
    assert_eq!(changes(&branch), [("api/sales", "rename")]);
    assert_eq!(branch["changes"], whole["changes"]);
    assert_eq!(branch["unmanaged"], whole["unmanaged"]);
    project
        .run("apply --changed-since main --auto-approve")
        .success()
        .says(&["Apply complete! Resources: 0 added, 0 changed, 0 destroyed"]);
    project.run("plan --detailed-exitcode").success();
}
