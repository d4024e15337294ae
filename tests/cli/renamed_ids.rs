//! Resources that get another name, and ids of them in properties that no kind models.

use apicenter::emulator::{Fault, FaultRule};
use insta::assert_snapshot;
use serde_json::{Value, json};

use super::harness::Project;
use super::kill::kill_at;
use super::newer_kinds::{document, without_date};
use super::service_fixture::{ServiceFixture, is_write};

/// An id in full.
fn full(path: &str) -> String {
    format!("{}/workspaces/default/{path}", ServiceFixture::ID)
}

/// An API, applied, and what names it by ids: a link in its manifest, with texts that only look like ids; a link and a skill
/// whose manifests do not have the id; and a link that nobody declares.
fn applied() -> (ServiceFixture, Project) {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("weather.yaml", WEATHER)
        .file("wiki.yaml", &wiki("weather"))
        .file(
            "others.yaml",
            &[
                document(
                    "Resource",
                    "board",
                    "type: links, properties: {title: Board}",
                ),
                document("Skill", "review", "title: Review"),
            ]
            .join("---\n"),
        );
    project.run("apply --auto-approve -q").success();
    center.edit("links/board", |it| {
        it["nested"] = json!({"ids": [full("apis/WEATHER"), "/workspaces/default/apis/weather/versions/v1"], "kept": 1});
        it["note"] = json!("see /workspaces/default/apis/weather");
    });
    center.edit("skills/review", |it| {
        it["for"] = json!(full("apis/weather"));
    });
    center.put(
        "links/portal-made",
        json!({"title": "P", "apiId": "/workspaces/default/apis/weather"}),
    );
    center.mark();
    (center, project)
}

const WEATHER: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: weather}
spec:
  title: Weather
  kind: rest
  versions: [{name: v1, title: v1, lifecycleStage: design}]
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: weather-eu}
spec: {title: Weather in Europe, kind: rest}
";

/// A link to an API.
fn wiki(api: &str) -> String {
    format!(
        "\
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: wiki}}
spec:
  type: links
  properties:
    title: Wiki
    apiId: /workspaces/default/apis/{api}   # relative
    versionId: \"{full}/versions/v1\"   # in full
    longer: /workspaces/default/apis/weather-eu
    prose: /workspaces/default/apis/weather is the API
    other: /subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso/workspaces/default/apis/weather
",
        full = full(&format!("apis/{api}")),
    )
}

fn call_it_forecast(project: &Project) {
    project.edit(
        "weather.yaml",
        "{name: weather}",
        "{name: forecast, previously: [weather]}",
    );
    project.write("wiki.yaml", wiki("forecast"));
}

/// What is in the properties of everything that may name the API.
fn referring(center: &ServiceFixture) -> Vec<Value> {
    let paths = [
        "links/wiki",
        "links/board",
        "links/portal-made",
        "skills/review",
    ];
    paths.map(|path| without_date(&center.get(path))).into()
}

fn is_quiet(project: &Project) {
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn ids_in_what_is_declared_follow_a_rename() {
    let (center, project) = applied();
    call_it_forecast(&project);
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    > api/forecast  (was api/weather)  "Weather"                                        weather.yaml:1:1
        takes along 1 version
        3 resources (skill/review and 2 more) refer to it and are written again

    Unmanaged (in the service, not in the manifests; not changed):
        resource/links/portal-made

    warning: resource/links/portal-made is dangling: it names api/weather, which is api/forecast now
        delete resource/links/portal-made, or let it name api/forecast

    Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.
    Plan ID: [PLAN]
    "#);
    project
        .run("apply --auto-approve --parallelism 1")
        .success()
        .says(&["0 added, 0 changed, 0 destroyed. 1 renamed."]);
    assert_snapshot!(center.writes().join("\n"), @r#"
    PUT apis/forecast
    PUT apis/forecast/versions/v1
    PUT skills/review
    PUT links/board
    PUT links/wiki
    DELETE apis/weather
    "#);
    let wiki = without_date(&center.get("links/wiki"));
    assert_eq!(
        wiki,
        json!({"title": "Wiki", "apiId": "/workspaces/default/apis/forecast",
            "versionId": full("apis/forecast/versions/v1"),
            "longer": "/workspaces/default/apis/weather-eu",
            "prose": "/workspaces/default/apis/weather is the API",
            "other": "/subscriptions/0/resourceGroups/rg/providers/Microsoft.ApiCenter/services/contoso/workspaces/default/apis/weather"})
    );
    let board = without_date(&center.get("links/board"));
    assert_eq!(
        board,
        json!({"title": "Board", "note": "see /workspaces/default/apis/weather",
            "nested": {"ids": [full("apis/forecast"), "/workspaces/default/apis/forecast/versions/v1"], "kept": 1}})
    );
    let review = without_date(&center.get("skills/review"));
    assert_eq!(
        review,
        json!({"title": "Review", "for": full("apis/forecast")})
    );
    let other = &center.get("links/portal-made")["properties"];
    assert_eq!(other["apiId"], "/workspaces/default/apis/weather");
    project.run("plan").success().says(&[
        "resource/links/portal-made is dangling: it names api/weather, which is api/forecast now",
        "No changes.",
    ]);
}

#[test]
fn what_names_a_copy_is_written_after_it() {
    let (center, project) = applied();
    call_it_forecast(&project);
    project.write(
        "more.yaml",
        [
            document("Resource", "aaa", &format!("type: links, properties: {{title: A, apiId: {}}}", full("apis/forecast"))),
            document("Resource", "bbb", "type: links, properties: {title: B, apiId: /workspaces/default/apis/forecast/versions/v1}"),
        ]
        .join("---\n"),
    );
    project.edit("wiki.yaml", "title: Wiki", "title: Changed");
    project
        .run("apply --auto-approve --parallelism 1")
        .success();
    let writes = center.writes();
    let at = |write: &str| {
        let position = writes.iter().position(|one| one == write);
        position.unwrap_or_else(|| panic!("{write}: {writes:#?}"))
    };
    assert!(at("PUT apis/forecast") < at("PUT links/aaa"), "{writes:#?}");
    assert!(
        at("PUT apis/forecast/versions/v1") < at("PUT links/bbb"),
        "{writes:#?}"
    );
    assert!(
        at("PUT apis/forecast/versions/v1") < at("PUT links/wiki"),
        "{writes:#?}"
    );
    assert!(
        at("PUT links/wiki") < at("DELETE apis/weather"),
        "{writes:#?}"
    );
    assert_eq!(center.get("links/wiki")["properties"]["title"], "Changed");
}

#[test]
fn an_interrupted_rename_takes_the_ids_along() {
    let (center, project) = applied();
    call_it_forecast(&project);
    project
        .run("apply --auto-approve --parallelism 1")
        .success();
    let requests = center.requests();
    let positions = (1..).zip(&requests);
    let positions: Vec<u32> = positions
        .filter(|(_, request)| is_write(request))
        .map(|(at, _)| at)
        .collect();
    let expected = referring(&center);
    for position in positions {
        for fault in [Fault::HoldBefore, Fault::HoldAfter] {
            killed_at(position, fault, &expected);
        }
    }
}

/// Kills the apply at a request, before or after the service carries it out, and applies again.
fn killed_at(position: u32, fault: Fault, expected: &[Value]) {
    let (center, project) = applied();
    call_it_forecast(&project);
    let about = format!("killed at request {position}, {fault:?}");
    interrupt(&center, &project, position, fault);
    let again = project.run("apply --auto-approve");
    assert_eq!(again.code(), Some(0), "{about}: {again}");
    is_quiet(&project);
    assert_eq!(referring(&center), expected, "{about}");
}

/// Kills an apply at a request.
fn interrupt(center: &ServiceFixture, project: &Project, position: u32, fault: Fault) {
    let apply = "apply --auto-approve --parallelism 1";
    kill_at(center, project, apply, (position, fault));
}

#[test]
fn undo_gives_ids_the_former_name() {
    let (center, project) = applied();
    let before = referring(&center);
    call_it_forecast(&project);
    project
        .run("apply --auto-approve --undo-file undo.json")
        .success();
    assert_ne!(referring(&center), before);
    project
        .run("apply --undo undo.json --auto-approve")
        .success();
    assert_eq!(referring(&center), before);
}

#[test]
fn a_resource_that_gets_another_name_keeps_what_nobody_declares() {
    let (center, project) = applied();
    let before = without_date(&center.get("links/board"));
    project.edit(
        "others.yaml",
        "{name: board}",
        "{name: whiteboard, previously: [board]}",
    );
    project.run("apply --auto-approve").success();
    assert_eq!(without_date(&center.get("links/whiteboard")), before);
    is_quiet(&project);
}

#[test]
fn a_manifest_that_has_a_former_name_is_warned_of() {
    let (center, project) = applied();
    call_it_forecast(&project);
    project.write(
        "wiki.yaml",
        [
            document(
                "Resource",
                "wiki",
                &format!(
                    "type: links, properties: {{title: Wiki, versionId: {}}}",
                    full("apis/weather/versions/v1")
                ),
            ),
            document(
                "Resource",
                "new",
                &format!(
                    "type: links, properties: {{title: New, apiId: {}}}",
                    full("apis/never")
                ),
            ),
        ]
        .join("---\n"),
    );
    project.run("apply --auto-approve").success().says(&[
        "resource/links/new is dangling: it names api/never, which does not exist",
        "resource/links/wiki is dangling: it names api/weather/version/v1, which is api/forecast/version/v1 now",
        "delete resource/links/wiki, or let it name api/forecast/version/v1",
    ]);
    // What is declared counts.
    assert_eq!(
        center.get("links/wiki")["properties"]["versionId"],
        full("apis/weather/versions/v1")
    );
    is_quiet(&project);
}

/// The API, with a resource of a type without a kind below its version, and one that nobody declares.
fn with_requirements() -> (ServiceFixture, Project) {
    let (mut center, project) = applied();
    project.write("keys.yaml", requirements("weather"));
    project.run("apply --auto-approve -q").success();
    center.edit(&requirement("weather", "declared"), |it| {
        it["kept"] = json!(full("apis/weather"));
    });
    center.put(
        &requirement("weather", "portal-made"),
        json!({"authConfigResourceId": "/workspaces/default/authConfigs/key", "note": "portal"}),
    );
    center.edit("links/board", |it| {
        it["requirement"] = json!(full(&requirement("weather", "portal-made")));
    });
    center.mark();
    (center, project)
}

fn requirement(api: &str, name: &str) -> String {
    format!("apis/{api}/versions/v1/securityRequirements/{name}")
}

fn requirements(api: &str) -> String {
    [
        document(
            "Resource",
            "key",
            "type: authConfigs, properties: {title: Key}",
        ),
        document(
            "Resource",
            "declared",
            &format!(
                "type: apis/versions/securityRequirements, parent: api/{api}/version/v1, \
                 properties: {{authConfigResourceId: /workspaces/default/authConfigs/key}}"
            ),
        ),
    ]
    .join("---\n")
}

fn check_requirements(center: &ServiceFixture) {
    let key = "/workspaces/default/authConfigs/key";
    assert_eq!(
        center.get(&requirement("forecast", "declared"))["properties"],
        json!({"authConfigResourceId": key, "kept": full("apis/forecast")})
    );
    assert_eq!(
        center.get(&requirement("forecast", "portal-made"))["properties"],
        json!({"authConfigResourceId": key, "note": "portal"})
    );
}

#[test]
fn resources_below_what_gets_another_name_are_taken_along() {
    let (center, project) = with_requirements();
    call_it_forecast(&project);
    project.write("keys.yaml", requirements("forecast"));
    assert_snapshot!(project.run("plan").success().scrubbed(), @r#"
    Target live: service contoso in resource group rg

    > api/forecast  (was api/weather)  "Weather"                                        weather.yaml:1:1
        takes along 1 version, 2 resources
        3 resources (skill/review and 2 more) refer to it and are written again

    Unmanaged (in the service, not in the manifests; not changed):
        resource/apis/forecast/versions/v1/securityRequirements/portal-made
        resource/links/portal-made

    warning: resource/links/portal-made is dangling: it names api/weather, which is api/forecast now
        delete resource/links/portal-made, or let it name api/forecast

    Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.
    Plan ID: [PLAN]
    "#);
    project
        .run("apply --auto-approve --parallelism 1")
        .success()
        .says(&["0 added, 0 changed, 0 destroyed. 1 renamed."]);
    assert_snapshot!(center.writes().join("\n"), @r#"
    PUT apis/forecast
    PUT apis/forecast/versions/v1
    PUT apis/forecast/versions/v1/securityRequirements/declared
    PUT apis/forecast/versions/v1/securityRequirements/portal-made
    PUT skills/review
    PUT links/board
    PUT links/wiki
    DELETE apis/weather
    "#);
    check_requirements(&center);
    assert_eq!(
        center.get("links/board")["properties"]["requirement"],
        full(&requirement("forecast", "portal-made"))
    );
    is_quiet(&project);
}

#[test]
fn resources_below_are_taken_along_whatever_is_selected_and_back_again() {
    let (center, project) = with_requirements();
    let requirements_of_weather = || {
        ["declared", "portal-made"]
            .map(|name| center.get(&requirement("weather", name))["properties"].take())
    };
    let before = requirements_of_weather();
    call_it_forecast(&project);
    project.write("keys.yaml", requirements("forecast"));
    project
        .run("apply --auto-approve --only api/forecast --undo-file undo.json")
        .success();
    check_requirements(&center);
    project
        .run("apply --undo undo.json --auto-approve")
        .success();
    assert_eq!(requirements_of_weather(), before);
}

/// What the service says of a resource of a type that this program does not know.
fn responds(center: &ServiceFixture, path: &str, status: u16, body: &Value) {
    center.inject(FaultRule {
        method: Some("GET".to_owned()),
        path: path.to_owned(),
        nth: 1,
        times: u32::MAX,
        fault: Fault::Response {
            status,
            body: body.to_string(),
        },
    });
}

#[test]
fn resources_of_types_that_no_list_has_are_taken_along() {
    let (center, project) = applied();
    call_it_forecast(&project);
    let below = |api: &str, name: &str| format!("apis/{api}/versions/v1/widgets/{name}");
    let widget = json!({"properties": {"title": "W", "note": "portal"}});
    responds(&center, &below("weather", "old"), 200, &widget);
    for (api, name) in [("weather", "new"), ("forecast", "old"), ("forecast", "new")] {
        let missing = json!({"error": {"code": "ResourceNotFound", "message": "none"}});
        responds(&center, &below(api, name), 404, &missing);
    }
    project.write(
        "widgets.yaml",
        document(
            "Resource",
            "new",
            "type: apis/versions/widgets, parent: forecast/v1, properties: {title: W}",
        )
        .replace("{name: new}", "{name: new, previously: [old]}"),
    );
    for only in ["", " --only api/forecast"] {
        project.run(&format!("plan{only}")).success().says(&[
            "> api/forecast  (was api/weather)",
            "takes along 1 version, 1 resource",
            "Plan: 0 to add, 0 to change, 0 to destroy.",
        ]);
    }
}

#[test]
fn an_interrupted_rename_takes_what_is_below_along() {
    let requests = {
        let (center, project) = with_requirements();
        call_it_forecast(&project);
        project.write("keys.yaml", requirements("forecast"));
        project.edit("weather.yaml", "title: Weather\n", "title: Forecast\n");
        project
            .run("apply --auto-approve --parallelism 1")
            .success();
        center.requests()
    };
    let positions = (1..)
        .zip(&requests)
        .filter(|(_, request)| is_write(request));
    for (position, _) in positions {
        let (center, project) = with_requirements();
        call_it_forecast(&project);
        project.write("keys.yaml", requirements("forecast"));
        project.edit("weather.yaml", "title: Weather\n", "title: Forecast\n");
        interrupt(&center, &project, position, Fault::HoldAfter);
        let again = project.run("apply --auto-approve");
        assert_eq!(
            again.code(),
            Some(0),
            "killed at request {position}: {again}"
        );
        check_requirements(&center);
        is_quiet(&project);
    }
}

#[test]
fn a_resource_keeps_its_name_while_something_below_it_cannot_be_listed() {
    let (mut center, project) = applied();
    center.put("authConfigs/key", json!({"title": "Key"}));
    center.put(
        &requirement("weather", "portal-made"),
        json!({"authConfigResourceId": "/workspaces/default/authConfigs/key"}),
    );
    call_it_forecast(&project);
    let reason = "what is below api/weather of the type apis/versions/securityRequirements cannot be listed \
                  (a permission is missing), so it would be lost";
    // These are only looked for where there is something that they need.
    for path in ["/securityRequirements", "/authConfigs"] {
        center.inject(FaultRule::next("GET", path, Fault::Status(403)).times(1000));
        center.mark();
        project.run("plan").exit(5).says(&[reason]);
        project.run("apply --auto-approve").exit(5);
        let is_of_api = |write: &String| write.contains("apis/");
        assert!(!center.writes().iter().any(is_of_api), "{path}");
        center.heal();
    }

    // Types that are not below it do not count.
    center.inject(FaultRule::next("GET", "/eventGridFilters", Fault::Status(403)).times(1000));
    project.run("apply --auto-approve").success();
    assert!(
        center
            .get(&requirement("forecast", "portal-made"))
            .is_object()
    );
}
