//! Metadata schemas that another repository declares decide as declared ones would.

use serde_json::{Value, json};

use super::harness::Project;
use super::service_fixture::ServiceFixture;

const EXTERNAL: &str = "external: [\"metadata-schema/*\"]\n";

fn api(value: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: shop}}\nspec:\n  title: Shop\n  kind: rest\n  \
         customProperties:\n    cost-center: {value}\n"
    )
}

fn with_schema(schema: Value) -> ServiceFixture {
    let center = ServiceFixture::start();
    center.put(
        "metadataSchemas/cost-center",
        json!({"schema": schema.to_string(), "assignedTo": [{"entity": "api"}]}),
    );
    center
}

#[test]
fn the_live_schema_decides_the_type_of_a_value() {
    let center = with_schema(json!({"type": "string"}));
    let project = Project::of_with(&center, EXTERNAL);
    for value in [
        "00123",
        "1.10",
        "+420777000666",
        "NO",
        "yes",
        "1e10",
        "12:30",
        "0x1F",
        "~x",
    ] {
        project.write("api.yaml", api(value));
        project.run("apply --auto-approve").success();
        let live = center.get("apis/shop");
        assert_eq!(live["properties"]["customProperties"]["cost-center"], value);
        project.run("plan --detailed-exitcode").success();
        project
            .run("plan --detailed-exitcode --only api/shop")
            .success();
    }
    project.run("snapshot --out live.json").success();
    project
        .run("plan --detailed-exitcode --against live.json")
        .success();
}

#[test]
fn lists_and_objects_are_typed_too() {
    let list = json!({"type": "array", "items": {"type": "string"}});
    let center = with_schema(list);
    let project = Project::of_with(&center, EXTERNAL).file("api.yaml", &api("[007, no]"));
    project.run("apply --auto-approve").success();
    let live = center.get("apis/shop");
    assert_eq!(
        live["properties"]["customProperties"]["cost-center"],
        json!(["007", "no"])
    );
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn the_live_schema_decides_which_values_are_allowed() {
    let center = with_schema(json!({"type": "string", "enum": ["00123", "00456"]}));
    let project = Project::of_with(&center, EXTERNAL).file("api.yaml", &api("00124"));
    project.run("validate").success();
    for command in ["plan", "apply --auto-approve"] {
        project.run(command).exit(6).talks(&[
            "api.yaml:8:18: error[custom-property-value]: `cost-center`",
            "00124",
        ]);
    }
    project.write("api.yaml", api("00123"));
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}

#[test]
fn a_declared_schema_counts_for_more() {
    let center = with_schema(json!({"type": "string"}));
    let schema = "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {name: cost-center}\nspec:\n  \
                  schema: {type: number}\n  assignedTo: [{entity: api}]\n";
    let project = Project::of(&center)
        .file("schema.yaml", schema)
        .file("api.yaml", &api("00123"));
    project.run("apply --auto-approve").success();
    let live = center.get("apis/shop");
    assert_eq!(
        live["properties"]["customProperties"]["cost-center"],
        json!(123)
    );
}

#[test]
fn a_live_schema_with_capitals_in_its_name_decides_too() {
    let center = ServiceFixture::start();
    let schema = json!({"type": "string", "enum": ["00123", "00456"]});
    center.put(
        "metadataSchemas/costCenter",
        json!({"schema": schema.to_string(), "assignedTo": [{"entity": "api"}]}),
    );
    let with = |value: &str| api(value).replace("cost-center", "costCenter");
    let project = Project::of_with(&center, EXTERNAL).file("api.yaml", &with("00124"));
    project
        .run("plan")
        .exit(6)
        .talks(&["error[custom-property-value]: `costCenter`"]);
    project.write("api.yaml", with("00123"));
    project.run("apply --auto-approve").success();
    project.run("plan --detailed-exitcode").success();
}
