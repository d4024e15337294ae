//! What manifests declare, read in full and by address alone.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use apicenter::model::{Address, Declared, Sources};
use apicenter::project::{LoadOptions, LoadedProject, targets};

use crate::cli::harness::{Project, project_file};

/// Addresses with the file and the offset of each declaration, and those that may be declared.
#[derive(Debug, PartialEq)]
struct Known {
    resources: BTreeMap<Address, Option<(String, usize)>>,
    unread: BTreeSet<Address>,
}

impl Known {
    fn of(declared: &Declared, sources: &Sources) -> Self {
        let resources = declared.resources.iter();
        Self {
            resources: resources
                .map(|(address, span)| {
                    let place = span.map(|at| (sources.get(at.source).name.clone(), at.start));
                    (address.clone(), place)
                })
                .collect(),
            unread: declared.unread.clone(),
        }
    }
}

/// Checks that the addresses of a project are the same, whether its manifests are read in full or not. Says how many
/// there are; nothing is checked where the target cannot be chosen or the project file is wrong.
#[track_caller]
pub(crate) fn addresses(root: &Path, target: Option<&str>) -> usize {
    let open = |settings_only| {
        let options = LoadOptions {
            target: target.map(str::to_owned),
            settings_only,
            ..LoadOptions::default()
        };
        let project = LoadedProject::open(root, options).ok()?;
        project.settings_are_valid().then_some(project)
    };
    let (Some(full), Some(light)) = (open(false), open(true)) else {
        return 0;
    };
    let of = |project: &LoadedProject| {
        let (declared, sources) = project.declared();
        Known::of(&declared, sources)
    };
    let (expected, found) = (of(&full), of(&light));
    assert!(light.desired.resources.is_empty(), "read in full");
    assert_eq!(found, expected, "{}", root.display());
    found.resources.len()
}

#[test]
fn the_example_declares_the_same_read_in_full_or_not() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/contoso");
    let all = targets(&root);
    assert!(all.len() > 1, "{all:?}");
    for target in all {
        let count = addresses(&root, Some(&target.name));
        assert!(count > 20, "{}: {count}", target.name);
    }
}

const TARGETS: &str = "\
ownership: {owner: us, property: by}
manifests: ['**/*.yaml']
targets:
  one:
    emulator: {}
    variables: {name: first, place: eu}
    overlays: ['o/*.yaml']
  two:
    emulator: {}
    variables: {name: second, place: us}
";

fn document(kind: &str, name: &str, spec: &str) -> String {
    format!(
        "apiVersion: apicenter/v1\nkind: {kind}\nmetadata: {{name: {name}}}\nspec: {spec}\n---\n"
    )
}

#[test]
fn overlays_variables_renames_types_folders_and_the_marker_count() {
    let api = "{title: T, kind: rest, versions: [{name: V1, title: v, lifecycleStage: design}]}";
    let part = "{type: things/parts, parent: things/one, properties: {a: b}}";
    let manifests = [
        document("Api", "\"${name}-api\", previously: [old]", api),
        document("Environment", "\"${place}\"", "{title: E, kind: testing}"),
        document("Resource", "one", "{type: things, properties: {a: b}}"),
        document("Resource", "one", part),
        document("Analyzer", "lint", "{title: L, ruleset: rules}"),
        document("Service", "any", "{location: westeurope}"),
    ];
    let overlay = "{versions: [{name: v9, title: x, lifecycleStage: design}]}";
    let project = Project::empty()
        .file("apicenter.yaml", &project_file(TARGETS))
        .file("all.yaml", &manifests.concat())
        .file("o/o.yaml", &document("Api", "\"${name}-api\"", overlay))
        .file("rules/ruleset.yaml", &document("Api", "in-a-folder", api));
    let in_target = |name| addresses(project.root(), Some(name));
    // Six documents, a version, and the schema of the marker.
    assert_eq!((in_target("one"), in_target("two")), (9, 8));
}

#[test]
fn what_is_declared_with_errors_may_be_declared() {
    let api = |more: &str| format!("{{title: T, kind: rest, {more}}}");
    let manifests = [
        document("Api", "twice", &api("versions: [{name: v1}]")),
        document("Api", "Twice", &api("versions: [{name: v2}]")),
        document("Api", "wrong", &api("versions: {name: v2}")),
        document(
            "Api",
            "partly",
            &api("versoins: [{name: v}, {title: x}, y, {name: }]"),
        ),
        document("Api", "again", &api("versions: [{name: v}, {name: V}]")),
        document("Api", "\"${unset}\"", &api("summary: [a]")),
        document("Api", "list", "[a]"),
        document("Environment", "text", "a"),
        document("Environmnet", "unknown", "{title: E}"),
        document("Environment", "", "{title: E}"),
    ];
    let project = Project::local().file("all.yaml", &manifests.concat()).file(
        "cut.yaml",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: cut\n",
    );
    let count = addresses(project.root(), None);
    assert!(count >= 6, "{count}");
}

#[test]
fn a_file_that_is_not_understood_is_named() {
    let project = Project::local()
        .file("fine.yaml", &document("Api", "a", "{titel: A}"))
        .file("nameless.yaml", &document("Api", "", "{title: A}"))
        .file(
            "cut.yaml",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: cut\n",
        );
    let options = LoadOptions {
        settings_only: true,
        ..LoadOptions::default()
    };
    let opened = LoadedProject::open(project.root(), options).expect("a project");
    let declared = opened.declared().0;
    assert_eq!(
        declared.unclear,
        BTreeSet::from(["cut.yaml", "nameless.yaml"].map(str::to_owned))
    );
}
