//! Two texts that are to be descriptions of the same kind, compared.

use super::dispatch::of_both;
use super::findings::{Breaking, Findings};
use super::kind::{ApiKind, kind_of};
use super::rank::ranked;
use super::sameness::{Sameness, sameness};
use super::sum::Sum;
use super::{proto, wsdl};
use crate::document::description::DocumentError;
use crate::document::{content, digest};

/// What a comparison of two descriptions found.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison {
    /// What both describe.
    pub kind: ApiKind,
    /// What breaks, the weightiest first.
    pub findings: Vec<Breaking>,
    /// Whether nothing was looked for beyond these findings, because they are very many.
    pub is_cut: bool,
    /// How many parts of the API were removed and added.
    pub sums: Vec<Sum>,
    /// Whether both texts mean the same.
    pub sameness: Sameness,
}

/// One of the two texts, with the name of its file.
#[derive(Debug, Clone, Copy)]
pub struct NamedText<'a> {
    /// The name of its file, which may say what it is.
    pub name: Option<&'a str>,
    /// The text.
    pub text: &'a str,
}

/// Why two texts cannot be compared: what is wrong with one of them, or that they are of different kinds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotComparable {
    /// What the old text is, or what is wrong with it.
    pub before: Result<ApiKind, DocumentError>,
    /// The same of the new one.
    pub after: Result<ApiKind, DocumentError>,
}

/// Compares two descriptions.
///
/// # Errors
/// If one of them is not a description that can be compared, or they describe different kinds of API.
pub fn compare(before: NamedText<'_>, after: NamedText<'_>) -> Result<Comparison, NotComparable> {
    let (was, now) = (
        content::normalised(before.text),
        content::normalised(after.text),
    );
    let trees = (digest::meaning(&was), digest::meaning(&now));
    let kinds = NotComparable {
        before: kind_of(before.name, before.text, trees.0.as_ref()),
        after: kind_of(after.name, after.text, trees.1.as_ref()),
    };
    let kind = match (&kinds.before, &kinds.after) {
        (Ok(before), Ok(after)) if before == after => *before,
        _ => return Err(kinds),
    };
    let mut findings = Findings::default();
    let trees = (trees.0.as_ref(), trees.1.as_ref());
    match kind {
        ApiKind::Protobuf => proto::compare(&was, &now, &mut findings),
        ApiKind::Wsdl => wsdl::compare(&was, &now, &mut findings),
        ApiKind::OpenApi | ApiKind::AsyncApi | ApiKind::GraphQl => {
            of_both((&was, &now), trees, &mut findings);
        }
    }
    let sums = std::mem::take(&mut findings.sums);
    let is_cut = findings.is_full();
    let findings = ranked(findings.into_list());
    let sameness = match findings.is_empty() && !sums.iter().any(Sum::is_changed) {
        true => sameness(kind, (&was, &now), trees),
        false => Sameness::Different,
    };
    Ok(Comparison {
        kind,
        findings,
        is_cut,
        sums,
        sameness,
    })
}
