//! Files of a project that cannot be read.

use super::source::ReadProblem;
use crate::model::{Diagnostic, Sources, Span, code};

/// What is wrong with a file that could not be read, at its start.
pub(crate) fn file_problem(sources: &mut Sources, path: &str, problem: &ReadProblem) -> Diagnostic {
    let start = start_of(sources, path);
    match problem {
        ReadProblem::TooLarge { bytes, head, .. } => {
            let help = match contains(head, b"apicenter/") {
                true => "split it: any number of files may declare resources".to_owned(),
                false => leave_out(path),
            };
            let message = format!("`{path}` has {bytes} bytes, more than any manifest needs");
            Diagnostic::error(code::FILE_TOO_LARGE, message)
                .at(start, "not read")
                .help(help)
        }
        problem => {
            let message = format!("cannot read `{path}`: {problem}");
            let diagnostic =
                Diagnostic::error(code::FILE_UNREADABLE, message).at(start, "not read");
            match problem {
                ReadProblem::Outside => diagnostic.help(
                    "put a copy of the file into the project, so that a plan shows what changes in it",
                ),
                ReadProblem::Missing { .. } => {
                    diagnostic.help("remove the link, or restore the file that it names")
                }
                ReadProblem::NotRegular(_) => diagnostic.help("only regular files are read; remove it"),
                _ => diagnostic,
            }
        }
    }
}

/// What is wrong with a link to a folder outside of the project, in which there may be manifests. `is_default` says
/// that the project has no patterns of its own.
pub(super) fn outer_folder(sources: &mut Sources, path: &str, is_default: bool) -> Diagnostic {
    let pattern = format!("!{path}/**");
    let leave_out = match is_default {
        true => format!(
            "leave it out: spec.manifests: [\"**/*.yaml\", \"**/*.yml\", \"{pattern}\"] in apicenter.yaml"
        ),
        false => format!(
            "leave it out: add \"{pattern}\" to the patterns in apicenter.yaml that match in it"
        ),
    };
    let problem = ReadProblem::Outside;
    let message = format!("the folder `{path}` is not read: {problem}");
    Diagnostic::warning(code::OUTER_FOLDER, message)
        .at(start_of(sources, path), "not read")
        .help(format!(
            "put a copy of the folder into the project, so that a plan shows what changes in it; if it is for another \
             tool, {leave_out}"
        ))
}

/// The start of a file that has no text.
fn start_of(sources: &mut Sources, path: &str) -> Span {
    Span {
        source: sources.set(path, ""),
        start: 0,
        end: 0,
    }
}

pub(super) fn contains(bytes: &[u8], needle: &[u8]) -> bool {
    bytes.windows(needle.len()).any(|window| window == needle)
}

pub(super) fn leave_out(path: &str) -> String {
    format!(
        "if this file is for another tool, leave it out: spec.manifests: [\"**/*.yaml\", \
         \"**/*.yml\", \"!{path}\"] in apicenter.yaml"
    )
}
