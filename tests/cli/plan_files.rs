//! Which plan an apply accepts: whole ids, and files as they were written.

use serde_json::{Value, json};

use super::harness::{Project, TOKEN};
use super::samples::orders;
use super::service_fixture::ServiceFixture;

/// A change to a saved plan.
type Alteration = fn(&mut Value);

fn saved(project: &Project) -> Value {
    serde_json::from_str(&project.read("plan.json")).expect("a plan is JSON")
}

fn refused(project: &Project, plan: &str, words: &[&str]) {
    project.write("altered.json", plan);
    project
        .run("apply altered.json --auto-approve")
        .exit(5)
        .talks(words)
        .never_says(TOKEN);
}

#[test]
fn an_id_is_compared_whole() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let plan = project.run("plan --format json").success().json();
    let id = plan["planId"].as_str().expect("an id");
    let collision = format!("{}{:032x}", &id[..15], 0)[..35].to_owned();
    let late = match id.strip_suffix('0') {
        Some(front) => format!("{front}1"),
        None => format!("{}0", &id[..34]),
    };
    center.mark();
    for (wrong, words) in [
        (collision.as_str(), "; nothing was sent"),
        (late.as_str(), "; nothing was sent"),
        (&id[..15], "which is abbreviated; nothing was sent"),
        (&id[..34], "which is abbreviated; nothing was sent"),
        (
            &format!("p1-{}", &id[3..15]),
            "which is the shorter id of an older version",
        ),
        (&id.to_ascii_uppercase(), "which is not a plan id"),
        (&format!("{id}00"), "which is too long for a plan id"),
    ] {
        project
            .run(&format!("apply --expect-plan {wrong} --auto-approve"))
            .exit(5)
            .talks(&["the plan is now", id, wrong, words]);
    }
    let mut empty = project.command("apply --auto-approve --expect-plan");
    let ended = empty.arg("").output().expect("it runs");
    assert_eq!(
        ended.status.code(),
        Some(5),
        "the id of a step that made none"
    );
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn an_altered_file_is_refused() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project
        .run("plan --only environment/* --out plan.json")
        .success();
    let plan = saved(&project);
    center.mark();
    let alterations: &[Alteration] = &[
        |plan| plan["changes"] = json!([]),
        |plan| plan["changes"][0]["action"] = json!("update"),
        |plan| plan["changes"][0]["fields"][0]["after"] = json!("Else"),
        |plan| plan["changes"][0]["reason"] = json!("none"),
        |plan| plan["target"]["name"] = json!("other"),
        |plan| plan["target"]["service"] = json!("other"),
        |plan| plan["options"]["prune"] = json!(true),
        |plan| plan["options"]["only"] = json!([]),
        |plan| {
            drop(
                plan.as_object_mut()
                    .expect("an object")
                    .shift_remove("options"),
            );
        },
        |plan| plan["planId"] = json!(format!("p2-{}", "0".repeat(32))),
        |plan| plan["summary"]["create"] = json!(0),
        |plan| plan["requests"]["writes"] = json!(0),
        |plan| plan["note"] = json!("an extra field"),
        |plan| plan["digest"] = json!("sha256:00"),
    ];
    for alter in alterations {
        let mut altered = plan.clone();
        alter(&mut altered);
        assert_ne!(plan, altered);
        let words = ["error: altered.json was altered", "plan again"];
        refused(&project, &altered.to_string(), &words);
    }
    let twice = project.read("plan.json").replacen(
        '{',
        "{\"options\": {\"only\": [], \"prune\": true},",
        1,
    );
    refused(&project, &twice, &["it has a field twice"]);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn a_file_of_another_version_is_refused_with_the_way_on() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("plan --out plan.json").success();
    let plan = saved(&project);
    center.mark();
    let older: &[(Alteration, &str)] = &[
        (
            |plan| plan["planId"] = json!("p1-000000000000"),
            "has the plan id p1-000000000000, which is the shorter id of an older version",
        ),
        (
            |plan| plan["planId"] = json!(plan["planId"].as_str().expect("an id")[..15]),
            "which is abbreviated",
        ),
        (
            |plan| plan["formatVersion"] = json!("9.0"),
            "has plan format 9.0, and this program reads format 1.0",
        ),
        (
            |plan| {
                drop(
                    plan.as_object_mut()
                        .expect("an object")
                        .shift_remove("digest"),
                );
            },
            "it has no digest of its content",
        ),
    ];
    for (alter, words) in older {
        let mut plan = plan.clone();
        alter(&mut plan);
        let words = [words, "nothing was sent", "help: plan again"];
        refused(&project, &plan.to_string(), &words);
    }
    assert_eq!(center.writes(), [""; 0]);
    project.write("apis/more.yaml", "kind: Nothing\n");
    let invalid = project.run("plan --format json").exit(6);
    project.write("altered.json", invalid.stdout());
    project
        .run("apply altered.json --auto-approve")
        .exit(1)
        .talks(&["is not a saved plan: it has the errors of invalid manifests"]);
}

#[test]
fn a_file_that_shows_something_else_than_its_id_means_is_refused() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    project.run("plan --out plan.json").success();
    let mut plan = saved(&project);
    let changes = plan["changes"].as_array_mut().expect("changes");
    changes.retain(|change| change["address"] != "environment/production");
    // Whoever alters the file can also make its digest.
    plan["digest"] = json!(apicenter::output::content_digest(plan.clone()));
    center.mark();
    let words = [
        "the saved plan has the id of the current one",
        "environment/production: create now, no change in the saved plan",
    ];
    refused(&project, &plan.to_string(), &words);
    assert_eq!(center.writes(), [""; 0]);
}

#[test]
fn the_layout_of_a_file_does_not_matter() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    let printed = project.run("plan --format json --out plan.json").success();
    assert_eq!(printed.json()["digest"], saved(&project)["digest"]);
    let line = saved(&project).to_string();
    project.write("line.json", line);
    project.run("apply line.json --auto-approve").success();
}
