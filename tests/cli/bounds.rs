//! Inputs of a size that nobody writes by hand: the program ends, and says how much it leaves out.

use super::harness::Project;

const MANY: usize = 20_000;

/// A file in which every document is wrong.
fn wrong_documents(count: usize) -> String {
    (0..count)
        .map(|i| {
            format!(
                "---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-{i}}}\nspec: {{title: T, kind: \
                 rest, sumary{i}: x}}\n"
            )
        })
        .collect()
}

#[test]
fn of_very_many_problems_the_first_are_printed_and_the_rest_is_counted() {
    let project = Project::local();
    project.write("apis.yaml", wrong_documents(MANY));
    let run = project.run("validate").exit(6);
    let stderr = run.stderr();
    assert_eq!(stderr.matches("error[unknown-field]").count(), 1000);
    // One more: the service does not take so many APIs.
    assert!(
        stderr.contains(
            "19001 more errors are not shown: fix what is shown above and run the command again"
        ),
        "{}",
        &stderr[stderr.len() - 300..]
    );
    assert!(stderr.trim_end().ends_with("\n20001 errors"));
}

#[test]
fn forms_for_programs_are_bounded_too() {
    let project = Project::local();
    project.write("apis.yaml", wrong_documents(6000));
    let json = project.run("validate --format json").exit(6).json();
    assert_eq!(json["diagnostics"].as_array().map(Vec::len), Some(5000));
    assert_eq!(json["omittedDiagnostics"]["errors"], 1000);
    assert_eq!(json["valid"], false);

    let sarif = project.run("validate --format sarif").exit(6).json();
    let results = &sarif["runs"][0]["results"];
    assert_eq!(results.as_array().map(Vec::len), Some(5000));
    let note = &sarif["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(note["message"]["text"], "1000 more errors are not shown.");

    let run = project.run("validate --format junit").exit(6);
    assert!(run.stdout().contains("tests=\"5001\" failures=\"5001\""));
    assert!(run.stdout().contains("1000 more errors are not shown"));
}

#[test]
fn many_problems_on_one_line_print_a_part_of_it_each() {
    let project = Project::local();
    let fields: Vec<String> = (0..MANY).map(|i| format!("unknown{i}: ä")).collect();
    let spec = format!("{{title: T, kind: rest, {}}}", fields.join(", "));
    project.write(
        "api.yaml",
        format!("apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: one}}\nspec: {spec}\n"),
    );
    for color in ["never", "always"] {
        let run = project.run(&format!("validate --color {color}")).exit(6);
        let stderr = run.stderr();
        assert!(stderr.len() < 1_000_000, "{}", stderr.len());
        assert!(stderr.contains("19000 more errors"));
    }
}

#[test]
fn overlays_and_references_that_match_nothing_are_all_found() {
    let project = Project::with_spec("targets: {local: {emulator: {}, overlays: [overlay.yaml]}}");
    let documents = |name: &str, spec: &str| -> String {
        (0..4000)
            .map(|i| {
                format!(
                    "---\napiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {name}-{i}}}\nspec: {spec}\n"
                )
            })
            .collect()
    };
    let deployment = "{name: main, title: Main, environment: nowhere}";
    let spec = format!("{{title: T, kind: rest, deployments: [{deployment}]}}");
    project.write("apis.yaml", documents("api", &spec));
    project.write("overlay.yaml", documents("other", "{title: T}"));
    let json = project.run("validate --format json").exit(6).json();
    assert_eq!(json["omittedDiagnostics"]["errors"], 3000);
}

#[test]
fn variables_expand_to_a_limit() {
    let long = "x".repeat(100_000);
    let spec = format!("targets: {{local: {{emulator: {{}}, variables: {{long: {long}}}}}}}");
    let project = Project::with_spec(&spec);
    let tenfold = "${long}".repeat(10);
    let fields = "    - {name: N, url: \"".to_owned() + &tenfold + "\"}\n";
    project.write(
        "api.yaml",
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: one}}\nspec:\n  title: T\n  kind: rest\n  \
             externalDocumentation:\n{}",
            fields.repeat(2000)
        ),
    );
    let run = project.run("validate --format json").exit(6).json();
    let found = run["diagnostics"].as_array().expect("a list");
    let limit: Vec<_> = found
        .iter()
        .filter(|one| one["code"] == "variables-too-large")
        .collect();
    assert_eq!(limit.len(), 1, "it is reported once");
    assert_eq!(limit[0]["source"]["line"], 8 + 16, "where the limit is");
}

#[test]
fn aliases_expand_as_far_as_the_size_of_their_file_explains() {
    let project = Project::local();
    let mut bomb = String::from(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: one}\nspec:\n  title: T\n  kind: rest\n  customProperties:\n    a0: &a0 [x, x, x, x, x, x, x, x, x]\n",
    );
    for level in 1..9 {
        let alias = format!("*a{}", level - 1);
        let list = [alias.as_str(); 9].join(", ");
        bomb.push_str(&format!("    a{level}: &a{level} [{list}]\n"));
    }
    project.write("api.yaml", bomb);
    let _ = project.run("validate").exit(6).talks(&[
        "api.yaml:12:",
        "error[yaml-alias]: the aliases of this file expand beyond any reasonable size",
    ]);
    // What people write is nothing near it.
    let contacts = "contacts: &team [{name: Team, email: team@contoso.com}]";
    let mut plain = format!(
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-0}}\nspec: {{title: T, kind: rest, {contacts}, versions: ["
    );
    for version in 0..100 {
        plain.push_str(&format!(
            "{{name: v-{version}, title: &t{version} T, lifecycleStage: design}}, "
        ));
    }
    plain.push_str("]}\n");
    project.write("api.yaml", plain);
    project.run("validate").success();
}

#[test]
fn a_file_with_very_many_values_is_refused_where_the_limit_is() {
    let project = Project::local();
    let zeros = "0, ".repeat(2_000_000);
    project.write(
        "api.yaml",
        format!(
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: one}}\nspec:\n  title: T\n  kind: rest\n  \
             customProperties:\n    x: [{zeros}]\n"
        ),
    );
    project.write("other.yaml", "kind: Nothing\n");
    let run = project.run("validate").exit(6);
    let _ = run.talks(&[
        "api.yaml:8:",
        "error[yaml-size]: this file has more than 2000000 values",
        "other.yaml:1:1:",
        "2 errors",
    ]);
}

#[test]
fn files_of_the_command_line_are_read_to_a_limit() {
    let project = Project::local();
    let vast = std::fs::File::create(project.path("vast.json")).expect("a file");
    vast.set_len(1 << 40).expect("it has holes");
    for command in [
        "plan --against vast.json",
        "apply vast.json --auto-approve",
        "comment --body-file vast.json",
    ] {
        project
            .run(command)
            .exit(1)
            .talks(&["cannot read vast.json: it has more than 256 MiB"]);
    }
    project
        .run("emulator --require-login --client-secret-file vast.json")
        .exit(1)
        .talks(&["`vast.json`: it has more than 256 MiB"]);
    // What has as many values as it has bytes would take much more memory than its text.
    project.write("dense.json", format!("[{}0]", "0,".repeat(10_000_000)));
    for command in [
        "plan --against dense.json",
        "apply dense.json --auto-approve",
    ] {
        project
            .run(command)
            .exit(1)
            .talks(&["cannot read dense.json: it has more values than this program reads"]);
    }
    // What has no size ends too.
    #[cfg(unix)]
    project
        .run("plan --against /dev/zero")
        .exit(1)
        .talks(&["cannot read /dev/zero: it has more than 256 MiB"]);
}
