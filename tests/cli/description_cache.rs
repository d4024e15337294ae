//! What is known of descriptions is kept between runs, and never believed for another text.

use std::path::PathBuf;

use super::harness::Project;

/// How many descriptions the project has: enough for a file.
const COUNT: usize = 120;

fn project() -> Project {
    let project = Project::local();
    for i in 0..COUNT {
        project.write(
            &format!("apis/a{i}/api.yaml"),
            format!(
                "apiVersion: apicenter/v1\nkind: Api\nmetadata: {{name: api-{i}}}\nspec:\n  title: A\n  kind: rest\n  \
                 versions:\n    - {{name: v1, title: v1, lifecycleStage: design, definitions: [{{name: openapi, title: O, \
                 source: {{file: o.yaml}}}}]}}\n"
            ),
        );
        project.write(&format!("apis/a{i}/o.yaml"), description(i, "paths"));
    }
    project
}

fn description(i: usize, paths: &str) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: A{i}, version: '1'}}\n{paths}: {{}}\n")
}

/// How many descriptions a run read because nothing was known of them.
fn read(project: &Project) -> usize {
    let ended = project.run("validate -v").success();
    let log = ended.stderr();
    let line = log.lines().find(|line| line.contains("read the manifests"));
    let line = line.unwrap_or_else(|| panic!("no such line: {log}"));
    let count = line.split("descriptions=").nth(1).expect("a count");
    let digits: String = count.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().expect("a number")
}

fn file(project: &Project) -> PathBuf {
    let name = |path: &PathBuf| {
        path.file_name()
            .map(|name| name.to_string_lossy().into_owned())
    };
    let mut files = project.cache_files().into_iter();
    let found = files.find(|path| name(path).is_some_and(|name| name.starts_with("descriptions-")));
    found.expect("a file")
}

#[test]
fn each_description_is_read_once_and_again_only_when_it_changes() {
    let project = project();
    assert_eq!(read(&project), COUNT);
    assert_eq!(read(&project), 0);
    // What is odd about a text is known of it too.
    project.write("apis/a7/o.yaml", description(7, "path"));
    let first = project.run("validate").success();
    assert_eq!(project.run("validate").success().stderr(), first.stderr());
    assert!(
        first.stderr().contains("unknown field `path`"),
        "{}",
        first.stderr()
    );
    assert_eq!(read(&project), 0);
    project.write("apis/a7/o.yaml", description(7, "paths"));
    assert_eq!(project.run("validate").success().stderr(), "");
}

#[test]
fn a_damaged_or_foreign_file_is_not_believed() {
    let project = project();
    assert_eq!(read(&project), COUNT);
    let file = file(&project);
    let text = std::fs::read(&file).expect("the file is read");
    let text = String::from_utf8(text).expect("it is text");
    for (old, new) in [
        ("A7", "A8"),
        (env!("CARGO_PKG_VERSION"), "0.0.0"),
        ("{", "["),
    ] {
        std::fs::write(&file, text.replacen(old, new, 1)).expect("the file is written");
        assert_eq!(read(&project), COUNT, "{old}");
        assert_eq!(read(&project), 0, "{old}");
    }
    std::fs::write(&file, b"\xff\x00").unwrap();
    assert_eq!(read(&project), COUNT);
}

#[test]
fn a_folder_that_cannot_be_used_is_silent() {
    let project = project();
    project.write("a-file", "");
    let folder = project.path("a-file/below").display().to_string();
    let project = project.env("APICENTER_CACHE_DIR", &folder);
    for _ in 0..2 {
        assert_eq!(read(&project), COUNT);
    }
    assert_eq!(project.run("validate").success().stderr(), "");
}
