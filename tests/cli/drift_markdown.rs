//! `drift --format markdown`: the text of a pull request, whatever the service holds.

use insta::assert_snapshot;
use serde_json::json;

use super::harness::Project;
use super::service_fixture::ServiceFixture;

const API: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
  summary: ${stage}
  description: |
    Orders of customers.

    Ask the team.
";

const ENVIRONMENT: &str = "\
apiVersion: apicenter/v1
kind: Environment
metadata: {name: test}
spec: {title: Test, kind: testing}
";

fn project(center: &ServiceFixture) -> Project {
    let spec = format!(
        "targets:\n  live:\n    {}\n    variables: {{stage: prod}}",
        center.target()
    );
    let project = Project::with_spec(&spec)
        .env("APICENTER_ACCESS_TOKEN", super::harness::TOKEN)
        .file("apis/orders.yaml", API)
        .file("environments/test.yaml", ENVIRONMENT);
    project.run("apply --auto-approve -q").success();
    project
}

#[test]
fn what_was_written_and_what_was_not() {
    let center = ServiceFixture::start();
    let project = project(&center);
    project
        .run("drift --format markdown --detailed-exitcode")
        .success()
        .says(&["## Portal: no edits"]);
    center.edit("apis/orders", |it| {
        it["title"] = json!("All orders");
        it["summary"] = json!("test");
        it["description"] = json!("Orders of all customers.\n\nAsk the team.\n");
    });
    center.delete("environments/test");
    center.put(
        "apis/orders/versions/v2",
        json!({"title": "v2", "lifecycleStage": "design"}),
    );
    let before = project.run("drift --format markdown --detailed-exitcode");
    before.exit(2).says(&["### Edits"]);
    let text = project.run("drift --write --format markdown").exit(4);
    assert_snapshot!(text.scrubbed(), @"
    ## Portal: 1 edited, 1 deleted, 1 created

    live: service contoso in resource group rg

    ### Edits

    - edited `api/orders` (`apis/orders.yaml:1:1`)
      - `title`: `Orders` → `All orders`
      - `summary`: `prod` → `test`
      - `description`: +1 −1 lines
    - deleted `environment/test` (`environments/test.yaml:1:1`)
    - created `api/orders/version/v2`

    ### Not written

    - `api/orders` `summary`: it is written with the variable `stage`
    ");
}

#[test]
fn a_title_is_text_and_nothing_else() {
    let center = ServiceFixture::start();
    let project = project(&center);
    let title = "$(touch x) `id` \"'@me #1 </p> ](x) <!-- a";
    center.edit("apis/orders", |it| it["title"] = json!(title));
    let text = project
        .run("drift --write --format markdown")
        .success()
        .stdout()
        .to_owned();
    let line = text.lines().find(|line| line.contains("touch"));
    assert_snapshot!(
        line.expect("the title is listed"),
        @r#"  - `title`: `Orders` → ``"$(touch x) `id` \"'@me #1 </p> ](x) <!-- a"``"#
    );
}

#[test]
fn what_exceeds_the_budget_is_counted() {
    let center = ServiceFixture::start();
    let project = project(&center);
    for n in 0..100 {
        let path = format!("apis/orders/versions/v{n}");
        center.put(&path, json!({"title": "v", "lifecycleStage": "design"}));
    }
    let text = project.run("drift --format markdown --markdown-budget 1000");
    let text = text.success().stdout().to_owned();
    assert!(text.chars().count() <= 1000, "{text}");
    assert!(text.ends_with(" more\n"), "{text}");
    project
        .run("drift --format markdown --markdown-budget 999")
        .exit(64)
        .talks(&["must be a number of at least 1000"]);
}
