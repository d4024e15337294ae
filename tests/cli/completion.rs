//! What shells complete: the protocol by which they ask the program, and bash itself.

use super::harness::Project;
use super::samples::orders;

/// What completes the last word of a line, by the protocol of bash.
#[track_caller]
fn completed(project: &Project, words: &[&str]) -> Vec<String> {
    let mut command = project.command("--");
    let output = command
        .arg("apicenter")
        .args(words)
        .env("COMPLETE", "bash")
        .env("_CLAP_COMPLETE_INDEX", words.len().to_string())
        .env("_CLAP_COMPLETE_COMP_TYPE", "9")
        .env("_CLAP_COMPLETE_SPACE", "true")
        .env("_CLAP_IFS", "\n")
        .output()
        .expect("the program runs");
    let text = String::from_utf8(output.stdout).expect("text");
    assert!(output.status.success(), "{text}");
    text.lines().map(str::to_owned).collect()
}

fn project() -> Project {
    let spec = "targets:\n  dev: {emulator: {}}\n  prod: {subscriptionId: s, resourceGroup: g, service: contoso}";
    orders(Project::with_spec(spec))
}

#[test]
fn addresses_of_declared_resources_are_completed() {
    let project = project();
    assert_eq!(
        completed(&project, &["plan", "--only", "api/orders/v"]),
        [
            "api/orders/version/1-0-0",
            "api/orders/version/1-0-0/definition/openapi"
        ]
    );
    assert_eq!(
        completed(&project, &["get", "environment/"]),
        ["environment/production"]
    );
    for command in ["apply", "graph", "plan"] {
        let found = completed(&project, &[command, "--exclude", "metadata"]);
        assert_eq!(found, ["metadata-schema/team"], "{command}");
    }
    // A file with errors hides only its own.
    project.write("broken.yaml", "apiVersion: apicenter/v1\nkind: [\n");
    let found = completed(&project, &["open", "api/"]);
    assert_eq!(found[0], "api/orders", "{found:?}");
}

#[test]
fn targets_kinds_and_codes_are_completed() {
    let project = project();
    assert_eq!(completed(&project, &["plan", "-t", ""]), ["dev", "prod"]);
    assert_eq!(completed(&project, &["plan", "--target", "p"]), ["prod"]);
    let sides = completed(&project, &["diff", "--from", ""]);
    assert!(
        sides.contains(&"dev".to_owned()) && sides.contains(&"ground.yaml".to_owned()),
        "{sides:?}"
    );
    assert_eq!(
        completed(&project, &["get", "env"]),
        ["environments", "environment/production"]
    );
    let topics = completed(&project, &["explain", "un"]);
    assert!(topics.contains(&"unknown-field".to_owned()), "{topics:?}");
    assert!(completed(&project, &["explain", "Metadata"]).contains(&"MetadataSchema".to_owned()));
    assert!(completed(&project, &["pl"]).contains(&"plan".to_owned()));
}

#[test]
fn the_folder_of_the_line_counts() {
    let project = project();
    let elsewhere = Project::empty();
    let folder = project.root().display().to_string();
    assert_eq!(
        completed(&elsewhere, &["-C", &folder, "plan", "-t", ""]),
        ["dev", "prod"]
    );
    assert!(completed(&elsewhere, &["plan", "--only", "api"]).is_empty());
}

#[test]
fn every_shell_gets_a_script_that_asks_the_program() {
    let project = Project::empty();
    for (shell, registered) in [
        ("bash", "complete -o nospace -o bashdefault"),
        ("zsh", "compdef _clap_dynamic_completer_apicenter apicenter"),
        ("fish", "COMPLETE=fish"),
        ("powershell", "Register-ArgumentCompleter"),
    ] {
        let script = project.run(&format!("completions {shell}")).success();
        assert!(script.stdout().contains("COMPLETE"), "{shell}");
        assert!(
            script.stdout().contains(registered),
            "{shell}: {}",
            script.stdout()
        );
    }
}

/// The real shell, with the script as users install it.
#[cfg(unix)]
#[test]
fn bash_completes_addresses() {
    let project = project();
    let script = project.run("completions bash").success();
    project.write("completion.bash", script.stdout());
    let program = std::path::Path::new(env!("CARGO_BIN_EXE_apicenter"));
    let folder = program.parent().expect("a folder").display().to_string();
    let lines = "source completion.bash
        COMP_WORDS=(apicenter plan --only api/orders/d); COMP_CWORD=3; COMP_TYPE=9
        $(complete -p apicenter | sed 's/.*-F \\([^ ]*\\) .*/\\1/') apicenter api/orders/d --only
        printf '%s\\n' \"${COMPREPLY[@]}\"";
    let Ok(output) = std::process::Command::new("bash")
        .args(["--norc", "-c", lines])
        .current_dir(project.root())
        .env_clear()
        .env("PATH", format!("{folder}:/usr/bin:/bin"))
        .output()
    else {
        return;
    };
    let said = String::from_utf8_lossy(&output.stdout);
    assert_eq!(
        said.trim(),
        "api/orders/deployment/prod-eu",
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}
