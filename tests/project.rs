//! A project that is loaded, edited without saving, and reloaded.

use std::fs;
use std::path::Path;

use apicenter::model::{Severity, Utf16Position};
use apicenter::project::{LoadOptions, LoadedProject, OpenError};

const PROJECT: &str = "\
apiVersion: apicenter/v1
kind: Project
metadata: {name: shop-catalog}
spec:
  targets:
    local: {emulator: {}}
";

const ORDERS: &str = "\
apiVersion: apicenter/v1
kind: Api
metadata: {name: orders}
spec:
  title: Orders
  kind: rest
";

fn write(folder: &Path, path: &str, text: &str) {
    let file = folder.join(path);
    fs::create_dir_all(file.parent().expect("a folder")).expect("a writable folder");
    fs::write(file, text).expect("a writable file");
}

fn open(folder: &Path) -> LoadedProject {
    LoadedProject::open(folder, LoadOptions::default()).expect("a project")
}

fn shop() -> (tempfile::TempDir, LoadedProject) {
    let folder = tempfile::tempdir().expect("a folder");
    write(folder.path(), "apicenter.yaml", PROJECT);
    write(folder.path(), "apis/orders.yaml", ORDERS);
    let project = open(folder.path());
    (folder, project)
}

fn reload(project: &mut LoadedProject) {
    project.reload().expect("still a project");
}

fn codes(project: &LoadedProject) -> Vec<&str> {
    let codes = project.diagnostics.iter();
    codes.map(|diagnostic| &*diagnostic.code.id).collect()
}

fn version(project: &LoadedProject, path: &str) -> u64 {
    let source = project.sources.by_name(path).expect("a source");
    source.version()
}

#[test]
fn an_unsaved_text_is_checked_and_going_back_is_clean() {
    let (_folder, mut project) = shop();
    assert_eq!(codes(&project), [""; 0]);
    assert_eq!(version(&project, "apis/orders.yaml"), 1);

    let broken = ORDERS.replace("title:", "tilte:");
    project.set_unsaved("apis/orders.yaml", broken, 7);
    reload(&mut project);
    assert!(!project.is_valid());
    assert!(
        codes(&project).contains(&"unknown-field"),
        "{:?}",
        codes(&project)
    );
    assert_eq!(version(&project, "apis/orders.yaml"), 2);
    assert_eq!(version(&project, "apicenter.yaml"), 1, "it did not change");
    assert_eq!(project.files.version("apis/orders.yaml"), Some(7));

    project.discard_unsaved("apis/orders.yaml");
    reload(&mut project);
    assert_eq!(codes(&project), [""; 0]);
    assert_eq!(version(&project, "apis/orders.yaml"), 3);
    assert_eq!(project.files.version("apis/orders.yaml"), None);
}

#[test]
fn reloading_keeps_the_numbers_of_files() {
    let (folder, mut project) = shop();
    let span = |project: &LoadedProject| {
        let mut declared = project.desired.resources.values();
        declared.next().and_then(|api| api.place).expect("a place")
    };
    let before = span(&project);
    for _ in 0..3 {
        reload(&mut project);
    }
    assert_eq!(span(&project), before);
    write(
        folder.path(),
        "apis/orders.yaml",
        &format!("# new\n{ORDERS}"),
    );
    reload(&mut project);
    assert_eq!(span(&project).source, before.source);
    assert_eq!(
        project.sources.display(span(&project)),
        "apis/orders.yaml:2:1"
    );
}

#[test]
fn an_unsaved_file_may_be_new_and_documents_may_be_unsaved() {
    let (_folder, mut project) = shop();
    let billing = ORDERS.replace("orders", "billing")
        + "  versions:
    - name: 1-0-0
      title: 1.0.0
      lifecycleStage: design
      definitions:
        - {name: openapi, title: OpenAPI, source: {file: billing.json}}
";
    project.set_unsaved("apis/billing.yaml", billing, 1);
    reload(&mut project);
    assert_eq!(codes(&project), ["document-missing"]);
    let text = r#"{"openapi": "3.0.3", "info": {"title": "B", "version": "1"}, "paths": {}}"#;
    project.set_unsaved("apis/billing.json", text, 1);
    reload(&mut project);
    assert_eq!(codes(&project), [""; 0], "{:?}", project.diagnostics);
    assert_eq!(project.desired.resources.len(), 4);
    project.discard_unsaved("apis/billing.yaml");
    project.set_unsaved(".hidden/other.yaml", "kind: Odd\n", 1);
    reload(&mut project);
    assert_eq!(project.desired.resources.len(), 1);
    assert_eq!(codes(&project), [""; 0]);
}

#[test]
fn the_project_file_may_be_unsaved_and_a_failed_reload_changes_nothing() {
    let (folder, mut project) = shop();
    let azure =
        "{subscriptionId: 5ab1e000-aaaa-bbbb-cccc-0123456789ab, resourceGroup: rg, service: shop}";
    let edited = PROJECT.replace("    local: {emulator: {}}", &format!("    prod: {azure}"));
    project.set_unsaved("apicenter.yaml", edited, 1);
    reload(&mut project);
    assert_eq!(project.options.target.name, "prod");
    fs::write(folder.path().join("apicenter.yaml"), [0xff]).expect("a writable file");
    project.discard_unsaved("apicenter.yaml");
    let error = project.reload().expect_err("not text");
    assert!(
        matches!(error, OpenError::NotText { offset: 0 }),
        "{error:?}"
    );
    assert_eq!(project.options.target.name, "prod");
    assert_eq!(project.desired.resources.len(), 1);
}

#[test]
fn editors_get_positions_in_utf16() {
    let (_folder, mut project) = shop();
    let text =
        format!("{ORDERS}  license: {{name: \"\u{1f4e6}\", nope: 1}}\n").replace('\n', "\r\n");
    project.set_unsaved("apis/orders.yaml", text, 1);
    reload(&mut project);
    assert_eq!(codes(&project), ["unknown-field"]);
    let found = &project.diagnostics[0];
    assert_eq!(found.severity, Severity::Error);
    let span = found.primary.as_ref().expect("a place").span;
    let source = project.sources.get(span.source);
    let start = source.utf16_position(span.start);
    let expected = Utf16Position {
        line: 6,
        character: 24,
    };
    assert_eq!(start, expected);
    let characters = source.position(span.start);
    assert_eq!((characters.line, characters.column), (7, 24));
    assert_eq!(source.utf16_offset(start), span.start);
}
