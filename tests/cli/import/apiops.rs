//! `import apiops`.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{files, holds, repeats, utf16};
use crate::cli::harness::Project;
use crate::cli::newer_kinds::one_of_each;

const OPENAPI: &str = "{\"openapi\": \"3.0.1\", \"info\": {\"title\": \"Orders\"}}";

/// An artifact as apiops writes it: the ARM JSON, indented by two.
fn artifact(project: &Project, path: (&str, &str), file: &str, kind: &str, properties: &Value) {
    let (root, folder) = path;
    let name = folder.rsplit('/').next().expect("a folder");
    let envelope = json!({
        "type": format!("Microsoft.ApiCenter/services/{kind}"),
        "id": format!("/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/old/{folder}"),
        "name": name,
        "properties": properties,
        "systemData": {"createdAt": "2026-01-01T00:00:00Z"},
    });
    let text = serde_json::to_string_pretty(&envelope).expect("JSON") + "\n";
    project.write(&format!("{root}/{folder}/{file}"), text);
}

fn backup() -> Project {
    let project = Project::local();
    artifacts(&project, "backup");
    project
}

/// A small centre as apiops writes it, below `root`.
pub(super) fn artifacts(project: &Project, root: &str) {
    let schema = r#"{"type":"string","title":"Team","oneOf":[{"const":"a","description":""},{"const":"b","description":""}]}"#;
    artifact(
        project,
        (root, "metadataSchemas/team"),
        "metadataSchemaInformation.json",
        "metadataSchemas",
        &json!({"schema": schema, "assignedTo": [{"entity": "api", "required": true, "deprecated": false}]}),
    );
    artifact(
        project,
        (root, "workspaces/default"),
        "workspaceInformation.json",
        "workspaces",
        &json!({"title": "Default"}),
    );
    let default = "workspaces/default";
    artifact(
        project,
        (root, &format!("{default}/environments/prod")),
        "environmentInformation.json",
        "workspaces/environments",
        &json!({"title": "Production", "kind": "Production", "customProperties": {}}),
    );
    artifact(
        project,
        (root, &format!("{default}/mcpRegistries/helper")),
        "mcpRegistryInformation.json",
        "workspaces/mcpRegistries",
        &json!({"title": "Helper"}),
    );
    artifact(
        project,
        (root, &format!("{default}/apis/orders")),
        "apiInformation.json",
        "workspaces/apis",
        &json!({"title": "Orders", "kind": "rest", "lifecycleStage": "production", "contacts": [],
                "externalDocumentation": [], "customProperties": {"team": "a"}}),
    );
    artifact(
        project,
        (root, &format!("{default}/apis/orders/versions/1-0-0")),
        "apiVersionInformation.json",
        "workspaces/apis/versions",
        &json!({"title": "v1", "lifecycleStage": "production"}),
    );
    let definition = format!("{default}/apis/orders/versions/1-0-0/definitions/openapi");
    artifact(
        project,
        (root, &definition),
        "apiDefinitionInformation.json",
        "workspaces/apis/versions/definitions",
        &json!({"title": "OpenAPI", "specification": {"name": "openapi", "version": "3.0.1"}}),
    );
    project.write(
        &format!("{root}/{definition}/specification/specification.json"),
        OPENAPI,
    );
    artifact(
        project,
        (root, &format!("{default}/apis/orders/deployments/prod-eu")),
        "apiDeploymentInformation.json",
        "workspaces/apis/deployments",
        &json!({"title": "Europe", "environmentId": "/workspaces/default/environments/prod",
                "definitionId": "/workspaces/default/apis/orders/versions/1-0-0/definitions/openapi",
                "server": {"runtimeUri": ["https://api.contoso.com"]}, "recommended": false, "customProperties": {}}),
    );
}

#[test]
fn an_artifact_tree_becomes_readable_manifests() {
    let project = backup();
    let ended = project.run("import apiops backup").success();
    assert_snapshot!(ended.scrubbed(), @r"
    Imported 1 API to 5 files (5 written, 0 unchanged).
      api/orders  apis/orders/api.yaml  1 version, 1 document, 1 deployment
    ");
    assert_snapshot!(ended.scrubbed_stderr(), @"  next: apicenter validate, then apicenter plan");
    assert_snapshot!(files(&project, "apis").join("\n"), @r"
    apis/orders/1-0-0/openapi.json
    apis/orders/api.yaml
    ");
    assert_snapshot!(project.read("apis/orders/api.yaml"), @r"
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: orders
    spec:
      title: Orders
      kind: rest
      customProperties:
        team: a
      versions:
        - name: 1-0-0
          title: v1
          lifecycleStage: production
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: 1-0-0/openapi.json
      deployments:
        - name: prod-eu
          title: Europe
          environment: prod
          definition: 1-0-0/openapi
          server:
            runtimeUri:
              - https://api.contoso.com
    ");
    assert_snapshot!(project.read("metadata-schemas/team.yaml"), @r"
    apiVersion: apicenter/v1
    kind: MetadataSchema
    metadata:
      name: team
    spec:
      schema:
        type: string
        title: Team
        enum:
          - a
          - b
      assignedTo:
        - entity: api
          required: true
    ");
    assert_snapshot!(project.read("environments/prod.yaml"), @r"
    apiVersion: apicenter/v1
    kind: Environment
    metadata:
      name: prod
    spec:
      title: Production
      kind: Production
    ");
    repeats(&project, "import apiops backup");
    repeats(&project, "import apiops ./backup/ --force");
    holds(&project);
}

/// The collections that apiops extracts, and the names of its files for them.
const EXTRACTED: [(&str, &str); 19] = [
    ("metadataSchemas", "metadataSchema"),
    ("environments", "environment"),
    ("authConfigs", "authConfig"),
    ("apiSources", "apiSource"),
    ("apis", "api"),
    ("apis/versions", "apiVersion"),
    ("apis/versions/definitions", "apiDefinition"),
    ("apis/deployments", "apiDeployment"),
    ("analyzerConfigs", "analyzerConfig"),
    ("links", "resourceLink"),
    ("plugins", "plugin"),
    ("models", "model"),
    ("agents", "agent"),
    ("agents/versions", "agentVersion"),
    ("skills", "skill"),
    ("skills/versions", "skillVersion"),
    (
        "skillEvaluationConfigurations",
        "skillEvaluationConfiguration",
    ),
    (
        "agentEvaluationConfigurations",
        "agentEvaluationConfiguration",
    ),
    ("mcpRegistries", "mcpRegistry"),
];

#[test]
fn artifacts_may_be_in_utf_16() {
    let plain = backup();
    plain.run("import apiops backup").success();
    for order in [u16::to_le_bytes, u16::to_be_bytes] {
        let project = backup();
        for path in files(&project, "backup") {
            project.write(&path, utf16(&project.read(&path), order));
        }
        project.run("import apiops backup").success();
        for path in files(&plain, "apis") {
            assert_eq!(
                project.read(&path).replace("\r\n", "\n"),
                plain.read(&path),
                "{path}"
            );
        }
        assert_eq!(files(&project, "."), files(&plain, "."));
        repeats(&project, "import apiops backup");
    }
    let project = backup();
    let path = "backup/workspaces/default/apis/orders/apiInformation.json";
    let mut bytes = utf16(&project.read(path), u16::to_le_bytes);
    bytes.pop();
    project.write(path, bytes);
    project
        .run("import apiops backup")
        .exit(6)
        .talks(&[&format!(
            "error[file-encoding]: `{path}` is not UTF-16 text (byte "
        )]);
}

#[test]
fn one_of_each_type_is_imported_and_rebuilt() {
    let project = Project::local();
    let mut extracted = 0;
    for (path, properties) in one_of_each() {
        let collection: Vec<&str> = path.split('/').step_by(2).collect();
        let collection = collection.join("/");
        let Some((_, file)) = EXTRACTED.iter().find(|(known, _)| *known == collection) else {
            continue;
        };
        extracted += 1;
        let folder = match collection.as_str() {
            "metadataSchemas" => path.to_owned(),
            _ => format!("workspaces/default/{path}"),
        };
        let file = format!("{file}Information.json");
        artifact(&project, ("all", &folder), &file, &collection, &properties);
        // As an editor on Windows saves it.
        let path = format!("all/{folder}/{file}");
        let marked = format!("\u{feff}{}", project.read(&path));
        project.write(&path, marked);
    }
    assert_eq!(extracted, EXTRACTED.len());
    artifact(
        &project,
        ("all", "workspaces/default"),
        "workspaceInformation.json",
        "workspaces",
        &json!({"title": "Contoso"}),
    );
    let ended = project.run("import apiops all").success();
    assert_snapshot!(ended.scrubbed(), @r"
    Imported 1 API to 14 files (14 written, 0 unchanged).
      api/orders  apis/orders/api.yaml  1 version, 0 documents, 1 deployment
    ");
    assert_snapshot!(ended.scrubbed_stderr(), @r"
    note: workspace/default: its title `Contoso` is left out, as manifests cannot declare workspaces
      next: apicenter validate, then apicenter plan
    ");
    repeats(&project, "import apiops all");
    holds(&project);
    project
        .run("validate")
        .success()
        .says(&["19 resources are declared"]);
}

#[test]
fn folders_and_files_that_are_something_else_are_told() {
    let project = backup();
    let broken = "backup/workspaces/default/apis/orders/apiInformation.json";
    project.write(broken, "{\n  \"name\": \"orders\",\n  oops\n}\n");
    project.run("import apiops backup").exit(6).talks(&[
        "backup/workspaces/default/apis/orders/apiInformation.json:3:3",
        "nothing was imported",
    ]);
    // A byte order mark has no width, whatever is wrong behind it.
    project.write(broken, "\u{feff}{oops\n}\n");
    project.run("import apiops ./backup/").exit(6).talks(&[
        "backup/workspaces/default/apis/orders/apiInformation.json:1:2",
        "1 | {oops\n",
    ]);
    project.write(broken, b"{\"a\": \"\xe9\"}");
    project.run("import apiops backup").exit(6).talks(&[
        "`backup/workspaces/default/apis/orders/apiInformation.json` is not UTF-8 text (byte 7)",
    ]);
    project.write(broken, "{\n  \"name\": \"orders\",\n  oops\n}\n");
    assert!(files(&project, "environments").is_empty());
    project
        .run("import apiops .apicenter-none")
        .exit(1)
        .talks(&["cannot read `.apicenter-none`"]);
    project.write("empty/readme.md", "nothing");
    project.run("import apiops empty").exit(1).talks(&[
        "`empty` does not contain artifacts of apiops",
        "apiops apic extract",
    ]);
}

#[test]
fn what_the_service_has_against_a_rule_is_accepted() {
    let project = backup();
    let long = json!({"properties": {"title": "many words ".repeat(20), "kind": "rest",
        "customProperties": {"unheard-of": "x"}}});
    let path = "backup/workspaces/default/apis/odd/apiInformation.json";
    project.write(path, long.to_string());
    let source = json!({"properties": {"apiSourceType": "Git", "targetEnvironmentId": "/workspaces/default/environments/none",
        "gitSource": {"repositoryUrl": "https://github.com/contoso/skills", "gitProvider": "github"}}});
    let path = "backup/workspaces/default/apiSources/git/apiSourceInformation.json";
    project.write(path, source.to_string());
    project
        .run("import apiops backup")
        .success()
        .talks(&["exemptions.yaml accepts what the service has against a rule (5 findings)"]);
    let accepted = project.read("exemptions.yaml");
    for code in [
        "too-long",
        "custom-property-unknown",
        "missing-field",
        "dangling-reference",
    ] {
        assert!(accepted.contains(&format!("code: {code}")), "{accepted}");
    }
    project
        .run("validate")
        .success()
        .says(&["5 findings exempted."]);
    super::repeats(&project, "import apiops backup");
    // What people wrote beside it stays, and what is new is added.
    project.edit(
        "exemptions.yaml",
        "kind: Exemption",
        "kind: Exemption # ours",
    );
    super::repeats(&project, "import apiops backup");
    let broken = "backup/workspaces/default/apis/odd-2/apiInformation.json";
    project.write(broken, long.to_string());
    project.run("import apiops backup").exit(5);
    project.run("import apiops backup --force").success();
    project
        .run("validate")
        .success()
        .says(&["8 findings exempted."]);
}

#[test]
fn exemptions_of_people_are_not_ascribed_to_a_backup() {
    let project = backup();
    let exemptions = "apiVersion: apicenter/v1\nkind: Exemption\nmetadata: {name: ours}\nspec:\n  findings:\n    - {code: too-long, address: api/none, reason: ours}\n";
    project.write("exemptions.yaml", exemptions);
    project
        .run("import apiops backup")
        .success()
        .never_says("accepts what the service has");
    assert_eq!(project.read("exemptions.yaml"), exemptions);
}

#[test]
fn what_is_declared_already_is_not_declared_twice() {
    let project = backup();
    let environment = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: prod}\n\
                       spec: {title: Production, kind: production}\n";
    project.write("own.yaml", environment);
    project
        .run("import apiops backup")
        .exit(5)
        .talks(&["environment/prod in own.yaml"]);
    assert!(files(&project, "apis").is_empty());
}
