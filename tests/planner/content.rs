//! A definition's document: one field of the plan, an action of its own on the wire.

use serde_json::{Value, json};

use super::case::{Case, OPENAPI, address, definition_spec, document, show};

const AT: &str = "api/orders/version/1-0-0/definition/openapi";
const OTHER: &str = "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.1}\npaths: {}\n";

#[test]
fn a_document_that_differs_is_one_field_and_one_request() {
    let mut case = Case::equal().documented(AT, OTHER);
    case.live_mut(AT).text = Some(OPENAPI.into());
    let plan = case.plan();
    let [change] = plan.changes.as_slice() else {
        panic!("one change, not {:?}", show(&plan));
    };
    let [field] = change.fields.as_slice() else {
        panic!("one field, not {:?}", change.fields);
    };
    assert_eq!(field.path, "source");
    assert_eq!(field.before, Some(json!(document(OPENAPI).digest)));
    assert_eq!(field.after, Some(json!(document(OTHER).digest)));
    let text = change.text.as_ref().unwrap();
    assert_eq!(text.before.as_deref(), Some(OPENAPI));
    assert_eq!(text.after.text.as_ref(), OTHER);
    assert!(!change.writes_resource() && change.writes_document());
    assert_eq!(plan.writes(), 1);
}

#[test]
fn a_title_that_differs_brings_no_document_along() {
    let plan = Case::equal().set_live(AT, "title", json!("Old")).plan();
    assert!(plan.changes[0].writes_resource() && !plan.changes[0].writes_document());
    assert_eq!(plan.writes(), 1);
}

#[test]
fn title_and_document_together_take_two_requests() {
    let case = Case::equal()
        .documented(AT, OTHER)
        .set_live(AT, "title", json!("Old"));
    assert_eq!(case.plan().writes(), 2);
}

#[test]
fn a_specification_that_differs_imports_the_document_again() {
    let case = Case::equal().set_live(AT, "specification", json!({"name": "openapi"}));
    let plan = case.plan();
    assert_eq!(
        show(&plan),
        [format!("~ {AT} specification.version: - => \"3.0.3\"")]
    );
    assert!(plan.changes[0].writes_document());
    assert_eq!(plan.writes(), 1);
}

#[test]
fn a_definition_without_source_keeps_what_is_there() {
    let case = Case::equal().declare(AT, json!({"title": "OpenAPI"}));
    assert_eq!(case.changes(), Vec::<String>::new());
    let plan = case.set_live(AT, "title", json!("Old")).plan();
    assert_eq!(
        show(&plan),
        [format!("~ {AT} title: \"Old\" => \"OpenAPI\"")]
    );
    assert!(plan.changes[0].text.is_none());
    assert_eq!(plan.writes(), 1);
}

#[test]
fn a_new_definition_is_written_and_then_given_its_document() {
    let plan = Case::equal().lack(AT).plan();
    assert_eq!(show(&plan), [format!("+ {AT}")]);
    let change = &plan.changes[0];
    assert!(change.writes_resource() && change.writes_document());
    assert_eq!(change.text.as_ref().unwrap().before, None);
    assert_eq!(plan.writes(), 2);
}

#[test]
fn a_definition_that_is_there_without_a_document_is_only_given_one() {
    let case = Case::equal().have(AT, json!({"title": "OpenAPI"}));
    let plan = case.plan();
    let paths: Vec<&str> = plan.changes[0].fields.iter().map(|f| &f.path[..]).collect();
    assert_eq!(
        paths,
        ["specification.name", "specification.version", "source"]
    );
    assert_eq!(plan.writes(), 1);
}

#[test]
fn the_name_of_a_specification_compares_without_case() {
    let case = Case::equal().set_live(
        AT,
        "specification",
        json!({"name": "OpenAPI", "version": "3.0.3"}),
    );
    assert_eq!(case.changes(), Vec::<String>::new());
}

#[test]
fn a_document_is_in_the_plan_as_a_digest_alone() {
    let plan = Case::equal().documented(AT, OTHER).plan();
    let bodies = [plan.changes[0].before(), plan.changes[0].after()];
    for resource in bodies.into_iter().flatten() {
        let source = resource.body["source"].as_str().unwrap();
        assert!(source.starts_with("sha256:") && source.len() == 71);
    }
    // The same document in another notation is the same document.
    let value: Value = definition_spec(&OTHER.replace("paths: {}", "paths:   {}"));
    let declared = Case::equal().documented(AT, OTHER).desired;
    let body = &declared.resources[&address(AT)].resource.body;
    assert_eq!(value["source"], body["source"]);
}

#[test]
fn a_specification_without_a_document_is_no_change_that_can_never_be_made() {
    let declared =
        json!({"title": "OpenAPI", "specification": {"name": "openapi", "version": "3.1.0"}});
    let differs = Case::equal().declare(AT, declared.clone());
    let absent = Case::equal()
        .declare(AT, declared)
        .have(AT, json!({"title": "OpenAPI"}));
    for case in [differs, absent] {
        let plan = case.plan();
        assert!(
            !plan.has_changes() || plan.writes() > 0,
            "{:?}",
            show(&plan)
        );
    }
}
