//! A morning's work, from an empty folder to a plan without changes: in the editor, on the command line, and with
//! somebody else at work in the portal.

use serde_json::json;

use super::client::Client;
use crate::cli::harness::Project;
use crate::cli::service_fixture::ServiceFixture;

const ORDERS: &str = "apis/orders/api.yaml";

/// What is typed, with a misspelt field and a text where a list belongs.
const TYPED: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  # Agreed with sales.
  titel: Orders
  kind: rest
  customProperties: {team: platform}
  versions:
    - name: 1-0-0
      title: v1
      lifecycleStage: design
  deployments:
    - name: main
      title: Main
      environment: development
      server: {runtimeUri: https://orders.contoso.com}
";

/// Eight o'clock: a repository, and what `init` writes is live.
fn start(center: &ServiceFixture) -> Project {
    let project = Project::empty().env("APICENTER_ACCESS_TOKEN", crate::cli::harness::TOKEN);
    project.run("init --name shop").success();
    let live = format!(
        "  targets:\n    live:\n      {}\n",
        center.target().replace('\n', "\n  ")
    );
    project.edit("apicenter.yaml", "  targets:\n", &live);
    project.edit(
        "apicenter.yaml",
        "defaultTarget: local",
        "defaultTarget: live",
    );
    project.run("validate").success();
    project.run("plan").success().says(&["+ api/greetings"]);
    project
        .run("apply --auto-approve")
        .success()
        .says(&["Apply complete!"]);
    project
}

/// A new API, typed in an editor that knows the names of the catalogue; what it underlines is fixed.
fn write_an_api(project: &Project) {
    let mut editor = Client::start(project);
    editor.open_text(ORDERS, TYPED);
    let problems = editor.diagnostics(ORDERS).to_string();
    assert!(problems.contains("titel"), "{problems}");
    let line = TYPED.lines().position(|line| line.contains("environment:"));
    let column = "      environment: ".len();
    let offered = editor.request(
        "textDocument/completion",
        json!({
            "textDocument": {"uri": editor.uri(ORDERS)},
            "position": {"line": line, "character": column},
        }),
    );
    assert!(offered.to_string().contains("development"), "{offered}");
    project.write(ORDERS, TYPED);

    project
        .run("validate")
        .exit(6)
        .talks(&["did you mean `title`?"]);
    project.run("validate --fix").success();
    let text = project.read(ORDERS);
    assert!(
        text.contains("  # Agreed with sales.\n  title: Orders\n"),
        "{text}"
    );
    editor.replace(ORDERS, &text);
    editor.changed_on_disk(&[ORDERS]);
    assert_eq!(editor.diagnostics(ORDERS), json!([]));
    assert_eq!(editor.end(), Some(0));
}

/// It gets another name, and its former one again until its users know.
fn rename_and_go_back(project: &Project) {
    project.run("mv api/orders api/purchases").success();
    let renamed = "> api/purchases  (was api/orders)";
    project.run("plan").success().says(&[renamed]);
    project
        .run("apply --auto-approve --undo-file undo.json")
        .success();
    let names = |project: &Project| project.run("get api -o name").success().stdout().to_owned();
    assert_eq!(names(project), "api/greetings\napi/purchases\n");
    project
        .run("apply --undo undo.json --auto-approve")
        .success()
        .says(&["> api/orders  (was api/purchases)", "Apply complete!"]);
    assert_eq!(names(project), "api/greetings\napi/orders\n");
    project.run("plan").success().says(&[renamed]);
    project.run("apply --auto-approve").success();
}

/// Somebody edits in the portal: the change is found, compared, and brought into the repository.
fn bring_in_what_the_portal_has(center: &ServiceFixture, project: &Project) {
    project.run("snapshot --out morning.json").success();
    let mut api = center.get("apis/purchases")["properties"].take();
    api["title"] = json!("Purchase orders");
    center.put("apis/purchases", api);
    project
        .run("diff --from morning.json --to live")
        .success()
        .says(&["~ api/purchases", "Purchase orders → Orders"]);
    project
        .run("drift --detailed-exitcode")
        .exit(2)
        .says(&["~ api/purchases", "title: Orders → Purchase orders"]);
    project.run("drift --write").success();
    let text = project.read("apis/purchases/api.yaml");
    let expected = "  # Agreed with sales.\n  title: Purchase orders\n";
    assert!(text.contains(expected), "{text}");
    project.run("drift --detailed-exitcode").success();
}

#[test]
fn a_mornings_work_ends_in_a_plan_without_changes() {
    let center = ServiceFixture::start();
    let project = start(&center);
    write_an_api(&project);
    project
        .run("plan --out plan.json")
        .success()
        .says(&["+ api/orders", "1 version, 1 deployment"]);
    project.run("apply plan.json --auto-approve").success();
    project
        .run("get api --where metadata.team=platform")
        .success()
        .says(&["greetings", "orders"]);
    rename_and_go_back(&project);
    bring_in_what_the_portal_has(&center, &project);
    project.run("fmt --check").success();
    project
        .run("plan --detailed-exitcode")
        .success()
        .says(&["No changes."]);
}
