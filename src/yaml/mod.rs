//! YAML text to trees that know their places, and values back to YAML text.
//!
//! [`parse`] reads a whole file: every document, every problem, every byte range. Aliases share
//! their target, merge keys are already merged, and what a plain scalar means is asked of the node
//! only when a type is known to be wanted, so that `version: 1.10` can still become the text `1.10`.

mod compose;
mod core_schema;
mod edit;
mod emit;
mod format;
mod frame;
mod last_comments;
mod limits;
mod lines;
mod mapping;
mod node;
mod one_line;
mod ranges;
mod repair;
mod repaired;
mod scalar;
mod syntax_errors;
mod tags;

#[cfg(test)]
mod tests;

pub use edit::{Edit, PathStep, Rest, edited, entry_end, keys_before, without_document};
pub use emit::emit;
pub use format::formatted;
pub use node::{Entry, Key, Node, NodeValue, YamlDocument};
pub use one_line::{one_line, scalar_on_one_line};
pub use scalar::Scalar;

use self::compose::TOP_DEPTH;
use self::limits::MAX_DEPTH;
use self::repaired::Repaired;
use crate::model::{Diagnostics, Severity, SourceId, code};

/// Reads every document of a file.
///
/// A document with syntax errors is left out. All of them are reported that can be distinguished, and reading goes on at
/// the next `---`, so that all problems of a file are reported at once. Lesser problems (a key that appears twice, an
/// alias to nothing) are reported too, and the document is kept as well as it can be.
pub fn parse(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Vec<YamlDocument> {
    let (documents, broken) = compose::read(source, text, diagnostics, MAX_DEPTH, None);
    for repaired in broken {
        if diagnostics.count(Severity::Error) < repair::MOST_TRIES {
            report_later(source, &repaired, diagnostics);
        }
    }
    documents
}

/// Reports the syntax errors that a document has besides its first one.
fn report_later(source: SourceId, repaired: &Repaired, diagnostics: &mut Diagnostics) {
    let mut found = Diagnostics::default();
    parse(source, &repaired.text, &mut found);
    let later = found
        .into_iter()
        .filter(|found| found.code == code::YAML_SYNTAX && repaired.is_behind(found));
    diagnostics.extend(later.map(|found| repaired.in_file(found)));
}

/// As [`parse`], for files that are only looked into: values that are nested too deeply are left out, and
/// the rest of their document is kept.
pub fn parse_outline(
    source: SourceId,
    text: &str,
    diagnostics: &mut Diagnostics,
) -> Vec<YamlDocument> {
    compose::read(source, text, diagnostics, MAX_DEPTH, Some(0)).0
}

/// As [`parse`], for files of which only the beginning of each document counts: values of values of a document
/// are left out. What is kept does not grow with what is nested.
pub fn parse_top(source: SourceId, text: &str, diagnostics: &mut Diagnostics) -> Vec<YamlDocument> {
    compose::read(source, text, diagnostics, TOP_DEPTH, Some(0)).0
}
