//! The note on GitLab.

use serde_json::{Value, json};

use super::fake_server::{Behaviour, FakeServer, ReceivedRequest, Reply};
use super::workspace::{Said, TOKEN, Workspace};

const NOTES: &str = "/api/v4/projects/contoso%2Fcatalogue/merge_requests/5/notes";
const MARKER: &str = "<!-- apicenter-plan:prod -->";
const US: u64 = 9;

#[derive(Default)]
pub(super) struct GitLab {
    /// Newest first.
    pub(super) notes: Vec<Value>,
}

impl GitLab {
    fn add(&mut self, author: u64, body: &str) -> Value {
        let id = 1000 + self.notes.len();
        let note = json!({"id": id, "body": body, "author": {"id": author}, "system": false});
        self.notes.insert(0, note.clone());
        note
    }

    fn page(&self, heard: &ReceivedRequest) -> Reply {
        assert_eq!(heard.asked("sort"), Some("desc"));
        let number = |name| -> usize {
            let text = heard.asked(name).expect("it is asked");
            text.parse().expect("a number")
        };
        let (size, page) = (number("per_page"), number("page"));
        let start = (page - 1) * size;
        let items: Vec<&Value> = self.notes.iter().skip(start).take(size).collect();
        let more = start + size < self.notes.len();
        let next = if more {
            (page + 1).to_string()
        } else {
            String::new()
        };
        Reply::json(&json!(items)).header("x-next-page", next)
    }
}

impl Behaviour for GitLab {
    fn answer(&mut self, heard: &ReceivedRequest) -> Reply {
        let line = heard.line();
        let token = [heard.header("private-token"), heard.header("job-token")];
        assert!(token.contains(&TOKEN), "{line}");
        if line == "GET /api/v4/user" {
            return Reply::json(&json!({"id": US, "username": "bot"}));
        }
        if line == format!("GET {NOTES}") {
            return self.page(heard);
        }
        let body = heard.body["body"].as_str().expect("a text");
        if line == format!("POST {NOTES}") {
            let made = self.add(US, body);
            return Reply::json(&made);
        }
        let id = line.strip_prefix(&format!("PUT {NOTES}/")).expect("a note");
        let id: u64 = id.parse().expect("an id");
        let note = self.notes.iter_mut().find(|note| note["id"] == id);
        let note = note.expect("the note exists");
        note["body"] = body.into();
        Reply::json(note)
    }
}

pub(super) async fn start() -> (FakeServer<GitLab>, Workspace) {
    let forge = FakeServer::start(GitLab::default()).await;
    let workspace = Workspace::new()
        .with("GITLAB_CI", "true")
        .with("CI_API_V4_URL", format!("{}/api/v4", forge.url))
        .with("CI_PROJECT_ID", "contoso/catalogue")
        .with("CI_MERGE_REQUEST_IID", "5")
        .with("GITLAB_USER_ID", "77")
        .with("GITLAB_TOKEN", TOKEN);
    (forge, workspace)
}

fn comment(workspace: &Workspace, body: &str) -> Said {
    workspace.write("plan.md", body);
    workspace.run(&["comment", "-t", "prod", "--body-file", "plan.md"])
}

fn lines(heard: &[ReceivedRequest]) -> Vec<String> {
    let line = |heard: &ReceivedRequest| heard.line().replace(NOTES, "…");
    heard.iter().map(line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_note_through_the_whole_life_of_a_merge_request() {
    let (forge, workspace) = start().await;
    comment(&workspace, "## Plan: 1 to add").expect(0);
    comment(&workspace, "## Plan: 2 to add\n/merge").expect(0);
    comment(&workspace, "## Plan: 2 to add\n/merge")
        .expect(0)
        .tells("up to date");
    comment(&workspace, "No changes.").expect(0);
    let writes = forge.take_writes();
    assert_eq!(lines(&writes), ["POST …", "PUT …/1000", "PUT …/1000"]);
    // A line that begins with a slash would be carried out.
    let text = format!("{MARKER}\n## Plan: 2 to add\n\\/merge\n");
    assert_eq!(writes[1].body["body"], text);
    assert_eq!(writes[0].header("private-token"), TOKEN);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_note_on_the_third_page_is_found_and_those_of_others_are_left_alone() {
    let (forge, workspace) = start().await;
    forge.state(|gitlab| {
        gitlab.add(US, MARKER);
        for _ in 0..220 {
            gitlab.add(3, "chatter");
        }
        gitlab.add(3, &format!("{MARKER}\nmine"));
        gitlab.add(US, MARKER);
        gitlab.notes[0]["system"] = true.into();
    });
    comment(&workspace, "## Plan: 1 to add")
        .expect(0)
        .tells("by others");
    let heard = forge.take();
    let pages: Vec<_> = heard
        .iter()
        .filter_map(|heard| heard.asked("page"))
        .collect();
    assert_eq!(pages, ["1", "2", "3"]);
    assert_eq!(lines(&heard).last().map(String::as_str), Some("PUT …/1000"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_jobs_token_stands_for_its_user_and_may_do_little() {
    let (forge, mut workspace) = start().await;
    workspace.unset("GITLAB_TOKEN");
    workspace.set("CI_JOB_TOKEN", TOKEN);
    forge.state(|gitlab| {
        gitlab.add(77, MARKER);
        gitlab.add(US, MARKER);
    });
    comment(&workspace, "## Plan: 1 to add").expect(0);
    let heard = forge.take();
    assert_eq!(heard[0].header("job-token"), TOKEN);
    assert_eq!(heard[0].header("private-token"), "");
    assert_eq!(lines(&heard).last().map(String::as_str), Some("PUT …/1000"));

    forge.fail(
        "GET",
        Reply::status(401, "{\"message\":\"401 Unauthorized\"}"),
    );
    comment(&workspace, "## Plan")
        .expect(3)
        .tells("project access token with the scope `api`");
    workspace.unset("CI_JOB_TOKEN");
    comment(&workspace, "## Plan")
        .expect(3)
        .tells("GITLAB_TOKEN or CI_JOB_TOKEN is not set");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_branch_pipeline_has_no_merge_request() {
    let (_forge, mut workspace) = start().await;
    workspace.unset("CI_MERGE_REQUEST_IID");
    comment(&workspace, "## Plan")
        .expect(64)
        .tells("CI_MERGE_REQUEST_IID");
}
