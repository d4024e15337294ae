//! What is shown is what is there.

use super::harness::Project;

const ENVIRONMENT: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: prod}\nspec:\n  \
    title: Production\n  kind: production\n  description: ";

#[test]
fn control_characters_in_a_plan_are_spelt_out() {
    let project = Project::local().file("e.yaml", &format!("{ENVIRONMENT}\"one\\ntwo\"\n"));
    let _ = project.run("apply --auto-approve").success();
    project.write(
        "e.yaml",
        format!("{ENVIRONMENT}\"one\\nevil\\n\\e[1A\\e[2Ktwo\\u202E\"\n"),
    );
    let plan = project.run("plan").success();
    assert!(!plan.stdout().contains('\u{1b}') && !plan.stdout().contains('\u{202e}'));
    let _ = plan.says(&["+ evil", "+ \\u{1b}[1A\\u{1b}[2Ktwo\\u{202e}"]);
}

#[test]
fn a_changed_item_of_a_long_list_is_seen() {
    let long = "https://portal.contoso.com/".to_owned() + &"a".repeat(60);
    let with = |end: &str| {
        format!("{ENVIRONMENT}x\n  onboarding: {{developerPortalUri: [\"{long}{end}\"]}}\n")
    };
    let project = Project::local().file("e.yaml", &with("/old"));
    let _ = project.run("apply --auto-approve").success();
    project.write("e.yaml", with("/new"));
    let _ = project.run("plan").success().says(&["/old\n", "/new\n"]);
}

#[test]
fn a_snapshot_is_of_one_service_in_one_place() {
    let project = |group: &str| {
        Project::with_spec(&format!(
            "targets: {{live: {{subscriptionId: s, resourceGroup: {group}, service: contoso}}}}"
        ))
    };
    let snapshot = r#"{"formatVersion": "1.0", "subscriptionId": "s", "resourceGroup": "here",
        "service": "contoso", "resources": []}"#;
    let here = project("here").file("live.json", snapshot);
    let _ = here.run("plan --against live.json").success();
    let _ = project("elsewhere")
        .file("live.json", snapshot)
        .run("plan --against live.json")
        .exit(1)
        .talks(&["in `here` of the subscription `s`", "in `elsewhere`"]);
}

#[test]
fn an_overlay_pattern_without_a_file_is_an_error_at_its_place() {
    let project =
        Project::with_spec("targets: {local: {emulator: {}, overlays: [\"overlays/*.yaml\"]}}");
    let told = project.run("validate --format json").exit(6).json();
    let problem = &told["diagnostics"][0];
    assert_eq!(problem["code"], "overlay-unmatched");
    assert_eq!(problem["source"]["file"], "apicenter.yaml");
}

#[test]
fn a_mistyped_protected_address_protects_nothing_and_is_an_error() {
    let project = Project::with_spec(
        "targets: {local: {emulator: {}}}\nsafety: {protect: [\"envronment/prod*\"]}",
    );
    let told = project.run("validate --format json").exit(6).json();
    assert!(
        told["diagnostics"][0]["help"]
            .as_str()
            .unwrap()
            .contains("`environment`"),
        "{told}"
    );
}
