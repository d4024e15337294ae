//! Which files are manifests, whatever their ending, and what happens to those that are not read.

use super::harness::Project;

const PRUNE: &str = "targets: {local: {emulator: {}}}\nprune: {enabled: true, scope: all}\n\
     safety: {maxDeletes: 100}";

fn api(name: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec: {{title: T, kind: rest}}\n"
    )
}

fn applied(spec: &str) -> Project {
    let project = Project::with_spec(spec)
        .file("apis/shop.yaml", &api("shop"))
        .file("apis/other.yaml", &api("other"));
    project.run("apply --auto-approve").success();
    project
}

fn rename(project: &Project, from: &str, to: &str) {
    std::fs::rename(project.path(from), project.path(to)).expect("a file to rename");
}

#[test]
fn every_spelling_of_the_ending_is_read() {
    let project = applied(PRUNE);
    let mut last = "apis/shop.yaml";
    for next in ["apis/shop.yml", "apis/shop.YAML", "apis/shop.Yml"] {
        rename(&project, last, next);
        project
            .run("validate")
            .success()
            .says(&["Valid. 2 resources are declared."]);
        project.run("plan").success().says(&["No changes."]);
        last = next;
    }
}

#[test]
fn the_project_file_may_end_in_yml() {
    for name in ["apicenter.yml", "apicenter.YML", "ApiCenter.yaml"] {
        let project = Project::with_spec("targets: {local: {emulator: {}}}")
            .file("apis/shop.yml", &api("shop"));
        rename(&project, "apicenter.yaml", name);
        project
            .run("validate")
            .success()
            .says(&["Valid. 1 resource is declared."]);
        project.edit(name, "targets", "tragets");
        project
            .run("validate")
            .exit(6)
            .talks(&[&format!("{name}:")]);
    }
}

#[test]
fn a_second_project_file_is_an_error() {
    let project = Project::local();
    let text = project.read("apicenter.yaml");
    project.write("apicenter.yml", text);
    project
        .run("validate")
        .exit(6)
        .talks(&["apicenter.yml:1:1: error[misplaced-project]"]);
}

#[test]
fn what_a_file_still_declares_is_not_deleted() {
    for name in ["apis/shop.yaml.bak", "apis/shop.yml.disabled"] {
        let project = applied(PRUNE);
        rename(&project, "apis/shop.yaml", name);
        for command in ["plan", "apply --auto-approve"] {
            project.run(command).exit(5).says(&[
                "api/shop would be deleted",
                &format!("{name}:1:1"),
                "add a pattern that matches the file to spec.manifests",
            ]);
        }
        project.edit(
            "apicenter.yaml",
            "spec:\n",
            &format!("spec:\n  manifests: [\"**/*.yaml\", \"!{name}\"]\n"),
        );
        project.run("plan").success().says(&["- api/shop"]);
        project.edit("apicenter.yaml", &format!(", \"!{name}\""), "");
        project.remove(name);
        project
            .run("apply --auto-approve")
            .success()
            .says(&["1 destroyed"]);
    }
}

#[test]
fn a_manifest_that_no_pattern_matches_is_a_warning_and_its_delete_is_refused() {
    let project = applied(&format!("manifests: [\"**/*.yaml\"]\n{PRUNE}"));
    rename(&project, "apis/shop.yaml", "apis/shop.yml");
    project.run("validate").success().talks(&[
        "apis/shop.yml:1:1: warning[left-out-manifest]",
        "`apis/shop.yml` declares api/shop, but is not read",
        "leave it out on purpose with \"!apis/shop.yml\"",
    ]);
    project
        .run("plan")
        .exit(5)
        .says(&["api/shop would be deleted"]);
    project.edit(
        "apicenter.yaml",
        "\"**/*.yaml\"",
        "\"**/*.yaml\", \"!apis/shop.yml\"",
    );
    project
        .run("validate")
        .success()
        .never_says("left-out-manifest");
    project.run("plan").success().says(&["- api/shop"]);
}

#[test]
fn a_manifest_of_a_project_in_a_folder_is_that_projects_own() {
    let project = applied(&format!("manifests: [\"apis/*.yaml\"]\n{PRUNE}"));
    project.write("examples/apicenter.yaml", project.read("apicenter.yaml"));
    project.write("examples/apis/shop.yaml", api("shop"));
    project
        .run("validate")
        .success()
        .never_says("left-out-manifest");
    project.remove("apis/shop.yaml");
    project.run("plan").success().says(&[
        "- api/shop",
        "api/shop is deleted, although a file that has another use declares it",
        "examples/apis/shop.yaml:1:1",
    ]);
}

#[test]
fn pipelines_of_other_tools_beside_manifests_are_left_out() {
    let project = Project::local()
        .file("apis/shop.yml", &api("shop"))
        .file(
            "azure-pipelines.yml",
            "trigger: [main]\nsteps: [{script: make}]\n",
        )
        .file(
            "k8s/pod.yml",
            "apiVersion: v1\nkind: Pod\nmetadata: {name: a}\nspec: {}\n",
        );
    project
        .run("validate")
        .success()
        .says(&["Valid. 1 resource is declared."]);
    // A typing mistake cannot make a manifest vanish.
    project.write("apis/a.yml", api("a").replace("apicenter/", "apicentre/"));
    project
        .run("validate")
        .exit(6)
        .talks(&["apis/a.yml:1:13", "unknown apiVersion `apicentre/v1`"]);
    project.write("apis/a.yml", api("a").replace("apiVersion", "apiVersoin"));
    project.run("validate").exit(6).talks(&["apis/a.yml:1:1"]);
}

#[test]
fn verbose_validation_lists_what_is_left_out_and_why() {
    let project = Project::with_spec(
        "manifests: [\"apis/**\", \"!apis/old.yaml\"]\ntargets: {local: {emulator: {}}}",
    )
    .file("apis/shop.yaml", &api("shop"))
    .file("apis/old.yaml", &api("old"))
    .file(
        "apis/spec.yaml",
        "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
    )
    .file("notes.yaml", "a: 1\n")
    .file(".hidden/a.yaml", &api("hidden"))
    .file("build/a.yaml", &api("built"))
    .file(".gitignore", "build/\n");
    project.run("validate -v").success().talks(&[
        "left out: .hidden/a.yaml: it is hidden",
        "left out: apis/old.yaml: spec.manifests excludes it with `!apis/old.yaml`",
        "left out: apis/spec.yaml: it is a description file",
        "left out: build/a.yaml: .gitignore excludes it with `build/`",
        "left out: notes.yaml: no pattern of spec.manifests matches it",
    ]);
    project.run("validate").success().never_says("left out:");
}

#[test]
fn what_a_manifest_names_is_in_use_and_not_left_out() {
    let project = applied(&format!("manifests: [\"apis/*.yaml\"]\n{PRUNE}"))
        .file("rules/ruleset.yml", "rules: {}\n")
        .file("rules/samples/shop.yaml", &api("shop"))
        .file(
            "apis/analyzer.yaml",
            "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: default}\n\
             spec: {title: T, ruleset: ../rules}\n",
        );
    project.remove("apis/shop.yaml");
    project
        .run("validate -v")
        .success()
        .never_says("left out:")
        .never_says("left-out-manifest");
    project.run("plan").success().says(&["- api/shop"]);
}

#[test]
fn variables_in_names_count_for_what_is_left_out() {
    let project = Project::with_spec(
        "targets: {local: {emulator: {}, variables: {stage: prod}}}\n\
         prune: {enabled: true, scope: all}\nsafety: {maxDeletes: 100}",
    )
    .file("apis/shop.yaml", &api("\"shop-${stage}\""));
    project.run("apply --auto-approve").success();
    rename(&project, "apis/shop.yaml", "apis/shop.yaml.old");
    project
        .run("plan")
        .exit(5)
        .says(&["api/shop-prod would be deleted", "apis/shop.yaml.old:1:1"]);
}

#[test]
fn a_reference_to_what_is_left_out_says_so_and_a_misspelt_api_is_suggested() {
    let shop = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: shop}\nspec:\n  title: T\n  kind: rest\n  \
         deployments:\n    - {name: prod, environment: partners, definition: othr/1-0-0/openapi, server: \
         {runtimeUri: [\"https://a.example\"]}}\n";
    let other = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: other}\nspec:\n  title: T\n  kind: rest\n  \
         versions: [{name: 1-0-0, title: v1, lifecycleStage: design, definitions: [{name: openapi, title: \
         O}]}]\n";
    let environment = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: partners}\nspec: {title: P, \
         kind: production}\n";
    let project =
        Project::with_spec("manifests: [\"**/*.yaml\"]\ntargets: {local: {emulator: {}}}")
            .file("shop.yaml", shop)
            .file("other.yaml", other)
            .file("partners.yml", environment);
    project.run("validate").exit(6).talks(&[
        "a file that is not read as a manifest declares it",
        "did you mean `other/1-0-0/openapi`?",
    ]);
}
