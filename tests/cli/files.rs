//! The files of a project and of an export, for comparing them.

use std::collections::BTreeMap;
use std::path::Path;

use apicenter::model::{Diagnostics, Sources};
use apicenter::yaml;
use serde_json::Value;

use super::harness::Project;

/// The texts of all files below a folder, by their paths. Hidden ones directly below it do not count.
pub(crate) fn files_below(root: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut open = vec![root.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.strip_prefix(root).expect("it is below it").display();
            let name = name.to_string();
            if name.starts_with('.') {
                continue;
            }
            if path.is_dir() {
                open.push(path);
                continue;
            }
            let text = std::fs::read(&path).expect("a file");
            found.insert(name, String::from_utf8(text).expect("it is text"));
        }
    }
    found
}

/// The files that an export writes.
pub(crate) fn exported(project: &Project) -> BTreeMap<String, String> {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let ended = project.run(&format!("export --out {}", folder.path().display()));
    assert!(ended.is_success(), "{ended}");
    files_below(folder.path())
}

/// The documents of a manifest, in which neither the order of keys nor that of named items counts.
pub(crate) fn without_order(manifest: &str) -> Vec<Value> {
    let mut diagnostics = Diagnostics::default();
    let source = Sources::default().add("manifest", manifest);
    let documents = yaml::parse(source, manifest, &mut diagnostics);
    assert!(!diagnostics.has_errors(), "{manifest}");
    let roots = documents.into_iter().filter_map(|document| document.root);
    let documents = roots.map(|root| {
        let mut value = root.to_json();
        sort_named(&mut value);
        value
    });
    documents.collect()
}

fn sort_named(value: &mut Value) {
    match value {
        Value::Array(items) => {
            items.iter_mut().for_each(sort_named);
            if items.iter().all(|item| item["name"].is_string()) {
                items.sort_by_key(|item| item["name"].to_string());
            }
        }
        Value::Object(fields) => {
            fields.sort_keys();
            fields.values_mut().for_each(sort_named);
        }
        _ => {}
    }
}
