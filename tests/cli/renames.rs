//! Resources that get another name.

use apicenter::emulator::{Fault, FaultRule};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Project;
use super::kill::kill_at;
use super::samples::{OPENAPI, orders};
use super::service_fixture::{ServiceFixture, is_write};

/// The API `orders` and its ground, applied, and an API whose deployment has the definition of the first.
fn applied() -> (ServiceFixture, Project) {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("apis/shop.yaml", SHOP);
    project.run("apply --auto-approve -q").success();
    center.mark();
    (center, project)
}

const SHOP: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: shop}
spec:
  title: Shop
  kind: rest
  deployments:
    - name: prod-eu
      title: Production
      environment: production
      definition: orders/1-0-0/openapi
";

/// What somebody added in the portal: a field, a version with a document, and deployments.
fn touch(center: &ServiceFixture) {
    let mut api = center.get("apis/orders")["properties"].take();
    api["novelField"] = json!({"kept": true});
    center.put("apis/orders", api);
    center.put(
        "apis/orders/versions/2-0-0",
        json!({"title": "v2", "lifecycleStage": "design"}),
    );
    let definition = "apis/orders/versions/2-0-0/definitions/portal-made";
    center.put(definition, json!({"title": "OpenAPI"}));
    center.import(definition, OPENAPI);
    center.put(
        "apis/orders/deployments/portal-made",
        json!({"title": "From the portal", "server": {"runtimeUri": ["https://portal.contoso.com"]},
            "environmentId": "/workspaces/default/environments/production",
            "definitionId": format!("/workspaces/default/{definition}")}),
    );
}

fn call_it_purchases(project: &Project) {
    project.edit(
        "apis/orders.yaml",
        "metadata: {name: orders}",
        "metadata: {name: purchases, previously: [orders]}",
    );
    project.edit("apis/shop.yaml", "orders/1-0-0", "purchases/1-0-0");
}

fn names(center: &ServiceFixture, collection: &str) -> Vec<String> {
    let all = center.get(collection);
    let all = all["value"].as_array().cloned().unwrap_or_default();
    let mut names: Vec<String> = all
        .iter()
        .filter_map(|one| one["name"].as_str().map(str::to_owned))
        .collect();
    names.sort();
    names
}

fn is_quiet(project: &Project) {
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

/// What a later plan would see, all but times: every resource of the catalogue with its properties.
fn catalogue(center: &ServiceFixture) -> Vec<(String, Value)> {
    let mut found = Vec::new();
    let mut open: Vec<String> = ["metadataSchemas", "environments", "apis"]
        .map(str::to_owned)
        .into();
    while let Some(collection) = open.pop() {
        for name in names(center, &collection) {
            let path = format!("{collection}/{name}");
            let mut properties = center.get(&path)["properties"].take();
            match collection.rsplit('/').next() {
                Some("apis") => {
                    // The service derives it from the version that was written last.
                    properties["lifecycleStage"].take();
                    open.extend(["versions", "deployments"].map(|below| format!("{path}/{below}")));
                }
                Some("versions") => open.push(format!("{path}/definitions")),
                Some("definitions") => {
                    let text = center.post(&format!("{path}/exportSpecification"), json!({}));
                    found.push((format!("{path} text"), text["value"].clone()));
                }
                _ => {}
            }
            found.push((path, properties));
        }
    }
    found.sort_by(|a, b| a.0.cmp(&b.0));
    found
}

#[test]
fn an_api_gets_another_name_with_all_that_is_below_it() {
    let (center, project) = applied();
    touch(&center);
    let before = catalogue(&center);
    call_it_purchases(&project);
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    > api/purchases  (was api/orders)  "Orders"                                     apis/orders.yaml:1:1
        takes along 2 versions, 2 definitions, 2 deployments
        api/shop/deployment/prod-eu refers to it and is written again

    Unmanaged (in the service, not in the manifests; not changed):
        api/purchases/version/2-0-0
        api/purchases/deployment/portal-made

    Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.
    Plan ID: [PLAN]
    "#);
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        plan["summary"],
        json!({"create": 0, "update": 0, "replace": 0, "rename": 1, "delete": 0, "unchanged": 7,
            "unmanaged": 2, "blocked": 0})
    );
    let [change] = plan["changes"].as_array().unwrap().as_slice() else {
        panic!("one change: {plan}");
    };
    assert_eq!(change["address"], "api/purchases");
    assert_eq!(change["action"], "rename");
    assert_eq!(change["was"], "api/orders");
    assert_eq!(change["fields"], json!([]));
    assert_eq!(
        change["carried"],
        json!([
            "api/purchases/version/1-0-0",
            "api/purchases/version/1-0-0/definition/openapi",
            "api/purchases/version/2-0-0",
            "api/purchases/version/2-0-0/definition/portal-made",
            "api/purchases/deployment/portal-made",
            "api/purchases/deployment/prod-eu",
        ])
    );
    assert_eq!(change["referring"], json!(["api/shop/deployment/prod-eu"]));
    let mut center = center;
    center.mark();
    project
        .run("apply --auto-approve --parallelism 1")
        .success()
        .says(&["Apply complete! Resources: 0 added, 0 changed, 0 destroyed. 1 renamed."]);
    assert_eq!(center.writes().len(), plan["requests"]["writes"]);
    assert_snapshot!(center.writes().join("\n"), @r#"
    PUT apis/purchases
    PUT apis/purchases/versions/1-0-0
    PUT apis/purchases/versions/1-0-0/definitions/openapi
    POST apis/purchases/versions/1-0-0/definitions/openapi/importSpecification
    PUT apis/purchases/versions/2-0-0
    PUT apis/purchases/versions/2-0-0/definitions/portal-made
    POST apis/purchases/versions/2-0-0/definitions/portal-made/importSpecification
    PUT apis/purchases/deployments/portal-made
    PUT apis/purchases/deployments/prod-eu
    PUT apis/shop/deployments/prod-eu
    DELETE apis/orders
    "#);
    let renamed = |text: &str| text.replace("apis/orders", "apis/purchases");
    let expected: Vec<(String, Value)> = before
        .iter()
        .map(|(path, value)| {
            let value = serde_json::from_str(&renamed(&value.to_string())).unwrap();
            (renamed(path), value)
        })
        .collect();
    let mut expected = expected;
    expected.sort_by(|a, b| a.0.cmp(&b.0));
    assert_eq!(catalogue(&center), expected);
    is_quiet(&project);
}

#[test]
fn an_environment_gets_another_name_and_everybody_refers_to_it() {
    let (center, project) = applied();
    touch(&center);
    project.edit(
        "ground.yaml",
        "metadata: {name: production}",
        "metadata: {name: live, previously: [production]}",
    );
    for file in ["apis/orders.yaml", "apis/shop.yaml"] {
        project.edit(file, "environment: production", "environment: live");
    }
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    > environment/live  (was environment/production)  "Production"                       ground.yaml:8:1
        3 resources (api/orders/deployment/portal-made and 2 more) refer to it and are written again

    Unmanaged (in the service, not in the manifests; not changed):
        api/orders/version/2-0-0
        api/orders/deployment/portal-made

    Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.
    Plan ID: [PLAN]
    "#);
    project.run("apply --auto-approve").success();
    assert_eq!(names(&center, "environments"), ["live"]);
    for deployment in [
        "orders/deployments/prod-eu",
        "orders/deployments/portal-made",
        "shop/deployments/prod-eu",
    ] {
        let found = center.get(&format!("apis/{deployment}"));
        assert_eq!(
            found["properties"]["environmentId"], "/workspaces/default/environments/live",
            "{deployment}"
        );
    }
    is_quiet(&project);
}

#[test]
fn a_metadata_schema_gets_another_name_with_its_values() {
    let (center, project) = applied();
    center.put(
        "apis/foreign",
        json!({"title": "Foreign", "kind": "rest", "customProperties": {"team": "them"}}),
    );
    project.edit(
        "ground.yaml",
        "metadata: {name: team}",
        "metadata: {name: squad, previously: [team]}",
    );
    project.edit("apis/orders.yaml", "{team: checkout}", "{squad: checkout}");
    project.run("plan").success().says(&[
        "> metadata-schema/squad  (was metadata-schema/team)",
        "2 resources (api/foreign and 1 more) refer to it and are written again",
        "Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.",
    ]);
    project.run("apply --auto-approve").success();
    assert_eq!(names(&center, "metadataSchemas"), ["squad"]);
    for (api, value) in [("orders", "checkout"), ("foreign", "them")] {
        let found = center.get(&format!("apis/{api}"));
        let values = &found["properties"]["customProperties"];
        assert_eq!(*values, json!({"squad": value}), "{api}");
    }
    is_quiet(&project);
}

#[test]
fn what_is_declared_inline_gets_another_name() {
    let (center, project) = applied();
    touch(&center);
    for (old, new) in [
        ("- name: 1-0-0", "- name: v1\n      previously: [1-0-0]"),
        (
            "- name: openapi",
            "- name: rest\n          previously: [openapi]",
        ),
        (
            "- name: prod-eu",
            "- name: europe\n      previously: [prod-eu]",
        ),
        ("definition: 1-0-0/openapi", "definition: v1/rest"),
    ] {
        project.edit("apis/orders.yaml", old, new);
    }
    project.edit("apis/shop.yaml", "orders/1-0-0/openapi", "orders/v1/rest");
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

      api/orders  "Orders"
      > version/v1  (was api/orders/version/1-0-0)                                  apis/orders.yaml:9:7
          takes along 1 definition
          api/shop/deployment/prod-eu refers to it and is written again
        > definition/rest  (was api/orders/version/1-0-0/definition/openapi)  "OpenAPI"
            apis/orders.yaml:14:11
      > deployment/europe  (was api/orders/deployment/prod-eu)  "Production"       apis/orders.yaml:19:7

    Unmanaged (in the service, not in the manifests; not changed):
        api/orders/version/2-0-0
        api/orders/deployment/portal-made

    Plan: 0 to add, 0 to change, 0 to destroy. 3 to rename.
    Plan ID: [PLAN]
    "#);
    project.run("apply --auto-approve").success();
    assert_eq!(names(&center, "apis/orders/versions"), ["2-0-0", "v1"]);
    assert_eq!(
        names(&center, "apis/orders/versions/v1/definitions"),
        ["rest"]
    );
    assert_eq!(
        names(&center, "apis/orders/deployments"),
        ["europe", "portal-made"]
    );
    is_quiet(&project);
}

/// Everything at once: the API, a version and a deployment of it, its environment and its metadata schema get another
/// name, and three of them change besides.
fn rename_everything(project: &Project) {
    for (old, new) in [
        (
            "metadata: {name: team}",
            "metadata: {name: squad, previously: [team]}",
        ),
        ("title: Team}", "title: Squad}"),
        (
            "metadata: {name: production}",
            "metadata: {name: live, previously: [production]}",
        ),
    ] {
        project.edit("ground.yaml", old, new);
    }
    for (old, new) in [
        (
            "metadata: {name: orders}",
            "metadata: {name: purchases, previously: [orders]}",
        ),
        ("title: Orders", "title: Purchases"),
        ("{team: checkout}", "{squad: buying}"),
        ("- name: 1-0-0", "- name: v1\n      previously: [1-0-0]"),
        (
            "- name: prod-eu",
            "- name: europe\n      previously: [prod-eu]",
        ),
        ("title: Production", "title: Europe"),
        ("environment: production", "environment: live"),
        ("definition: 1-0-0/openapi", "definition: v1/openapi"),
    ] {
        project.edit("apis/orders.yaml", old, new);
    }
    project.edit("apis/openapi.yaml", "List orders", "List purchases");
    project.edit("apis/shop.yaml", "orders/1-0-0", "purchases/v1");
    project.edit(
        "apis/shop.yaml",
        "environment: production",
        "environment: live",
    );
}

#[test]
fn an_interrupted_rename_is_completed_by_the_next_apply() {
    killed_at_writes(|nth| match nth % 2 {
        0 => vec![Fault::HoldBefore],
        _ => vec![Fault::HoldAfter],
    });
}

#[test]
#[ignore = "a minute: every write in both ways"]
fn a_rename_that_is_interrupted_anywhere_is_completed_by_the_next_apply() {
    killed_at_writes(|_| vec![Fault::HoldBefore, Fault::HoldAfter]);
}

fn killed_at_writes(faults: impl Fn(usize) -> Vec<Fault>) {
    let (mut center, project) = applied();
    touch(&center);
    rename_everything(&project);
    center.mark();
    project
        .run("apply --auto-approve --parallelism 1")
        .success();
    let requests = center.requests();
    let positions = (1..).zip(&requests);
    let positions: Vec<u32> = positions
        .filter(|(_, request)| is_write(request))
        .map(|(at, _)| at)
        .collect();
    is_quiet(&project);
    let expected = catalogue(&center);
    for (nth, position) in positions.into_iter().enumerate() {
        for fault in faults(nth) {
            killed_at(position, fault, &expected);
        }
    }
}

/// Kills the apply at a request, before or after the service carries it out, and applies again.
fn killed_at(position: u32, fault: Fault, expected: &[(String, Value)]) {
    let (center, project) = applied();
    touch(&center);
    rename_everything(&project);
    let about = format!("killed at request {position}, {fault:?}");
    let apply = "apply --auto-approve --parallelism 1";
    kill_at(&center, &project, apply, (position, fault));
    let again = project.run("apply --auto-approve");
    assert_eq!(again.code(), Some(0), "{about}: {again}");
    let quiet = project.run("plan --detailed-exitcode");
    assert_eq!(quiet.code(), Some(0), "{about}: {quiet}");
    assert_eq!(catalogue(&center), expected, "{about}");
}

#[test]
fn everything_can_be_renamed_and_changed_in_one_plan() {
    let (mut center, project) = applied();
    touch(&center);
    rename_everything(&project);
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    > metadata-schema/squad  (was metadata-schema/team)  "Squad"                         ground.yaml:1:1
        schema.title  Team → Squad                                                                 :5:33

    > environment/live  (was environment/production)  "Production"                       ground.yaml:8:1
        api/shop/deployment/prod-eu refers to it and is written again

    > api/purchases  (was api/orders)  "Purchases"                                  apis/orders.yaml:1:1
        title                   Orders → Purchases                                                 :5:10
        customProperties.squad  checkout → buying                                                  :7:29
        takes along 2 versions, 2 definitions, 2 deployments
      > version/v1  (was api/orders/version/1-0-0)                                  apis/orders.yaml:9:7
        ~ definition/openapi  "OpenAPI"                                           apis/orders.yaml:14:11
            source  +1 −1 lines                                                                   :16:19
              @@ -5,6 +5,6 @@
                paths:
                  /orders:
                    get:
              -       summary: List orders
              +       summary: List purchases
                      responses:
                        '200': {description: Orders}
      > deployment/europe  (was api/orders/deployment/prod-eu)  "Europe"           apis/orders.yaml:18:7
          title  Production → Europe                                                              :20:14

    Unmanaged (in the service, not in the manifests; not changed):
        api/purchases/version/2-0-0
        api/purchases/deployment/portal-made

    Plan: 0 to add, 1 to change, 0 to destroy. 5 to rename.
    Plan ID: [PLAN]
    "#);
    center.mark();
    project
        .run("apply --auto-approve --parallelism 1")
        .success();
    assert_snapshot!(center.writes().join("\n"), @r#"
    PUT metadataSchemas/squad
    PUT environments/live
    PUT apis/purchases
    PUT apis/purchases/versions/2-0-0
    PUT apis/purchases/versions/2-0-0/definitions/portal-made
    POST apis/purchases/versions/2-0-0/definitions/portal-made/importSpecification
    PUT apis/purchases/versions/v1
    PUT apis/purchases/versions/v1/definitions/openapi
    POST apis/purchases/versions/v1/definitions/openapi/importSpecification
    PUT apis/purchases/deployments/europe
    PUT apis/purchases/deployments/portal-made
    PUT apis/shop/deployments/prod-eu
    DELETE apis/orders
    DELETE metadataSchemas/team
    PUT metadataSchemas/squad
    PUT apis/purchases
    POST apis/purchases/versions/v1/definitions/openapi/importSpecification
    DELETE environments/production
    PUT apis/purchases/deployments/europe
    "#);
    is_quiet(&project);
}

#[test]
fn what_exists_under_both_names_and_differs_is_refused() {
    let (center, project) = applied();
    project.write(
        "apis/purchases.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: purchases}\nspec: {title: Purchases, kind: rest}\n",
    );
    project.run("apply --auto-approve").success();
    project.remove("apis/purchases.yaml");
    call_it_purchases(&project);
    let mut center = center;
    center.mark();
    for command in ["plan", "apply --auto-approve --prune"] {
        project.run(command).exit(5).says(&[
            "api/purchases cannot be renamed from api/orders: both are in the service and differ",
            "remove `orders` from `previously`",
        ]);
    }
    assert_eq!(center.writes(), [""; 0]);
    assert_eq!(names(&center, "apis"), ["orders", "purchases", "shop"]);
}

#[test]
fn a_rename_is_no_delete_for_the_rules() {
    let center = ServiceFixture::start();
    let project = orders(Project::of_with(
        &center,
        "prune: {enabled: true, scope: all}\nsafety: {maxDeletes: 0, minExisting: 1, protect: [\"api/orders\"]}",
    ))
    .file("apis/shop.yaml", SHOP);
    project.run("apply --auto-approve -q").success();
    call_it_purchases(&project);
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Apply complete! Resources: 0 added, 0 changed, 0 destroyed. 1 renamed."]);
    assert_eq!(names(&center, "apis"), ["purchases", "shop"]);
    is_quiet(&project);
}

#[test]
fn both_names_are_selected_or_left_out_together() {
    let (center, project) = applied();
    call_it_purchases(&project);
    for selection in ["--only api/purchases", "--only api/orders"] {
        project.run(&format!("plan {selection}")).success().says(&[
            "> api/purchases  (was api/orders)",
            "api/shop/deployment/prod-eu refers to it",
        ]);
    }
    for left_out in [
        "--exclude api/purchases --exclude api/shop",
        "--exclude api/orders --exclude api/shop",
        "--only environment/*",
    ] {
        let plan = project.run(&format!("plan --prune {left_out}"));
        plan.success()
            .says(&["No changes."])
            .never_says("api/orders");
    }
    project
        .run("apply --auto-approve --only api/orders")
        .success();
    assert_eq!(names(&center, "apis"), ["purchases", "shop"]);
    is_quiet(&project);
}

#[test]
fn a_saved_plan_carries_a_rename() {
    let (center, project) = applied();
    call_it_purchases(&project);
    project.run("plan --out plan.json").success();
    center.put(
        "apis/orders/deployments/late",
        json!({"title": "Late", "environmentId": "/workspaces/default/environments/production"}),
    );
    project.run("apply plan.json --auto-approve").exit(5);
    center.delete("apis/orders/deployments/late");
    project
        .run("apply plan.json --auto-approve")
        .success()
        .says(&["1 renamed."]);
    assert_eq!(names(&center, "apis"), ["purchases", "shop"]);
}

#[test]
fn a_chain_of_names_leads_to_the_last_one() {
    let (center, project) = applied();
    call_it_purchases(&project);
    // The first rename is interrupted when both exist.
    center.inject(FaultRule::next("DELETE", "/apis/orders", Fault::HoldBefore));
    let mut run = project.start("apply --auto-approve");
    center.wait_for_hold();
    run.child().kill().expect("it is killed");
    run.finish().killed();
    center.heal();
    assert_eq!(names(&center, "apis"), ["orders", "purchases", "shop"]);
    project.edit(
        "apis/orders.yaml",
        "{name: purchases, previously: [orders]}",
        "{name: sales, previously: [purchases, orders]}",
    );
    project.edit("apis/shop.yaml", "purchases/1-0-0", "sales/1-0-0");
    project.run("apply --auto-approve").success();
    assert_eq!(names(&center, "apis"), ["sales", "shop"]);
    is_quiet(&project);
}

#[test]
fn a_former_name_that_cannot_be_one_is_reported_at_its_place() {
    let project = Project::local();
    project.write(
        "apis.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: first, previously: [second, First, gone]}\n\
         spec:\n  title: T\n  kind: rest\n  versions:\n    - {name: v1, previously: [v1, bad_name], title: a, lifecycleStage: design}\n\
         ---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: second, previously: gone}\nspec: {title: T, kind: rest}\n\
         ---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {name: third, previously: [gone]}\nspec: {title: T, kind: rest}\n\
         ---\napiVersion: apicenter/v1\nkind: Service\nmetadata: {name: contoso, previously: [x]}\nspec: {location: eastus}\n",
    );
    assert_snapshot!(project.run("validate").exit(6).scrubbed_stderr(), @r#"
    apis.yaml:3:38: error[previous-name]: api/second is still declared
        3 | metadata: {name: first, previously: [second, First, gone]}
          |                                      ^^^^^^ cannot be what api/first was before
        apis.yaml:12:18: declared here
        help: remove the declaration of api/second if it is renamed to api/first, or remove the former name

    apis.yaml:3:46: error[previous-name]: api/first has the former name that it has now
        3 | metadata: {name: first, previously: [second, First, gone]}
          |                                              ^^^^^ the present name
        help: names are compared without case; remove it from the list

    apis.yaml:8:31: error[previous-name]: api/first/version/v1 has the former name that it has now
        8 |     - {name: v1, previously: [v1, bad_name], title: a, lifecycleStage: design}
          |                               ^^ the present name
        help: names are compared without case; remove it from the list

    apis.yaml:8:35: error[bad-name]: the service refuses the name `bad_name`
        8 |     - {name: v1, previously: [v1, bad_name], title: a, lifecycleStage: design}
          |                                   ^^^^^^^^ `_` is not allowed in a name
        help: names are 1 to 90 letters, digits, dots and hyphens: write `bad-name`

    apis.yaml:12:38: error[wrong-type]: `previously` is not a list
        12 | metadata: {name: second, previously: gone}
           |                                      ^^^^ a list of names is expected
        help: write `[gone]`

    apis.yaml:17:38: error[previous-name]: api/gone is the former name of api/first and of api/third
        17 | metadata: {name: third, previously: [gone]}
           |                                      ^^^^ claimed again here
        apis.yaml:3:53: first claimed here
        help: a resource can become only one other: remove one of the two

    apis.yaml:22:27: error[unknown-field]: unknown field `previously`
        22 | metadata: {name: contoso, previously: [x]}
           |                           ^^^^^^^^^^ no such field here
        help: only `name` is allowed here; the fields of a resource are under `spec`

    7 errors
    `apicenter validate --fix` fixes 1 of them
    "#);
}
