//! What `--undo` and `--undo-file` refuse, in every format.

use serde_json::{Value, json};

use super::service_fixture::ServiceFixture;
use super::undo::{APPLY, UNDO, retitled};

const HELP: &str =
    "set these back to what the apply left, or change the catalogue by its manifests";

const TITLE: &str = "api/orders: `title` is \"Somebody's\", and the apply left \"All orders\"";

const KIND: &str = "api/orders: `kind` is \"soap\", and the apply left \"rest\"";

fn edit(center: &ServiceFixture, field: &str, value: &str) {
    center.edit("apis/orders", |api| api[field] = json!(value));
}

/// The parts of the refusals in a list.
fn parts(refusals: &Value) -> Vec<[&str; 4]> {
    let refusals = refusals.as_array().expect("a list").iter();
    let text = |one: &Value, key: &str| one[key].is_string();
    refusals
        .map(|one| {
            assert!(text(one, "message") && text(one, "help"), "{one:#}");
            ["code", "address", "message", "help"].map(|key| one[key].as_str().unwrap_or_default())
        })
        .collect()
}

#[test]
fn an_undo_that_is_refused_says_so_as_json() {
    let (center, project) = retitled();
    edit(&center, "title", "Somebody's");
    let wanted = [["undo-moved", "api/orders", TITLE, HELP]];
    let refused = project.run(&format!("{UNDO} --format json")).exit(5);
    assert!(refused.stderr().contains(TITLE), "{}", refused.stderr());
    let result = refused.json();
    assert_eq!(parts(&result["refusedBy"]), wanted);
    assert_eq!(result["refusals"], json!([TITLE]));
    assert_eq!(result["complete"], false);
    assert_eq!(
        (&result["planId"], &result["results"]),
        (&Value::Null, &json!([]))
    );
    let plan = project
        .run("plan --undo undo.json --format json")
        .exit(5)
        .json();
    assert_eq!(parts(&plan["refusals"]), wanted);
    assert_eq!(
        (&plan["planId"], &plan["digest"]),
        (&Value::Null, &Value::Null)
    );
    assert_eq!(plan["target"]["name"], "live");
}

#[test]
fn an_undo_that_is_refused_says_so_to_reviewers() {
    let (center, project) = retitled();
    edit(&center, "title", "Somebody's");
    let plan = |format: &str| {
        let command = format!("plan --undo undo.json --format {format}");
        project.run(&command).exit(5).talks(&[TITLE, HELP])
    };
    plan("markdown")
        .says(&[
            "## Plan for `live`: refused\n",
            "### ⛔ Refused: ",
            "api/orders: `title` is",
            "Help: set these back to what the apply left",
        ])
        .never_says("No changes");
    plan("html").says(&["\"code\":\"undo-moved\"", "\"address\":\"api/orders\""]);
    assert_eq!(plan("text").stdout(), "", "the terminal shows the error");
}

#[test]
fn a_record_of_another_target_or_apply_is_refused_as_json() {
    let (_center, project) = retitled();
    let refused = |command: &str, key: &str, code: &str, help: &str| {
        let json = project
            .run(&format!("{command} --format json"))
            .exit(5)
            .json();
        let [[found, address, message, advice]] = parts(&json[key])[..] else {
            panic!("{json:#}");
        };
        assert_eq!((found, address, advice), (code, "", help));
        assert!(message.starts_with("undo.json is of "), "{message}");
        json
    };
    let another = "it is not overwritten; give this apply another --undo-file";
    project.edit("apicenter.yaml", "live:", "other:");
    let target = "-t selects the target";
    refused(UNDO, "refusedBy", "undo-target", target);
    refused("plan --undo undo.json", "refusals", "undo-target", target);
    refused(APPLY, "refusedBy", "undo-target", another);
    project.edit("apicenter.yaml", "other:", "live:");
    project.edit("apis/orders.yaml", "title: All orders", "title: More");
    let result = refused(APPLY, "refusedBy", "undo-file-taken", another);
    assert_eq!(result["results"][0]["outcome"], "not-started");
    assert!(result["planId"].is_string(), "{result:#}");
}

#[test]
fn a_record_that_somebody_overtook_is_refused_as_json() {
    let (center, project) = retitled();
    // As if the apply had been interrupted.
    edit(&center, "title", "Orders");
    project.remove("undo.json");
    let refused = apicenter::emulator::Fault::Status(403);
    center.inject(apicenter::emulator::FaultRule::next("PUT", "apis/orders", refused).times(9));
    project.run(APPLY).exit(3);
    center.heal();
    edit(&center, "kind", "soap");
    let result = project
        .run(&format!("{APPLY} --format json"))
        .exit(5)
        .json();
    let [[code, address, message, _]] = parts(&result["refusedBy"])[..] else {
        panic!("{result:#}");
    };
    assert_eq!((code, address), ("undo-moved", "api/orders"));
    assert_eq!(message, KIND);
}

#[test]
fn a_project_file_that_is_wrong_is_said_as_json() {
    let (_center, project) = retitled();
    project.edit("apicenter.yaml", "prune:", "prunes: {}\n  prune:");
    let undone = project.run(&format!("{UNDO} --format json")).exit(6).json();
    assert_eq!(undone["diagnostics"][0]["code"], "unknown-field");
}
