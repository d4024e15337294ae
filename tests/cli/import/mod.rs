//! APIs from elsewhere become manifests that pass validation and make an empty plan once applied.

mod again;
mod apim;
mod apiops;
mod arm;
mod documentation;
mod invariants;
mod limits;
mod openapi;

use super::harness::{Ended, Project};

/// What was imported is valid, can be applied, and is quiet afterwards.
#[track_caller]
fn holds(project: &Project) {
    project.run("validate").success();
    project.run("apply --auto-approve -q").success();
    project.run("plan --detailed-exitcode").success();
}

/// A text in UTF-16 with its mark, as Windows PowerShell writes what a command prints.
fn utf16(text: &str, order: fn(u16) -> [u8; 2]) -> Vec<u8> {
    let marked = format!("\u{feff}{}", text.replace('\n', "\r\n"));
    marked.encode_utf16().flat_map(order).collect()
}

/// Importing once more changes nothing.
#[track_caller]
fn repeats(project: &Project, arguments: &str) -> Ended {
    let ended = project.run(arguments).success();
    ended.says(&["(0 written, "])
}

/// The files below a folder, sorted.
fn files(project: &Project, folder: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![project.path(folder)];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else {
                let path = path.strip_prefix(project.root()).expect("below the root");
                found.push(path.to_string_lossy().replace('\\', "/"));
            }
        }
    }
    found.sort();
    found
}
