//! Help, completions, manual pages and the schema for editors.

use super::harness::Project;
use super::samples::orders;

const COMMANDS: [&str; 12] = [
    "validate",
    "plan",
    "apply",
    "drift",
    "get",
    "mv",
    "open",
    "site",
    "schema",
    "emulator",
    "completions",
    "man",
];

#[test]
fn the_help_of_every_command_has_an_example() {
    let project = Project::empty();
    for command in COMMANDS {
        let help = project.run(&format!("{command} --help")).success();
        let example = format!("  apicenter {command}");
        assert!(help.stdout().contains("Example"), "{command}");
        assert!(help.stdout().contains(&example), "{command}");
        assert!(help.stdout().contains("Global options"), "{command}");
        help.says(&["Usage: apicenter", "-C, --directory"]);
    }
    project.run("--help").success().says(&[
        "Commands:",
        "Examples:",
        "Exit codes:",
        "130  interrupted",
    ]);
}

#[test]
fn completions_name_every_command() {
    let project = Project::empty();
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = project.run(&format!("completions {shell}")).success();
        for command in COMMANDS {
            assert!(script.stdout().contains(command), "{shell}: {command}");
        }
        assert!(script.stdout().contains("detailed-exitcode"), "{shell}");
    }
}

#[test]
fn manual_pages_are_printed_and_written() {
    let project = Project::empty();
    let page = project.run("man").success();
    assert!(
        page.stdout().contains(".TH apicenter 1"),
        "{}",
        page.stdout()
    );
    page.says(&["SYNOPSIS"]);
    project.run("man --out pages").success();
    for command in COMMANDS {
        let page = project.read(&format!("pages/apicenter-{command}.1"));
        assert!(page.contains(".TH"), "{command}");
    }
    project.run("man --out pages").success();
}

#[test]
fn the_schema_accepts_what_the_program_accepts() {
    let project = orders(Project::local());
    let schema = project.run("schema").success().json();
    assert_eq!(
        schema["$schema"],
        "https://json-schema.org/draft/2020-12/schema"
    );
    let kinds = schema["properties"]["kind"]["enum"]
        .as_array()
        .expect("kinds");
    for kind in ["Project", "Service", "MetadataSchema", "Environment", "Api"] {
        assert!(kinds.iter().any(|other| other == kind), "{kind}: {kinds:?}");
    }
    let validator = jsonschema::options().build(&schema).expect("a schema");
    let document = |spec: serde_json::Value| {
        serde_json::json!({"apiVersion": "apicenter/v1", "kind": "Api",
            "metadata": {"name": "orders"}, "spec": spec})
    };
    let good = document(serde_json::json!({"title": "Orders", "kind": "rest"}));
    assert!(validator.is_valid(&good));
    let typo = document(serde_json::json!({"titel": "Orders", "kind": "rest"}));
    assert!(!validator.is_valid(&typo));
}

#[test]
fn validate_counts_what_is_declared() {
    let project = orders(Project::local());
    project
        .run("validate")
        .success()
        .says(&["Valid. 6 resources are declared."]);
    let json = project.run("validate --format json").success().json();
    assert_eq!(json["valid"], true);
    assert_eq!(json["resources"], 6);
    assert_eq!(json["diagnostics"], serde_json::json!([]));
    assert!(
        !project.path(".apicenter").exists(),
        "validate leaves nothing behind"
    );
}
