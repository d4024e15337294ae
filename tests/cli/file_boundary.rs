//! What a repository may have read and written: regular files inside it, of a size that makes sense.

#![cfg(unix)]

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use super::harness::{Project, project_file};

const API: &str = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec: {title: Orders, kind: rest}\n";

fn fifo(path: &Path) {
    let made = Command::new("mkfifo").arg(path).status();
    assert!(made.expect("mkfifo runs").success());
}

fn link(to: impl AsRef<Path>, at: &Path) {
    symlink(to, at).expect("a link can be made");
}

#[test]
fn only_regular_files_inside_the_project_are_read_as_manifests() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let secret = outside.path().join("secret.yaml");
    std::fs::write(&secret, API).expect("a file outside");
    let project = Project::local();
    fifo(&project.path("a-pipe.yaml"));
    let _socket = UnixListener::bind(project.path("b-socket.yaml")).expect("a socket");
    link("/dev/zero", &project.path("c-device.yaml"));
    link(&secret, &project.path("d-out.yaml"));
    link("e-loop.yaml", &project.path("e-loop.yaml"));
    link("nothing.yaml", &project.path("f-dangling.yaml"));
    link("real", &project.path("g-folder.yaml"));
    project.write("real/api.yaml", API);
    let run = project.run("validate").exit(6).talks(&[
        "a-pipe.yaml:1:1: error[file-unreadable]: cannot read `a-pipe.yaml`: it is a named pipe, not a regular file",
        "b-socket.yaml:1:1: error[file-unreadable]: cannot read `b-socket.yaml`: it is a socket",
        "c-device.yaml:1:1: error[file-unreadable]: cannot read `c-device.yaml`: it leads out of the project folder",
        "d-out.yaml:1:1: error[file-unreadable]: cannot read `d-out.yaml`: it leads out of the project folder",
        "help: put a copy of the file into the project",
        "e-loop.yaml:1:1: error[file-unreadable]: cannot read `e-loop.yaml`: ",
        "f-dangling.yaml:1:1: error[file-unreadable]: cannot read `f-dangling.yaml`: it leads nowhere",
        "g-folder.yaml:1:1: error[file-unreadable]: cannot read `g-folder.yaml`: it is a folder",
        "7 errors",
    ]);
    let _ = run.never_says("Orders");
}

#[test]
fn a_folder_outside_the_project_is_not_read_through_a_link() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    std::fs::write(outside.path().join("secret.yaml"), API).expect("a file outside");
    let project = Project::local();
    project.write("real/api.yaml", API);
    link("../real", &project.path("real/again"));
    link(outside.path(), &project.path("apis"));
    for command in ["validate", "plan"] {
        let run = project.run(command).success().talks(&[
            "apis:1:1: warning[outer-folder]: the folder `apis` is not read: it leads out of the project folder",
            "help: put a copy of the folder into the project",
            "1 warning",
        ]);
        let _ = run.never_says("secret");
    }
    // What is for another tool is left out.
    let left_out = "manifests: ['**/*.yaml', '!apis/**']\ntargets: {local: {emulator: {}}}";
    project.write("apicenter.yaml", project_file(left_out));
    let _ = project.run("validate").success().never_says("outer-folder");
    project.write(
        "apicenter.yaml",
        project_file("targets: {local: {emulator: {}}}"),
    );
    project.write(".gitignore", "apis\n");
    let _ = project.run("validate").success().never_says("outer-folder");
}

#[test]
fn every_pattern_that_reaches_into_an_outer_folder_is_reported() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let folder = "the folder `apis` is not read";
    for (spec, is_reported) in [
        ("manifests: ['**/api.yaml']", true),
        ("manifests: ['{apis,apps}/*/*.yml', main.yaml]", true),
        ("manifests: ['real/*.yaml', 'apps/**']", false),
        ("manifests: ['**/*.yaml', '!apis/**/*.yaml']", false),
        ("manifests: ['**/*.yaml', '!apis/*.yaml']", true),
    ] {
        let spec = format!("{spec}\ntargets: {{local: {{emulator: {{}}}}}}");
        let project = Project::with_spec(&spec);
        link(outside.path(), &project.path("apis"));
        let run = project.run("validate").success();
        let _ = match is_reported {
            true => run.talks(&[
                folder,
                "if it is for another tool, leave it out: add \"!apis/**\" to the patterns in apicenter.yaml",
            ]),
            false => run.never_says("outer-folder"),
        };
    }
    // An overlay that is in it would not be applied; what belongs to another project is its own concern.
    let spec = "manifests: [real/*.yaml]\ntargets: {local: {emulator: {}}, prod: {emulator: {}, overlays: ['apis/*/prod.yaml']}}";
    let project = Project::with_spec(spec);
    link(outside.path(), &project.path("apis"));
    let _ = project.run("validate -t local").success().talks(&[folder]);
    let project = Project::local();
    project.write(
        "other/apicenter.yaml",
        project_file("targets: {local: {emulator: {}}}"),
    );
    link(outside.path(), &project.path("other/apis"));
    let _ = project.run("validate").success().never_says("outer-folder");
}

#[test]
fn links_inside_the_project_are_followed() {
    let project = Project::local();
    project.write("shared/orders.text", API);
    link("shared/orders.text", &project.path("api.yaml"));
    project
        .run("validate")
        .success()
        .says(&["Valid. 1 resource is declared."]);
}

#[test]
fn the_project_file_overlays_and_ignore_files_obey_the_same_rule() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let file = |name: &str, text: &str| {
        let path = outside.path().join(name);
        std::fs::write(&path, text).expect("a file outside");
        path
    };
    let spec = "targets: {local: {emulator: {}, overlays: [overlay.txt]}}";
    let project = Project::with_spec(spec).file("api.yaml", API);
    link(file("overlay", API), &project.path("overlay.txt"));
    link(file("ignore", "*.yaml"), &project.path(".gitignore"));
    let _ = project.run("validate").exit(6).talks(&[
        ".gitignore:1:1: error[file-unreadable]: cannot read `.gitignore`: it leads out of the project folder",
        "overlay.txt:1:1: error[file-unreadable]: cannot read `overlay.txt`: it leads out of the project folder",
    ]);
    for name in [".gitignore", "overlay.txt"] {
        project.remove(name);
        fifo(&project.path(name));
    }
    let _ = project
        .run("validate")
        .exit(6)
        .talks(&[".gitignore:1:1: error", "overlay.txt:1:1: error"]);

    let theirs = file("project.yaml", &project.read("apicenter.yaml"));
    let project = Project::empty().file("api.yaml", API);
    link(theirs, &project.path("apicenter.yaml"));
    for command in ["validate", "plan", "export"] {
        let _ = project.run(command).exit(6).talks(&[
            "apicenter.yaml:1:1: error[file-unreadable]: cannot read `apicenter.yaml`: it leads out of",
        ]);
    }
    project.remove("apicenter.yaml");
    fifo(&project.path("apicenter.yaml"));
    let _ = project
        .run("validate")
        .exit(6)
        .talks(&["apicenter.yaml:1:1: error[file-unreadable]: cannot read `apicenter.yaml`: it is a named pipe"]);
}

#[test]
fn what_is_too_large_is_not_read() {
    let project = Project::local();
    let sparse = |name: &str, head: &str| {
        project.write(name, head);
        let file = std::fs::OpenOptions::new()
            .write(true)
            .open(project.path(name));
        let file = file.expect("a file to lengthen");
        file.set_len(1 << 40).expect("files may have holes");
    };
    sparse("a.yaml", API);
    sparse("b.yaml", "other: tool\n");
    sparse("c.yaml", "openapi: 3.0.3\ninfo: {title: T, version: '1'}\n");
    sparse("d.yml", "other: tool\n");
    sparse("real.json", "{\"openapi\": \"3.0.3\"}");
    project.write(
        "e.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders}\nspec:\n  title: Orders\n  kind: rest\n  \
         versions:\n    - name: 1-0-0\n      title: v1\n      lifecycleStage: design\n      definitions:\n        - \
         {name: openapi, title: T, source: {file: real.json}}\n",
    );
    let _ = project.run("validate -v").exit(6).talks(&[
        "a.yaml:1:1: error[file-too-large]: `a.yaml` has 1099511627776 bytes, more than any manifest needs",
        "help: split it",
        "b.yaml:1:1: error[file-too-large]",
        "help: if this file is for another tool, leave it out",
        "e.yaml:12:52: error[document-too-large]: `real.json` has 1099511627776 bytes",
        "3 errors",
        "left out: c.yaml: it is a description file that no definition names",
        "left out: d.yml: it is not a manifest",
    ]);
}

#[test]
fn only_gitignore_files_of_the_project_leave_files_out() {
    let home = Project::empty()
        .file(".gitignore", "*.yaml\n")
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file(".config/git/ignore", "*.yaml\n");
    let project = Project::local()
        .env("HOME", &home.root().display().to_string())
        .env(
            "XDG_CONFIG_HOME",
            &home.path(".config").display().to_string(),
        )
        .file(".ignore", "*.yaml\n")
        .file(".git/info/exclude", "*.yaml\n")
        .file(".gitignore", "drafts/\n!kept.yaml\n")
        .file("api.yaml", API)
        .file("drafts/api.yaml", "not: read\n")
        .file("deep/.gitignore", "*.tmp.yaml\n")
        .file("deep/a.tmp.yaml", "not: read\n")
        .file(".hidden/api.yaml", "not: read\n");
    let _ = project
        .run("validate -v")
        .success()
        .says(&["Valid. 1 resource is declared."])
        .talks(&[
            "left out: .hidden/api.yaml: it is hidden",
            "left out: deep/a.tmp.yaml: deep/.gitignore excludes it with `*.tmp.yaml`",
            "left out: drafts/api.yaml: .gitignore excludes it with `drafts/`",
        ]);
    // The same below a folder whose own settings would hide everything.
    let below = Project::empty()
        .file(".gitignore", "*.yaml\n")
        .file(".git/HEAD", "ref: refs/heads/main\n")
        .file("catalogue/apicenter.yaml", &project.read("apicenter.yaml"))
        .file("catalogue/api.yaml", API);
    let _ = below
        .run("validate -C catalogue")
        .success()
        .says(&["Valid. 1 resource is declared."]);
}

#[test]
fn nothing_is_exported_through_a_link_out_of_the_project() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let target = outside.path().join("precious");
    std::fs::write(&target, "precious").expect("a file outside");
    let project = Project::local();
    project.write("api.yaml", API);
    project.run("apply --auto-approve").success();
    project.remove("api.yaml");
    link(outside.path(), &project.path("apis"));
    for command in ["export", "export --force"] {
        let _ = project.run(command).exit(5).talks(&[
            "these files cannot be written in this folder; nothing was written:",
            "apis/orders/api.yaml: it leads out of the project folder",
        ]);
    }
    project.remove("apis");
    project.write("apis/orders/other.yaml", "# mine\n");
    link(&target, &project.path("apis/orders/api.yaml"));
    let _ = project.run("export --force").exit(5);
    assert_eq!(std::fs::read(&target).unwrap_or_default(), b"precious");
    let left: Vec<_> = outside.path().read_dir().expect("a folder").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn nothing_is_written_by_init_import_or_out_through_a_link_out_of_the_project() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let target = outside.path().join("precious");
    std::fs::write(&target, "precious").expect("a file outside");
    let project = Project::empty();
    link(outside.path(), &project.path(".vscode"));
    let _ = project.run("init --force").exit(5);
    assert!(
        !project.path("apicenter.yaml").exists(),
        "nothing was written"
    );

    let project = Project::local().file(
        "orders.json",
        "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"Orders\", \"version\": \"1\"}, \"paths\": {}}",
    );
    link(outside.path(), &project.path("apis"));
    link(outside.path(), &project.path("out"));
    link(&target, &project.path("file.json"));
    let _ = project.run("import openapi orders.json --force").exit(5);
    for file in ["file.json", "out/new.json"] {
        for command in ["plan --out", "snapshot --out", "schema --out"] {
            let _ = project
                .run(&format!("{command} {file}"))
                .exit(5)
                .talks(&[&format!(
                    "cannot write {file}: it leads out of the project folder"
                )]);
        }
    }
    let _ = project.run("man --out out/man").exit(5);
    link(&target, &project.path("linked.json"));
    let _ = project
        .run("import openapi linked.json --print")
        .exit(1)
        .talks(&["cannot read `linked.json`: it leads out of the project folder"]);
    fifo(&project.path("pipe.json"));
    let _ = project
        .run("import openapi pipe.json --print")
        .exit(1)
        .talks(&["cannot read `pipe.json`: it is a named pipe, not a regular file"]);
    assert_eq!(std::fs::read(&target).unwrap_or_default(), b"precious");
    let left: Vec<_> = outside.path().read_dir().expect("a folder").collect();
    assert_eq!(left.len(), 1);
}

#[test]
fn an_import_keeps_and_reads_texts_inside_the_project_only() {
    let description = |version: &str| {
        format!(
            "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"Orders\", \"version\": \"{version}\"}}, \"paths\": {{}}}}"
        )
    };
    let import = "import openapi orders.json";
    let kept = ".apicenter/imported/orders.json";
    // Of a text that is elsewhere nothing is known: the version before no longer has a source.
    let is_not_read = |project: &Project| {
        project.write("orders.json", description("2"));
        project
            .run(import)
            .success()
            .talks(&["version 1 no longer has a source"]);
    };
    for linked in [".apicenter", ".apicenter/imported"] {
        let outside = tempfile::tempdir().expect("a temporary folder");
        // The local emulator has its state in `.apicenter`, too.
        let spec = "targets: {prod: {subscriptionId: s, resourceGroup: g, service: contoso}}";
        let project = Project::with_spec(spec).file("orders.json", &description("1"));
        if let Some((above, _)) = linked.split_once('/') {
            std::fs::create_dir(project.path(above)).expect("a folder");
        }
        link(outside.path(), &project.path(linked));
        project.run(import).success();
        assert_eq!(outside.path().read_dir().expect("a folder").count(), 0);
        for place in ["orders.json", "imported/orders.json"] {
            let place = outside.path().join(place);
            std::fs::create_dir_all(place.parent().expect("a folder")).expect("a folder");
            std::fs::write(place, description("1")).expect("a file outside");
        }
        is_not_read(&project);
        let bytes = std::fs::read(outside.path().join("orders.json"));
        assert_eq!(bytes.unwrap_or_default(), description("1").as_bytes());
    }

    let outside = tempfile::tempdir().expect("a temporary folder");
    let target = outside.path().join("precious.json");
    std::fs::write(&target, description("1")).expect("a file outside");
    let replacements: [&dyn Fn(&Project); 2] =
        [&|project| link(&target, &project.path(kept)), &|project| {
            fifo(&project.path(kept));
        }];
    for replace in replacements {
        let project = Project::local().file("orders.json", &description("1"));
        project.run(import).success();
        assert_eq!(project.read(kept), description("1"));
        project.remove(kept);
        replace(&project);
        is_not_read(&project);
        let bytes = std::fs::read(&target);
        assert_eq!(bytes.unwrap_or_default(), description("1").as_bytes());
    }
}

#[test]
fn results_replace_files_whole_and_stdout_is_a_file_too() {
    let project = Project::local()
        .file("api.yaml", API)
        .file("kept.json", "old");
    let mode = |path: &str| {
        let metadata = std::fs::metadata(project.path(path)).expect("a file");
        metadata.permissions().mode() & 0o777
    };
    let private = std::fs::Permissions::from_mode(0o600);
    std::fs::set_permissions(project.path("kept.json"), private).expect("a mode");
    link("kept.json", &project.path("linked.json"));
    project.run("plan --out linked.json").success();
    assert!(project.read("kept.json").contains("\"planId\""));
    assert_eq!(mode("kept.json"), 0o600);
    assert!(project.path("linked.json").is_symlink(), "it stays a link");

    let id = |text: &str| text.contains("\"planId\"");
    for name in ["-", "/dev/stdout"] {
        let plan = project.run(&format!("plan --out {name}")).success();
        assert!(id(&plan.json().to_string()), "nothing but the plan");
        assert!(plan.stderr().contains("Plan: 1 to add"));
        let _ = project
            .run(&format!("snapshot --out {name}"))
            .success()
            .json();
    }
    project.run("plan --out /dev/null").success();
}

#[test]
fn the_emulator_keeps_its_state_inside_the_project() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let elsewhere = outside.path().join("state.redb").display().to_string();
    for data in ["../state.redb", elsewhere.as_str(), "linked/state.redb"] {
        let spec = format!("targets:\n  local:\n    emulator:\n      data: {data}");
        let project = Project::with_spec(&spec).file("api.yaml", API);
        link(outside.path(), &project.path("linked"));
        for command in ["validate", "apply --auto-approve"] {
            let _ = project.run(command).exit(6).talks(&[
                "apicenter.yaml:8:15: error[project-setting]: the emulator cannot keep its state in",
                "it leads out of the project folder",
                "help: name a file in the project; --emulator-data FILE selects one elsewhere, for one run",
            ]);
        }
    }
    let project = Project::local().file("api.yaml", API);
    link(outside.path(), &project.path(".apicenter"));
    let _ = project.run("apply --auto-approve").exit(6);
    assert_eq!(outside.path().read_dir().expect("a folder").count(), 0);
}

#[test]
fn the_command_line_selects_the_state_of_the_emulator() {
    let outside = tempfile::tempdir().expect("a temporary folder");
    let state = outside.path().join("state.redb").display().to_string();
    let spec = "targets: {local: {emulator: {data: ../state.redb}}, live: {subscriptionId: s, resourceGroup: g, service: x}}\ndefaultTarget: local";
    let project = Project::with_spec(spec).file("api.yaml", API);
    project
        .run(&format!("apply --auto-approve --emulator-data {state}"))
        .success();
    project
        .run(&format!("plan --emulator-data {state}"))
        .success()
        .says(&["No changes."]);
    let _ = project
        .run(&format!("plan --target live --emulator-data {state}"))
        .exit(64)
        .talks(&["--emulator-data is for a target in the embedded emulator"]);
    let _ = project.run("plan").exit(6);
    assert_eq!(outside.path().read_dir().expect("a folder").count(), 1);
}

#[test]
fn a_project_that_an_export_makes_has_its_own_emulator() {
    let project = Project::local().file("api.yaml", API);
    project.run("apply --auto-approve").success();
    let exported = project.run("export --out copy").success();
    let state = project.path(".apicenter/emulator.redb");
    let state = state.canonicalize().expect("it is there");
    let hint = format!("--emulator-data {} selects this one", state.display());
    let _ = exported.talks(&[&hint]);
    project
        .run(&format!("-C copy plan --emulator-data {}", state.display()))
        .success()
        .says(&["No changes."]);
    let _ = project.run("-C copy plan").success();
}

#[test]
fn an_output_beside_the_project_is_written() {
    let project = Project::local();
    let parent = project.root().parent().expect("a folder above").to_owned();
    let name = format!(
        "{}-plan.json",
        project
            .root()
            .file_name()
            .expect("a name")
            .to_string_lossy()
    );
    project.run(&format!("plan --out ../{name}")).success();
    let written = parent.join(&name);
    assert!(written.is_file());
    std::fs::remove_file(written).expect("it is there");
    project.run("plan --out sub/../plan.json").success();
    assert!(project.path("plan.json").is_file());
}
