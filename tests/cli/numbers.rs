//! Numbers of any size: whatever differs in one digit differs in the plan.

use serde_json::{Value, json};

use super::harness::Project;
use super::samples::{api, orders};
use super::service_fixture::ServiceFixture;

const DOCUMENT: &str = "\
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
paths: {}
x-number: NUMBER
";

const JSON_DOCUMENT: &str = r#"{"openapi": "3.0.3", "info": {"title": "Orders", "version": "1.0.0"}, "paths": {}, "x-number": NUMBER}"#;

#[test]
fn one_digit_of_a_long_number_is_a_change_of_a_document() {
    let center = ServiceFixture::start();
    let project = orders(Project::of(&center));
    for template in [DOCUMENT, JSON_DOCUMENT] {
        for (before, after) in [
            ("9007199254740992", "9007199254740993"),
            ("18446744073709551616", "18446744073709551617"),
            ("-98765432109876543210987", "-98765432109876543210988"),
            ("0.123456789012345678", "0.123456789012345679"),
            ("52.3702157000000001", "52.3702157000000002"),
            ("1e400", "2e400"),
            ("1e-400", "0"),
        ] {
            project.write("apis/openapi.yaml", template.replace("NUMBER", before));
            project.run("apply --auto-approve -q").success();
            let other = template.replace("NUMBER", after);
            project.write("apis/openapi.yaml", &other);
            let plan = project.run("plan --format json").success().json();
            assert_eq!(plan["summary"]["update"], 1, "{before} {after}: {plan:#}");
            assert_eq!(plan["changes"][0]["fields"][0]["path"], "source");
            project.run("apply --auto-approve -q").success();
            project.run("plan --detailed-exitcode").success();
        }
    }
    // The same value in another notation is none.
    for (before, after) in [("1.0", "1.00"), ("1e3", "1000"), ("0.10", "1e-1")] {
        project.write("apis/openapi.yaml", DOCUMENT.replace("NUMBER", before));
        project.run("apply --auto-approve -q").success();
        project.write("apis/openapi.yaml", JSON_DOCUMENT.replace("NUMBER", after));
        project.run("plan --detailed-exitcode").success();
    }
}

const COUNT: &str = "\
apiVersion: apicenter/v1
kind: MetadataSchema
metadata: {name: count}
spec:
  schema: {type: number, maximum: MAXIMUM}
  assignedTo: [{entity: api}]
---
";

fn counted(maximum: &str, value: &str) -> String {
    let api = api("orders").replace(
        "kind: rest}",
        &format!("kind: rest, customProperties: {{count: {value}}}}}"),
    );
    COUNT.replace("MAXIMUM", maximum) + &api
}

#[test]
fn custom_properties_and_their_schemas_are_exact() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    const MOST: &str = "98446744073709551616";
    project.write("a.yaml", counted(MOST, "9007199254740992"));
    project.run("apply --auto-approve -q").success();
    for value in [
        "9007199254740993",
        "18446744073709551616",
        "18446744073709551617",
        "0.123456789012345678",
        "0.123456789012345679",
        "-1e+400",
    ] {
        project.write("a.yaml", counted(MOST, value));
        let plan = project.run("plan --format json").success().json();
        let field = &plan["changes"][0]["fields"][0];
        assert_eq!(field["path"], "customProperties.count", "{plan:#}");
        let text = field["after"].to_string();
        assert_eq!(text, value, "{plan:#}");
        project.run("plan").success().says(&[value]);
        project.run("apply --auto-approve -q").success();
        let live = center.get("apis/orders")["properties"]["customProperties"]["count"].clone();
        assert_eq!(live.to_string(), value);
        project.run("plan --detailed-exitcode").success();
        project.run("export --out out --force").success();
        let exported = project.read("out/apis/orders/api.yaml");
        assert!(
            exported.contains(&format!("count: {value}\n")),
            "{exported}"
        );
        std::fs::remove_dir_all(project.path("out")).expect("it was written");
    }
    project.write("a.yaml", counted("98446744073709551617", "-1e+400"));
    project.run("plan --detailed-exitcode").exit(2).says(&[
        "schema.maximum",
        "98446744073709551616",
        "98446744073709551617",
    ]);
    // One more than what its schema allows.
    project.write(
        "a.yaml",
        counted("98446744073709551616", "98446744073709551617"),
    );
    project.run("validate").exit(6);
    project.write(
        "a.yaml",
        counted("98446744073709551617", "98446744073709551617"),
    );
    project.run("validate").success();
}

#[test]
fn a_value_that_was_changed_by_one_in_the_portal_is_drift() {
    let center = ServiceFixture::start();
    let project = Project::of(&center);
    project.write("a.yaml", counted("1e30", "9007199254740992"));
    project.run("apply --auto-approve -q").success();
    let number: Value = serde_json::from_str("9007199254740993.0").expect("JSON");
    center.put(
        "apis/orders",
        json!({"title": "orders", "kind": "rest", "customProperties": {"count": number}}),
    );
    project
        .run("plan --detailed-exitcode")
        .exit(2)
        .says(&["9007199254740993", "9007199254740992"]);
    project.run("snapshot --out live.json").success();
    project
        .run("plan --against live.json --detailed-exitcode")
        .exit(2)
        .says(&["9007199254740993", "9007199254740992"]);
}

#[test]
fn numbers_that_no_float_holds_are_well_formed() {
    let project = orders(Project::local());
    project.write(
        "apis/openapi.yaml",
        JSON_DOCUMENT.replace("NUMBER", "1e400"),
    );
    project.run("validate").success();
}
