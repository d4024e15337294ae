//! Rulesets: where their files go, and that they come back byte for byte.

use serde_json::json;

use super::service::{Service, analyzer, assert_comes_back, load_again};

const RULES: &[u8] = b"extends: spectral:oas\r\nrules: {}\r\n";

#[test]
fn a_ruleset_is_a_folder_beside_its_manifest() {
    let service = Service::default().ruleset(
        analyzer("default"),
        &[
            ("functions/a.js", b"export default 1;"),
            ("ruleset.yml", RULES),
        ],
    );
    let export = service.export();
    let paths: Vec<&str> = export.files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "analyzers/default.yaml",
            "analyzers/default/functions/a.js",
            "analyzers/default/ruleset.yml"
        ]
    );
    let manifest = String::from_utf8(export.files[0].bytes.clone()).unwrap();
    assert!(
        manifest.ends_with("spec:\n  title: default\n  ruleset: default\n"),
        "{manifest}"
    );
    assert_eq!(export.files[2].bytes, RULES);
    assert!(export.notes.is_empty(), "{:?}", export.notes);
    assert!(!assert_comes_back(&service).has_errors());
}

#[test]
fn whatever_stands_in_a_ruleset_it_is_no_manifest() {
    let stray = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: stray}\nspec: {title: S}\n";
    let nested = "apiVersion: apicenter/v1\nkind: Analyzer\nmetadata: {name: stray}\n\
                  spec: {ruleset: ../../rules}\n";
    let service = Service::default()
        .ruleset(
            analyzer("default"),
            &[
                (".hidden/x.yaml", b"not: [closed"),
                ("README.md", b"\xef\xbb\xbf# Rules ${x}\r\n"),
                ("a.yaml", stray.as_bytes()),
                ("b.yaml", nested.as_bytes()),
                ("c.yaml", b"apiVersion: apicenter/v1\nkind: [broken"),
                ("logo.png", b"\x89PNG\0\r\n"),
                ("zero.yaml", b"apicenter/\0"),
                ("project.yaml", b"apiVersion: apicenter/v1\nkind: Project\n"),
                ("ruleset.yaml", RULES),
            ],
        )
        .ruleset(analyzer("other"), &[("ruleset.json", b"{\"rules\": {}}")]);
    let diagnostics = assert_comes_back(&service);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
}

#[test]
fn a_ruleset_that_could_not_be_declared_is_left_as_it_is() {
    let large = vec![b'#'; crate::manifest::MOST_FOLDER_BYTES];
    for (files, reason) in [
        (
            &[(".spectral.yml", RULES)][..],
            "does not contain `ruleset.yml`",
        ),
        (&[("ruleset.yml", &b"rules: [\n"[..])], "`ruleset.yml`: "),
        (&[("ruleset.yml", &b"- a\n"[..])], "a mapping"),
        (&[("ruleset.yml", &b"rules: \xff\n"[..])], "UTF-8"),
        (&[("big.js", &large[..]), ("ruleset.yml", RULES)], "3 MB"),
    ] {
        let service = Service::default().ruleset(analyzer("default"), files);
        let export = service.export();
        assert_eq!(export.files.len(), 1, "{reason}");
        assert_eq!(export.notes.len(), 1, "{reason}");
        let note = &export.notes[0];
        assert!(note.contains(reason), "{note}");
        let loaded = load_again(&export);
        assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
        let body = &loaded.desired.resources[&analyzer("default")].resource.body;
        assert_eq!(body.get("ruleset"), None);
    }
}

#[test]
fn a_ruleset_that_could_not_be_read_is_told() {
    let mut service = Service::default().ruleset(analyzer("default"), &[("ruleset.yml", RULES)]);
    let live = service.0.resources.get_mut(&analyzer("default")).unwrap();
    live.files = None;
    assert_eq!(
        service.export().notes,
        [
            "analyzer/default: its ruleset could not be read; the manifest leaves it as the service has it"
        ]
    );
    let inactive = Service::default().with(analyzer("default"), json!({"title": "Rules"}));
    assert!(inactive.export().notes.is_empty());
}
