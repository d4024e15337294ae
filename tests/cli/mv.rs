//! `apicenter mv`: another name in the files of a project.

use insta::assert_snapshot;

use super::harness::Project;

const WEATHER: &str = "\
# The API of the forecast team.
apiVersion: apicenter/v1
kind: Api
metadata:
  name: weather   # as in the portal
spec:
  title: Weather
  kind: rest
  versions:
    - name: v1    # the first
      title: v1
      lifecycleStage: production
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: openapi.yaml}}
  deployments:
    - {name: eu, title: EU, environment: \"prod\", definition: v1/openapi}
";

const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: Weather, version: v1}\npaths: {}\n";

const SHOP: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: shop}
spec:
  title: Shop   # sells weather
  kind: rest
  deployments:
    - name: eu
      title: EU
      environment: prod
      definition: weather/v1/openapi
---
apiVersion: apicenter/v1
kind: Environment
metadata: {name: prod, previously: [live]}
spec: {title: Production, kind: production}
";

fn project() -> Project {
    Project::with_spec(
        "targets:\n  local:\n    emulator: {}\n    overlays: [\"overlays/*.yaml\"]\ndefaultTarget: local",
    )
    .file("apis/weather/weather.yaml", WEATHER)
    .file("apis/weather/openapi.yaml", OPENAPI)
    .file("shop.yaml", SHOP)
    .file(
        "overlays/weather.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: weather}\nspec:\n  title: Weather (test)\n",
    )
}

#[test]
fn a_dry_run_shows_what_would_change_and_changes_nothing() {
    let project = project();
    assert_snapshot!(project.run("mv api/weather api/forecast --dry-run").success().scrubbed(), @r#"
    --- apis/weather/weather.yaml
    +++ apis/weather/weather.yaml
    @@ -2,7 +2,9 @@
     apiVersion: apicenter/v1
     kind: Api
     metadata:
    -  name: weather   # as in the portal
    +  name: forecast   # as in the portal
    +  previously:
    +    - weather
     spec:
       title: Weather
       kind: rest
    --- overlays/weather.yaml
    +++ overlays/weather.yaml
    @@ -1,5 +1,5 @@
     apiVersion: apicenter/v1
     kind: Api
    -metadata: {name: weather}
    +metadata: {name: forecast}
     spec:
       title: Weather (test)
    --- shop.yaml
    +++ shop.yaml
    @@ -8,7 +8,7 @@
         - name: eu
           title: EU
           environment: prod
    -      definition: weather/v1/openapi
    +      definition: forecast/v1/openapi
     ---
     apiVersion: apicenter/v1
     kind: Environment
    move apis/weather/weather.yaml to apis/weather/forecast.yaml
    move overlays/weather.yaml to overlays/forecast.yaml
    move apis/weather to apis/forecast
    "#);
    assert_eq!(project.read("apis/weather/weather.yaml"), WEATHER);
    assert_eq!(project.read("shop.yaml"), SHOP);
}

#[test]
fn a_resource_gets_another_name_everywhere_and_keeps_comments() {
    let project = project();
    project.run("apply --auto-approve -q").success();
    project.run("mv api/weather api/forecast").success();
    assert_eq!(
        project.read("apis/forecast/forecast.yaml"),
        WEATHER.replace(
            "  name: weather   # as in the portal\n",
            "  name: forecast   # as in the portal\n  previously:\n    - weather\n"
        )
    );
    assert_eq!(project.read("apis/forecast/openapi.yaml"), OPENAPI);
    assert_eq!(
        project.read("shop.yaml"),
        SHOP.replace("weather/v1/openapi", "forecast/v1/openapi")
    );
    assert_eq!(
        project.read("overlays/forecast.yaml"),
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: forecast}\nspec:\n  title: Weather (test)\n"
    );
    assert!(!project.path("apis/weather").exists());
    assert!(!project.path("overlays/weather.yaml").exists());
    project.run("validate").success();
    project.run("plan").success().says(&[
        "> api/forecast  (was api/weather)",
        "Plan: 0 to add, 0 to change, 0 to destroy. 1 to rename.",
    ]);
    project.run("apply --auto-approve").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}

#[test]
fn what_is_inline_or_was_renamed_before_gets_another_name() {
    let project = project();
    project
        .run("mv api/weather/version/v1 api/weather/version/1-0-0")
        .success();
    let text = project.read("apis/weather/weather.yaml");
    assert!(
        text.contains("    - name: 1-0-0    # the first\n      previously:\n        - v1\n"),
        "{text}"
    );
    assert!(text.contains("definition: 1-0-0/openapi"), "{text}");
    assert!(
        project
            .read("shop.yaml")
            .contains("definition: weather/1-0-0/openapi")
    );
    project
        .run("mv environment/prod environment/production")
        .success();
    let text = project.read("shop.yaml");
    assert!(
        text.contains("{name: production, previously: [\"prod\", \"live\"]}"),
        "{text}"
    );
    assert!(text.contains("environment: production\n"), "{text}");
    // And back: the present name is no former one.
    project
        .run("mv environment/production environment/prod")
        .success();
    assert!(
        !project.read("shop.yaml").contains("[prod"),
        "the name that it has now"
    );
    project.run("validate").success();
}

#[test]
fn a_name_that_is_taken_or_unknown_is_refused() {
    let project = project();
    project
        .run("mv api/weather api/shop")
        .exit(5)
        .talks(&["api/shop is declared already (shop.yaml:1:1)"]);
    project
        .run("mv api/wether api/forecast")
        .exit(1)
        .talks(&["api/wether is not declared", "did you mean `api/weather`?"]);
    project
        .run("mv environment/zzz environment/y")
        .exit(1)
        .talks(&[
            "environment/zzz is not declared",
            "help: apicenter graph shows",
        ]);
    project
        .run("mv api/weather environment/weather")
        .exit(64)
        .talks(&["only the last name can be another one"]);
    project
        .run("mv api/weather api/a_b")
        .exit(1)
        .talks(&["not a name"]);
    assert_eq!(project.read("apis/weather/weather.yaml"), WEATHER);
}

#[test]
fn ids_in_properties_that_no_kind_models_get_another_name() {
    let subscription = "11111111-1111-1111-1111-111111111111";
    let service = |name: &str| {
        format!(
            "/subscriptions/{subscription}/resourceGroups/rg/providers/Microsoft.ApiCenter/services/{name}"
        )
    };
    let target = format!("{{subscriptionId: {subscription}, resourceGroup: rg, service: contoso}}");
    let link = |api: &str| {
        format!(
            "\
# Documents of the API.
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: wiki}}
spec:
  type: links
  dependsOn: [api/{api}, \"api/{api}/version/v1\"]   # both
  properties:
    title: weather
    one: /workspaces/default/apis/{api}   # relative
    list:
      - \"/workspaces/Default/APIs/{api}/versions/v1\"
      - {contoso}/workspaces/default/apis/{api}/any/thing   # in full
    # /workspaces/default/apis/weather
    note: \"see /workspaces/default/apis/weather\"
    prose: /workspaces/default/apis/weather is the API
    longer: /workspaces/default/apis/weather-eu
    other: {fabrikam}/workspaces/default/apis/weather
    /workspaces/default/apis/weather: a key
---
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: key}}
spec:
  type: apis/versions/securityRequirements
  parent: api/{api}/version/v1
  dependsOn: [resource/apis/{api}/versions/v1/securityRequirements/other]
  properties: {{authConfigResourceId: /workspaces/default/authConfigs/key}}
---
apiVersion: apicenter/v1
kind: Skill
metadata: {{name: review}}
spec: {{title: Review, extra: {{for: '/workspaces/default/apis/{api}'}}}}
---
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: other}}
spec:
  type: apis/versions/securityRequirements
  parent: {api}/v1   # by names
  properties: {{authConfigResourceId: /workspaces/default/authConfigs/key}}
---
apiVersion: apicenter/v1
kind: Plugin
metadata: {{name: bundle}}
spec:
  title: weather
  resources:
    - api/{api}   # an MCP server
    - \"/workspaces/default/apis/{api}\"
    - api/shop
",
            contoso = service("Contoso"),
            fabrikam = service("fabrikam"),
        )
    };
    let project = Project::with_spec(&format!(
        "targets:\n  local: {{emulator: {{}}}}\n  live: {target}\ndefaultTarget: local"
    ))
    .file("apis/weather/weather.yaml", WEATHER)
    .file("apis/weather/openapi.yaml", OPENAPI)
    .file("shop.yaml", SHOP)
    .file("links.yaml", &link("weather"));
    project.run("mv api/weather api/forecast").success();
    assert_eq!(project.read("links.yaml"), link("forecast"));
    project
        .run("mv api/forecast/version/v1 api/forecast/version/v2")
        .success();
    let text = link("forecast").replace("version/v1", "version/v2");
    let text = text.replace("versions/v1", "versions/v2");
    let text = text.replace("forecast/v1 ", "forecast/v2 ");
    assert_eq!(project.read("links.yaml"), text);
}

#[test]
fn a_resource_of_any_type_gets_another_name() {
    let link = |name: &str, other: &str| {
        format!(
            "\
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: wiki}}
spec: {{type: authConfigs, properties: {{title: Wiki}}}}
---
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: {name}}}   # ours
spec: {{type: links, properties: {{title: Wiki}}}}
---
apiVersion: apicenter/v1
kind: Resource
metadata: {{name: other}}
spec:
  type: links
  dependsOn: [resource/links/{other}]
  properties: {{title: Other, for: /workspaces/default/links/{other}, not: /workspaces/default/authConfigs/wiki}}
"
        )
    };
    let project = Project::local().file("links.yaml", &link("wiki", "wiki"));
    project.run("apply --auto-approve -q").success();
    project
        .run("mv resource/links/wiki resource/models/wiki")
        .exit(64)
        .talks(&["only the last name can be another one"]);
    project
        .run("mv resource/links/wiki resource/links/handbook")
        .success();
    let declared = "handbook, previously: [\"wiki\"]";
    assert_eq!(project.read("links.yaml"), link(declared, "handbook"));
    project.run("plan").success().says(&[
        "> resource/links/handbook  (was resource/links/wiki)",
        "0 to change",
        "1 to rename",
    ]);
    project.run("apply --auto-approve").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}
