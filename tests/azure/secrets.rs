//! Nothing secret is said, however much is asked for and whatever goes wrong.

use std::path::Path;

use serde_json::json;

use super::fake_authority::{
    ASSERTION, FakeAuthority, REQUEST_TOKEN, SECRET, SIGNATURE, project, run, with_az, with_file,
    with_github, with_pipelines, with_program, with_secret,
};
use crate::cli::samples::orders;
use crate::cli::service_fixture::ServiceFixture;

/// [`run`] looks for the secrets, in every test of this folder; here as much is said as can be.
#[test]
fn the_log_says_what_is_done_and_nothing_more() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let bare = || orders(project(&center, &authority));
    for project in [
        with_secret(bare()),
        with_file(bare()),
        with_github(bare(), &authority),
        with_pipelines(bare(), &authority),
        with_az(bare()),
    ] {
        let project = project
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full");
        run(&project, "plan -vv --format json")
            .success()
            .talks(&["obtained a token"]);
        run(&project, "doctor -vv").success();
        run(&project, "apply --auto-approve -vv").success();
        run(&project, "plan --out plan.json").success();
        assert_eq!(project.cache_files().len(), 1);
        for file in [project.path("plan.json"), project.cache().to_owned()] {
            for text in texts(&file) {
                for secret in [SECRET, ASSERTION, REQUEST_TOKEN, SIGNATURE] {
                    assert!(!text.contains(secret), "`{secret}` below {file:?}");
                }
            }
        }
    }
}

/// All files at or below a path.
fn texts(path: &Path) -> Vec<String> {
    if path.is_file() {
        let bytes = std::fs::read(path).expect("the file is read");
        return vec![String::from_utf8_lossy(&bytes).into_owned()];
    }
    let entries = std::fs::read_dir(path).into_iter().flatten();
    entries
        .flat_map(|entry| texts(&entry.expect("an entry").path()))
        .collect()
}

#[test]
fn refusals_that_repeat_what_they_were_sent_are_cut() {
    let center = ServiceFixture::start();
    let authority = FakeAuthority::start(&center);
    let bare = || project(&center, &authority);
    for body in [
        "{form}".to_owned(),
        json!({"error": "e", "error_description": "AADSTS1: {values}"}).to_string(),
        json!({"error": "e", "error_description": "AADSTS1: {form}"}).to_string(),
        json!({"error": {"code": "{form}", "message": "{form}"}}).to_string(),
    ] {
        authority.refuse(400, &body);
        for project in [
            with_secret(bare()),
            with_file(bare()),
            with_github(bare(), &authority),
            with_pipelines(bare(), &authority),
        ] {
            let project = project.env("RUST_BACKTRACE", "full");
            run(&project, "plan -vv").exit(3).talks(&["failed: "]);
        }
    }
    let told = "echo \"ERROR: eyJhbGciOiJub25lIn0.e30.signature-of-an-issued-token\" >&2; exit 1";
    run(&with_program(bare(), "az", told), "plan -vv")
        .exit(3)
        .talks(&["failed: "]);
}
