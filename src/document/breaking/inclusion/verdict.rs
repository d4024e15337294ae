//! What is said where a schema has alternatives, or lists its values.

use std::collections::BTreeSet;

use serde_json::Value;

use super::branch::{All, Branch, Types, equal};
use super::context::InclusionContext;
use super::failure::{InclusionFailure, What};
use super::judge::{accepted, of_side, witnesses};
use super::scalars::keyword;

/// Values of the narrow schema that are checked, at most.
const MOST_VALUES: usize = 2000;

/// Values that the narrow schema lists and the wide one refuses.
pub(super) fn values<'a>(
    context: &InclusionContext<'a>,
    narrow: &[Branch<'a>],
    wide: &[Branch<'a>],
    (sent_by, taken_by): (&All<'a>, &All<'a>),
) -> Vec<InclusionFailure<'a>> {
    let all = narrow.iter().filter_map(|branch| branch.values.as_ref());
    let mut listed: Vec<&Value> = all.flatten().copied().collect();
    if listed.is_empty() {
        return Vec::new();
    }
    let simple = wide
        .iter()
        .filter(|branch| is_only_a_list(branch))
        .filter_map(|branch| branch.values.as_ref());
    let known: BTreeSet<String> = simple.flatten().map(ToString::to_string).collect();
    listed.retain(|value| !known.contains(&value.to_string()));
    let has_more = listed.len() > MOST_VALUES;
    listed.truncate(MOST_VALUES);
    let values: Vec<Value> = listed.into_iter().cloned().collect();
    if values.is_empty() {
        return Vec::new();
    }
    let undecided = |reason| InclusionFailure::new(What::Unknown { reason }, Vec::new());
    let sent = of_side(context, true, sent_by, &values);
    let flags = sent.zip(accepted(context, taken_by, &values));
    let Some((sent, taken)) = flags else {
        return vec![undecided("its values could not be checked")];
    };
    let missing: Vec<Value> = values
        .into_iter()
        .zip(sent.into_iter().zip(taken))
        .filter(|(_, (sent, taken))| *sent && !taken)
        .map(|(value, _)| value)
        .collect();
    let what = What::Values {
        missing: missing.iter().map(words).collect(),
        wide: wide
            .iter()
            .filter_map(|branch| branch.values.as_ref())
            .flatten()
            .map(|value| words(value))
            .collect(),
        is_listed: true,
    };
    let shown = (!missing.is_empty()).then(|| InclusionFailure::new(what, missing));
    let more = has_more.then(|| undecided("it lists too many values to compare"));
    shown.into_iter().chain(more).collect()
}

/// Whether all that a branch says is a list of values.
fn is_only_a_list(branch: &Branch<'_>) -> bool {
    branch.nots.is_empty()
        && branch.excluded.is_empty()
        && branch.loose.is_none()
        && branch.texts.patterns.is_empty()
        && branch.texts.formats.is_empty()
        && branch.texts.length.most.is_none()
        && branch.texts.length.least == 0
        && branch.objects.clauses.is_empty()
        && branch.lists.clauses.is_empty()
        && branch.numbers.multiples.is_empty()
}

fn words(value: &Value) -> String {
    value
        .as_str()
        .map_or_else(|| value.to_string(), str::to_owned)
}

/// Types of the narrow schema that no alternative of the wide one has.
pub(super) fn types<'a>(
    context: &InclusionContext<'a>,
    narrow: &[Branch<'a>],
    wide: &[Branch<'a>],
) -> Vec<InclusionFailure<'a>> {
    let all = |branches: &[Branch<'a>]| {
        branches
            .iter()
            .fold(Types::NONE, |all, branch| all.or(branch.types))
    };
    let open: Vec<&Branch<'a>> = narrow
        .iter()
        .filter(|branch| branch.values.is_none())
        .collect();
    let missing = open
        .iter()
        .fold(Types::NONE, |all, branch| all.or(branch.types))
        .without(all(wide));
    if missing.is_empty() || context.is_written_as(missing, wide) {
        return Vec::new();
    }
    let sampler = context.sampler();
    let mut candidates = Vec::new();
    for branch in &open {
        for kind in missing.each().filter(|kind| branch.types.has(kind)) {
            candidates.extend(sampler.of_type(branch, kind, 0).into_iter().take(3));
        }
    }
    let labels: BTreeSet<&str> = wide.iter().filter_map(|branch| branch.label).collect();
    let lost = open
        .iter()
        .find(|branch| branch.types.without(missing).is_empty());
    if let Some(label) = lost
        .and_then(|branch| branch.label)
        .filter(|label| narrow.len() > 1 && !labels.contains(label))
    {
        let label = Some(label.to_owned());
        return vec![InclusionFailure::new(
            What::Alternative { label },
            candidates,
        )];
    }
    let what = What::Types {
        narrow: type_names(narrow),
        wide: type_names(wide),
        missing: missing.each().collect(),
    };
    vec![InclusionFailure::new(what, candidates)]
}

/// Names of types, none if it may be any.
fn type_names(branches: &[Branch<'_>]) -> Vec<&'static str> {
    let all = branches
        .iter()
        .fold(Types::NONE, |all, branch| all.or(branch.types));
    if all == Types::ALL {
        return Vec::new();
    }
    let numbers = || branches.iter().filter(|branch| branch.types.has("number"));
    let is_integer = numbers().all(|branch| branch.numbers.is_integer);
    let mut names: Vec<&str> = all
        .each()
        .map(|name| {
            if name == "number" && is_integer {
                "integer"
            } else {
                name
            }
        })
        .collect();
    names.sort_unstable();
    names
}

/// What follows where each alternative that might accept a type of a branch was tried.
pub(super) fn of_trials<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
    branch: &Branch<'a>,
    kind: &'static str,
    fitting: &[&Branch<'a>],
    mut trials: Vec<Vec<InclusionFailure<'a>>>,
) -> Vec<InclusionFailure<'a>> {
    let is_included =
        |found: &Vec<InclusionFailure<'a>>| found.iter().all(|failure| failure.what.is_waived());
    let included = (0..trials.len())
        .filter(|at| is_included(&trials[*at]))
        .min_by_key(|at| trials[*at].len());
    if let Some(included) = included {
        return trials.swap_remove(included);
    }
    if trials.len() < 2 {
        return trials.pop().unwrap_or_default();
    }
    let same = fitting
        .iter()
        .position(|other| other.label.is_some() && other.label == branch.label);
    let least = trials
        .iter()
        .enumerate()
        .min_by_key(|(_, found)| found.len())
        .map(|(at, _)| at);
    if let Some(pair) =
        same.or(least.filter(|at| branch.label.is_none() && are_alike(branch, fitting[*at])))
    {
        let tried: Vec<&InclusionFailure<'a>> = trials[pair]
            .iter()
            .filter(|failure| !failure.what.is_waived())
            .collect();
        let found = witnesses(context, narrow, wide, &tried);
        let is_for_all = |failure: &InclusionFailure<'a>| match &failure.what {
            What::Required { name, .. } if context.documents.is_xml && failure.way.is_none() => {
                fitting
                    .iter()
                    .all(|other| other.objects.required.contains(name.as_str()))
            }
            _ => true,
        };
        let shown = tried
            .into_iter()
            .zip(found)
            .filter(|(failure, witness)| witness.is_some() && is_for_all(failure));
        let shown: Vec<InclusionFailure<'a>> = shown.map(|(failure, _)| failure.clone()).collect();
        if !shown.is_empty() {
            return shown;
        }
    }
    of_alternatives(context, narrow, wide, branch, kind, &trials)
}

/// What follows where no single alternative decides: whether one of the values that were tried shows it.
fn of_alternatives<'a>(
    context: &InclusionContext<'a>,
    narrow: &All<'a>,
    wide: &All<'a>,
    branch: &Branch<'a>,
    kind: &'static str,
    trials: &[Vec<InclusionFailure<'a>>],
) -> Vec<InclusionFailure<'a>> {
    let sampler = context.sampler();
    let mut candidates = sampler.of_type(branch, kind, 0);
    let visible = trials
        .iter()
        .flatten()
        .filter(|failure| !failure.is_silent());
    for failure in visible.take(40) {
        candidates.extend(sampler.witnesses(failure).take(2));
    }
    let sent = of_side(context, true, narrow, &candidates);
    let taken = accepted(context, wide, &candidates);
    let (Some(sent), Some(taken)) = (sent, taken) else {
        let reason = "its alternatives could not be compared";
        return vec![InclusionFailure::new(What::Unknown { reason }, Vec::new())];
    };
    let flags = sent
        .into_iter()
        .zip(taken)
        .map(|(sent, taken)| sent && !taken);
    let shown = candidates
        .into_iter()
        .zip(flags)
        .filter(|(_, shows)| *shows);
    let refused: Vec<Value> = shown.map(|(value, _)| value).collect();
    if refused.is_empty() {
        let is_overlap =
            |failure: &InclusionFailure<'a>| failure.what.is_waived() || failure.what.is_overlap();
        if trials.iter().any(|found| found.iter().all(is_overlap)) {
            return vec![InclusionFailure::new(What::Overlap, Vec::new())];
        }
        let reason = "several alternatives together may accept the same values";
        return vec![InclusionFailure::new(What::Unknown { reason }, Vec::new())];
    }
    let label = branch.label.map(str::to_owned);
    vec![InclusionFailure::new(What::Alternative { label }, refused)]
}

/// Whether two alternatives without a name have properties in common.
fn are_alike(one: &Branch<'_>, other: &Branch<'_>) -> bool {
    let names: BTreeSet<&str> = one.objects.declared().collect();
    let others: BTreeSet<&str> = other.objects.declared().collect();
    let shared = names.intersection(&others).count();
    shared * 2 >= names.len().max(1) || (names.is_empty() && others.is_empty())
}

/// What a branch that lists its values says of one that does not.
pub(super) fn listed<'a>(
    context: &InclusionContext<'a>,
    narrow: &Branch<'a>,
    values: &[&'a Value],
    kind: &'static str,
) -> Vec<InclusionFailure<'a>> {
    let all = context.sampler().of_type(narrow, kind, 0);
    let refused: Vec<Value> = all
        .into_iter()
        .filter(|value| !values.iter().any(|other| equal(value, other)))
        .collect();
    if refused.is_empty() && matches!(kind, "null" | "boolean") {
        return Vec::new();
    }
    let what = What::Values {
        missing: Vec::new(),
        wide: values.iter().map(|value| words(value)).collect(),
        is_listed: false,
    };
    vec![InclusionFailure::new(what, refused)]
}

/// Whether the narrow branch has everything that cannot be read of the wide one.
pub(super) fn has_unread<'a>(
    context: &InclusionContext<'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
) -> bool {
    let is_same = |one: &'a Value, other: &'a Value| {
        context
            .documents
            .are_same(context.direction, &[one], &[other])
    };
    wide.unread
        .iter()
        .all(|other| narrow.unread.iter().any(|one| is_same(one, other)))
}

/// Values that the wide branch refuses because another schema accepts them.
pub(super) fn refused<'a>(
    context: &InclusionContext<'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    kind: &'static str,
) -> Vec<InclusionFailure<'a>> {
    let mut failures = Vec::new();
    let known: Vec<&Value> = narrow
        .nots
        .iter()
        .chain(&narrow.excluded)
        .copied()
        .collect();
    let all = wide
        .nots
        .iter()
        .map(|schema| (*schema, false))
        .chain(wide.excluded.iter().map(|schema| (*schema, true)));
    for (schema, is_alternative) in all {
        let is_kept = known.iter().any(|known| {
            context
                .documents
                .are_same(context.direction, &[*known], &[schema])
        });
        if is_kept || context.disjoint().of(narrow, kind, schema) {
            continue;
        }
        let sampler = context.sampler();
        let mut candidates = sampler.of_type(narrow, kind, 0);
        if !is_alternative {
            candidates.extend(
                sampler
                    .of(&vec![schema], 0)
                    .into_iter()
                    .filter(|value| Types::of_value(value).has(kind)),
            );
        }
        let flags = accepted(context, &[schema], &candidates).unwrap_or_default();
        let shown: Vec<Value> = candidates
            .into_iter()
            .zip(flags)
            .filter(|(_, is_refused)| *is_refused)
            .map(|(value, _)| value)
            .collect();
        failures.push(match (is_alternative, shown.is_empty()) {
            (true, true) => InclusionFailure::new(What::Overlap, Vec::new()),
            (true, false) => keyword("oneOf", None, None, shown),
            (false, _) => keyword("not", None, Some(schema.to_string()), shown),
        });
    }
    failures
}
