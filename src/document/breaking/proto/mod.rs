//! Protocol buffer files, by what is written: as bytes and as JSON.

mod bindings;
mod codegen;
mod enums;
mod extensions;
mod features;
mod field_types;
mod fields;
mod file;
mod form;
mod http;
mod messages;
mod model;
mod oneofs;
mod options;
mod path_template;
mod places;
mod presence;
mod ranges;
mod read;
mod references;
mod reserved;
mod rules;
mod services;
mod sums;
mod wire;

use super::findings::{Entry, Findings, line};
use crate::document::description::DocumentError;
use crate::document::proto;
pub(super) use form::form;
use model::Pair;
pub(super) use rules::RULES;

/// Compares two files. One that is not well-formed leads to nothing.
pub(super) fn compare(before: &str, after: &str, findings: &mut Findings) {
    let (was, now) = match (proto::parse(before), proto::parse(after)) {
        (Ok(was), Ok(now)) => (was, now),
        (Err(error), _) => return unread("old", before, &error, findings),
        (_, Err(error)) => return unread("new", after, &error, findings),
    };
    let (before, after) = (read::file(&was, before), read::file(&now, after));
    let pair = Pair::of(&before, &after);
    findings.sums = sums::sums(&pair);
    file::compare(&pair, findings);
    services::compare(&pair, findings);
    messages::compare(&pair, findings);
    extensions::compare(&pair, findings);
    enums::compare(&pair, findings);
}

/// An edition may have what is not known here, which must not pass for a file that breaks nothing.
fn unread(side: &str, text: &str, error: &DocumentError, findings: &mut Findings) {
    if proto::is_edition(text) {
        let words = format!(
            "whether something breaks cannot be said: the {side} file cannot be read: {}",
            line(&error.message)
        );
        findings.add("file", Entry::caution("proto-undecided", words));
    }
}
