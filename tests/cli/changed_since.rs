//! `--changed-since`: a plan of what a branch changes, and nothing else of the service is read.

use serde_json::{Value, json};

use super::git::{commit, diverge, git, git_in, id, in_git};
use super::harness::Project;
use super::samples::{GROUND, OPENAPI, ORDERS, api, orders};
use super::service_fixture::ServiceFixture;

/// A project in a repository that is applied as it is committed on `main`.
pub(super) fn applied(center: &mut ServiceFixture, project: Project) -> Option<Project> {
    let project = in_git(project)?;
    commit(&project);
    let _done = project.run("apply --auto-approve -q").success();
    center.mark();
    Some(project)
}

fn applied_by(
    center: &mut ServiceFixture,
    project: impl Fn(&ServiceFixture) -> Project,
) -> Option<Project> {
    let project = project(center);
    applied(center, project)
}

pub(super) const PLAN: &str = "plan --changed-since main --format json";

/// What was compared: what is declared, and what is no longer.
pub(super) fn scope(plan: &Value) -> (Vec<&str>, Vec<&str>) {
    let texts = |field: &str| {
        let all = plan["scope"][field].as_array().expect("a list").iter();
        all.map(|one| one.as_str().expect("an address")).collect()
    };
    (texts("addresses"), texts("removed"))
}

pub(super) fn changes(plan: &Value) -> Vec<(&str, &str)> {
    let all = plan["changes"].as_array().expect("a list").iter();
    let text =
        |value: &'_ Value| -> &'static str { value.as_str().expect("a text").to_owned().leak() };
    all.map(|one| (text(&one["address"]), text(&one["action"])))
        .collect()
}

/// Many APIs with a version each.
fn many(count: usize) -> Vec<(String, String)> {
    let manifest = |i: usize| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-{i}}}\nspec:\n  title: API {i}\n  kind: rest\n  \
             versions: [{{name: v1, title: v1, lifecycleStage: design}}]\n"
        )
    };
    let file = |i| (format!("apis/api-{i}.yaml"), manifest(i));
    (0..count).map(file).collect()
}

/// How many requests a plan of one changed API takes, and a plan of everything.
fn requests(count: usize) -> Option<(usize, usize)> {
    let mut center = ServiceFixture::start();
    let mut project = Project::of(&center);
    for (path, text) in many(count) {
        project = project.file(&path, &text);
    }
    let project = applied(&mut center, project)?;
    project.edit("apis/api-7.yaml", "title: API 7", "title: Seven");
    let plan = project.run(PLAN).success().json();
    assert_eq!(changes(&plan), [("api/api-7", "update")]);
    assert_eq!(plan["requests"]["reads"], center.reads());
    let limited = center.reads();
    center.mark();
    let _plan = project.run("plan").success();
    Some((limited, center.reads()))
}

#[test]
fn requests_depend_on_what_the_branch_changes_and_not_on_the_size_of_the_service() {
    let (Some((few, _)), Some((many, all))) = (requests(20), requests(320)) else {
        return;
    };
    assert!(few <= 10 && many == few, "{few}, {many}");
    assert!(all > 600, "{all}");
}

/// Limits of the service count every API, so the pages of the list are read, and nothing below them.
#[test]
fn a_new_api_takes_the_pages_of_the_list() {
    let mut center = ServiceFixture::start();
    let mut project = Project::of(&center);
    for (path, text) in many(120) {
        project = project.file(&path, &text);
    }
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    project.write("new.yaml", api("new"));
    let plan = project.run(PLAN).success().json();
    assert_eq!(changes(&plan), [("api/new", "create")]);
    assert!(center.reads() <= 12, "{}", center.reads());
}

#[test]
fn what_differs_elsewhere_is_not_shown_and_every_format_says_so() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("other.yaml", &api("other"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    center.put("apis/other", json!({"title": "By hand", "kind": "rest"}));
    center.put("apis/foreign", json!({"title": "Foreign", "kind": "rest"}));
    project.edit("apis/orders.yaml", "title: Orders", "title: Sales");
    let base = id(&project, "main");
    let short = &base[..12];
    let since = format!("what this branch changes since `main` ({short}), 1 declared resource");
    let rest = "The rest of the service was not compared";
    let command = "apicenter plan -t live";
    let plan = project.run("plan --changed-since main").success();
    let _plan = plan
        .says(&["api/orders", "1 to change", &since, rest, command])
        .never_says("api/other")
        .never_says("foreign");
    let markdown = project.run("plan --changed-since main --format markdown");
    let _markdown = markdown
        .success()
        .says(&["what this branch changes", rest, command])
        .says(&["--changed-since", &base]);
    let page = project.run("plan --changed-since main --format html");
    let _page = page.success().says(&[rest, command]);
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec!["api/orders"], vec![]));
    assert_eq!(plan["scope"]["base"], base);
    assert_eq!(plan["scope"]["commandForAll"], command);
    assert_eq!(plan["options"]["changedSince"]["reference"], "main");
    assert_eq!(plan["unmanaged"], json!([]));
    let annotated = project.run("plan --changed-since main --annotate github");
    let _annotated = annotated.success().talks(&["::notice", rest]);
    // A plan of everything says nothing of it.
    let plan = project.run("plan --format json").success().json();
    assert_eq!(
        (&plan["scope"], &plan["options"]["changedSince"]),
        (&Value::Null, &Value::Null)
    );
}

#[test]
fn a_branch_that_changes_nothing_sends_no_request() {
    let mut center = ServiceFixture::start();
    let Some(project) = applied_by(&mut center, |center| orders(Project::of(center))) else {
        return;
    };
    center.put("apis/orders", json!({"title": "By hand", "kind": "rest"}));
    center.mark();
    // Neither another layout nor another place is another declaration.
    project.write(
        "moved/orders.yaml",
        ORDERS.replace("title: Orders", "title: 'Orders'  # same"),
    );
    project.write("moved/openapi.yaml", OPENAPI);
    project.remove("apis/orders.yaml");
    project.remove("apis/openapi.yaml");
    for flags in ["", " --detailed-exitcode --prune", " --format markdown"] {
        let plan = project
            .run(&format!("plan --changed-since main{flags}"))
            .success();
        let _plan = plan.says(&["No changes", "The service was not read"]);
    }
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec![], vec![]));
    assert_eq!(plan["requests"]["reads"], 0);
    let page = project.run("plan --changed-since main --format html");
    let _page = page.success().says(&["This branch changes nothing"]);
    let applied = project.run("apply --changed-since main --auto-approve");
    let _applied = applied.success().says(&["No changes."]);
    assert_eq!(center.requests().len(), 0);
    // What nothing selects is an error all the same.
    let _typo = project
        .run("plan --changed-since main --only api/typo")
        .exit(64);
    let _nothing = project
        .run("plan --changed-since main --only api/orders")
        .success()
        .says(&["No changes.", "nothing that --only and --exclude select"]);
}

/// A project with everything that can differ.
fn whole(center: &ServiceFixture) -> Project {
    let overlay = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {summary: From the overlay}\n";
    let split = ORDERS
        .replace("name: orders", "name: split")
        .replace("prod-eu", "split-eu")
        .replace("openapi.yaml", "split/openapi.yaml");
    let main = "openapi: 3.0.3\ninfo: {title: Orders, version: 1.0.0}\npaths: {}\ncomponents:\n  schemas:\n    \
                Order: {$ref: order.yaml}\n";
    let project = Project::with_spec(&format!(
        "targets:\n  live:\n    {}\n    variables: {{host: example.com}}\n    overlays: [\"overlays/*.yaml\"]",
        center.target()
    ));
    orders(project.env("APICENTER_ACCESS_TOKEN", super::harness::TOKEN))
        .file("overlays/orders.yaml", overlay)
        .file("apis/split.yaml", &split)
        .file("apis/split/openapi.yaml", main)
        .file("apis/split/order.yaml", "type: object\n")
        .file("apis/hosted.yaml", &api("hosted").replace("title: hosted", "title: \"${host}\""))
        .file("apis/plain.yaml", &api("plain"))
        .file("exempt.yaml", "apiVersion: apicenter/v1\nkind: Exemption\nmetadata: {name: e}\nspec: {findings: []}\n")
}

const DEFINITION: &str = "api/orders/version/1-0-0/definition/openapi";

#[test]
fn whatever_a_declaration_is_made_from_counts() {
    let mut center = ServiceFixture::start();
    let Some(project) = applied_by(&mut center, whole) else {
        return;
    };
    let cases: [(&str, &str, &str, &[&str]); 9] = [
        (
            "apis/plain.yaml",
            "title: plain",
            "title: Plain",
            &["api/plain"],
        ),
        (
            "apis/openapi.yaml",
            "List orders",
            "All orders",
            &[DEFINITION],
        ),
        (
            "apis/split/order.yaml",
            "object",
            "string",
            &["api/split/version/1-0-0/definition/openapi"],
        ),
        (
            "overlays/orders.yaml",
            "From the overlay",
            "Changed",
            &["api/orders"],
        ),
        (
            "apicenter.yaml",
            "host: example.com",
            "host: example.org",
            &["api/hosted"],
        ),
        (
            "ground.yaml",
            "title: Team",
            "title: Squad",
            &["metadata-schema/team", "api/orders", "api/split"],
        ),
        (
            "ground.yaml",
            "title: Production",
            "title: Live",
            &["environment/production"],
        ),
        (
            "exempt.yaml",
            "findings: []",
            "findings: [{code: doubtful-name, address: api/plain, reason: fine}]",
            &["api/plain"],
        ),
        // Another layout is not another declaration.
        ("apis/plain.yaml", "title: plain", "title: 'plain'", &[]),
    ];
    for (path, old, new, expected) in cases {
        project.edit(path, old, new);
        let plan = project.run(PLAN).success().json();
        assert_eq!(scope(&plan), (expected.to_vec(), vec![]), "{path}: {new}");
        project.edit(path, new, old);
    }
    // A file that is not committed yet, and one that was removed.
    project.write("new.yaml", api("new"));
    project.remove("apis/split.yaml");
    let plan = project.run(PLAN).success().json();
    let removed = [
        "api/split",
        "api/split/version/1-0-0",
        "api/split/version/1-0-0/definition/openapi",
        "api/split/deployment/split-eu",
    ];
    let (added, families) = scope(&plan);
    assert_eq!((added, families.len()), (vec!["api/new"], removed.len()));
    assert!(
        removed.iter().all(|address| families.contains(address)),
        "{families:?}"
    );
    assert_eq!(plan["unmanaged"], json!(["api/split"]));
}

/// What another branch changes meanwhile is not of this one.
#[test]
fn the_branch_is_compared_with_where_it_left_the_other() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("one.yaml", &api("one"))
        .file("two.yaml", &api("two"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    diverge(&project);
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec!["api/one"], vec![]));
    // The commit that a merge would make, as forges check it out.
    assert!(git(&project, &["checkout", "-q", "--detach", "main"]));
    assert!(git(
        &project,
        &["merge", "-q", "--no-ff", "-m", "merge", "edit"]
    ));
    let plan = project.run("plan --changed-since HEAD^1 --format json");
    assert_eq!(scope(&plan.success().json()), (vec!["api/one"], vec![]));
}

#[test]
fn settings_of_the_whole_project_and_a_base_that_cannot_be_read_concern_everything() {
    let mut center = ServiceFixture::start();
    let project = Project::of_with(&center, "safety: {maxDeletes: \"30%\"}")
        .file("one.yaml", &api("one"))
        .file("two.yaml", &api("two"))
        .file(".gitignore", ".apicenter/\n");
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    let everything = |reason: &str, old: &str, new: &str, path: &str| {
        project.edit(path, old, new);
        let plan = project
            .run("plan --changed-since main --show-unchanged")
            .success();
        let plan = plan.talks(&["everything is planned", reason]);
        let _plan = plan
            .says(&["= api/one", "= api/two"])
            .never_says("not compared");
        project.edit(path, new, old);
    };
    everything(
        "`safety` of the project file differs",
        "30%",
        "40%",
        "apicenter.yaml",
    );
    everything(
        "`.gitignore` differs",
        ".apicenter/",
        ".apicenter",
        ".gitignore",
    );
    // Errors where the branch begins.
    assert!(git(&project, &["checkout", "-qb", "broken"]));
    project.edit("one.yaml", "title: one", "tile: one");
    commit(&project);
    project.edit("one.yaml", "tile: one", "title: one");
    let plan = project
        .run("plan --changed-since broken --show-unchanged")
        .success();
    let _plan = plan
        .talks(&[
            "everything is planned",
            "the manifests had errors then (one.yaml:4:",
        ])
        .says(&["= api/one", "= api/two"]);
}

#[test]
fn a_base_that_git_cannot_give_is_an_error_that_says_what_to_do() {
    let Some(project) = in_git(Project::local().file("one.yaml", &api("one"))) else {
        return;
    };
    let plan = project.run("plan --changed-since main").exit(64);
    let _plan = plan.talks(&["git knows no commit `main`"]);
    commit(&project);
    let plan = project.run("plan --changed-since nowhere").exit(64);
    let _plan = plan.talks(&["git knows no commit `nowhere`", "help: name a branch"]);
    let without_git = Project::local()
        .env("PATH", "/nonexistent")
        .file(".git/HEAD", "");
    let plan = without_git.run("plan --changed-since main").exit(1);
    let _plan = plan.talks(&["needs git", "install git"]);
    // A history of its own.
    assert!(git(&project, &["checkout", "-q", "--orphan", "alone"]));
    project.edit("one.yaml", "title: one", "title: First");
    commit(&project);
    let plan = project.run("plan --changed-since main").exit(64);
    let _plan = plan.talks(&[
        "from which both `main` and this branch come",
        "no history in common",
    ]);
}

#[test]
fn a_shallow_clone_is_an_error_that_names_the_depth_to_fetch() {
    let Some(project) = in_git(Project::local().file("one.yaml", &api("one"))) else {
        return;
    };
    commit(&project);
    assert!(git(&project, &["checkout", "-qb", "edit"]));
    project.edit("one.yaml", "title: one", "title: First");
    commit(&project);
    let address = format!("file://{}", project.root().display());
    let cloned = |depth: &str| {
        let clone = Project::empty();
        let arguments = [
            "clone",
            "-q",
            "--no-single-branch",
            "--depth",
            depth,
            &address,
            ".",
        ];
        let done = git_in(clone.root()).args(arguments).status();
        assert!(done.expect("git runs").success());
        clone
    };
    let shallow = cloned("1");
    for name in ["origin/main", "HEAD~1"] {
        let plan = shallow
            .run(&format!("plan --changed-since {name}"))
            .exit(64);
        let _plan = plan.talks(&["git knows no commit", "shallow clone", "`fetch-depth: 0`"]);
    }
    let plan = cloned("2").run("plan --changed-since origin/main --format json");
    assert_eq!(scope(&plan.success().json()), (vec!["api/one"], vec![]));
}

#[test]
fn a_saved_plan_is_applied_with_its_scope_and_refused_with_another() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center))
        .file("one.yaml", &api("one"))
        .file("other.yaml", &api("other"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    center.put("apis/other", json!({"title": "By hand", "kind": "rest"}));
    project.edit("one.yaml", "title: one", "title: First");
    let _plan = project
        .run("plan --changed-since main --out plan.json")
        .success();
    for flags in ["--changed-since main", "--only api/one", "--prune"] {
        let refused = project.run(&format!("apply plan.json --auto-approve {flags}"));
        let _refused = refused.exit(64).talks(&["part of the saved plan"]);
    }
    // The branch changes more by now, although nothing else has to be written.
    center.put("apis/later", json!({"title": "later", "kind": "rest"}));
    project.write("later.yaml", api("later"));
    center.mark();
    let refused = project.run("apply plan.json --auto-approve").exit(5);
    let _refused = refused.talks(&["api/later: compared now"]);
    project.remove("later.yaml");
    // Main moves on, which is no matter of this branch.
    assert!(git(&project, &["branch", "-q", "-f", "elsewhere", "main"]));
    let done = project.run("apply plan.json --auto-approve").success();
    let _done = done.says(&["Apply complete! Resources: 0 added, 1 changed, 0 destroyed."]);
    assert_eq!(center.writes(), ["PUT apis/one"]);
    // The same by the command of the comment.
    project.edit("one.yaml", "title: First", "title: Again");
    let plan = project.run(PLAN).success().json();
    let id = plan["planId"].as_str().expect("an id");
    let base = plan["scope"]["base"].as_str().expect("a commit");
    // Everything is another plan.
    let _refused = project
        .run(&format!("apply --expect-plan {id} --auto-approve"))
        .exit(5);
    center.mark();
    let command = format!("apply --expect-plan {id} --changed-since {base} --auto-approve");
    let _done = project.run(&command).success();
    assert_eq!(center.writes(), ["PUT apis/one"]);
}

#[test]
fn the_id_of_everything_is_that_of_a_plan_with_the_same_changes() {
    let mut center = ServiceFixture::start();
    let project = orders(Project::of(&center)).file("one.yaml", &api("one"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    project.edit("one.yaml", "title: one", "title: First");
    project.edit("apis/openapi.yaml", "List orders", "All orders");
    let limited = project.run(PLAN).success().json();
    let all = |project: &Project| project.run("plan --format json").success().json();
    assert_eq!(limited["scope"]["planIdOfAll"], all(&project)["planId"]);
    assert_ne!(limited["planId"], all(&project)["planId"]);
    center.put("apis/orders", json!({"title": "By hand", "kind": "rest"}));
    assert_ne!(limited["scope"]["planIdOfAll"], all(&project)["planId"]);
    // What else is wrong in the service does not change the plan of the branch.
    assert_eq!(
        limited["planId"],
        project.run(PLAN).success().json()["planId"]
    );
}

#[test]
fn a_snapshot_and_patterns_limit_it_too() {
    let mut center = ServiceFixture::start();
    let project = Project::of(&center)
        .file("one.yaml", &api("one"))
        .file("two.yaml", &api("two"))
        .file(".gitignore", "live.json\n");
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    let _snapshot = project.run("snapshot --out live.json").success();
    project.edit("one.yaml", "title: one", "title: First");
    project.edit("two.yaml", "title: two", "title: Second");
    center.mark();
    let plan = project
        .run(&format!("{PLAN} --against live.json"))
        .success()
        .json();
    assert_eq!(
        changes(&plan),
        [("api/one", "update"), ("api/two", "update")]
    );
    assert_eq!(center.requests().len(), 0);
    let plan = project
        .run(&format!("{PLAN} --only api/two"))
        .success()
        .json();
    assert_eq!(changes(&plan), [("api/two", "update")]);
    assert_eq!(scope(&plan), (vec!["api/two"], vec![]));
    let plan = project.run("plan --changed-since main --detailed-exitcode");
    let _plan = plan.exit(2);
}

/// A share of few deletes among what was read may be small among all.
#[test]
fn deletes_are_judged_by_the_whole_service() {
    let mut center = ServiceFixture::start();
    let settings =
        "prune: {enabled: true, scope: all}\nsafety: {maxDeletes: \"15%\", minExisting: 10}";
    let mut project = Project::of_with(&center, settings).file("ground.yaml", GROUND);
    for (path, text) in many(5) {
        project = project.file(&path, &text);
    }
    // Versions that only a read of everything counts: 20 resources, of which 2 go.
    let versions = "versions: [{name: v1, title: v1, lifecycleStage: design}, {name: v2, title: v2, lifecycleStage: \
                    design}, {name: v3, title: v3, lifecycleStage: design}]";
    for i in 1..5 {
        let path = format!("apis/api-{i}.yaml");
        let old = "versions: [{name: v1, title: v1, lifecycleStage: design}]";
        project.edit(&path, old, versions);
    }
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    project.remove("apis/api-0.yaml");
    let plan = project.run(PLAN).success().json();
    assert_eq!(
        changes(&plan),
        [("api/api-0", "delete"), ("api/api-0/version/v1", "delete")]
    );
    assert_eq!(plan["refusals"], json!([]));
    project.edit("apicenter.yaml", "15%", "5%");
    commit(&project);
    project.remove("apis/api-1.yaml");
    let limited = project
        .run("plan --changed-since HEAD --format json")
        .exit(5)
        .json();
    let message = limited["refusals"][0]["message"]
        .as_str()
        .expect("a refusal");
    assert!(message.contains("4 of 20 resources"), "{message}");
}

#[test]
fn a_limit_of_the_service_counts_what_the_branch_does_not_change() {
    let mut center = ServiceFixture::start();
    let mut project = Project::of_with(&center, "limits: {apis: 6}");
    for (path, text) in many(5) {
        project = project.file(&path, &text);
    }
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    // One more that nobody declares.
    center.put("apis/foreign", json!({"title": "Foreign", "kind": "rest"}));
    project.write("new.yaml", api("new"));
    let plan = project.run(PLAN).exit(5).json();
    let message = plan["refusals"][0]["message"].as_str().expect("a refusal");
    assert!(message.contains("7/6"), "{message}");
}

#[test]
fn what_is_needed_and_was_never_applied_is_named() {
    let mut center = ServiceFixture::start();
    let Some(project) = applied_by(&mut center, |center| orders(Project::of(center))) else {
        return;
    };
    project.edit("apis/orders.yaml", "title: Production", "title: Live");
    let plan = project.run("plan --changed-since main").success();
    let _plan = plan.says(&["1 to change"]).never_says("needs");
    center.delete("apis/orders/deployments/prod-eu");
    center.delete("environments/production");
    let plan = project.run("plan --changed-since main").success();
    let _plan = plan.says(&[
        "api/orders/deployment/prod-eu needs environment/production, which is not in the service and not a part of this plan",
    ]);
}

/// An API got a value by hand, in the service only: the schema cannot change while it has it.
#[test]
fn users_of_a_metadata_schema_that_only_the_service_knows_are_part_of_the_plan() {
    let mut center = ServiceFixture::start();
    let schema = GROUND.split("---").next().expect("the schema");
    let project = Project::of(&center)
        .file("team.yaml", schema)
        .file("one.yaml", &api("one"))
        .file("two.yaml", &api("two"));
    let Some(project) = applied(&mut center, project) else {
        return;
    };
    let by_hand = json!({"title": "one", "kind": "rest", "customProperties": {"team": "x"}});
    center.put("apis/one", by_hand);
    project.edit("team.yaml", "type: string", "type: number");
    let limited = project.run(PLAN).success().json();
    let all = project.run("plan --format json").success().json();
    assert_eq!(limited["changes"], all["changes"]);
    assert_eq!(scope(&limited).0, ["metadata-schema/team", "api/one"]);
}

#[test]
fn a_project_in_a_folder_of_the_repository_is_compared_with_that_folder() {
    let project = Project::empty();
    let folder = |path: &str, text: &str| project.write(&format!("catalogue/{path}"), text);
    folder(
        "apicenter.yaml",
        "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: catalogue}\nspec: {targets: {local: {emulator: {}}}}\n",
    );
    folder(
        "apis/orders.yaml",
        ORDERS.split("  deployments:").next().expect("a manifest"),
    );
    folder("apis/openapi.yaml", OPENAPI);
    folder("apis/two.yaml", &api("two"));
    folder("team.yaml", GROUND);
    project.write("elsewhere.yaml", api("elsewhere"));
    let Some(project) = in_git(project) else {
        return;
    };
    commit(&project);
    project.edit("elsewhere.yaml", "title: elsewhere", "title: Else");
    let plan = |project: &Project| {
        project
            .run(&format!("-C catalogue/apis {PLAN}"))
            .success()
            .json()
    };
    assert_eq!(scope(&plan(&project)), (vec![], vec![]));
    project.edit("catalogue/apis/openapi.yaml", "List orders", "All orders");
    assert_eq!(scope(&plan(&project)), (vec![DEFINITION], vec![]));
}

/// What git does not record may be anything where the branch begins.
#[test]
fn what_is_read_from_files_that_git_does_not_know_is_always_compared() {
    let project = Project::local()
        .file("ground.yaml", GROUND)
        .file(
            "orders.yaml",
            &ORDERS.replace("openapi.yaml", "build/openapi.yaml"),
        )
        .file("build/openapi.yaml", OPENAPI)
        .file("two.yaml", &api("two"))
        .file(".gitignore", "build/\n.apicenter/\n");
    let Some(project) = in_git(project) else {
        return;
    };
    commit(&project);
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec![DEFINITION], vec![]));
}

/// Git LFS keeps a pointer in place of the content.
#[test]
fn a_description_that_is_kept_outside_of_git_is_compared_if_its_pointer_differs() {
    let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 100\n";
    let project = orders(Project::local()).file("two.yaml", &api("two"));
    project.write("apis/openapi.yaml", pointer);
    let Some(project) = in_git(project) else {
        return;
    };
    commit(&project);
    project.write("apis/openapi.yaml", OPENAPI);
    let plan = project.run(PLAN).success().json();
    assert_eq!(scope(&plan), (vec![DEFINITION], vec![]));
}

#[cfg(unix)]
#[test]
fn what_is_behind_a_link_is_never_missed() {
    let project = Project::local()
        .file("ground.yaml", GROUND)
        .file(
            "orders.yaml",
            &ORDERS.replace("openapi.yaml", "linked/openapi.yaml"),
        )
        .file("real/openapi.yaml", OPENAPI)
        .file("two.yaml", &api("two"));
    std::os::unix::fs::symlink("real", project.path("linked")).expect("a link");
    let Some(project) = in_git(project) else {
        return;
    };
    commit(&project);
    project.edit("two.yaml", "title: two", "title: Second");
    let plan = project.run(PLAN).success().json();
    assert!(scope(&plan).0.contains(&"api/two"));
    project.edit("real/openapi.yaml", "List orders", "All orders");
    let plan = project.run("plan --changed-since main").success();
    let _plan = plan.talks(&[
        "everything is planned",
        "`real/openapi.yaml` differs, to which the link `linked` leads",
    ]);
}

/// Numbers that look random, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).expect("31 bits") % sides
    }

    fn is_one_in(&mut self, sides: usize) -> bool {
        self.roll(sides) == 0
    }
}

/// What an API of a random catalogue declares.
#[derive(Clone)]
struct RandomApi {
    title: usize,
    team: Option<usize>,
    versions: Vec<(usize, usize)>,
    environment: Option<usize>,
}

/// A catalogue: APIs and environments by number, and a metadata schema whose type changes.
#[derive(Clone)]
struct Catalogue {
    apis: Vec<Option<RandomApi>>,
    environments: Vec<Option<usize>>,
    is_number: bool,
}

impl Catalogue {
    fn random(dice: &mut Dice) -> Self {
        let environments: Vec<Option<usize>> = (0..3).map(|_| Some(dice.roll(3))).collect();
        let apis = (0..6).map(|_| (!dice.is_one_in(5)).then(|| RandomApi::random(dice)));
        Self {
            apis: apis.collect(),
            environments,
            is_number: false,
        }
    }

    fn edit(&mut self, dice: &mut Dice) {
        for api in &mut self.apis {
            match dice.roll(8) {
                0 => *api = None,
                1 => *api = Some(RandomApi::random(dice)),
                2 | 3 => {
                    if let Some(api) = api {
                        api.edit(dice);
                    }
                }
                _ => {}
            }
        }
        for environment in &mut self.environments {
            if dice.is_one_in(4) {
                *environment = Some(dice.roll(3));
            }
        }
        self.is_number |= dice.is_one_in(4);
    }

    fn write(&self, project: &Project) {
        let kind = if self.is_number { "number" } else { "string" };
        project.write(
            "team.yaml",
            format!(
                "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {{name: team}}\nspec:\n  schema: {{type: {kind}}}\n  \
                 assignedTo: [{{entity: api}}]\n"
            ),
        );
        let mut environments = String::new();
        for (i, title) in self.environments.iter().enumerate() {
            if let Some(title) = title {
                environments.push_str(&format!(
                    "---\napiVersion: apicenter/v1\nkind: Environment\nmetadata: {{name: env-{i}}}\nspec: {{title: Title {title}, \
                     kind: testing}}\n"
                ));
            }
        }
        project.write("environments.yaml", environments);
        for (i, api) in self.apis.iter().enumerate() {
            let path = format!("apis/api-{i}.yaml");
            match api {
                Some(api) => api.write(project, i, self.is_number),
                None if project.path(&path).exists() => project.remove(&path),
                None => {}
            }
        }
    }
}

impl RandomApi {
    fn random(dice: &mut Dice) -> Self {
        let versions = 0..dice.roll(3);
        Self {
            title: dice.roll(3),
            team: dice.is_one_in(2).then(|| dice.roll(3)),
            versions: versions.map(|_| (dice.roll(2), dice.roll(3))).collect(),
            environment: dice.is_one_in(2).then(|| dice.roll(3)),
        }
    }

    fn edit(&mut self, dice: &mut Dice) {
        match dice.roll(5) {
            0 => self.title = dice.roll(3),
            1 => self.team = dice.is_one_in(2).then(|| dice.roll(3)),
            2 => self.versions.push((dice.roll(2), dice.roll(3))),
            3 => {
                let _removed = self.versions.pop();
            }
            _ => {
                if let Some((_, text)) = self.versions.first_mut() {
                    *text = dice.roll(3);
                }
            }
        }
    }

    fn write(&self, project: &Project, number: usize, is_number: bool) {
        let mut text = format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-{number}}}\nspec:\n  title: Title {}\n  kind: rest\n",
            self.title
        );
        if let Some(team) = self.team {
            let value = if is_number {
                team.to_string()
            } else {
                format!("team-{team}")
            };
            text.push_str(&format!("  customProperties: {{team: {value}}}\n"));
        }
        text.push_str(&format!(
            "  versions:{}\n",
            if self.versions.is_empty() { " []" } else { "" }
        ));
        for (i, (stage, document)) in self.versions.iter().enumerate() {
            let stage = ["design", "production"][*stage];
            let file = format!("api-{number}-v{i}.openapi.yaml");
            text.push_str(&format!(
                "    - name: v{i}-0\n      title: v{i}\n      lifecycleStage: {stage}\n      definitions:\n        - {{name: openapi, \
                 title: OpenAPI, source: {{file: {file}}}}}\n"
            ));
            project.write(
                &format!("apis/{file}"),
                format!(
                    "openapi: 3.0.3\ninfo: {{title: Text {document}, version: v{i}}}\npaths: {{}}\n"
                ),
            );
        }
        if let (Some(environment), false) = (self.environment, self.versions.is_empty()) {
            text.push_str(&format!(
                "  deployments:\n    - {{name: main, title: Main, environment: env-{environment}, definition: v0-0/openapi, server: \
                 {{runtimeUri: [\"https://x.contoso.com\"]}}}}\n"
            ));
        }
        project.write(&format!("apis/api-{number}.yaml"), text);
    }
}

/// What a full plan shows of the resources that were compared.
fn within_scope(all: &Value, limited: &Value) -> Vec<Value> {
    let (addresses, removed) = scope(limited);
    let is_compared = |address: &str| {
        addresses.contains(&address)
            || removed.iter().any(|above| {
                address
                    .strip_prefix(above)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
            })
    };
    let changes = all["changes"].as_array().expect("a list").iter();
    changes
        .filter(|change| is_compared(change["address"].as_str().expect("an address")))
        .cloned()
        .collect()
}

/// Random catalogues, random edits and a service that somebody changed by hand: what is compared is shown as a plan of
/// everything shows it, and all that the branch changes is compared.
#[test]
fn a_limited_plan_shows_what_a_plan_of_everything_shows_of_the_same_resources() {
    let mut shown = 0;
    for seed in 0..12 {
        let dice = &mut Dice(seed * 7919 + 1);
        let center = ServiceFixture::start();
        let pruning = ["prune: {scope: all}", "prune: {enabled: true, scope: all}"][dice.roll(2)];
        let settings = format!("{pruning}\nsafety: {{maxDeletes: \"100%\"}}");
        let Some(project) = in_git(Project::of_with(&center, &settings)) else {
            return;
        };
        let mut catalogue = Catalogue::random(dice);
        catalogue.write(&project);
        commit(&project);
        let _done = project.run("apply --auto-approve --no-verify -q").success();
        // Somebody works by hand in the meantime.
        for i in 0..6 {
            if dice.is_one_in(3) {
                center.put(
                    &format!("apis/api-{i}"),
                    json!({"title": "By hand", "kind": "soap"}),
                );
            }
        }
        center.put("apis/foreign", json!({"title": "Foreign", "kind": "rest"}));
        let before = catalogue.clone();
        catalogue.edit(dice);
        catalogue.write(&project);
        let json = |arguments: &str| {
            let outcome = project.run(arguments);
            let code = outcome.code().expect("it ended by itself");
            (code, outcome.exit(code).json())
        };
        let (limited_code, limited) = json(PLAN);
        let (code, all) = json("plan --format json");
        let expected = within_scope(&all, &limited);
        assert_eq!(
            limited["changes"],
            Value::from(expected.clone()),
            "seed {seed}"
        );
        assert!(
            code == limited_code || all["refusals"] != limited["refusals"],
            "seed {seed}"
        );
        shown += expected.len();
        // Everything that was edited is compared.
        let (addresses, removed) = scope(&limited);
        for (i, (old, new)) in before.apis.iter().zip(&catalogue.apis).enumerate() {
            let address = format!("api/api-{i}");
            match (old, new) {
                (Some(_), None) => assert!(removed.contains(&&*address), "seed {seed}"),
                (Some(old), Some(new)) if old.title == new.title => {}
                (_, Some(_)) => assert!(addresses.contains(&&*address), "seed {seed}"),
                (None, None) => {}
            }
        }
    }
    assert!(shown > 40, "{shown}");
}
