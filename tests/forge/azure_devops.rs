//! The thread on Azure DevOps.

use serde_json::{Value, json};

use super::fake_server::{Behaviour, FakeServer, ReceivedRequest, Reply};
use super::workspace::{Said, TOKEN, Workspace};

const THREADS: &str =
    "/contoso/API%20catalogue/_apis/git/repositories/6f1c/pullRequests/42/threads";
const MARKER: &str = "<!-- apicenter-plan:prod -->";
const US: &str = "0F6D7B5A-0000-0000-0000-000000000001";

#[derive(Default)]
pub(super) struct AzureDevOps {
    pub(super) threads: Vec<Value>,
}

impl AzureDevOps {
    fn add(&mut self, author: &str, content: &str, status: &str) -> Value {
        let id = self.threads.len() + 1;
        let first = json!({"id": 1, "content": content, "author": {"id": author}});
        let reply = json!({"id": 2, "content": "what a plan", "author": {"id": "someone"}});
        let thread = json!({"id": id, "status": status, "comments": [first, reply]});
        self.threads.push(thread.clone());
        thread
    }
}

impl Behaviour for AzureDevOps {
    fn answer(&mut self, heard: &ReceivedRequest) -> Reply {
        assert_eq!(heard.header("authorization"), format!("Bearer {TOKEN}"));
        let line = heard.line();
        if line == "GET /contoso/_apis/connectionData" {
            let id = US.to_ascii_lowercase();
            return Reply::json(&json!({"authenticatedUser": {"id": id}}));
        }
        assert_eq!(heard.asked("api-version"), Some("7.1"), "{line}");
        if line == format!("GET {THREADS}") {
            return Reply::json(&json!({"value": self.threads, "count": self.threads.len()}));
        }
        if line == format!("POST {THREADS}") {
            let content = heard.body["comments"][0]["content"]
                .as_str()
                .expect("a text");
            let status = heard.body["status"].as_str().expect("a status");
            let made = self.add(US, content, status);
            return Reply::json(&made);
        }
        let below = line
            .strip_prefix(&format!("PATCH {THREADS}/"))
            .expect("a thread");
        let (id, comment) = match below.split_once('/') {
            Some((id, rest)) => (id, Some(rest)),
            None => (below, None),
        };
        let id: u64 = id.parse().expect("an id");
        let thread = self.threads.iter_mut().find(|thread| thread["id"] == id);
        let thread = thread.expect("the thread exists");
        match comment {
            Some(rest) => {
                assert_eq!(rest, "comments/1");
                thread["comments"][0]["content"] = heard.body["content"].clone();
            }
            None => thread["status"] = heard.body["status"].clone(),
        }
        Reply::json(thread)
    }
}

pub(super) async fn start() -> (FakeServer<AzureDevOps>, Workspace) {
    let forge = FakeServer::start(AzureDevOps::default()).await;
    let workspace = Workspace::new()
        .with("TF_BUILD", "True")
        .with("SYSTEM_COLLECTIONURI", format!("{}/contoso/", forge.url))
        .with("SYSTEM_TEAMPROJECT", "API catalogue")
        .with("BUILD_REPOSITORY_ID", "6f1c")
        .with("BUILD_REPOSITORY_PROVIDER", "TfsGit")
        .with("SYSTEM_PULLREQUEST_PULLREQUESTID", "42")
        .with("SYSTEM_ACCESSTOKEN", TOKEN);
    (forge, workspace)
}

fn comment(workspace: &Workspace, body: &str) -> Said {
    workspace.write("plan.md", body);
    workspace.run(&["comment", "-t", "prod", "--body-file", "plan.md"])
}

fn lines(heard: &[ReceivedRequest]) -> Vec<String> {
    let line = |heard: &ReceivedRequest| heard.line().replace(THREADS, "…");
    heard.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_thread_which_is_closed_when_nothing_changes() {
    let (forge, workspace) = start().await;
    comment(&workspace, "No changes.").expect(0);
    assert!(forge.take_writes().is_empty());
    comment(&workspace, "## Plan: 1 to add").expect(0);
    assert_eq!(lines(&forge.take_writes()), ["POST …"]);
    comment(&workspace, "## Plan: 2 to add").expect(0);
    assert_eq!(lines(&forge.take_writes()), ["PATCH …/1/comments/1"]);
    comment(&workspace, "No changes.").expect(0);
    assert_eq!(
        lines(&forge.take_writes()),
        ["PATCH …/1/comments/1", "PATCH …/1"]
    );
    assert_eq!(
        forge.state(|azure| azure.threads[0]["status"].clone()),
        "closed"
    );
    comment(&workspace, "No changes.")
        .expect(0)
        .tells("up to date");
    assert!(forge.take_writes().is_empty());
    comment(&workspace, "## Plan: 1 to add").expect(0);
    let thread = forge.state(|azure| azure.threads[0].clone());
    assert_eq!(thread["status"], "active");
    let text = format!("{MARKER}\n## Plan: 1 to add\n");
    assert_eq!(thread["comments"][0]["content"], text);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thread_that_a_reviewer_resolved_stays_so_until_the_plan_changes() {
    let (forge, workspace) = start().await;
    let text = format!("{MARKER}\n## Plan: 1 to add\n");
    forge.state(|azure| azure.add(US, &text, "fixed"));
    comment(&workspace, "## Plan: 1 to add").expect(0);
    assert!(forge.take_writes().is_empty());
    comment(&workspace, "## Plan: 2 to add").expect(0);
    assert_eq!(
        forge.state(|azure| azure.threads[0]["status"].clone()),
        "active"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn threads_of_others_and_deleted_ones_are_left_alone() {
    let (forge, workspace) = start().await;
    forge.state(|azure| {
        azure.add("someone", &format!("{MARKER}\nmine"), "active");
        azure.add(US, &format!("{MARKER}\ngone"), "active");
        azure.threads[1]["isDeleted"] = true.into();
        azure.add(US, &format!("{MARKER}\ngone too"), "active");
        azure.threads[2]["comments"][0]["isDeleted"] = true.into();
        azure.add(US, "system", "unknown");
        azure.threads[3]["comments"] = json!([]);
    });
    comment(&workspace, "## Plan: 1 to add")
        .expect(0)
        .tells("by others");
    assert_eq!(lines(&forge.take_writes()), ["POST …"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named() {
    let (forge, workspace) = start().await;
    let refusal = "{\"message\":\"TF401027: You need the Git 'PullRequestContribute' permission\"}";
    forge.fail("POST", Reply::status(403, refusal));
    comment(&workspace, "## Plan")
        .expect(3)
        .tells("TF401027")
        .tells("Contribute to pull requests");
    for status in [203, 302, 401] {
        forge.fail("GET", Reply::status(status, "<html>Sign in</html>"));
        comment(&workspace, "## Plan")
            .expect(3)
            .tells("SYSTEM_ACCESSTOKEN: $(System.AccessToken)");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_name_of_the_collection_does_as_well() {
    let (forge, mut workspace) = start().await;
    workspace.unset("SYSTEM_COLLECTIONURI");
    workspace.set(
        "SYSTEM_TEAMFOUNDATIONCOLLECTIONURI",
        format!("{}/contoso/", forge.url),
    );
    comment(&workspace, "## Plan").expect(0);
    workspace.unset("SYSTEM_TEAMFOUNDATIONCOLLECTIONURI");
    comment(&workspace, "## Plan")
        .expect(64)
        .tells("SYSTEM_COLLECTIONURI or");
}
