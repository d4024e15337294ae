//! `export` where manifests are already: beside a project, into it, and after deletes in the portal.

use super::harness::Project;
use super::service_fixture::ServiceFixture;
use serde_json::json;

const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";

/// A service with two APIs, the second with a version that has a document, and an environment.
fn center() -> ServiceFixture {
    let center = ServiceFixture::start();
    center.put("apis/orders", json!({"title": "Orders", "kind": "rest"}));
    center.put("apis/billing", json!({"title": "Billing", "kind": "rest"}));
    for version in ["1-0-0", "2-0-0"] {
        let path = format!("apis/billing/versions/{version}");
        center.put(&path, json!({"title": version, "lifecycleStage": "design"}));
        let definition = format!("{path}/definitions/openapi");
        center.put(&definition, json!({"title": "OpenAPI"}));
        center.import(&definition, OPENAPI);
    }
    center.put(
        "environments/staging",
        json!({"title": "Staging", "kind": "staging"}),
    );
    center
}

fn exported(center: &ServiceFixture) -> Project {
    let project = Project::of(center);
    project.run("export").success();
    project.run("plan").success().says(&["No changes."]);
    project
}

#[test]
fn a_folder_with_its_own_project_file_is_another_project() {
    let center = center();
    let project = exported(&center);
    project.run("export --out adopted").success();
    let valid = project.run("validate").success();
    project.run("plan").success().says(&["No changes."]);
    project
        .run("validate -v")
        .success()
        .says(&[valid.stdout()])
        .talks(&[
            "left out: adopted/apicenter.yaml: it belongs to the project of `adopted/apicenter.yaml`",
            "left out: adopted/apis/billing/api.yaml: it belongs to the project of",
        ]);
    // Seen from inside, it is the project.
    project
        .run("-C adopted plan")
        .success()
        .says(&["No changes."]);
    project.run("-C adopted/apis validate").success();
    // A second export is the same.
    project
        .run("export --out adopted")
        .success()
        .says(&["(0 written"]);
}

#[test]
fn only_a_project_file_below_the_root_makes_a_project() {
    let api = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\nspec: {title: T, kind: rest}\n";
    let other = "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: other}\nspec: {targets: {local: {emulator: {}}}}\n";
    let count = |resources: usize, files: &[(&str, &str)]| {
        let project = Project::local();
        for (path, text) in files {
            project.write(path, text);
        }
        let noun = if resources == 1 {
            "resource is"
        } else {
            "resources are"
        };
        project
            .run("validate")
            .success()
            .says(&[&format!("Valid. {resources} {noun} declared.")]);
    };
    count(
        0,
        &[
            ("sub/ApiCenter.yml", other),
            ("sub/a.yaml", api),
            ("sub/deep/a.yaml", api),
        ],
    );
    // The neighbours of such a folder are as before.
    count(1, &[("sub/apicenter.yaml", other), ("sub-2/a.yaml", api)]);
    // A mistake in it is not a mistake here.
    count(
        0,
        &[
            (
                "sub/apicenter.yaml",
                "kind: Project\napiVersion: apicenter/v1\nspec: [\n",
            ),
            ("sub/a.yaml", api),
        ],
    );
    // A file of that name that only declares resources is a manifest.
    count(1, &[("sub/apicenter.yaml", api)]);
    let project = Project::local().file("sub/project.yaml", other);
    project
        .run("validate")
        .exit(6)
        .talks(&["sub/project.yaml:1:1: error[misplaced-project]"]);
    let project = Project::local().file("sub/apicenter.yaml", &format!("{other}---\n{other}"));
    project.run("validate").success();
    project.run("-C sub validate").exit(6);
}

#[test]
fn an_export_to_the_projects_own_folder_as_another_project_is_refused() {
    let center = center();
    let project = exported(&center);
    let before = project.read("apicenter.yaml");
    for arguments in ["export --out .", "export --out apis/.. --force"] {
        project.run(arguments).exit(5).talks(&[
            "is the folder of this project",
            "leave out --out to export into this project",
        ]);
    }
    assert_eq!(project.read("apicenter.yaml"), before);
}

#[test]
fn an_export_keeps_the_name_of_a_project_file() {
    let center = center();
    let project = exported(&center);
    std::fs::rename(
        project.path("apicenter.yaml"),
        project.path("apicenter.yml"),
    )
    .unwrap();
    project.run("export").success().says(&["(0 written"]);
    project.run("export --out adopted").success();
    std::fs::rename(
        project.path("adopted/apicenter.yaml"),
        project.path("adopted/apicenter.yml"),
    )
    .unwrap();
    project
        .run("export --out adopted")
        .success()
        .says(&["(0 written"]);
    assert!(!project.path("adopted/apicenter.yaml").exists());
}

#[test]
fn what_was_deleted_in_the_portal_is_named_and_can_be_removed() {
    let center = center();
    let project = exported(&center);
    center.delete("apis/billing");
    center.delete("environments/staging");
    project
        .run("export")
        .success()
        .says(&["(0 written"])
        .talks(&[
            "note: environment/staging: declared in environments/staging.yaml:1:1, not in the service",
            "note: api/billing: declared in apis/billing/api.yaml:1:1, not in the service",
            "--remove-stale removes the file",
            "note: --remove-stale removes apis/billing/1-0-0/openapi.yaml",
        ])
        .never_says("version/1-0-0:");
    assert!(project.path("apis/billing/api.yaml").exists());
    project.run("export --remove-stale").success().says(&[
        "(0 written",
        "Removed apis/billing/1-0-0/openapi.yaml.",
        "Removed apis/billing/2-0-0/openapi.yaml.",
        "Removed apis/billing/api.yaml.",
        "Removed environments/staging.yaml.",
    ]);
    assert!(!project.path("apis/billing").exists());
    assert!(project.path("apis/orders/api.yaml").exists());
    project.run("plan").success().says(&["No changes."]);
    project
        .run("export --remove-stale")
        .success()
        .never_says("Removed")
        .never_says("not in the service");
}

#[test]
fn a_version_that_was_deleted_in_the_portal_is_taken_out_of_its_file() {
    let center = center();
    let project = exported(&center);
    center.delete("apis/billing/versions/1-0-0");
    project.run("export").exit(5).talks(&[
        "note: api/billing/version/1-0-0: declared in apis/billing/api.yaml:",
        "not in the service; --force writes the file without it",
        "note: --remove-stale removes apis/billing/1-0-0/openapi.yaml",
        "differ from what would be written",
    ]);
    // What is refused removes nothing.
    project
        .run("export --remove-stale")
        .exit(5)
        .never_says("Removed");
    assert!(project.path("apis/billing/1-0-0/openapi.yaml").exists());
    project
        .run("export --remove-stale --force")
        .success()
        .says(&["(1 written", "Removed apis/billing/1-0-0/openapi.yaml."])
        .talks(&["the file is written without it"]);
    assert!(project.path("apis/billing/2-0-0/openapi.yaml").exists());
    project.run("plan").success().says(&["No changes."]);
}

#[test]
fn a_file_that_was_edited_by_hand_is_never_removed() {
    type Edit = fn(&Project);
    let edits: [(Edit, &str); 4] = [
        (
            |project| {
                let text = project.read("apis/billing/api.yaml");
                project.write("apis/billing/api.yaml", format!("# by hand\n{text}"));
            },
            "the file is not as an export writes it",
        ),
        (
            |project| {
                let text = project.read("apis/billing/api.yaml");
                project.write(
                    "billing.yaml",
                    text.replace("file: ", "file: apis/billing/"),
                );
                project.remove("apis/billing/api.yaml");
            },
            "the file is not as an export writes it",
        ),
        (
            |project| {
                let mut text = project.read("apis/billing/api.yaml");
                text.push_str("---\n");
                text.push_str(&project.read("apis/orders/api.yaml"));
                project.write("apis/billing/api.yaml", text);
                project.remove("apis/orders/api.yaml");
            },
            "the file also declares what the service holds",
        ),
        (
            |project| {
                project.edit(
                    "apicenter.yaml",
                    "targets:",
                    "manifests: ['**/*.yaml']\n  targets:",
                );
                let text = project.read("apicenter.yaml");
                let at = text.find("live:").expect("the target");
                let text = text.replacen("live:", "live:\n      overlays: [over/*.yaml]", 1);
                assert!(at > 0);
                project.write("apicenter.yaml", text);
                project.write(
                    "over/a.yaml",
                    "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: billing}\nspec: {summary: S}\n",
                );
            },
            "an overlay changes it",
        ),
    ];
    for (edit, reason) in edits {
        let center = center();
        let project = exported(&center);
        edit(&project);
        center.delete("apis/billing");
        project
            .run("export --remove-stale --force")
            .success()
            .talks(&[
                "note: api/billing: declared in ",
                "remove it there by hand",
                reason,
            ])
            .never_says("Removed");
        assert!(project.path("apis/billing/1-0-0/openapi.yaml").exists());
    }
}

#[test]
fn a_description_that_another_api_uses_is_not_removed() {
    let center = center();
    let project = exported(&center);
    project.write(
        "apis/orders/api.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n  \
         versions: [{name: 1-0-0, title: v, lifecycleStage: design, definitions: [{name: openapi, title: O, \
         source: {file: '../billing/1-0-0/openapi.yaml'}}]}]\n",
    );
    project.run("apply --auto-approve").success();
    center.delete("apis/billing");
    let kept = project.read("apis/orders/api.yaml");
    project
        .run("export --remove-stale --force")
        .success()
        .says(&["Removed apis/billing/2-0-0/openapi.yaml."])
        .never_says("Removed apis/billing/1-0-0");
    assert_ne!(project.read("apis/orders/api.yaml"), kept);
    assert!(project.path("apis/billing/1-0-0/openapi.yaml").exists());
}

#[test]
fn a_description_that_no_export_wrote_is_not_removed() {
    let center = center();
    let project = exported(&center);
    // Somebody adds a version by hand, and has not applied it.
    let document = "openapi: 3.0.1\ninfo: {title: Orders, version: '9'}\npaths: {}\n";
    for file in ["openapi.yaml", "9-0-0/other.yaml"] {
        project.write(&format!("apis/orders/{file}"), document);
        project.write(
            "apis/orders/api.yaml",
            format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  kind: rest\n  \
                 versions: [{{name: 9-0-0, title: v, lifecycleStage: design, definitions: [{{name: openapi, title: O, \
                 source: {{file: {file}}}}}]}}]\n"
            ),
        );
        project
            .run("export --remove-stale --force")
            .success()
            .talks(&["note: api/orders/version/9-0-0: declared in apis/orders/api.yaml:"])
            .never_says("Removed");
        assert_eq!(project.read(&format!("apis/orders/{file}")), document);
    }
}

#[test]
fn with_errors_in_manifests_nothing_is_removed() {
    let center = center();
    let project = exported(&center).file("a.yaml", "apiVersion: apicenter/v1\nkind: Apy\n");
    center.delete("apis/billing");
    project
        .run("export --remove-stale")
        .exit(6)
        .talks(&["a.yaml:2:7"]);
    assert!(project.path("apis/billing/api.yaml").exists());
    project.run("export").success();
}

#[test]
fn the_ownership_marker_is_not_taken_for_a_stale_declaration() {
    let center = center();
    let project = Project::of_with(&center, "ownership: {property: managed-by, owner: me}\n");
    project
        .run("export --adopt")
        .success()
        .never_says("not in the service");
}
