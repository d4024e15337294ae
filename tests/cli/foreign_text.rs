//! What others wrote controls neither a terminal nor a pipeline, whatever it says and wherever it comes from.

use apicenter::emulator::{Fault, FaultRule};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::harness::Project;
use super::service_fixture::ServiceFixture;

/// One text for each kind of attack.
const HOSTILE: [&str; 16] = [
    "\u{1b}[2J\u{1b}[1;31merased",
    "\u{1b}]0;title\u{7}\u{1b}]8;;https://evil.example\u{1b}\\link",
    "\u{9b}31mcsi\u{9d}0;osc\u{9c}",
    "bell\u{7}backspace\u{8}delete\u{7f}",
    "shown\rhidden",
    "a\n::error::b",
    "a\n  \u{a0}::add-mask::b",
    "a\r::stop-commands::b",
    "a\u{85}::warning::b\u{2028}::set-output name=a::b\u{2029}::debug::c",
    "a\n##vso[task.setvariable variable=a]b",
    "a ##[group]b",
    "section_start:1:a[collapsed=true]\r\u{1b}[0Kb\nsection_end:1:a\r\u{1b}[0K",
    "user\u{202e}txet\u{2066}x\u{2069}\u{200f}",
    "zero\u{200b}width\u{200d}\u{2060}\u{feff}\u{ad}\u{3164}",
    "tag\u{e0041}\u{e0042}",
    "line\u{b}tab\u{c}feed\u{0}",
];

/// Commands of the program, which together show a resource in every way.
const COMMANDS: [&str; 17] = [
    "validate",
    "validate --color always",
    "validate --format json",
    "validate --format sarif",
    "validate --format junit",
    "validate --annotate github",
    "plan -vv",
    "plan --color always --show-unmanaged",
    "plan --format json",
    "plan --format markdown",
    "plan --format html",
    "plan --annotate github",
    "plan --annotate azure-pipelines",
    "graph",
    "doctor",
    "snapshot",
    "apply --auto-approve -v",
];

/// Asserts on raw bytes that they control nothing.
#[track_caller]
fn harmless(bytes: &[u8], about: &str) {
    let text = String::from_utf8(bytes.to_vec()).expect("output is UTF-8");
    let own_color = regex::Regex::new("\u{1b}\\[[0-9;]*m").expect("a constant");
    let colors = own_color.find_iter(&text).count();
    assert!(
        colors == 0 || about.contains("always"),
        "{about} is coloured: {text:?}"
    );
    let text = own_color.replace_all(&text, "");
    for (i, c) in text.char_indices() {
        let is_hidden = (c.is_control() && c != '\n' && c != '\t')
            || matches!(c, '\u{ad}' | '\u{61c}' | '\u{3164}' | '\u{feff}')
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}')
            || matches!(c, '\u{e0000}'..='\u{e0fff}');
        let near: String = text[..i].chars().rev().take(60).collect();
        let near: String = near.chars().rev().collect();
        assert!(!is_hidden, "{about}: {c:?} after {near:?}");
    }
    for line in text.lines() {
        // The program's own commands; what is in them is checked by the tests of annotations.
        let own = [
            "::error title=",
            "::warning title=",
            "::notice title=",
            "##vso[task.",
        ];
        let line = match own.iter().find(|start| line.starts_with(**start)) {
            Some(start) if about.contains("annotate") => &line[start.len()..],
            _ => line,
        };
        assert!(!line.trim_start().starts_with("::"), "{about}: {line:?}");
        let lower = line.to_lowercase();
        for command in ["##[", "##vso[", "section_start:", "section_end:"] {
            assert!(!lower.contains(command), "{about}: {line:?}");
        }
    }
}

/// Runs every command and checks both streams; returns the plan as JSON.
fn run_all(project: &Project, about: &str) -> Value {
    let mut plan = Value::Null;
    for command in COMMANDS {
        let output = project.command(command).output().expect("the program runs");
        harmless(&output.stdout, &format!("{about:?}: stdout of {command}"));
        harmless(&output.stderr, &format!("{about:?}: stderr of {command}"));
        assert_ne!(output.status.code(), Some(101), "{about:?}: {command}");
        if command == "plan --format json" {
            plan = serde_json::from_slice(&output.stdout).expect("JSON");
        }
    }
    plan
}

/// A text in double quotes of YAML, with every sign that is not plain ASCII as an escape.
fn quoted(text: &str) -> String {
    let escape = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        ' '..='~' => c.to_string(),
        c => format!("\\U{:08x}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(escape).collect::<String>())
}

/// A project that declares an API with this text everywhere, and whose service has it too.
fn project_with(center: &ServiceFixture, text: &str) -> Project {
    center.put(
        "environments/live",
        json!({"title": text.chars().take(50).collect::<String>(), "kind": "rest", "description": text}),
    );
    center.put(
        "apis/orders",
        json!({"title": "orders", "kind": "rest", "description": format!("before\n{text}\n")}),
    );
    // The longest title that the service accepts.
    let title = quoted(&text.chars().take(50).collect::<String>());
    Project::of(center)
        .file(
            "a.yaml",
            &format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: orders}}\nspec:\n  kind: rest\n  title: {title}\n  summary: {}\n  \
                 description: {}\n",
                quoted(text),
                quoted(&format!("after\n{text}\n{text}"))
            ),
        )
        .env("APICENTER_ACCESS_TOKEN", "header.payload.signature")
}

#[test]
fn texts_of_manifests_and_of_the_service_control_nothing() {
    let center = ServiceFixture::start();
    for text in HOSTILE {
        let project = project_with(&center, text);
        let plan = run_all(&project, text);
        // Programs receive exactly what the service has and the manifest declares.
        let fields = plan["changes"][0]["fields"].as_array();
        let fields = fields.unwrap_or_else(|| panic!("{text:?}: {plan:#}"));
        let summary = fields.iter().find(|field| field["path"] == "summary");
        assert_eq!(summary.expect("a summary")["after"], *text);
    }
}

#[test]
fn invalid_manifests_and_names_of_files_control_nothing() {
    for (i, text) in HOSTILE.iter().enumerate() {
        let quoted = Value::String((*text).to_owned()).to_string();
        let name: String = text.chars().filter(|c| !matches!(c, '/' | '\0')).collect();
        let project = Project::local()
            .file(
                &format!("{name}.yaml"),
                &format!(
                    "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: {quoted}}}\nspec:\n  {quoted}: 1\n  \
                     kind: {quoted}\n  title: a\n  versions: [{{name: {quoted}, lifecycleStage: {quoted}}}]\n"
                ),
            )
            .file("raw.yaml", &format!("apiVersion: apicenter/v1\nkind: Api\n# {text}\nspec: [{text}\n"));
        for command in COMMANDS
            .iter()
            .filter(|command| command.starts_with("validate"))
        {
            let about = format!("{i} {text:?}: {command}");
            let output = project.command(command).output().expect("the program runs");
            harmless(&output.stdout, &about);
            harmless(&output.stderr, &about);
            assert_eq!(output.status.code(), Some(6), "{about}");
        }
    }
}

#[test]
fn responses_of_the_service_control_nothing_and_are_short() {
    let center = ServiceFixture::start();
    for text in HOSTILE {
        let project = project_with(&center, "plain");
        let body =
            json!({"error": {"code": text, "message": format!("{text}{}", "x".repeat(100_000))}});
        for body in [
            body.to_string(),
            format!("{text}<html>{text}"),
            text.to_owned(),
        ] {
            let fault = Fault::Response { status: 400, body };
            center.inject(FaultRule::next("GET", "/apis", fault).times(1000));
            for command in ["plan -vv", "export --out out"] {
                let output = project.command(command).output().expect("the program runs");
                harmless(&output.stdout, &format!("{text:?}: stdout of {command}"));
                harmless(&output.stderr, &format!("{text:?}: stderr of {command}"));
                assert!(
                    output.stdout.len() + output.stderr.len() < 20_000,
                    "{text:?} {command}"
                );
            }
            center.heal();
        }
    }
}

#[test]
fn arguments_and_variables_control_nothing() {
    let project = Project::local();
    for text in HOSTILE {
        let text = text.replace('\0', "");
        for arguments in [
            ["plan", "--target", &text],
            ["plan", "--only", &text],
            ["plan", "--against", &text],
            ["apply", "--expect-plan", &text],
            ["apply", "--auto-approve", &text],
            ["explain", "--", &text],
            ["validate", "-C", &text],
            ["validate", "--", &text],
            ["import", "openapi", &text],
            ["comment", "--file", &text],
        ] {
            let output = project
                .command("")
                .args(arguments)
                .env("APICENTER_AUTH", &text)
                .env("GITHUB_EVENT_PATH", &text)
                .env("AZURE_AUTHORITY_HOST", &text)
                .output()
                .expect("the program runs");
            harmless(
                &output.stdout,
                &format!("{text:?}: stdout of {}", arguments[0]),
            );
            harmless(
                &output.stderr,
                &format!("{text:?}: stderr of {}", arguments[0]),
            );
        }
    }
}

#[test]
fn a_message_of_the_service_starts_no_line_of_its_own() {
    let center = ServiceFixture::start();
    let project = project_with(&center, "plain");
    let message = "no\nApply complete! Resources: 1 added\r\nerror: forged";
    let code = "BadRequest\n  help: forged\nerror: forged";
    let body = json!({"error": {"code": code, "message": message}}).to_string();
    let fault = Fault::Response { status: 400, body };
    center.inject(FaultRule::next("GET", "/apis", fault).times(1000));
    let ended = project.run("plan").exit(1);
    let starts = |start: &str| {
        ended
            .stderr()
            .lines()
            .filter(|line| line.starts_with(start))
            .count()
    };
    assert_eq!(
        (
            starts("Apply complete!"),
            starts("error:"),
            starts("  help: forged")
        ),
        (0, 1, 0),
        "{}",
        ended.stderr()
    );
}

/// Pieces of which hostile texts are made.
fn hostile() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(vec![
        "::",
        "error",
        "##",
        "vso[",
        "[",
        "group]",
        "section_",
        "start:1:a",
        "end:1:a",
        "\n",
        "\r",
        "\u{85}",
        "\u{2028}",
        " ",
        "\t",
        "\u{a0}",
        "\u{1b}[",
        "31m",
        "\u{1b}]0;",
        "\u{7}",
        "\u{9b}",
        "\u{202e}",
        "\u{200b}",
        "`",
        "```",
        "@org",
        "|",
        "<b>",
        "\\",
        "\"",
        "a",
        "é",
        "%0A",
        "${x}",
        "- ",
        "#",
    ]);
    proptest::collection::vec(pieces, 1..12).prop_map(|pieces| pieces.concat().replace("${", "$"))
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 3,
        max_shrink_iters: 20,
        ..ProptestConfig::default()
    })]

    #[test]
    fn no_text_controls_anything(text in hostile()) {
        let center = ServiceFixture::start();
        run_all(&project_with(&center, &text), &text);
    }
}
