//! `drift`: what was edited in the portal comes into the manifests, which keep their comments and layout.

use insta::assert_snapshot;
use serde_json::{Value, json};

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

/// Edits the properties of a live resource.
fn edit(center: &ServiceFixture, path: &str, change: impl FnOnce(&mut Value)) {
    let mut properties = center.get(path)["properties"].take();
    change(&mut properties);
    center.put(path, properties);
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
    edit(&center, "apis/orders", |it| {
        it["title"] = json!("Orders API");
        it["description"] = json!("Orders of customers.\n\nAsk us.");
        it["customProperties"]["team"] = json!("payments");
        it["summary"] = json!("What was ordered: all of it");
    });
    edit(&center, "apis/orders/versions/v1", |it| {
        it["lifecycleStage"] = json!("deprecated");
    });
    edit(&center, "apis/orders/deployments/eu", |it| {
        it["server"]["runtimeUri"] =
            json!(["https://api.contoso.com/orders", "https://eu.contoso.com"]);
    });
    edit(&center, "environments/production", |it| {
        it["title"] = json!("Prod \"eu\"");
        it["server"]["type"] = json!("Kubernetes");
        it["description"] = json!("Where customers are");
    });
    let listed = project.run("drift --detailed-exitcode").exit(2);
    assert_snapshot!(listed.scrubbed(), @"");
    let written = project.run("drift --write -q").success();
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
    assert_snapshot!(written.scrubbed_stderr(), @"");
    quiet(&project);
}

#[test]
fn items_and_fields_that_were_removed_or_added_keep_their_neighbours() {
    let center = ServiceFixture::start();
    let project = project(&center);
    edit(&center, "apis/orders", |it| {
        it["contacts"] = json!([
            {"name": "Checkout", "email": "orders@contoso.com", "url": "https://contoso.com/orders"},
            {"name": "Sales"},
        ]);
        it["customProperties"] = json!({});
        it["externalDocumentation"] =
            json!([{"title": "Guide", "url": "https://contoso.com/guide"}]);
    });
    edit(&center, "environments/production", |it| {
        it.as_object_mut().unwrap().remove("server");
    });
    edit(&center, "metadataSchemas/team", |it| {
        it["assignedTo"] = json!([
            {"entity": "api", "required": false},
            {"entity": "deployment", "required": false},
        ]);
    });
    project.run("drift --write").success();
    insta::assert_snapshot!(project.read("apis/orders.yaml"), @"");
    insta::assert_snapshot!(project.read("ground.yaml"), @"");
    quiet(&project);
}
