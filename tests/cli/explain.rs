//! `explain`: kinds, fields by their names alone, codes with cause, example and remedy.

use super::harness::Project;

#[test]
fn without_a_subject_kinds_and_codes_are_listed() {
    Project::empty().run("explain").success().says(&[
        "Kinds",
        "  MetadataSchema  ",
        "  Api             An API with its versions",
        "  Project  ",
        "Diagnostic codes",
        "Files and YAML",
        "    yaml-syntax ",
        "Custom metadata",
        "    custom-property-required ",
        "Rules of breaking changes",
        "  path-removed ",
        "More: apicenter explain Api",
    ]);
}

#[test]
fn a_code_has_a_cause_an_example_and_a_remedy() {
    Project::empty().run("explain wrong-type").success().says(&[
        "wrong-type\n",
        "  Cause: ",
        "  Example:\n    required: yes\n\n    error: `yes` where true or false is expected\n    help: write `true`\n",
        "  Remedy: Write what the message names",
        "  An Exemption can accept it.",
    ]);
}

#[test]
fn a_field_is_found_by_its_name_alone() {
    let project = Project::empty();
    project.run("explain lifecycleStage").success().says(&[
        "lifecycleStage is a field of",
        "  Api.versions.lifecycleStage ",
        "  SyncedApi.versions.lifecycleStage ",
        "More: apicenter explain Api.versions.lifecycleStage",
    ]);
    project
        .run("explain maxDeletes")
        .success()
        .says(&["Project.safety.maxDeletes (text)"]);
    project
        .run("explain server.runtimeUri")
        .success()
        .says(&["Api.deployments.server.runtimeUri (list)"]);
    project
        .run("explain api")
        .success()
        .says(&["Api (mapping)"]);
    project
        .run("explain environment")
        .success()
        .says(&["Environment (mapping)", "Api.deployments.environment"]);
    // What every document consists of, too.
    project.run("explain kind").success().says(&[
        "  kind  ",
        "  Api.kind ",
        "More: apicenter explain Environment.kind",
    ]);
    project
        .run("explain metadata.name")
        .success()
        .says(&["metadata.name (text)", "Name of the resource"]);
    project
        .run("explain apiVersion")
        .success()
        .says(&["ApiVersion (mapping)", "Version of the manifest format"]);
    project
        .run("explain api.Title")
        .success()
        .says(&["Api.title (text)"]);
    project
        .run("explain lifecycelStage")
        .exit(64)
        .talks(&["did you mean `lifecycleStage`?"]);
}
