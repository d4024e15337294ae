//! `fmt`: one layout for all manifests.

use std::path::Path;

use super::drift::copy;
use super::harness::Project;
use super::samples::{OPENAPI, orders};

const MESSY: &str = "\
# The payments team keeps this.
apiVersion:   apicenter/v1
kind:  Api   # one of many
metadata: { name: 'payments' }
spec:
    title:   Payments
    kind: rest
    contacts:
    -   name: Desk
        email: desk@contoso.com   # read daily
";

const NEAT: &str = "\
# The payments team keeps this.
apiVersion: apicenter/v1
kind: Api # one of many
metadata: {name: \"payments\"}
spec:
  title: Payments
  kind: rest
  contacts:
    - name: Desk
      email: desk@contoso.com # read daily
";

#[test]
fn manifests_get_one_layout_and_descriptions_keep_theirs() {
    let description = OPENAPI.replace("openapi: ", "openapi:   ");
    let project = orders(Project::local())
        .file("apis/openapi.yaml", &description)
        .file("apis/payments.yaml", MESSY);
    project.run("fmt").success();
    project
        .run("fmt --check")
        .success()
        .talks(&["4 files: formatted."]);
    project.write("apis/payments.yaml", MESSY);
    let plan = project.run("plan --format json").success().json();
    let check = project.run("fmt --check").exit(1);
    assert_eq!(check.stdout(), "apis/payments.yaml\n");
    check.talks(&["1 of 4 files: not formatted."]);
    project.run("fmt --diff").success().says(&[
        "--- apis/payments.yaml",
        "+++ apis/payments.yaml",
        "-kind:  Api   # one of many",
        "+kind: Api # one of many",
    ]);
    assert_eq!(project.read("apis/payments.yaml"), MESSY);
    let ended = project.run("fmt").success();
    assert_eq!(ended.stdout(), "apis/payments.yaml\n");
    ended.talks(&["Formatted 1 of 4 files."]);
    assert_eq!(project.read("apis/payments.yaml"), NEAT);
    assert_eq!(project.read("apis/openapi.yaml"), description);
    let after = project.run("plan --format json").success().json();
    assert_eq!(plan["planId"], after["planId"]);
}

#[test]
fn paths_select_and_overlays_of_every_target_count() {
    let spec = "targets:\n  dev: {emulator: {}}\n  prod:\n    emulator: {data: prod.redb}\n    overlays: [\"overlays/*.yaml\"]";
    let overlay =
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: payments}\nspec: {title:   Prod}\n";
    let project = Project::with_spec(spec)
        .file("apis/payments.yaml", MESSY)
        .file("overlays/p.yaml", overlay)
        .file("notes.yaml", "a:   1\n");
    let ended = project.run("fmt --check").exit(1);
    assert!(
        ended.stdout().contains("overlays/p.yaml"),
        "{}",
        ended.stdout()
    );
    assert!(!ended.stdout().contains("notes.yaml"), "{}", ended.stdout());
    let ended = project.run("fmt overlays").success();
    assert_eq!(ended.stdout(), "overlays/p.yaml\n");
    assert_eq!(project.read("apis/payments.yaml"), MESSY);
    project
        .run("fmt notes.yaml")
        .exit(64)
        .talks(&["notes.yaml is not a manifest of this project"]);
    project
        .run("fmt nothing.yaml")
        .exit(64)
        .talks(&["nothing.yaml"]);
}

#[test]
fn line_ends_and_marks_stay_and_broken_files_are_left() {
    let project = Project::local()
        .file(
            "a.yaml",
            &format!("\u{feff}{}", MESSY.replace('\n', "\r\n")),
        )
        .file(
            "b.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: b}\nspec: {title: [\n",
        );
    project.run("fmt").success().talks(&[
        "note: b.yaml: left as it is",
        "Formatted 1 of 3 files. Left as it is: 1.",
    ]);
    project
        .run("fmt b.yaml")
        .success()
        .talks(&["0 of 1 file: formatted. Left as it is: 1."]);
    assert_eq!(
        project.read("a.yaml"),
        format!("\u{feff}{}", NEAT.replace('\n', "\r\n"))
    );
    project.run("validate").exit(6).talks(&["b.yaml:"]);
}

#[test]
fn the_examples_are_formatted_and_stay_valid() {
    let examples = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/contoso");
    let project = Project::empty();
    copy(Path::new(examples), &project.path("contoso"));
    let before = project
        .run("validate -C contoso --format json")
        .success()
        .json();
    project
        .run("fmt -C contoso")
        .success()
        .never_says("left as it is");
    let after = project
        .run("validate -C contoso --format json")
        .success()
        .json();
    assert_eq!(before["resources"], after["resources"]);
    project.run("fmt -C contoso --check").success();
}
