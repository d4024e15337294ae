//! Types: whether they are still there and of the same kind, then what they consist of.

use super::inputs::{self, INPUT_FIELD, Owner};
use super::model::{Type, TypeKind};
use super::pair::Pair;
use super::{implementations, outputs, values};
use crate::document::breaking::findings::{Entry, Findings, Impact, Places, code, plain};

pub(super) fn compare<'a>(pair: &Pair<'a>, findings: &mut Findings) {
    for (name, was, now) in pair.types() {
        let place = format!("{} {}", was.kind.word(), plain(name));
        let Some(now) = now else {
            let entry = Entry::new("graphql-type-removed", "type removed");
            findings.add(&place, entry.within(Places::removed(&was.at, None)));
            continue;
        };
        if was.kind != now.kind {
            let (is, was_kind) = (code(now.kind.word()), code(was.kind.word()));
            let words = format!("is {is} now, and was {was_kind}");
            let entry = Entry::new("graphql-type-kind", words);
            findings.add(&place, entry.within(Places::changed(&was.at, &now.at)));
            continue;
        }
        match was.kind {
            TypeKind::Enum => values::of_enum(pair, (name, &place), (was, now), findings),
            TypeKind::Union => values::of_union(pair, &place, (was, now), findings),
            TypeKind::Scalar => scalar(&place, was, now, findings),
            TypeKind::Input => input(pair, &place, (was, now), findings),
            TypeKind::Object | TypeKind::Interface => {
                implementations::compare(pair, &place, (was, now), findings);
                outputs::compare(pair, &place, (was, now), findings);
            }
        }
    }
}

fn input<'a>(
    pair: &Pair<'a>,
    place: &str,
    (was, now): (&'a Type, &'a Type),
    findings: &mut Findings,
) {
    if let (Some(false), Some(true)) = (was.is_one_of, now.is_one_of) {
        let words = "requires exactly one of its fields now (`@oneOf`)";
        let entry = Entry::new("graphql-one-of", words);
        findings.add(place, entry.within(Places::changed(&was.at, &now.at)));
    }
    let owner = Owner {
        place,
        rules: &INPUT_FIELD,
        name: None,
        at: &now.at,
        impact: Impact::Break,
    };
    inputs::compare(pair, &owner, (&was.fields, &now.fields), findings);
}

/// A scalar whose specification is another one.
fn scalar(place: &str, was: &Type, now: &Type, findings: &mut Findings) {
    let (Some(Some(before)), Some(after)) = (&was.specified_by, &now.specified_by) else {
        return;
    };
    let words = match after {
        Some(after) if after == before => return,
        Some(after) => format!(
            "is specified by {} now, and was by {}",
            code(after),
            code(before)
        ),
        None => format!("is no longer specified by {}", code(before)),
    };
    let entry = Entry::caution("graphql-scalar-specification", words);
    findings.add(place, entry.within(Places::changed(&was.at, &now.at)));
}
