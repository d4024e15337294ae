//! `plan --base`: who made each difference since both sides last agreed.

use serde_json::{Value, json};

use super::git::{commit, in_git};
use super::harness::Project;
use super::service_fixture::ServiceFixture;

const ORDERS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders   # as customers know it
  summary: Of customers
  description: All of them
  kind: rest
";

fn api(name: &str) -> String {
    ORDERS.replace("name: orders", &format!("name: {name}"))
}

/// A project that was applied, and then edited on both sides: the title in the portal, the summary in the repository,
/// the description in both if they are in conflict.
fn edited(center: &ServiceFixture, in_conflict: bool) -> Option<Project> {
    let project = in_git(Project::of(center))?
        .file("orders.yaml", ORDERS)
        .file(".gitignore", "base.json\n");
    project.run("apply --auto-approve -q").success();
    project.run("snapshot --out base.json").success();
    commit(&project);
    center.edit("apis/orders", |it| {
        it["title"] = json!("All orders");
        if in_conflict {
            it["description"] = json!("Some of them");
        }
    });
    project.edit("orders.yaml", "Of customers", "Of our customers");
    if in_conflict {
        project.edit("orders.yaml", "All of them", "Each of them");
    }
    Some(project)
}

/// Of what nobody declares, a snapshot has all that there was.
#[test]
fn what_is_unmanaged_and_as_it_was_is_no_difference() {
    let center = ServiceFixture::start();
    let project = Project::of(&center).file("orders.yaml", ORDERS);
    project.run("apply --auto-approve -q").success();
    center.put("apis/others", json!({"title": "Others", "kind": "rest"}));
    project.run("snapshot --out base.json").success();
    let plan = || project.run("plan --base base.json").success();
    plan()
        .says(&["api/others", "No changes."])
        .never_says("1 difference");
    center.edit("apis/others", |it| it["title"] = json!("Other"));
    plan().says(&["Since base.json: 1 "]);
}

#[test]
fn each_difference_has_its_author_whatever_the_base_is() {
    let center = ServiceFixture::start();
    let Some(project) = edited(&center, false) else {
        return;
    };
    for base in ["base.json", "HEAD"] {
        let plan = project.run(&format!("plan --base {base} --format json"));
        let plan = plan.success().json();
        let change = &plan["changes"][0];
        assert_eq!(change["author"], Value::Null, "several authors: {change:#}");
        let fields = change["fields"].as_array().expect("fields").iter();
        let authors = fields.map(|field| (field["path"].clone(), field["author"].clone()));
        assert_eq!(
            authors.collect::<Vec<_>>(),
            [("title", "portal"), ("summary", "repository")]
                .map(|(path, author)| (json!(path), json!(author)))
        );
        let text = project.run(&format!("plan --base {base}")).success();
        text.says(&[
            "title (portal) ",
            "summary (repository) ",
            "1 difference from the repository, 1 from the portal.",
        ]);
    }
    let markdown = project.run("plan --base HEAD --format markdown").success();
    let command = format!("--base {}", super::git::id(&project, "HEAD"));
    for wanted in [
        "title (portal)",
        "summary (repository)",
        &command,
        "1 difference from the repository, 1 from the portal.",
    ] {
        assert!(
            markdown.stdout().contains(wanted),
            "{wanted}:\n{}",
            markdown.stdout()
        );
    }
    let html = project.run("plan --base HEAD --format html").success();
    for wanted in [
        r#""author":"portal""#,
        "1 difference from the repository, 1 from the portal.",
        &command,
    ] {
        assert!(html.stdout().contains(wanted), "{wanted}");
    }
    let part = "plan --base HEAD --exclude api/none* --format html";
    project.write("none.yaml", api("none"));
    let part = project.run(part).success();
    assert!(part.stdout().contains("--exclude 'api/none*' --base "));
    let error = project.run("plan --base nothing").exit(64);
    error.talks(&["--base nothing: there is no such file, and git knows no such commit"]);
}

#[test]
fn what_both_edited_is_refused_until_somebody_decides() {
    let center = ServiceFixture::start();
    let Some(project) = edited(&center, true) else {
        return;
    };
    project
        .run("plan --base HEAD")
        .exit(5)
        .says(&["! description (both)"]);
    let refused = project.run("plan --base HEAD --format json").exit(5).json();
    let refusal = &refused["refusals"][0];
    let message = refusal["message"].as_str().expect("a message");
    let wanted =
        "api/orders: `description` edited in the portal and in the repository since HEAD (";
    assert!(message.starts_with(wanted), "{message}");
    assert_eq!(
        refusal["help"],
        "--ours api/orders applies what the manifests say, --theirs api/orders leaves it as it is live"
    );
    project.run("apply --base HEAD --auto-approve").exit(5);
    assert_eq!(
        center.get("apis/orders")["properties"]["description"],
        "Some of them"
    );
    let theirs = project
        .run("plan --base HEAD --theirs api/orders")
        .success();
    theirs.says(&["Left as it is live (--theirs): api/orders.", "No changes."]);
    for (format, wanted) in [
        ("markdown", "1 resource left as live (--theirs)"),
        ("html", r#""leftAlone":["api/orders"]"#),
    ] {
        let arguments = format!("plan --base HEAD --theirs api/orders --format {format}");
        let page = project.run(&arguments).success();
        assert!(page.stdout().contains(wanted), "{}", page.stdout());
    }
    project
        .run("plan --base HEAD --theirs api/other")
        .exit(64)
        .talks(&["--theirs api/other matches no declared or live resource"]);
    project.run("plan --ours api/orders").exit(64);
    let plan = project.run("plan --base HEAD --ours api/* --out plan.json --format json");
    let plan = plan.success().json();
    assert_eq!(plan["options"]["ours"], json!(["api/*"]));
    project.run("apply plan.json --auto-approve").success();
    assert_eq!(
        center.get("apis/orders")["properties"]["description"],
        "Each of them"
    );
}

#[test]
fn what_is_left_alone_changes_the_id_and_stays_so_in_a_saved_plan() {
    let center = ServiceFixture::start();
    let Some(project) = edited(&center, true) else {
        return;
    };
    project.write("other.yaml", api("other"));
    let id = |arguments: &str| {
        let plan = project.run(&format!("plan --base HEAD --format json {arguments}"));
        plan.success().json()["planId"].clone()
    };
    let (ours, theirs) = (id("--ours api/orders"), id("--theirs api/orders"));
    assert_ne!(ours, theirs);
    project
        .run("plan --base HEAD --theirs api/orders --out plan.json")
        .success();
    project.run("apply plan.json --auto-approve").success();
    let orders = center.get("apis/orders")["properties"].take();
    assert_eq!(orders["description"], "Some of them");
    assert_eq!(center.get("apis/other")["properties"]["title"], "Orders");
}

#[test]
fn drift_since_a_base_writes_what_the_portal_edited_alone() {
    let center = ServiceFixture::start();
    let Some(project) = edited(&center, true) else {
        return;
    };
    project.write("new.yaml", api("new"));
    let before = project.read("orders.yaml");
    let written = project.run("drift --base HEAD --write").exit(4);
    written
        .says(&["title: Orders → All orders", "! description (both)"])
        .talks(&["not written: api/orders `description`: it was edited in the repository, too"])
        .never_says("summary");
    let wanted = before.replace("title: Orders ", "title: All orders ");
    assert_eq!(project.read("orders.yaml"), wanted);
    assert!(project.path("new.yaml").exists());
    let plan = project.run("plan --base HEAD --format json").exit(5).json();
    let fields = plan["changes"][0]["fields"].as_array().map(Vec::len);
    assert_eq!(fields, Some(2), "{plan:#}");
}
