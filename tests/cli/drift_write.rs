//! `drift`: what was edited in the portal comes into the manifests, which keep their comments and layout.

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::files::files_below;
use super::harness::Project;
use super::samples::OPENAPI;
use super::service_fixture::ServiceFixture;

/// Metadata schemas and an environment, with comments.
const GROUND: &str = "\
# What every API says of itself.
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: team}
spec:
  schema: {type: string, title: Team, enum: [checkout, payments]}   # asked for in reviews
  assignedTo:
    # every API has a team
    - entity: api
      required: false
---
apiVersion: apicenter/v1
kind: Environment
metadata:
  name: production   # the only one
spec:
  title: \"Production\"
  kind: production
  server:
    type: Azure API Management
    managementPortalUri: [https://portal.contoso.com]
";

/// An API with all that is below one, with comments.
const ORDERS: &str = "\
# The API of the checkout team.
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders   # as customers know it
  kind: rest
  description: |
    Orders of customers.

    Ask the team.
  # who to ask
  contacts:
    - name: Checkout   # the team
      email: checkout@contoso.com
    - {name: On call, url: https://contoso.com/oncall}
  customProperties: {team: checkout}   # see ground.yaml
  versions:
    # the first
    - name: v1
      title: v1
      lifecycleStage: 'production'   # since March
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}
  deployments:
    - name: eu
      title: Europe
      environment: production
      definition: v1/openapi
      server: {runtimeUri: [\"https://api.contoso.com/orders\"]}
";

fn project(center: &ServiceFixture) -> Project {
    let project = Project::of(center)
        .file("ground.yaml", GROUND)
        .file("apis/orders.yaml", ORDERS)
        .file("apis/openapi.yaml", OPENAPI);
    project.run("apply --auto-approve -q").success();
    project
}

/// Nothing differs.
fn quiet(project: &Project) {
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn fields_that_were_edited_are_written_and_everything_else_stays() {
    let center = ServiceFixture::start();
    let project = project(&center);
    project
        .run("drift --write --detailed-exitcode")
        .success()
        .says(&["No drift."]);
    center.edit("apis/orders", |it| {
        it["title"] = json!("Orders API");
        it["description"] = json!("Orders of customers.\n\nAsk us.\n");
        it["customProperties"]["team"] = json!("payments");
        it["summary"] = json!("What was ordered: all of it");
    });
    center.edit("apis/orders/versions/v1", |it| {
        it["lifecycleStage"] = json!("deprecated");
    });
    center.edit("apis/orders/deployments/eu", |it| {
        it["server"]["runtimeUri"] =
            json!(["https://api.contoso.com/orders", "https://eu.contoso.com"]);
    });
    center.edit("environments/production", |it| {
        it["title"] = json!("Prod \"eu\"");
        it["server"]["type"] = json!("Kubernetes");
        it["description"] = json!("Where customers are");
    });
    let listed = project.run("drift --detailed-exitcode").exit(2);
    assert_snapshot!(listed.scrubbed(), @r#"
    live: service contoso in resource group rg

      ~ environment/production: edited in the portal  ground.yaml:12:1
          title: Production → Prod "eu"
          server.type: Azure API Management → Kubernetes
          description: (none) → Where customers are
      ~ api/orders: edited in the portal  apis/orders.yaml:2:1
          title: Orders → Orders API
          description:
            @@ -1,3 +1,3 @@
             Orders of customers.
             
            -Ask the team.
            +Ask us.
          customProperties.team: checkout → payments
          summary: (none) → "What was ordered: all of it"
      ~ api/orders/version/v1: edited in the portal  apis/orders.yaml:20:7
          lifecycleStage: production → deprecated
      ~ api/orders/deployment/eu: edited in the portal  apis/orders.yaml:26:7
          server.runtimeUri: [https://api.contoso.com/orders] → [https://api.contoso.com/orders, https://eu.contoso.com]

    Drift: 4 edited, 0 deleted, 0 created.
    "#);
    let written = project.run("drift --write").success();
    assert_eq!(
        project.read("apis/orders.yaml"),
        ORDERS
            .replace("title: Orders   #", "title: Orders API   #")
            .replace("    Ask the team.\n", "    Ask us.\n")
            .replace("{team: checkout}", "{team: payments}")
            .replace(
                "  kind: rest\n",
                "  kind: rest\n  summary: \"What was ordered: all of it\"\n"
            )
            .replace("'production'", "'deprecated'")
            .replace(
                "[\"https://api.contoso.com/orders\"]",
                "[\"https://api.contoso.com/orders\", \"https://eu.contoso.com\"]"
            )
    );
    assert_eq!(
        project.read("ground.yaml"),
        GROUND
            .replace("\"Production\"", "\"Prod \\\"eu\\\"\"")
            .replace("type: Azure API Management", "type: Kubernetes")
            .replace(
                "  kind: production\n",
                "  description: Where customers are\n  kind: production\n"
            )
    );
    assert_eq!(project.read("apis/openapi.yaml"), OPENAPI);
    written.talks(&[
        "changed apis/orders.yaml",
        "changed ground.yaml",
        "Wrote 4 resources to 2 files.",
    ]);
    quiet(&project);
}

#[test]
fn items_and_fields_that_were_removed_or_added_keep_their_neighbours() {
    let center = ServiceFixture::start();
    let project = project(&center);
    center.edit("apis/orders", |it| {
        it["contacts"] = json!([
            {"name": "Checkout", "email": "orders@contoso.com", "url": "https://contoso.com/orders"},
            {"name": "Sales"},
        ]);
        it["customProperties"] = json!({});
        it["externalDocumentation"] =
            json!([{"title": "Guide", "url": "https://contoso.com/guide"}]);
    });
    center.edit("environments/production", |it| {
        it.as_object_mut()
            .expect("properties")
            .shift_remove("server");
    });
    center.edit("metadataSchemas/team", |it| {
        it["assignedTo"] = json!([
            {"entity": "api", "required": false},
            {"entity": "deployment", "required": false},
        ]);
    });
    project.run("drift --write").success();
    assert_eq!(
        project.read("apis/orders.yaml"),
        ORDERS
            .replace(
                "  # who to ask\n",
                "  externalDocumentation:\n    - title: Guide\n      url: https://contoso.com/guide\n  # who to ask\n"
            )
            .replace(
                "      email: checkout@contoso.com\n    - {name: On call, url: https://contoso.com/oncall}\n",
                "      url: https://contoso.com/orders\n      email: orders@contoso.com\n    - name: Sales\n"
            )
            .replace("  customProperties: {team: checkout}   # see ground.yaml\n", "")
    );
    assert_eq!(
        project.read("ground.yaml"),
        GROUND
            .replace("      required: false\n", "      required: false\n    - entity: deployment\n")
            .replace("  server:\n    type: Azure API Management\n    managementPortalUri: [https://portal.contoso.com]\n", "")
    );
    quiet(&project);
}

#[test]
fn a_choice_of_a_metadata_schema_is_added_as_the_manifest_writes_choices() {
    let center = ServiceFixture::start();
    let project = project(&center);
    center.edit("metadataSchemas/team", |it| {
        let text = it["schema"].as_str().expect("a schema");
        let mut schema: Value = serde_json::from_str(text).expect("JSON");
        let choices = schema["oneOf"].as_array_mut().expect("choices");
        choices.push(json!({"const": "sales", "description": ""}));
        it["schema"] = json!(schema.to_string());
    });
    project.run("drift --write").success();
    let wanted = GROUND.replace("[checkout, payments]", "[checkout, payments, \"sales\"]");
    assert_eq!(project.read("ground.yaml"), wanted);
    quiet(&project);
}

#[test]
fn a_variable_stays_and_what_it_stands_for_is_not_written() {
    let center = ServiceFixture::start();
    let spec = format!(
        "targets:\n  live:\n    {}\n    variables: {{stage: prod, site: contoso.com}}\n    overlays: [\"overlays/*.yaml\"]",
        center.target()
    );
    let manifest = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: a}
spec:
  title: Orders (${stage})   # by stage
  kind: rest
  summary: ${stage}
  license: {name: MIT}
  termsOfService: {url: \"https://${site}/terms\"}
";
    let overlay = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: a}
spec:
  description: Of production   # here alone
  license: {url: https://contoso.com/licence}
";
    let token = super::harness::TOKEN;
    let project = Project::with_spec(&spec)
        .env("APICENTER_ACCESS_TOKEN", token)
        .file("a.yaml", manifest)
        .file("overlays/a.yaml", overlay);
    project.run("apply --auto-approve -q").success();
    center.edit("apis/a", |it| {
        it["title"] = json!("All orders (prod)");
        it["summary"] = json!("test");
        it["description"] = json!("Of ${all}");
        it["license"] = json!({"name": "Apache", "url": "https://contoso.com/apache"});
        it["termsOfService"]["url"] = json!("https://contoso.com/terms/2");
    });
    project.run("drift --write").exit(4).talks(&[
        "not written: api/a `summary`: it is written with the variable `stage`",
        "Wrote 1 resource to 2 files.",
    ]);
    assert_eq!(
        project.read("a.yaml"),
        manifest
            .replace("Orders (", "All orders (")
            .replace("MIT", "Apache")
            .replace("/terms", "/terms/2")
    );
    assert_eq!(
        project.read("overlays/a.yaml"),
        overlay
            .replace("Of production", "Of $${all}")
            .replace("/licence", "/apache")
    );
    let left = project.run("drift --format json").success().json();
    assert_eq!(
        left["changes"][0]["fields"].as_array().map(Vec::len),
        Some(1),
        "{left:#}"
    );
    assert_eq!(left["changes"][0]["fields"][0]["path"], "summary");
    let json = project.run("drift --format json --write").exit(4).json();
    assert_eq!(json["written"]["files"], json!([]));
    assert_eq!(json["written"]["notWritten"][0]["field"], "summary");
}

#[test]
fn a_document_that_was_replaced_is_written_and_keeps_its_comments() {
    let center = ServiceFixture::start();
    let project = project(&center);
    let commented = OPENAPI.replace("paths:\n", "# all of them\npaths:\n");
    project.write("apis/openapi.yaml", &commented);
    quiet(&project);
    let live = OPENAPI
        .replace("List orders", "All orders")
        .replace("  /orders:", "  /order:");
    center.import("apis/orders/versions/v1/definitions/openapi", &live);
    project
        .run("drift --write")
        .success()
        .says(&["source: another document"])
        .talks(&["changed apis/openapi.yaml"]);
    let wanted = project.read("apis/openapi.yaml");
    assert!(
        wanted.contains("# all of them") && wanted.contains("summary: All orders"),
        "{wanted}"
    );
    assert!(!wanted.contains("/orders:"), "{wanted}");
    assert_eq!(project.read("apis/orders.yaml"), ORDERS);
    quiet(&project);
}

#[test]
fn what_was_deleted_leaves_the_manifests() {
    let center = ServiceFixture::start();
    let project = project(&center);
    let second =
        "    # the second\n    - name: v2\n      title: v2\n      lifecycleStage: design\n";
    project.edit(
        "apis/orders.yaml",
        "  deployments:\n",
        &format!("{second}  deployments:\n"),
    );
    project.write("apis/alone.yaml", super::samples::api("alone"));
    project.run("apply --auto-approve -q").success();
    center.delete("apis/orders/versions/v2");
    center.delete("apis/orders/deployments/eu");
    center.delete("apis/alone");
    center.delete("environments/production");
    project
        .run("drift --write")
        .success()
        .says(&[
            "- api/alone: deleted in the portal",
            "Drift: 0 edited, 4 deleted, 0 created.",
        ])
        .talks(&["removed apis/alone.yaml"]);
    let cut = ORDERS.find("  deployments:").expect("deployments");
    assert_eq!(project.read("apis/orders.yaml"), ORDERS[..cut]);
    let cut = GROUND.find("---").expect("a second document");
    assert_eq!(project.read("ground.yaml"), GROUND[..cut]);
    assert!(!project.path("apis/alone.yaml").exists());
    quiet(&project);
}

#[test]
fn what_was_created_is_declared_where_it_belongs() {
    let center = ServiceFixture::start();
    let project = project(&center);
    center.put(
        "apis/orders/versions/v2",
        json!({"title": "v2", "lifecycleStage": "design"}),
    );
    let definition = "apis/orders/versions/v2/definitions/openapi";
    center.put(definition, json!({"title": "OpenAPI"}));
    center.import(definition, OPENAPI);
    center.put(
        "environments/test",
        json!({"title": "Test", "kind": "testing"}),
    );
    project.run("drift --write").success().says(&[
        "+ api/orders/version/v2: created in the portal",
        "1 live resource not declared",
    ]);
    let added = [
        "    - name: v2\n",
        "      title: v2\n",
        "      lifecycleStage: design\n",
        "      definitions:\n",
        "        - name: openapi\n",
        "          title: OpenAPI\n",
        "          source:\n",
        "            file: orders/v2/openapi.yaml\n",
    ]
    .concat();
    let wanted = ORDERS.replace("  deployments:\n", &format!("{added}  deployments:\n"));
    assert_eq!(project.read("apis/orders.yaml"), wanted);
    assert_eq!(project.read("apis/orders/v2/openapi.yaml"), OPENAPI);
    quiet(&project);
    project
        .run("drift --write --include-unmanaged")
        .success()
        .talks(&["wrote environments/test.yaml"]);
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        (&plan["changes"], &plan["unmanaged"]),
        (&json!([]), &json!([]))
    );
}

/// What somebody edits in the portal, by the collection of a resource.
fn edited(path: &str, properties: &mut Value) {
    let collection = path.rsplit('/').nth(1).unwrap_or_default();
    match collection {
        "metadataSchemas" => properties["schema"] = json!(r#"{"type":"string","title":"Teams"}"#),
        "securityRequirements" => properties["note"] = json!("edited"),
        "apiSources" => properties["importSpecification"] = json!("always"),
        _ => properties["title"] = json!("Edited: in the portal"),
    }
}

#[test]
fn whatever_is_edited_deleted_or_created_the_next_plan_is_empty() {
    let center = ServiceFixture::start();
    let all = super::newer_kinds::one_of_each();
    for (path, properties) in &all {
        center.put(path, properties.clone());
    }
    let project = Project::of(&center);
    project.run("export").success();
    quiet(&project);
    for (path, text) in files_below(project.root()) {
        if path != "apicenter.yaml" {
            project.write(&path, format!("# written by hand\n{text}# the end\n"));
        }
    }
    quiet(&project);
    for (path, _) in &all {
        center.edit(path, |it| edited(path, it));
    }
    project.run("plan --detailed-exitcode").exit(2);
    project.run("drift --write").success();
    quiet(&project);
    for (path, text) in files_below(project.root()) {
        let is_kept = text.starts_with("# written by hand\n") && text.ends_with("# the end\n");
        assert!(path == "apicenter.yaml" || is_kept, "{path}:\n{text}");
    }
    for (path, _) in all.iter().rev() {
        center.delete(path);
    }
    project.run("drift --write").success();
    quiet(&project);
    for (path, properties) in &all {
        center.put(path, properties.clone());
    }
    project.run("drift --write --include-unmanaged").success();
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        (&plan["changes"], &plan["unmanaged"]),
        (&json!([]), &json!([]))
    );
}

/// Lines that are added in front of what cannot be written move it, and change nothing about it.
#[test]
fn what_cannot_be_written_stops_nothing_in_front_of_it() {
    let center = ServiceFixture::start();
    let spec = format!(
        "targets:\n  live:\n    {}\n    variables: {{stage: prod}}",
        center.target()
    );
    let api = |name: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}}\nspec:\n  title: Orders\n  kind: rest\n  summary: ${{stage}}\n"
        )
    };
    let manifest = format!("{}---\n{}", api("a"), api("b"));
    let project = Project::with_spec(&spec)
        .env("APICENTER_ACCESS_TOKEN", super::harness::TOKEN)
        .file("both.yaml", &manifest);
    project.run("apply --auto-approve -q").success();
    center.edit("apis/a", |it| it["description"] = json!("New"));
    center.edit("apis/b", |it| it["summary"] = json!("test"));
    project.run("drift --write").exit(4).talks(&[
        "not written: api/b `summary`: it is written with the variable `stage`",
        "Wrote 1 resource to 1 file.",
    ]);
    let wanted = manifest.replace("\n---\n", "\n  description: New\n---\n");
    assert_eq!(project.read("both.yaml"), wanted);
}
