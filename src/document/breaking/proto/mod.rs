//! Protocol buffer files, by what is written: as bytes and as JSON.

mod codegen;
mod enums;
mod extensions;
mod features;
mod field_types;
mod fields;
mod file;
mod http;
mod messages;
mod model;
mod oneofs;
mod options;
mod places;
mod presence;
mod ranges;
mod read;
mod references;
mod reserved;
mod rules;
mod services;
mod sums;

use super::findings::Findings;
use crate::document::proto;
use model::Pair;
pub(super) use rules::RULES;

/// Compares two files; one that cannot be read leads to nothing.
pub(super) fn compare(before: &str, after: &str, findings: &mut Findings) {
    let (Ok(was), Ok(now)) = (proto::parse(before), proto::parse(after)) else {
        return;
    };
    let (before, after) = (read::file(&was, before), read::file(&now, after));
    let pair = Pair {
        before: &before,
        after: &after,
    };
    findings.sums = sums::sums(&pair);
    file::compare(&pair, findings);
    services::compare(&pair, findings);
    messages::compare(&pair, findings);
    extensions::compare(&pair, findings);
    enums::compare(&pair, findings);
}
