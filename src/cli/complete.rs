//! What the shell completes besides commands and flags: addresses, targets, kinds and codes. Nothing is sent.

use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use clap_complete::engine::{
    ArgValueCompleter, CompletionCandidate, PathCompleter, ValueCompleter as _,
};

use crate::kinds;
use crate::model::code;
use crate::project::{declared_names, targets};

/// The folder in which the project is searched for, by the flags of the line that is completed.
static START: OnceLock<PathBuf> = OnceLock::new();

/// Remembers where the project of the line that is completed is.
pub(super) fn set_line(arguments: &[OsString]) {
    let mut arguments = arguments.iter();
    let mut start = PathBuf::from(".");
    while let Some(argument) = arguments.next() {
        let text = argument.to_string_lossy();
        if matches!(&*text, "-C" | "--directory") {
            if let Some(folder) = arguments.next() {
                start = PathBuf::from(folder);
            }
        } else if let Some(folder) = text.strip_prefix("--directory=") {
            start = PathBuf::from(folder);
        } else if let Some(folder) = text.strip_prefix("-C").filter(|rest| !rest.is_empty()) {
            start = PathBuf::from(folder);
        }
    }
    let _first = START.set(start);
}

fn start() -> &'static Path {
    START.get().map_or(Path::new("."), PathBuf::as_path)
}

/// Completes the address of a declared resource.
pub(super) fn address() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| addresses(current))
}

/// Completes the name of a target.
pub(super) fn target() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| target_names(current))
}

/// Completes the name of a target, or the path of a snapshot.
pub(super) fn target_or_file() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let mut found = target_names(current);
        found.extend(PathCompleter::file().complete(current));
        found
    })
}

/// Completes a kind or an address.
pub(super) fn kind_or_address() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let listed = kinds::KINDS.iter().filter(|kind| kind.is_of_service());
        let kinds = listed.map(|kind| {
            let word = format!("{}s", kind.info.slug);
            (word, format!("all {}s", kind.info.noun))
        });
        let mut found = starting(current, kinds);
        found.extend(addresses(current));
        found
    })
}

/// Completes a kind or the code of a finding.
pub(super) fn topic() -> ArgValueCompleter {
    ArgValueCompleter::new(|current: &OsStr| {
        let kinds = kinds::declarable().map(|kind| {
            let help = format!("the kind {}", kind.info.noun);
            (kind.info.name.to_owned(), help)
        });
        let codes = code::ALL
            .iter()
            .map(|code| (code.id.to_string(), "the code of a finding".to_owned()));
        starting(current, kinds.chain(codes))
    })
}

fn addresses(current: &OsStr) -> Vec<CompletionCandidate> {
    let declared = declared_names(start()).into_iter();
    let words = declared.map(|address| (address.to_string(), address.kind().noun.to_owned()));
    starting(current, words)
}

fn target_names(current: &OsStr) -> Vec<CompletionCandidate> {
    let targets = targets(start()).into_iter();
    let words = targets.map(|target| (target.name, format!("service {}", target.service.name)));
    starting(current, words)
}

/// The words that start as the one that is being typed.
fn starting(
    current: &OsStr,
    words: impl Iterator<Item = (String, String)>,
) -> Vec<CompletionCandidate> {
    let current = current.to_string_lossy();
    words
        .filter(|(word, _)| word.starts_with(&*current))
        .map(|(word, help)| CompletionCandidate::new(word).help(Some(help.into())))
        .collect()
}
