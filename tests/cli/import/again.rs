//! `import openapi` again and again: what is new is added, what somebody wrote stays.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::Stdio;

use insta::assert_snapshot;
use serde_json::{Value, json};

use super::{files, holds, repeats};
use crate::cli::git::{git, in_git};
use crate::cli::harness::Project;

const PRODUCTION: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\n\
                          spec: {title: Production, kind: production}\n";

/// A description of the API `title` with these paths.
fn document(title: &str, version: &str, description: &str, paths: &[&str]) -> String {
    let paths: serde_json::Map<String, Value> = paths
        .iter()
        .map(|path| ((*path).to_owned(), json!({})))
        .collect();
    let document = json!({
        "openapi": "3.0.1",
        "info": {"title": title, "version": version, "description": description},
        "servers": [{"url": format!("https://api.contoso.com/orders/{version}")}],
        "paths": paths,
    });
    document.to_string()
}

fn orders(version: &str, description: &str) -> String {
    document("Orders", version, description, &["/orders"])
}

#[test]
fn a_growing_description_and_hand_edits_lose_nothing() {
    let project = Project::local().file("production.yaml", PRODUCTION);
    let import = "import openapi out/swagger.json --environment production";
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run(import).success();
    repeats(&project, import).says(&["unchanged"]);

    let manifest = project.read("apis/orders.yaml");
    let manifest = manifest
        .replace(
            "  kind: rest\n",
            "  kind: rest\n  summary: By hand. # ours\n",
        )
        .replace(
            "lifecycleStage: design",
            "lifecycleStage: production # live",
        )
        .replace("title: api.contoso.com", "title: Gateway")
        + "  customProperties: {} # none yet\n";
    project.write("apis/orders.yaml", format!("# Checkout team\n{manifest}"));
    repeats(&project, import);

    project.write("out/swagger.json", orders("1.1.0", "Second."));
    let check = format!("{import} --check");
    project
        .run(&check)
        .exit(2)
        .says(&["added", "version 1.1.0"])
        .talks(&["would write apis/orders.yaml"]);
    let ended = project.run(import).success();
    assert_snapshot!(ended.scrubbed(), @r"
    Imported 1 API to 2 files (2 written, 0 unchanged).
      api/orders  apis/orders.yaml  2 versions, 2 documents, 2 deployments: added a copy of the document of version 1.0.0, version 1.1.0, deployment production-1-1-0; updated description
    ");
    repeats(&project, import);
    project.run(&check).success();

    project.edit(
        "apis/orders.yaml",
        "description: Second.",
        "description: Ours.",
    );
    project.edit("apis/orders.yaml", "title: Orders", "title: Order desk");
    project.write("out/swagger.json", orders("2.0.0", "Third."));
    project.run(import).success().says(&[
        "added a copy of the document of version 1.1.0, version 2.0.0",
        "kept title, description",
    ]);
    assert_eq!(
        project.read("apis/orders/1.0.0/openapi.json"),
        orders("1.0.0", "First.")
    );
    assert_eq!(
        project.read("apis/orders/1.1.0/openapi.json"),
        orders("1.1.0", "Second.")
    );
    assert_snapshot!(project.read("apis/orders.yaml"), @r#"
    # Checkout team
    apiVersion: apicenter/v1
    kind: Api
    metadata:
      name: orders
    spec:
      title: Order desk
      kind: rest
      summary: By hand. # ours
      description: Ours.
      versions:
        - name: "1.0.0"
          title: "1.0.0"
          lifecycleStage: production # live
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: orders/1.0.0/openapi.json
        - name: "1.1.0"
          title: "1.1.0"
          lifecycleStage: design
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: orders/1.1.0/openapi.json
        - name: "2.0.0"
          title: "2.0.0"
          lifecycleStage: design
          definitions:
            - name: openapi
              title: OpenAPI
              source:
                file: ../out/swagger.json
      deployments:
        - name: production
          title: Gateway
          environment: production
          definition: 1.0.0/openapi
          server:
            runtimeUri:
              - https://api.contoso.com/orders/1.0.0
        - name: production-1-1-0
          title: api.contoso.com
          environment: production
          definition: 1.1.0/openapi
          server:
            runtimeUri:
              - https://api.contoso.com/orders/1.1.0
        - name: production-2-0-0
          title: api.contoso.com
          environment: production
          definition: 2.0.0/openapi
          server:
            runtimeUri:
              - https://api.contoso.com/orders/2.0.0
      customProperties: {} # none yet
    "#);
    project.run("validate").success().says(&["Valid"]);
    holds(&project);
}

#[test]
fn where_nothing_is_known_of_the_file_before_more_is_kept() {
    let project = Project::local();
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run("import openapi out/swagger.json").success();
    std::fs::remove_dir_all(project.path(".apicenter")).expect("the state is removed");
    project.write("out/swagger.json", orders("1.1.0", "Second."));
    project
        .run("validate")
        .success()
        .talks(&["warning[version-mismatch]", "states version `1.1.0`"]);
    project
        .run("import openapi out/swagger.json")
        .success()
        .says(&["added version 1.1.0; kept description"])
        .talks(&["version 1.0.0 no longer has a source"]);
    let manifest = project.read("apis/orders.yaml");
    assert_eq!(manifest.matches("source:").count(), 1);
    assert!(manifest.contains("description: First."));
    project
        .run("import openapi out/swagger.json --force")
        .success()
        .says(&["updated description"]);
    assert!(
        project
            .read("apis/orders.yaml")
            .contains("description: Second.")
    );
    holds(&project);
}

#[test]
fn a_copy_that_somebody_edits_to_the_next_version_is_not_overwritten() {
    let project = Project::local();
    let import = "import openapi apis/orders/1.0.0/openapi.json";
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project
        .run("import openapi out/swagger.json --copy")
        .success();
    project.run(import).success();
    project.write("apis/orders/1.0.0/openapi.json", orders("2.0.0", "Second."));
    project.run(import).success().says(&[
        "added a copy of the document of version 1.0.0, version 2.0.0; updated description",
    ]);
    for (version, description) in [("1.0.0", "First."), ("2.0.0", "Second.")] {
        let path = format!("apis/orders/{version}/openapi.json");
        assert_eq!(project.read(&path), orders(version, description));
    }
    let manifest = project.read("apis/orders.yaml");
    assert!(
        manifest.contains("file: orders/2.0.0/openapi.json"),
        "{manifest}"
    );
    repeats(&project, import).says(&["unchanged"]);
    holds(&project);
}

#[test]
fn a_split_description_that_somebody_edits_keeps_its_file() {
    let project = Project::local();
    let copy = "apis/orders/1.0.0/openapi.json";
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project
        .run("import openapi out/swagger.json --copy")
        .success();
    project.run(&format!("import openapi {copy}")).success();
    project.write("apis/orders/1.0.0/paths.json", "{\"get\": {}}");
    let split = orders("2.0.0", "Second.")
        .replace("\"/orders\":{}", "\"/orders\":{\"$ref\":\"paths.json\"}");
    assert!(split.contains("$ref"), "{split}");
    project.write(copy, &split);
    project
        .run(&format!("import openapi {copy}"))
        .success()
        .says(&["added version 2.0.0"])
        .talks(&["version 1.0.0 no longer has a source"]);
    assert_eq!(project.read(copy), split);
    project.run("validate").success();
}

#[test]
fn a_copy_does_not_take_the_file_of_another_version() {
    let project = Project::local();
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run("import openapi out/swagger.json").success();
    project.write("out/swagger.json", orders("2.0.0", "Third."));
    let other = orders("1.5.0", "Second.");
    project.write("apis/orders/1.0.0/openapi.json", &other);
    project
        .run("import openapi out/swagger.json apis/orders/1.0.0/openapi.json")
        .success()
        .says(&["added version 1.5.0, version 2.0.0"])
        .talks(&["version 1.0.0 no longer has a source"]);
    assert_eq!(project.read("apis/orders/1.0.0/openapi.json"), other);
    holds(&project);
}

#[test]
fn a_copy_overwrites_no_other_file_of_the_run() {
    let copy = "apis/orders/1.0.0/openapi.json";
    let split = orders("3.0.0", "Third.")
        .replace("\"/orders\":{}", "\"/orders\":{\"$ref\":\"paths.json\"}");
    for newer in [orders("3.0.0", "Third."), split] {
        let project = Project::local();
        project.write("out/swagger.json", orders("1.0.0", "First."));
        project.run("import openapi out/swagger.json").success();
        project.write("out/swagger.json", orders("2.0.0", "Second."));
        project.write("apis/orders/1.0.0/paths.json", "{\"get\": {}}");
        project.write(copy, &newer);
        project
            .run(&format!("import openapi out/swagger.json {copy}"))
            .success()
            .says(&["added version 2.0.0, version 3.0.0"])
            .talks(&["version 1.0.0 no longer has a source"]);
        assert_eq!(project.read(copy), newer);
        assert_eq!(files(&project, "apis").len(), 3);
        holds(&project);
    }
}

#[test]
fn a_copy_gets_a_name_that_no_other_document_has() {
    let taken = "apis/orders/2.0.0/openapi.json";
    let project = Project::local();
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run("import openapi out/swagger.json").success();
    project.write("new/swagger.json", orders("2.0.0", "Second."));
    project.write(taken, orders("3.0.0", "Third."));
    project
        .run(&format!("import openapi {taken} new/swagger.json --copy"))
        .success()
        .says(&["added version 2.0.0, version 3.0.0"]);
    assert_eq!(project.read(taken), orders("3.0.0", "Third."));
    project.write("new/swagger.json", orders("2.0.0", "Changed."));
    let import = "import openapi new/swagger.json --copy";
    project.run(import).success();
    repeats(&project, import);
    assert_eq!(
        project.read("apis/orders/2.0.0/openapi-2.json"),
        orders("2.0.0", "Changed.")
    );
    assert_eq!(project.read(taken), orders("3.0.0", "Third."));
    holds(&project);
}

#[test]
fn a_file_that_no_definition_has_is_not_overwritten() {
    let notes = "apis/orders/2.0.0/openapi.json";
    let import = "import openapi out/swagger.json --copy";
    let project = Project::local();
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run(import).success();
    let manifest = project.read("apis/orders.yaml");
    project.write("out/swagger.json", orders("2.0.0", "Second."));
    project.write(notes, "by hand");
    project
        .run(import)
        .exit(5)
        .talks(&["these files differ", notes]);
    assert_eq!(project.read(notes), "by hand");
    assert_eq!(project.read("apis/orders.yaml"), manifest);
    project.run(&format!("{import} --force")).success();
    assert_eq!(project.read(notes), orders("2.0.0", "Second."));
    holds(&project);
}

#[test]
fn two_apis_of_one_manifest_are_updated_together() {
    let project = Project::local();
    let manifest = |name: &str, title: &str| {
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}}} # ours\nspec:\n  title: {title}\n  kind: rest\n"
        )
    };
    let (first, second) = (manifest("orders", "Orders"), manifest("users", "Users"));
    project.write("apis.yaml", format!("{first}---\n{second}"));
    project.write("specs/a.json", orders("1.0.0", "A."));
    project.write(
        "specs/b.json",
        document("Users", "1.0.0", "B.", &["/users"]),
    );
    project.run("import openapi specs").success().says(&[
        "(1 written, 0 unchanged)",
        "api/orders",
        "api/users",
    ]);
    let text = project.read("apis.yaml");
    let (first, second) = text.split_once("---\n").expect("two documents");
    assert!(
        first.contains("specs/a.json") && second.contains("specs/b.json"),
        "{text}"
    );
    assert_eq!(text.matches("# ours").count(), 2);
    repeats(&project, "import openapi specs");
    holds(&project);
}

#[test]
fn copies_of_an_api_in_a_folder_of_its_own_are_updated() {
    let project = Project::local();
    project.write(
        "apis/orders/api.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n",
    );
    for description in ["First.", "Second."] {
        project.write("out/swagger.json", orders("1.0.0", description));
        project
            .run("import openapi out/swagger.json --copy")
            .success();
        assert_eq!(
            project.read("apis/orders/1.0.0/openapi.json"),
            orders("1.0.0", description)
        );
    }
    repeats(&project, "import openapi out/swagger.json --copy");
    holds(&project);
}

/// Git fetches what a repository lacks, by programs that the settings of the repository name.
#[cfg(unix)]
#[test]
fn a_repository_that_a_checkout_brings_runs_no_program() {
    let Some(project) = in_git(Project::local()) else {
        return;
    };
    let git = |arguments: &[&str]| git(&project, arguments);
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run("import openapi out/swagger.json").success();
    assert!(git(&["add", "apis", "out"]) && git(&["commit", "-qm", "first"]));
    // The objects of the files are missing, and the settings say what to run to get them.
    let objects = project.path(".git/objects");
    for folder in std::fs::read_dir(&objects).expect("a folder") {
        for object in std::fs::read_dir(folder.expect("an entry").path()).expect("a folder") {
            let object = object.expect("an entry").path();
            let name = object
                .parent()
                .and_then(|it| it.file_name()?.to_str())
                .expect("text");
            let id = format!(
                "{name}{}",
                object.file_name().expect("a name").to_string_lossy()
            );
            if !git(&["cat-file", "-e", &format!("{id}^{{tree}}")]) {
                std::fs::remove_file(&object).expect("removed");
            }
        }
    }
    let ran = project.path("ran");
    let settings = format!(
        "[core]\n\trepositoryformatversion = 1\n\tbare = false\n\tworktree = .\n\tsshCommand = touch {}; false\n\
         [extensions]\n\tpartialClone = origin\n\
         [remote \"origin\"]\n\turl = ssh://x/y\n\tpromisor = true\n\tpartialclonefilter = blob:none\n",
        ran.display()
    );
    let again = || {
        std::fs::remove_dir_all(project.path(".apicenter")).expect("the state is removed");
        project.write("out/swagger.json", orders("1.0.0", "Second."));
        project.run("import openapi out/swagger.json").success();
        assert!(!ran.exists());
    };
    project.write(".git/config", &settings);
    again();
    // A repository of the same content that is not called `.git`, as a checkout can have it.
    for name in ["HEAD", "config", "objects", "refs"] {
        let from = project.path(".git").join(name);
        std::fs::rename(from, project.path(name)).expect("moved");
    }
    std::fs::remove_dir_all(project.path(".git")).expect("removed");
    again();
    project.write("apis/a", "");
    crate::cli::git::git_in(&project.path("apis"))
        .args(["cat-file", "-e", "HEAD:out/swagger.json"])
        .status()
        .expect("it runs");
    assert!(ran.exists(), "the test would notice");
}

#[test]
fn the_last_commit_says_what_the_file_was() {
    let Some(project) = in_git(Project::local()) else {
        return;
    };
    let git = |arguments: &[&str]| git(&project, arguments);
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run("import openapi out/swagger.json").success();
    assert!(git(&["add", "apis", "out"]) && git(&["commit", "-qm", "first"]));
    std::fs::remove_dir_all(project.path(".apicenter")).expect("the state is removed");
    project.write("out/swagger.json", orders("1.1.0", "Second."));
    project
        .run("import openapi out/swagger.json")
        .success()
        .says(&["updated description"]);
    assert_eq!(
        project.read("apis/orders/1.0.0/openapi.json"),
        orders("1.0.0", "First.")
    );
}

#[test]
fn neither_an_old_text_nor_the_present_one_hides_the_commit() {
    let Some(project) = in_git(Project::local()) else {
        return;
    };
    let git = |arguments: &[&str]| git(&project, arguments);
    let import = "import openapi out/swagger.json";
    for (version, description) in [("1.0.0", "First."), ("1.1.0", "Second.")] {
        project.write("out/swagger.json", orders(version, description));
        project.run(import).success();
    }
    assert!(git(&["add", "apis", "out"]) && git(&["commit", "-qm", "both"]));
    // Somebody else imported 1.1.0, so that this machine remembers 1.0.0.
    let kept = ".apicenter/imported/out/swagger.json";
    assert_eq!(project.read(kept), orders("1.1.0", "Second."));
    project.write(kept, orders("1.0.0", "First."));
    project.write("out/swagger.json", orders("2.0.0", "Third."));
    project.run(import).success().says(&[
        "added a copy of the document of version 1.1.0, version 2.0.0",
        "updated description",
    ]);
    let manifest = project.read("apis/orders.yaml");
    let copy = project.read("apis/orders/1.1.0/openapi.json");
    assert_eq!(copy, orders("1.1.0", "Second."));
    assert_eq!(project.read(kept), orders("2.0.0", "Third."));

    // The manifests are as they were, and the file is not.
    assert!(git(&["checkout", "-q", "--", "apis"]));
    project.remove("apis/orders/1.1.0/openapi.json");
    project.run(import).success();
    assert_eq!(project.read("apis/orders.yaml"), manifest);
    assert_eq!(project.read("apis/orders/1.1.0/openapi.json"), copy);
    holds(&project);
}

#[test]
fn a_byte_order_mark_of_a_manifest_stays() {
    let project = Project::local();
    let import = "import openapi out/swagger.json";
    project.write("out/swagger.json", orders("1.0.0", "First."));
    project.run(import).success();
    let marked = format!("\u{feff}{}", project.read("apis/orders.yaml"));
    project.write("apis/orders.yaml", &marked);
    repeats(&project, import);
    assert_eq!(project.read("apis/orders.yaml"), marked);
    project.write("out/swagger.json", orders("1.1.0", "Second."));
    project.run(import).success().says(&["version 1.1.0"]);
    let manifest = project.read("apis/orders.yaml");
    assert!(manifest.starts_with("\u{feff}apiVersion: "), "{manifest}");
    holds(&project);
}

#[test]
fn a_version_is_found_by_any_of_its_spellings() {
    for (name, title) in [
        ("1-0-0", "1.0.0"),
        ("v1", "v1"),
        ("1.0", "First"),
        ("first", "1"),
    ] {
        let project = Project::local();
        project.write("specs/a.json", orders("1.0.0", "A."));
        project.write("specs/b.json", orders("1.0.0", "B."));
        project.write(
            "team/orders.yaml",
            format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  kind: rest\n  \
                 versions:\n  - {{name: '{name}', title: '{title}', lifecycleStage: production}}\n"
            ),
        );
        project
            .run("import openapi specs/a.json")
            .success()
            .says(&["1 version,", "added description, definition"]);
        repeats(&project, "import openapi specs/a.json");
        project.run("import openapi specs/b.json").success().says(&[
            "1 version, 1 document",
            "updated description, document of version",
        ]);
        let manifest = project.read("team/orders.yaml");
        assert!(
            manifest.contains("../specs/b.json") && !manifest.contains("a.json"),
            "{manifest}"
        );
        assert!(
            manifest.contains("lifecycleStage: production"),
            "{manifest}"
        );
        project
            .run("validate")
            .success()
            .never_says("version-mismatch");
    }
}

#[test]
fn equal_versions_and_families_are_no_news_to_validate() {
    for (name, title, is_news) in [
        ("v1", "v1", false),
        ("1-2-3", "1.2.3", false),
        ("latest", "Latest", false),
        ("v2", "Second", true),
        ("1-2-4", "1.2.4", true),
    ] {
        let project = Project::local();
        project.write("a.json", orders("1.2.3", "A."));
        project.write(
            "orders.yaml",
            format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  title: Orders\n  kind: rest\n  \
                 versions:\n  - name: {name}\n    title: {title}\n    lifecycleStage: design\n    definitions:\n    - {{name: openapi, title: O, source: {{file: a.json}}}}\n"
            ),
        );
        let ended = project.run("validate").success();
        let warned = ended.stderr().contains("version-mismatch");
        assert_eq!(warned, is_news, "{name} {title}");
    }
}

#[test]
fn files_that_share_only_a_title_are_separate_apis() {
    let project = Project::local();
    project.write(
        "users/openapi.json",
        document("OpenAPI definition", "v0", "", &["/users"]).replace("orders/", "users/"),
    );
    project.write(
        "stock/openapi.json",
        document("OpenAPI definition", "v0", "", &["/stock"]),
    );
    project.write(
        "stock/events.yaml",
        "asyncapi: 2.6.0\ninfo: {title: OpenAPI definition, version: v0}\nchannels: {stock: {}}\n",
    );
    project.write("stock/readme.md", "# Stock\n");
    project.write("stock/logo.png", b"\x89PNG\xff");
    let ended = project.run("import openapi users stock").success();
    ended.says(&["Imported 3 APIs to 3 files"]).talks(&[
        "users/openapi.json: only its title `OpenAPI definition` is that of",
        "skipped 2 files, which describe no API: stock/logo.png, stock/readme.md",
    ]);
    repeats(&project, "import openapi users stock");
    repeats(&project, "import openapi users");
    project.run("import openapi stock/readme.md").exit(6);
    holds(&project);
}

#[test]
fn several_files_of_one_version_are_reported() {
    let project = Project::local();
    project.write("specs/a.json", orders("1.0.0", "A."));
    project.write("specs/b.json", orders("1.0.0", "B."));
    project.write("specs/c.json", orders("1.0.0", "A."));
    project
        .run("import openapi specs")
        .success()
        .says(&["1 version, 2 documents"])
        .talks(&[
            "version 1.0.0 has more than one openapi document: specs/b.json is definition openapi-2",
            "api/orders: specs/c.json: left out, as it says the same as specs/a.json",
        ]);
    let again = repeats(&project, "import openapi specs");
    again.talks(&["api/orders: specs/c.json: left out, as it says the same as specs/a.json"]);
    project.run("import openapi specs --check").success();
    repeats(&project, "import openapi specs/c.json");
    holds(&project);
}

#[test]
fn an_api_of_the_same_name_and_another_kind_is_left_alone() {
    let project = Project::local();
    project.write(
        "orders.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: soap}\n",
    );
    project.write("specs/a.json", orders("1.0.0", "A."));
    project.run("import openapi specs/a.json").exit(5).talks(&[
        "share no kind, path or server",
        "specs/a.json: api/orders in orders.yaml",
    ]);
    project.run("import openapi specs/a.json --force").success();
    assert_eq!(
        project.read("orders.yaml"),
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: soap, description: \"A.\", \
         versions: [{name: \"1.0.0\", title: \"1.0.0\", lifecycleStage: \"design\", definitions: [{name: \"openapi\", title: \"OpenAPI\", \
         source: {file: \"specs/a.json\"}}]}]}\n"
    );
    holds(&project);
}

#[test]
fn values_that_anchors_share_are_not_changed() {
    let project = Project::local();
    let manifest = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: &t Orders\n  kind: rest\n  \
                    summary: *t\n  versions: &v\n  - {name: v1, title: v1, lifecycleStage: design}\n";
    let second = manifest
        .replace("name: orders", "name: other")
        .replace("&t Orders", "Other")
        .replace("*t", "x")
        .replace("&v\n", "\n");
    project.write("orders.yaml", format!("{manifest}---\n{second}"));
    project.write("specs/a.json", orders("2.0.0", "A."));
    project
        .run("import openapi specs/a.json")
        .success()
        .says(&["added description, version 2.0.0"]);
    let text = project.read("orders.yaml");
    assert!(
        text.contains("title: &t Orders") && text.contains("summary: *t"),
        "{text}"
    );
    holds(&project);
}

#[test]
fn servers_with_variables_are_named() {
    let project = Project::local().file("production.yaml", PRODUCTION);
    project.write(
        "a.yaml",
        "openapi: 3.0.0\ninfo: {title: A, version: '1'}\npaths: {}\nservers:\n- url: https://{tenant}.contoso.com\n\
         - url: https://{region}.contoso.com\n  variables: {region: {default: eu, enum: [eu, us]}}\n",
    );
    project.run("import openapi a.yaml --environment production").success().talks(&[
        "the server `https://{tenant}.contoso.com` has a variable without a default: no deployment for it",
        "the server `https://{region}.contoso.com` has variables with several values: taken as `https://eu.contoso.com`",
    ]);
}

#[test]
fn standard_input_and_addresses_are_copied() {
    let project = Project::local();
    let mut child = project
        .command("import openapi -")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut input = child.stdin.take().expect("a pipe");
    input
        .write_all(orders("1.0.0", "A.").as_bytes())
        .expect("it reads");
    drop(input);
    assert!(child.wait().expect("it ends").success());
    assert_eq!(
        project.read("apis/orders/1.0.0/openapi.json"),
        orders("1.0.0", "A.")
    );

    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a request");
        let mut request = [0; 4096];
        let _length = stream.read(&mut request).expect("a request");
        let body = orders("2.0.0", "B.");
        let head = format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n", body.len());
        stream
            .write_all((head + &body).as_bytes())
            .expect("a response");
    });
    project
        .run(&format!(
            "import openapi http://127.0.0.1:{port}/openapi.json"
        ))
        .success()
        .says(&["added version 2.0.0; updated description"]);
    server.join().expect("the server ends");
    assert_eq!(
        files(&project, "apis"),
        [
            "apis/orders.yaml",
            "apis/orders/1.0.0/openapi.json",
            "apis/orders/2.0.0/openapi.json"
        ]
    );
    project
        .run("import openapi http://contoso.com/x.json")
        .exit(1)
        .talks(&["must be asked over https"]);
    holds(&project);
}

#[test]
fn with_copy_a_build_may_overwrite_its_output() {
    let project = Project::local();
    for (version, description) in [
        ("1.0.0", "A."),
        ("1.0.0", "A2."),
        ("1.1.0", "B."),
        ("2.0.0", "C."),
    ] {
        project.write("out/swagger.json", orders(version, description));
        project
            .run("import openapi out/swagger.json --copy")
            .success();
        repeats(&project, "import openapi out/swagger.json --copy");
    }
    assert_eq!(files(&project, "apis").len(), 4);
    assert_eq!(
        project.read("apis/orders/1.0.0/openapi.json"),
        orders("1.0.0", "A2.")
    );
    assert!(project.read("apis/orders.yaml").contains("description: C."));
    holds(&project);
}
