//! The comment on GitHub.

use serde_json::{Value, json};

use super::fake_server::{Behaviour, FakeServer, ReceivedRequest, Reply};
use super::workspace::{Said, TOKEN, Workspace};

const ISSUE: &str = "/repos/contoso/catalogue/issues/7/comments";
const MARKER: &str = "<!-- apicenter-plan:prod -->";
const BOT: &str = "github-actions[bot]";

/// The comments of one pull request.
#[derive(Default)]
pub(super) struct GitHub {
    pub(super) comments: Vec<Value>,
    minimised: Vec<String>,
    /// Whether GraphQL says who asks.
    is_silent: bool,
}

impl GitHub {
    fn add(&mut self, author: &str, body: &str) -> Value {
        let id = self.comments.len() + 100;
        let kind = if author.ends_with("[bot]") {
            "Bot"
        } else {
            "User"
        };
        let comment = json!({
            "id": id, "node_id": format!("IC_{id}"), "body": body,
            "html_url": format!("https://github.example/7#issuecomment-{id}"),
            "user": {"login": author, "type": kind},
        });
        self.comments.push(comment.clone());
        comment
    }

    fn page(&self, heard: &ReceivedRequest) -> Reply {
        let number = |name, default| {
            heard
                .asked(name)
                .map_or(default, |text| text.parse().expect("a number"))
        };
        let (size, page): (usize, usize) = (number("per_page", 30), number("page", 1));
        let start = (page - 1) * size;
        let items: Vec<&Value> = self.comments.iter().skip(start).take(size).collect();
        let reply = Reply::json(&json!(items));
        if start + size < self.comments.len() {
            return reply.header("link", "<https://elsewhere.example/?page=2>; rel=\"next\"");
        }
        reply
    }

    fn graphql(&mut self, heard: &ReceivedRequest) -> Reply {
        let question = heard.body["query"].as_str().expect("a query");
        let id = heard.body["variables"]["id"]
            .as_str()
            .unwrap_or_default()
            .to_owned();
        if question.starts_with("query") {
            if self.is_silent {
                return Reply::status(404, "");
            }
            let ids = heard.body["variables"]["ids"].as_array().expect("ids");
            let nodes: Vec<Value> = ids
                .iter()
                .map(|id| {
                    let text = id.as_str().expect("a text").to_owned();
                    json!({"id": id, "isMinimized": self.minimised.contains(&text)})
                })
                .collect();
            // GraphQL leaves the suffix of an app out.
            let data = json!({"viewer": {"login": "github-actions"}, "nodes": nodes});
            return Reply::json(&json!({"data": data}));
        }
        if question.contains("unminimizeComment") {
            self.minimised.retain(|other| *other != id);
        } else {
            assert!(question.contains("minimizeComment"), "{question}");
            self.minimised.push(id);
        }
        Reply::json(&json!({"data": {}}))
    }
}

impl Behaviour for GitHub {
    fn answer(&mut self, heard: &ReceivedRequest) -> Reply {
        assert_eq!(heard.header("authorization"), format!("Bearer {TOKEN}"));
        let line = heard.line();
        if line == format!("GET {ISSUE}") {
            return self.page(heard);
        }
        let text = heard.body["body"].as_str().unwrap_or_default().to_owned();
        if line == format!("POST {ISSUE}") {
            let made = self.add(BOT, &text);
            return Reply::json(&made);
        }
        if line == "POST /graphql" {
            return self.graphql(heard);
        }
        let id = line.strip_prefix("PATCH /repos/contoso/catalogue/issues/comments/");
        let id: u64 = id
            .unwrap_or_else(|| panic!("{line}"))
            .parse()
            .expect("an id");
        let comment = self.comments.iter_mut().find(|comment| comment["id"] == id);
        let comment = comment.expect("the comment exists");
        comment["body"] = text.into();
        Reply::json(comment)
    }
}

pub(super) async fn start() -> (FakeServer<GitHub>, Workspace) {
    let forge = FakeServer::start(GitHub::default()).await;
    let workspace = Workspace::new()
        .with("GITHUB_ACTIONS", "true")
        .with("GITHUB_API_URL", &forge.url)
        .with("GITHUB_REPOSITORY", "contoso/catalogue")
        .with("GITHUB_REF", "refs/pull/7/merge")
        .with("GITHUB_TOKEN", TOKEN);
    (forge, workspace)
}

fn comment(workspace: &Workspace, body: &str, more: &[&str]) -> Said {
    workspace.write("plan.md", body);
    let mut arguments = vec!["comment", "--body-file", "plan.md"];
    arguments.extend(more);
    workspace.run(&arguments)
}

fn lines(heard: &[ReceivedRequest]) -> Vec<String> {
    heard.iter().map(ReceivedRequest::line).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn there_is_one_comment_through_the_whole_life_of_a_pull_request() {
    let (forge, workspace) = start().await;
    let said = comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    assert_eq!(said.out, "https://github.example/7#issuecomment-100\n");
    assert_eq!(lines(&forge.take_writes()), [format!("POST {ISSUE}")]);

    let link = ["-t", "prod", "--link", "Plan=https://ci.example/1"];
    comment(&workspace, "## Plan: 2 to add", &link)
        .expect(0)
        .tells("Updated");
    let text = forge.state(|github| github.comments[0]["body"].clone());
    assert_eq!(
        text,
        format!("{MARKER}\n## Plan: 2 to add\n\n[Plan](https://ci.example/1)\n")
    );
    assert_eq!(forge.take_writes().len(), 1);

    comment(&workspace, "## Plan: 2 to add", &link)
        .expect(0)
        .tells("up to date");
    assert!(forge.take_writes().is_empty());

    let body = format!("{MARKER}\n## Plan\n\nNo changes. As declared.");
    comment(&workspace, &body, &[])
        .expect(0)
        .tells("it is hidden now");
    assert_eq!(forge.state(|github| github.minimised.clone()), ["IC_100"]);

    comment(&workspace, &format!("{MARKER}\n## Plan: 1 to destroy"), &[]).expect(0);
    assert!(forge.state(|github| github.minimised.is_empty()));
    assert_eq!(forge.state(|github| github.comments.len()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn without_changes_there_is_no_first_comment() {
    let (forge, workspace) = start().await;
    let said = comment(&workspace, "No changes.", &["-t", "prod"]).expect(0);
    assert!(said.out.is_empty());
    comment(&workspace, "## Quiet", &["-t", "prod", "--no-changes"]).expect(0);
    assert!(forge.take_writes().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn comments_of_others_are_left_alone() {
    let (forge, workspace) = start().await;
    forge.state(|github| {
        github.add("mallory", &format!("{MARKER}\nmine now"));
        // An app's name is free for people to take.
        github.add("github-actions", &format!("{MARKER}\nmine too"));
        github.add(BOT, &format!("> {MARKER}\nquoted"));
        github.add(BOT, "<!-- apicenter-plan:prod-eu -->\nanother target");
    });
    let before = forge.state(|github| github.comments.clone());
    let said = comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    said.tells("2 comments by others");
    let after = forge.state(|github| github.comments.clone());
    assert_eq!(after[..4], before);
    assert_eq!(after.len(), 5);
}

#[tokio::test(flavor = "multi_thread")]
async fn where_nobody_tells_who_we_are_a_workflow_trusts_no_person() {
    let (forge, workspace) = start().await;
    forge.state(|github| {
        github.is_silent = true;
        github.add("mallory", &format!("{MARKER}\nmine now"));
    });
    comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    assert_eq!(lines(&forge.take_writes()), [format!("POST {ISSUE}")]);
    comment(&workspace, "## Plan: 2 to add", &["-t", "prod"]).expect(0);
    let writes = forge.take_writes();
    assert_eq!(writes[0].method, "PATCH");
    assert!(writes[0].path.ends_with("/101"), "{}", writes[0].path);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_on_the_third_page_is_found() {
    let (forge, workspace) = start().await;
    forge.state(|github| {
        for i in 0..250 {
            let body = if i == 230 { MARKER } else { "chatter" };
            github.add(if i == 230 { BOT } else { "someone" }, body);
        }
    });
    comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    let heard = forge.take();
    let pages: Vec<_> = heard
        .iter()
        .filter_map(|heard| heard.asked("page"))
        .collect();
    assert_eq!(pages, ["1", "2", "3"]);
    let text = forge.state(|github| github.comments[230]["body"].clone());
    assert_eq!(text, format!("{MARKER}\n## Plan: 1 to add\n"));
    assert_eq!(forge.state(|github| github.comments.len()), 250);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_comments_the_newest_is_kept_up_to_date() {
    let (forge, workspace) = start().await;
    forge.state(|github| {
        github.add(BOT, MARKER);
        github.add(BOT, MARKER);
    });
    let said = comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    said.tells("2 comments begin with the marker");
    let writes = lines(&forge.take_writes());
    assert_eq!(
        writes,
        ["PATCH /repos/contoso/catalogue/issues/comments/101"]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_is_repeated_where_that_helps() {
    let (forge, workspace) = start().await;
    let wait = || Reply::status(429, "{}").header("retry-after", "0");
    forge.fail("GET", wait());
    forge.fail("GET", Reply::status(502, "<html>"));
    forge.fail("POST /repos", wait());
    let limited = Reply::status(403, "{\"message\":\"secondary rate limit\"}");
    forge.fail("POST /repos", limited.header("retry-after", "0"));
    comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    assert_eq!(forge.state(|github| github.comments.len()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_may_have_been_made_is_not_made_twice() {
    let (forge, workspace) = start().await;
    forge.fail_after("POST /repos", Reply::status(502, ""));
    comment(&workspace, "## Plan: 1 to add", &["-t", "prod"]).expect(0);
    assert_eq!(forge.state(|github| github.comments.len()), 1);
    assert_eq!(lines(&forge.take_writes()), [format!("POST {ISSUE}")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_missing_permission_is_named() {
    let (forge, workspace) = start().await;
    let refusal = format!("{{\"message\":\"Resource not accessible by integration {TOKEN}\"}}");
    forge.fail("POST /repos", Reply::status(403, &refusal));
    comment(&workspace, "## Plan", &["-t", "prod"])
        .expect(3)
        .tells("Resource not accessible by integration ***")
        .tells("pull-requests: write");
    forge.fail(
        "GET",
        Reply::status(401, "{\"message\":\"Bad credentials\"}"),
    );
    comment(&workspace, "## Plan", &["-t", "prod"])
        .expect(3)
        .tells("Bad credentials");
    forge.fail("GET", Reply::status(404, "{\"message\":\"Not Found\"}"));
    comment(&workspace, "## Plan", &["-t", "prod"])
        .expect(1)
        .tells("Not Found");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_comment_that_cannot_be_hidden_is_updated_all_the_same() {
    let (forge, workspace) = start().await;
    forge.state(|github| github.add(BOT, MARKER));
    let no = "{\"data\":null,\"errors\":[{\"message\":\"Resource not accessible\"}]}";
    // The first question is who asks; its failure does not matter either.
    forge.fail(
        "POST /graphql",
        Reply::status(500, "").header("retry-after", "0"),
    );
    forge.fail("POST /graphql", Reply::status(200, no));
    forge.fail("POST /graphql", Reply::status(200, no));
    let said = comment(&workspace, "No changes.", &["-t", "prod"]).expect(0);
    said.tells("was not hidden: Resource not accessible");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_dry_run_writes_nothing_and_prints_what_it_would() {
    let (forge, mut workspace) = start().await;
    forge.state(|github| github.add(BOT, MARKER));
    let said = comment(&workspace, "No changes.", &["-t", "prod", "--dry-run"]).expect(0);
    let head = format!(
        "PATCH {}/repos/contoso/catalogue/issues/comments/100\n",
        forge.url
    );
    assert!(said.out.starts_with(&head), "{}", said.out);
    assert!(said.out.contains(&format!("POST {}/graphql\n", forge.url)));
    assert!(forge.take_writes().is_empty());

    workspace.unset("GITHUB_TOKEN");
    let said = comment(
        &workspace,
        "## Plan: 1 to add",
        &["-t", "prod", "--dry-run"],
    );
    let said = said.expect(0).tells("Without a token");
    assert!(
        said.out
            .starts_with(&format!("POST {}{ISSUE}\n", forge.url))
    );
    assert!(forge.take().is_empty());
    comment(&workspace, "## Plan", &["-t", "prod"])
        .expect(3)
        .tells("GITHUB_TOKEN is not set");
}

#[tokio::test(flavor = "multi_thread")]
async fn hostile_names_stay_names() {
    let (forge, workspace) = start().await;
    let target = "x --> <script>\n@all";
    comment(&workspace, "## Plan: 1 to add", &["-t", target]).expect(0);
    comment(&workspace, "## Plan: 2 to add", &["-t", target]).expect(0);
    let comments = forge.state(|github| github.comments.clone());
    assert_eq!(comments.len(), 1);
    let text = comments[0]["body"].as_str().expect("a text");
    assert!(text.starts_with("<!-- apicenter-plan:x%20--%3E%20%3Cscript%3E%0A%40all -->\n"));

    for name in ["a/../../b", "../x", "a/b/c", "a"] {
        let (_forge, workspace) = start().await;
        let workspace = workspace.with("GITHUB_REPOSITORY", name);
        comment(&workspace, "## Plan", &["-t", "prod"]).expect(64);
    }
    let workspace = workspace.with("GITHUB_REF", "refs/pull/7%2F..%2F8/merge");
    comment(&workspace, "## Plan", &["-t", "prod"]).expect(64);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_is_sent_over_https_or_to_this_machine_only() {
    let (_forge, workspace) = start().await;
    for url in [
        "http://github.example",
        "ftp://github.example",
        "https://u:p@github.example",
    ] {
        let workspace = Workspace::new()
            .with("GITHUB_API_URL", url)
            .with("GITHUB_REPOSITORY", "contoso/catalogue")
            .with("GITHUB_TOKEN", TOKEN);
        let arguments = ["-t", "prod", "--forge", "github", "--pr", "7"];
        comment(&workspace, "## Plan", &arguments)
            .expect(64)
            .tells("GITHUB_API_URL");
    }
    drop(workspace);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_text_that_is_too_long_is_refused_with_a_way_out() {
    let (forge, workspace) = start().await;
    let long = "x".repeat(65_536);
    comment(&workspace, &long, &["-t", "prod"])
        .expect(64)
        .tells("GitHub takes 65536")
        .tells("--markdown-budget");
    assert!(forge.take().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_number_comes_from_the_flag_the_event_or_the_ref() {
    let (forge, mut workspace) = start().await;
    workspace.write("event.json", r#"{"pull_request": {"number": 7}}"#);
    workspace.set("GITHUB_REF", "refs/heads/main");
    comment(&workspace, "## Plan", &["-t", "prod"])
        .expect(64)
        .tells("--pr N");
    let event = workspace.path("event.json").display().to_string();
    workspace.set("GITHUB_EVENT_PATH", event);
    comment(&workspace, "## Plan", &["-t", "prod"]).expect(0);
    workspace.write("event.json", "{}");
    comment(&workspace, "## Plan", &["-t", "prod", "--pr", "7"]).expect(0);
    assert_eq!(forge.state(|github| github.comments.len()), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn azure_pipelines_comments_on_github_where_the_repository_is_there() {
    let (forge, _) = start().await;
    let workspace = Workspace::new()
        .with("TF_BUILD", "True")
        .with("BUILD_REPOSITORY_PROVIDER", "GitHub")
        .with("BUILD_REPOSITORY_NAME", "contoso/catalogue")
        .with("SYSTEM_PULLREQUEST_PULLREQUESTNUMBER", "7")
        .with("GITHUB_API_URL", &forge.url)
        .with("GITHUB_TOKEN", TOKEN);
    comment(&workspace, "## Plan", &["-t", "prod"]).expect(0);
    assert_eq!(forge.state(|github| github.comments.len()), 1);
}

#[test]
fn a_comment_needs_a_forge_a_target_and_a_text() {
    let workspace = Workspace::new();
    workspace.write("plan.md", "## Plan");
    workspace.write("empty.md", "\n");
    let run = |arguments: &[&str]| workspace.run_plainly(arguments);
    run(&["comment", "-t", "x", "--body-file", "plan.md"])
        .expect(64)
        .tells("--forge");
    run(&["comment", "--body-file", "plan.md"])
        .expect(64)
        .tells("--target");
    run(&["comment", "-t", "x", "--body-file", "empty.md"])
        .expect(64)
        .tells("empty");
    run(&["comment", "-t", "x", "--body-file", "none.md"])
        .expect(1)
        .tells("none.md");
}
