//! Several syntax errors in one document: all are reported at once, each with its repair.

use super::harness::Project;

const BROKEN: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: \"Orders
  kind: rest
  contacts: [{name: Checkout}
  summary: @contoso
  license: {name: MIT
  description: D
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: returns}
spec:
  title: Returns
  contacts: [{name: Checkout}
  kind: rest
";

#[test]
fn all_of_a_document_are_reported_at_once() {
    let project = Project::local().file("it.yaml", BROKEN);
    let outcome = project.run("validate").exit(6).talks(&[
        "it.yaml:6:3: error[yaml-syntax]",
        "help: add `\"` at the end of line 5",
        "it.yaml:8:",
        "it.yaml:8:12: error[yaml-syntax]: `@` cannot start a value",
        "help: write `\"@contoso\"`",
        "add `}` at the end of line 9",
        "add `]` at the end of line 17",
    ]);
    let count = outcome.stderr().matches("error[yaml-syntax]").count();
    assert_eq!(count, 5, "{}", outcome.stderr());
}

/// What relies on another repair is for a person to decide: only the document with one problem is repaired.
#[test]
fn only_a_document_with_one_problem_is_repaired() {
    let project = Project::local().file("it.yaml", BROKEN);
    project.run("validate --fix").exit(6);
    let fixed = BROKEN.replace(
        "contacts: [{name: Checkout}\n  kind",
        "contacts: [{name: Checkout}]\n  kind",
    );
    assert_eq!(project.read("it.yaml"), fixed);
}
