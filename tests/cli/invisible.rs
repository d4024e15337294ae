//! Differences that nobody sees are named and spelt out.

use serde_json::json;

use super::harness::Project;
use super::samples::api;
use super::service_fixture::ServiceFixture;

/// A project whose only API has this live description (in JSON) and that declared one (in YAML).
fn described(center: &ServiceFixture, live: &str, declared: &str) -> Project {
    center.put(
        "apis/orders",
        json!({"title": "orders", "kind": "rest", "description": live}),
    );
    Project::of(center).file(
        "a.yaml",
        &api("orders").replace(
            "kind: rest}",
            &format!("kind: rest, description: {declared}}}"),
        ),
    )
}

#[test]
fn what_lines_do_not_show_is_said_in_every_format() {
    let center = ServiceFixture::start();
    for (live, declared, note) in [
        (
            "one\r\ntwo\r\n",
            r#""one\ntwo\n""#,
            "the texts differ only in line endings",
        ),
        (
            "one\ntwo",
            r#""one\ntwo\n""#,
            "the texts differ only in the final newline",
        ),
        (
            "one",
            r#""one\n""#,
            "the texts differ only in the final newline",
        ),
        (
            "\u{feff}one\ntwo",
            r#""one\ntwo""#,
            "the texts differ only in a byte order mark",
        ),
        (
            "Cafe\u{301}\nx",
            "\"Caf\u{e9}\\nx\"",
            "the texts differ only in Unicode normalisation",
        ),
        (
            "Caf\u{e9}",
            "\"Cafe\u{301}\"",
            "the texts differ only in Unicode normalisation",
        ),
        (
            "10\u{a0}EUR",
            "10 EUR",
            "the texts differ only in the kind of blanks",
        ),
        ("10 EUR ", "\"10 EUR\"", "the texts differ only in blanks"),
    ] {
        let project = described(&center, live, declared);
        let plan = project.run("plan --format json").success().json();
        let field = &plan["changes"][0]["fields"][0];
        assert_eq!(field["path"], "description", "{live:?}");
        assert_eq!(
            field["before"], live,
            "the machine form keeps its structure"
        );
        for format in ["text", "markdown", "html"] {
            project
                .run(&format!("plan --format {format}"))
                .success()
                .says(&[note]);
        }
    }
}

#[test]
fn characters_that_look_the_same_are_spelt_out() {
    let center = ServiceFixture::start();
    let project = described(&center, "Cafe\u{301}", "\"Caf\u{e9}\"");
    project
        .run("plan")
        .success()
        .says(&["- Cafe\\u{301}", "+ Caf\u{e9}"]);
    project
        .run("plan --format markdown")
        .success()
        .says(&["u{301}"]);
    let project = described(
        &center,
        "a\nthe sum is 10\u{a0}EUR\nb",
        r#""a\nthe sum is 10 EUR\nc""#,
    );
    project
        .run("plan")
        .success()
        .says(&["- the sum is 10\\u{a0}EUR", "+ the sum is 10 EUR"]);
    // What both texts have is left as it is.
    let project = described(&center, "10\u{a0}EUR\nb", "\"10\u{a0}EUR\\nc\"");
    project
        .run("plan")
        .success()
        .says(&["10\u{a0}EUR", "- b", "+ c"]);
}
