//! Description files: what a plan shows of them, and what is imported.

use super::harness::Project;
use super::samples::{OPENAPI, orders};
use super::service_fixture::ServiceFixture;

const DEFINITION: &str = "apis/orders/versions/1-0-0/definitions/openapi";
const IMPORT: &str = "POST apis/orders/versions/1-0-0/definitions/openapi/importSpecification";

#[test]
fn a_changed_document_is_shown_as_a_difference_and_imported_alone() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.edit("apis/openapi.yaml", "List orders", "All orders");
    project.run("plan").success().says(&[
        "~ api/orders/version/1-0-0/definition/openapi",
        "source  +1 −1 lines",
        "-       summary: List orders",
        "+       summary: All orders",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes(), [IMPORT]);
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_document_that_was_changed_by_hand_is_shown_as_a_difference_too() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    project.run("plan").success();
    center.import(
        DEFINITION,
        &OPENAPI.replace("List orders", "Changed in the portal"),
    );
    project.run("plan --detailed-exitcode").exit(2).says(&[
        "~ api/orders/version/1-0-0/definition/openapi",
        "-       summary: Changed in the portal",
        "+       summary: List orders",
        "Plan: 0 to add, 1 to change, 0 to destroy.",
    ]);
    center.mark();
    project.run("apply --auto-approve").success();
    assert_eq!(center.writes(), [IMPORT]);
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn long_differences_are_cut_where_the_flag_says() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    let paths: String = (0..200).map(|i| format!("  /p{i}: {{}}\n")).collect();
    project.write("apis/openapi.yaml", format!("{OPENAPI}{paths}"));
    let ended = project.run("plan --diff-lines 10").success();
    assert!(ended.stdout().lines().count() < 30, "{}", ended.stdout());
    ended.says(&["more lines differ (in all 200 added, 0 removed)"]);
    let whole = project.run("plan --diff-lines 1000").success();
    whole
        .says(&["+   /p0: {}", "+   /p199: {}"])
        .never_says("more lines");
}

#[test]
fn what_is_imported_is_the_file_byte_for_byte() {
    let center = ServiceFixture::with(|options| options.export_link_above = 50);
    let project = orders(Project::of(&center));
    let text = OPENAPI.replace('\n', "\r\n") + "# \u{fc}mlaut \u{1f600}";
    project.write("apis/openapi.yaml", &text);
    project.run("apply --auto-approve").success();
    // Large documents are exported behind a link; following it is a read like any other.
    project.forget();
    project.run("plan --detailed-exitcode").success();
    project.edit("apis/openapi.yaml", "\u{fc}mlaut", "Umlaut");
    // A comment means nothing.
    project.run("plan --detailed-exitcode").success();
}

/// Neither form carries meaning in any format, so nothing is to be done, and nothing else is said.
#[test]
fn line_ends_and_the_final_newline_of_a_file_are_no_change() {
    const GRAPHQL: &str = "type Query {\n  orders: [String]\n}\n";
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    for (text, changed) in [
        (OPENAPI, OPENAPI.replace("List orders", "All orders")),
        (GRAPHQL, GRAPHQL.replace("orders", "carts")),
    ] {
        project.write("apis/openapi.yaml", text);
        project.run("apply --auto-approve").success();
        center.mark();
        let windows = text.replace('\n', "\r\n");
        for form in [
            &windows,
            windows.trim_end(),
            text.trim_end(),
            &format!("{text}\n\n"),
            &format!("\u{feff}{text}"),
        ] {
            project.write("apis/openapi.yaml", form);
            project
                .run("plan --detailed-exitcode")
                .success()
                .says(&["No changes."])
                .never_says("differ");
            project.run("apply --auto-approve").success();
        }
        assert!(center.writes().is_empty(), "{:?}", center.writes());
        // With another change, only that one is shown.
        project.write(
            "apis/openapi.yaml",
            changed.replace('\n', "\r\n").trim_end(),
        );
        let plan = project.run("plan --detailed-exitcode").exit(2);
        let is_change = |line: &&str| {
            ["-  ", "+  "]
                .iter()
                .any(|sign| line.trim_start().starts_with(sign))
        };
        assert_eq!(
            plan.stdout().lines().filter(is_change).count(),
            2,
            "{}",
            plan.stdout()
        );
        plan.never_says("final newline").never_says("line endings");
    }
}

#[test]
fn a_definition_moves_from_file_to_inline_without_a_change() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("apply --auto-approve").success();
    let indented = OPENAPI.replace('\n', "\n              ");
    let inline = format!(
        "source:\n            inline: |\n              {}\n",
        indented.trim_end()
    );
    project.edit(
        "apis/orders.yaml",
        "source: {file: openapi.yaml}\n",
        &inline,
    );
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_definition_without_a_document_gets_one_later() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.edit(
        "apis/orders.yaml",
        "          source: {file: openapi.yaml}\n",
        "",
    );
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
    project.edit(
        "apis/orders.yaml",
        "title: OpenAPI\n",
        "title: OpenAPI\n          source: {file: openapi.yaml}\n",
    );
    project
        .run("apply --auto-approve")
        .success()
        .says(&["specification", "source", "1 changed"]);
    project.run("plan --detailed-exitcode").success();
    // A document that is no longer declared stays: it is not ours.
    project.edit(
        "apis/orders.yaml",
        "          source: {file: openapi.yaml}\n",
        "",
    );
    project.run("plan --detailed-exitcode").success();
}
