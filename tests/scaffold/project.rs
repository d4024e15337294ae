//! What `init` writes is a project, and nothing of the user's is lost.

use serde_json::Value;

use crate::cli::harness::{Ended, Project, TOKEN};
use crate::cli::samples::orders;
use crate::cli::service_fixture::ServiceFixture;

const SERVICE: &str = "--subscription-id 00000000-0000-0000-0000-000000000001 --resource-group rg \
                       --service contoso";

fn started(arguments: &str) -> (Project, Ended) {
    let project = Project::empty();
    let ended = project.run(&format!("init {arguments}")).success();
    (project, ended)
}

#[test]
fn the_whole_loop_works_at_once() {
    let (project, _) = started("--name contoso");
    project
        .run("validate")
        .success()
        .says(&["Valid. 6 resources"]);
    project
        .run("plan")
        .success()
        .says(&["Plan: 6 to add, 0 to change, 0 to destroy."]);
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Apply complete! Resources: 6 added, 0 changed, 0 destroyed."]);
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn a_folder_is_made_and_needs_no_project_above() {
    let project = Project::empty();
    project.run("-C new/catalogue init").success();
    assert!(
        project
            .read("new/catalogue/apicenter.yaml")
            .contains("\"catalogue\"")
    );
    project.run("-C new/catalogue validate").success();
}

#[test]
fn a_second_run_writes_nothing_and_says_so() {
    let (project, _) = started("--ci github");
    let again = project.run("init --ci github").success();
    assert_eq!(
        again.stdout(),
        "All files already exist; nothing was written.\n"
    );
    assert_eq!(again.stderr(), "");
}

#[test]
fn the_schema_of_the_project_is_kept_where_editors_look() {
    const SCHEMA: &str = "schemas/apicenter.schema.json";
    let (project, ended) = started("--name contoso");
    let _ended = ended.says(&[SCHEMA]);
    let settings: Value = serde_json::from_str(&project.read(".vscode/settings.json")).unwrap();
    assert!(settings["yaml.schemas"][format!("./{SCHEMA}")].is_array());
    let fresh = "The schema is up to date.\n";
    assert_eq!(project.run("schema --check").success().stdout(), fresh);
    assert!(
        project.read(SCHEMA).contains("checkout"),
        "the choices of team are in it"
    );

    project.edit(
        "metadata-schemas/team.yaml",
        "checkout]",
        "checkout, billing]",
    );
    let _check = project.run("schema --check").exit(2).says(&[
        SCHEMA,
        "is out of date; `apicenter schema --write` writes it",
    ]);
    assert!(!project.read(SCHEMA).contains("billing"));
    // From any folder of the project.
    let _written = project
        .run("-C apis schema --write")
        .success()
        .says(&["Wrote schemas/apicenter.schema.json"]);
    assert!(project.read(SCHEMA).contains("billing"));
    assert_eq!(project.run("schema --check").success().stdout(), fresh);
    assert_eq!(project.run("schema --write").success().stdout(), fresh);
    assert_eq!(
        project.read(SCHEMA),
        project.run("schema --project").success().stdout()
    );

    project.remove(SCHEMA);
    let _check = project.run("schema --check").exit(2).says(&["is missing"]);
    let again = project.run("init --name contoso --force").success();
    let _again = again.says(&[SCHEMA]);
}

#[test]
fn overlays_have_a_schema_of_their_own() {
    const SCHEMA: &str = "schemas/overlay.schema.json";
    let project =
        Project::with_spec("targets: {local: {emulator: {}, overlays: [overlays/*.yaml]}}");
    project
        .run("schema --write")
        .success()
        .says(&["apicenter.schema.json", SCHEMA]);
    assert_eq!(
        project.read(SCHEMA),
        project.run("schema --project --overlay").success().stdout()
    );
    for flags in [
        "--write --check",
        "--write --out x.json",
        "--check --project",
    ] {
        project.run(&format!("schema {flags}")).exit(64);
    }
}

#[test]
fn what_is_missing_is_written_and_the_rest_is_kept() {
    let (project, _) = started("");
    project.remove(".gitignore");
    let again = project.run("init").success();
    assert_eq!(again.stdout(), "Wrote 1 file:\n  .gitignore\n");
}

#[test]
fn a_file_that_differs_stops_everything() {
    let project = Project::empty().file("README.md", "mine\n");
    project
        .run("init")
        .exit(5)
        .talks(&["nothing was written", "README.md", "--force"]);
    assert!(!project.path("apicenter.yaml").exists());
    assert_eq!(project.read("README.md"), "mine\n");
    project.run("init --force").success();
    assert!(project.read("README.md").starts_with("# The API catalogue"));
}

#[test]
fn pipelines_can_be_added_to_a_project() {
    let (project, _) = started("");
    project.write("README.md", "mine\n");
    project
        .run("init --ci gitlab")
        .exit(5)
        .talks(&["README.md"]);
    let ended = project.run("init --ci gitlab --pipelines-only").success();
    assert_eq!(
        ended.stdout(),
        "Wrote 2 files:\n  .gitlab-ci.yml\n  PIPELINES.md\n"
    );
}

#[test]
fn the_pipelines_run_the_program_that_is_given() {
    const SOURCE: &str = "https://git.example/a/b@0123456789abcdef0123456789abcdef01234567";
    let (project, ended) = started(&format!("--ci github --source {SOURCE}"));
    let pinned = project.read(".github/workflows/apicenter-program.yml");
    assert!(pinned.contains("\"https://git.example/a/b\"") && !pinned.contains("ADDRESS"));
    assert!(!ended.stderr().contains("--source"));

    let digest = "a1".repeat(32);
    let binary = format!("--binary https://example.com/apicenter --sha256 {digest}");
    let (project, _) = started(&format!("--ci gitlab {binary}"));
    assert!(project.read(".gitlab-ci.yml").contains(&digest));
    Project::empty()
        .run(&format!("init --ci gitlab {binary} --attested-by a/b"))
        .exit(64)
        .talks(&["--attested-by requires --ci github"]);
}

#[test]
fn pipelines_without_a_program_say_so() {
    let (project, ended) = started("--ci azure-pipelines");
    let pinned = project.read(".azure-pipelines/program.yml");
    assert!(pinned.contains("ADDRESS: \"\"") && pinned.contains("SHA256: \"\""));
    assert!(
        ended
            .stderr()
            .contains("decide which apicenter the pipelines run")
    );
    assert!(ended.stderr().contains(".azure-pipelines/program.yml"));
}

#[test]
fn a_service_becomes_the_target_prod() {
    let (project, _) = started(SERVICE);
    project.run("validate -t prod").success();
    assert!(
        project
            .read("apicenter.yaml")
            .contains("service: \"contoso\"")
    );
}

#[test]
fn wrong_words_are_refused() {
    for words in [
        "--service contoso",
        "--from-live",
        "--name a",
        "--name x/y",
        "--ci jenkins",
        "--pipelines-only",
        "--source https://git.example/a/b@0123456789abcdef0123456789abcdef01234567",
        "--ci github --source https://git.example/a/b",
        "--ci github --source https://git.example/a/b@main",
        "--ci github --binary https://example.com/apicenter",
        "--ci github --sha256 a1",
        "--ci gitlab --attested-by a/b",
        "--subscription-id 1 --resource-group rg --service contoso",
    ] {
        let project = Project::empty();
        project.run(&format!("init {words}")).exit(64);
        let files = std::fs::read_dir(project.root()).expect("the folder is there");
        assert_eq!(files.count(), 0, "{words}");
    }
}

#[test]
fn a_live_service_becomes_the_manifests() {
    let center = ServiceFixture::start();
    let live = orders(Project::of(&center));
    live.run("apply --auto-approve").success();
    let url = center.url();
    let init = format!("init {SERVICE} --cloud {url} --from-live");
    let project = Project::empty().env("APICENTER_ACCESS_TOKEN", TOKEN);
    project
        .run(&init)
        .success()
        .says(&["Wrote 5 files", "Exported"]);
    assert!(project.path("apis/orders/api.yaml").exists());
    assert!(!project.path("apis/greetings").exists());
    project.run("plan -t prod").success().says(&["No changes."]);
    project
        .run(&init)
        .success()
        .says(&["nothing was written", "(0 written"]);
}

#[test]
fn a_failed_export_says_how_to_go_on() {
    let center = ServiceFixture::start();
    let project = Project::empty();
    let init = format!("init {SERVICE} --cloud {} --from-live", center.url());
    let ended = project.run(&init).exit(3);
    assert!(ended.stdout().starts_with("Wrote 5 files"));
    assert!(project.path("apicenter.yaml").exists());
}
