//! Edits that the server sends, made in the files of a project.

use std::collections::BTreeMap;

use serde_json::Value;

use super::client::Client;
use crate::cli::harness::Project;

/// Makes the edits, and the files that are made before them.
pub(super) fn make(client: &Client<'_>, project: &Project, edit: &Value) {
    for document in edit["documentChanges"].as_array().expect("a list") {
        if document["kind"] == "create" {
            let path = client.path(document["uri"].as_str().expect("an address"));
            project.write(&path, "");
            continue;
        }
        let uri = document["textDocument"]["uri"]
            .as_str()
            .expect("an address");
        let path = client.path(uri);
        let text = project.read(&path);
        let mut edits: BTreeMap<(usize, usize), &str> = BTreeMap::new();
        for edit in document["edits"].as_array().expect("a list") {
            let range = &edit["range"];
            let place = (offset(&text, &range["start"]), offset(&text, &range["end"]));
            edits.insert(place, edit["newText"].as_str().expect("a text"));
        }
        let mut after = text.clone();
        for ((start, end), new) in edits.into_iter().rev() {
            after.replace_range(start..end, new);
        }
        project.write(&path, after);
    }
}

/// The byte of a position.
fn offset(text: &str, position: &Value) -> usize {
    let number = |key: &str| {
        usize::try_from(position[key].as_u64().expect("a number")).expect("a small one")
    };
    let lines = text.split_inclusive('\n');
    let start: usize = lines.take(number("line")).map(str::len).sum();
    let mut units = 0;
    let mut at = start;
    for c in text[start..].chars() {
        if units >= number("character") {
            break;
        }
        units += c.len_utf16();
        at += c.len_utf8();
    }
    at
}
