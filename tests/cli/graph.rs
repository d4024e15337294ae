//! What depends on what.

use super::harness::Project;

const CATALOGUE: &str = "\
apiVersion: apicenter/v1
kind: Environment
metadata: {name: production}
spec: {title: Production, kind: production}
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Order desk
  kind: rest
  versions:
    - {name: v1, title: v1, lifecycleStage: production}
  deployments:
    - {name: prod, title: Live, environment: production, server: {runtimeUri: ['https://a.contoso.com']}}
---
apiVersion: apicenter/v1
kind: Api
metadata: {name: weather}
spec: {title: Weather, kind: rest}
";

#[test]
fn each_api_is_a_group_and_a_part_can_be_selected() {
    let project = Project::local().file("it.yaml", CATALOGUE);
    let _graph = project.run("graph").success().says(&[
        "flowchart LR\n",
        "[\"api/orders #34;Order desk#34;\"]",
        "[\"version/v1\"]",
        "[\"deployment/prod<br/>Live\"]",
        "[\"environment/production<br/>Production\"]",
        "[\"api/weather<br/>Weather\"]",
        "-.->",
    ]);
    let part = project
        .run("graph --only api/orders --format dot")
        .success();
    let part = part.says(&[
        "digraph apicenter {",
        "subgraph cluster_",
        "deployment/prod",
    ]);
    assert!(part.stdout().contains("environment/production"));
    assert!(!part.stdout().contains("weather"), "{}", part.stdout());
    let _none = project
        .run("graph --only api/nothing")
        .exit(64)
        .talks(&["--only: nothing that is drawn matches"]);
    let _bad = project
        .run("graph --only api/[")
        .exit(64)
        .talks(&["--only: `api/[`"]);
}

#[test]
fn what_mermaid_does_not_draw_is_dot_unless_mermaid_is_asked_for() {
    let mut many = CATALOGUE.to_owned();
    for i in 0..501 {
        many += &format!(
            "---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: many-{i}}}\nspec:\n  title: Many {i}\n  kind: rest\n  \
             deployments:\n    - {{name: prod, title: Live, environment: production, server: {{runtimeUri: ['https://a.contoso.com']}}}}\n"
        );
    }
    let project = Project::local().file("it.yaml", &many);
    let limit =
        "Mermaid draws at most 500 lines and 50000 characters, and this graph has 502 lines";
    let _graph = project
        .run("graph")
        .success()
        .says(&["digraph apicenter {"])
        .talks(&["warning: ", limit, "DOT", "--only"]);
    let _graph = project
        .run("graph --format mermaid")
        .success()
        .says(&["flowchart LR"])
        .talks(&["warning: ", limit, "it may not be drawn"]);
    let dot = project.run("graph --format dot").success();
    assert!(!dot.stderr().contains("Mermaid"), "{}", dot.stderr());
    let part = project.run("graph --only api/many-7*").success();
    let part = part.says(&["flowchart LR"]);
    assert!(!part.stderr().contains("Mermaid"), "{}", part.stderr());
}
