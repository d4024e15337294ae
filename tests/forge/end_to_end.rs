//! A pull request from its opening to the deployment of what was reviewed, on each forge.

use apicenter::emulator::{Emulator, EmulatorOptions};
use serde_json::Value;

use super::workspace::Workspace;
use super::{azure_devops, github, gitlab};

const GROUND: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\n\
    spec: {title: Production, kind: production}\n";

fn api(title: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\n\
         spec: {{title: {title}, kind: rest}}\n"
    )
}

/// The service that the repository describes, with what is on its main branch applied.
async fn service(workspace: &mut Workspace) -> Emulator {
    let emulator = Emulator::start(EmulatorOptions::default())
        .await
        .expect("an emulator");
    let made = emulator.ensure_service("sub", "rg", "contoso", "westeurope");
    made.expect("the service is made");
    workspace.set("APICENTER_ACCESS_TOKEN", "a-token");
    let project = format!(
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {{name: contoso}}\nspec:\n  targets:\n    \
         prod: {{subscriptionId: sub, resourceGroup: rg, service: contoso, cloud: {{resourceManager: \
         \"{}\"}}}}\n",
        emulator.url()
    );
    workspace.write("apicenter.yaml", &project);
    workspace.write("ground.yaml", GROUND);
    workspace.run(&["apply", "--auto-approve"]).expect(0);
    emulator
}

/// Plans as the pipeline of a pull request does, and comments. Returns the plan's id.
fn review(workspace: &Workspace) -> String {
    let plan = ["plan", "--format", "markdown", "--out", "plan.json"];
    let said = workspace.run(&plan).expect(0);
    workspace.write("plan.md", &said.out);
    workspace
        .run(&["comment", "--body-file", "plan.md"])
        .expect(0);
    let saved: Value = serde_json::from_str(&workspace.read("plan.json")).expect("a plan");
    saved["planId"].as_str().expect("an id").to_owned()
}

async fn story(mut workspace: Workspace, comments: impl Fn() -> Vec<String>) {
    let emulator = service(&mut workspace).await;
    let writes = || {
        let all = emulator.requests();
        all.into_iter()
            // A document is read by a POST.
            .filter(|request| {
                request.method != "GET" && !request.path.contains("exportSpecification")
            })
            .count()
    };

    // Opened, and pushed to again: one comment, which says the latest.
    workspace.write("orders.yaml", &api("Orders"));
    let first = review(&workspace);
    assert!(comments()[0].contains(&first), "{:?}", comments());
    workspace.write("orders.yaml", &api("Orders and returns"));
    let second = review(&workspace);
    assert_ne!(first, second);
    let [comment] = comments().try_into().expect("one comment");
    assert!(
        comment.contains(&second) && !comment.contains(&first),
        "{comment}"
    );
    assert!(
        comment.contains("**create** | `api/orders` Orders and returns"),
        "{comment}"
    );

    // Merged, but meanwhile somebody else made that API: what was reviewed is not what would happen.
    let before = writes();
    let reviewed = ["apply", "--auto-approve", "--expect-plan", &second];
    workspace.write("orders.yaml", &api("By hand"));
    workspace.run(&["apply", "--auto-approve"]).expect(0);
    assert!(writes() > before);
    let before = writes();
    workspace.write("orders.yaml", &api("Orders and returns"));
    workspace.run(&reviewed).expect(5).tells("nothing was sent");
    assert_eq!(writes(), before);

    // Reviewed again, and applied; nothing is left to do, and the comment gets out of the way.
    let third = review(&workspace);
    workspace
        .run(&["apply", "plan.json", "--auto-approve"])
        .expect(0);
    workspace.run(&["plan", "--detailed-exitcode"]).expect(0);
    assert!(comments()[0].contains(&third));
    review(&workspace);
    assert_eq!(comments().len(), 1);
    assert!(comments()[0].contains("No changes."), "{:?}", comments());
    emulator.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_github() {
    let (forge, workspace) = github::start().await;
    let text = |comment: &Value| comment["body"].as_str().unwrap_or_default().to_owned();
    story(workspace, || {
        forge.state(|github| github.comments.iter().map(text).collect())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_azure_devops() {
    let (forge, workspace) = azure_devops::start().await;
    let text = |thread: &Value| {
        thread["comments"][0]["content"]
            .as_str()
            .unwrap_or_default()
            .to_owned()
    };
    story(workspace, || {
        forge.state(|azure| azure.threads.iter().map(text).collect())
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn on_gitlab() {
    let (forge, workspace) = gitlab::start().await;
    let text = |note: &Value| note["body"].as_str().unwrap_or_default().to_owned();
    story(workspace, || {
        forge.state(|gitlab| gitlab.notes.iter().map(text).collect())
    })
    .await;
}
