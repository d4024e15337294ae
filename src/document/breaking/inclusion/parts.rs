//! Whether the lists and objects of one branch are among those of another: what can be said at once, and
//! what has to be asked of the schemas below.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::branch::{All, Branch, is_nothing};
use super::context::InclusionContext;
use super::failure::{InclusionFailure, SchemaStep, What};
use super::list_parts::{contained, lengths};
use super::normal::says_nothing;
use super::sample::{Sampler, name_for};
use super::scalars::keyword;
use super::side::Direction;

/// A question about schemas below.
pub(super) enum Question<'a> {
    /// Whether the values at a step are included.
    Values {
        step: SchemaStep,
        narrow: All<'a>,
        wide: All<'a>,
    },
    /// Whether anything at all is accepted as a property that the narrow schema does not describe.
    Anything { name: String, wide: All<'a> },
    /// Whether the names of properties are included.
    Names { narrow: All<'a>, wide: All<'a> },
}

pub(super) struct Parts<'a> {
    pub(super) failures: Vec<InclusionFailure<'a>>,
    pub(super) questions: Vec<Question<'a>>,
}

pub(super) fn lists<'a>(
    context: &InclusionContext<'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
) -> Parts<'a> {
    let (own, other) = (&narrow.lists, &wide.lists);
    let mut failures = lengths(&context.sampler(), narrow, wide);
    failures.extend(contained(context, narrow, wide));
    let positions = own.named_positions().max(other.named_positions());
    let most = own
        .count
        .most
        .and_then(|most| usize::try_from(most).ok())
        .unwrap_or(usize::MAX);
    let each = (0..positions.min(most))
        .map(Some)
        .chain((positions < most).then_some(None));
    let questions = each
        .map(|at| Question::Values {
            step: SchemaStep::Item(at),
            narrow: own.item(at),
            wide: other.item(at),
        })
        .collect();
    Parts {
        failures,
        questions,
    }
}

pub(super) fn objects<'a>(
    sampler: &Sampler<'_, 'a>,
    direction: Direction,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
) -> Parts<'a> {
    let mut parts = Parts {
        failures: Vec::new(),
        questions: Vec::new(),
    };
    let (own, other) = (&narrow.objects, &wide.objects);
    for name in other.required.difference(&own.required) {
        let mut without = narrow.clone();
        without.objects.forbidden.insert(name);
        let candidates = sampler.of_type(&without, "object", 0);
        let what = What::Required {
            name: (*name).to_owned(),
            is_declared: own.declares(name),
        };
        parts.failures.push(InclusionFailure::new(what, candidates));
    }
    counts(sampler, narrow, wide, &mut parts.failures);
    for name in &other.forbidden {
        if !is_nothing(&own.property(name)) {
            let candidates = with(sampler, narrow, name);
            parts
                .failures
                .push(keyword("dependentRequired", None, None, candidates));
        }
    }
    if !says_nothing(&other.names) {
        parts.questions.push(Question::Names {
            narrow: own.names.clone(),
            wide: other.names.clone(),
        });
    }
    let names: BTreeSet<&str> = own.declared().chain(other.declared()).collect();
    for name in names {
        property(sampler, direction, name, narrow, wide, &mut parts);
    }
    unnamed(sampler, narrow, wide, &mut parts);
    parts
}

fn counts<'a>(
    sampler: &Sampler<'_, 'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    failures: &mut Vec<InclusionFailure<'a>>,
) {
    let (own, other) = (&narrow.objects, &wide.objects);
    let needed = u64::try_from(own.required.len()).unwrap_or_default();
    if other.count.least > own.count.least.max(needed) {
        let was = Some(own.count.least)
            .filter(|least| *least > 0)
            .map(|was| was.to_string());
        let least = sampler.object(narrow, None, 0).into_iter().collect();
        failures.push(keyword(
            "minProperties",
            was,
            Some(other.count.least.to_string()),
            least,
        ));
    }
    let is_closed = is_nothing(&own.rest()) && own.patterns().is_empty();
    let declared = is_closed.then(|| u64::try_from(own.declared().count()).unwrap_or(u64::MAX));
    let most = own
        .count
        .most
        .unwrap_or(u64::MAX)
        .min(declared.unwrap_or(u64::MAX));
    if let Some(limit) = other.count.most.filter(|limit| most > *limit) {
        let mut more = narrow.clone();
        more.objects.count.least = more.objects.count.least.max(limit.saturating_add(1));
        let was = own.count.most.map(|was| was.to_string());
        let candidates = sampler.object(&more, None, 0).into_iter().collect();
        failures.push(keyword(
            "maxProperties",
            was,
            Some(limit.to_string()),
            candidates,
        ));
    }
}

/// Objects that have a property.
fn with<'a>(sampler: &Sampler<'_, 'a>, branch: &Branch<'a>, name: &str) -> Vec<Value> {
    let mut values = sampler.of(&branch.objects.property(name), 1);
    if branch.objects.property(name).is_empty() {
        values = vec![json!("any"), json!(0), json!({})];
    }
    values.truncate(4);
    values
        .iter()
        .filter_map(|value| sampler.object(branch, Some((name, value)), 0))
        .collect()
}

fn property<'a>(
    sampler: &Sampler<'_, 'a>,
    direction: Direction,
    name: &str,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    parts: &mut Parts<'a>,
) {
    let (own, other) = (&narrow.objects, &wide.objects);
    let (mine, theirs) = (own.property(name), other.property(name));
    let is_known = own.declares(name);
    let is_promised = other.declares(name) && !other.hidden.contains(name);
    let name_text = || name.to_owned();
    if own.hidden.contains(name) {
        // What does not travel is removed, if it travelled before.
        let is_news = direction == Direction::Response && is_promised;
        if is_news {
            parts.failures.push(InclusionFailure::new(
                What::Removed { name: name_text() },
                Vec::new(),
            ));
        }
        return;
    }
    if other.hidden.contains(name) {
        if direction == Direction::Request && is_known {
            parts.failures.push(InclusionFailure::new(
                What::Hidden { name: name_text() },
                Vec::new(),
            ));
        }
        return;
    }
    let is_required = other.required.contains(name) && !own.required.contains(name);
    if is_nothing(&mine) {
        // A branch that is about the absence of the property is one of several.
        let is_one_of_several = own.forbidden.contains(name);
        if !is_one_of_several
            && direction == Direction::Response
            && is_promised
            && !is_required
            && !is_nothing(&theirs)
        {
            parts.failures.push(InclusionFailure::new(
                What::Removed { name: name_text() },
                Vec::new(),
            ));
        }
    } else if other.forbidden.contains(name) {
        // Said where the branch is compared.
    } else if is_nothing(&theirs) {
        let what = What::Closed {
            name: Some(name_text()),
        };
        parts
            .failures
            .push(InclusionFailure::new(what, with(sampler, narrow, name)));
    } else if is_known || !says_nothing(&mine) {
        parts.questions.push(Question::Values {
            step: SchemaStep::Property(name_text()),
            narrow: mine,
            wide: theirs,
        });
    } else if !(is_required && direction == Direction::Response) {
        parts.questions.push(Question::Anything {
            name: name_text(),
            wide: theirs,
        });
    }
}

/// Properties that nothing names, or that a pattern matches.
fn unnamed<'a>(
    sampler: &Sampler<'_, 'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    parts: &mut Parts<'a>,
) {
    let (own, other) = (&narrow.objects, &wide.objects);
    let patterns: BTreeSet<&str> = own.patterns().union(&other.patterns()).copied().collect();
    let free = free_name(narrow, wide, &patterns);
    region(
        sampler,
        narrow,
        wide,
        (own.rest(), other.rest()),
        &free,
        parts,
    );
    for pattern in patterns {
        let Some(name) = name_for(pattern) else {
            let what = What::Unknown {
                reason: "a pattern of names cannot be read",
            };
            parts.failures.push(InclusionFailure::new(what, Vec::new()));
            continue;
        };
        if own.declares(&name) || other.declares(&name) {
            continue;
        }
        region(
            sampler,
            narrow,
            wide,
            (own.property(&name), other.property(&name)),
            &name,
            parts,
        );
    }
}

/// A name that nothing names.
fn free_name(narrow: &Branch<'_>, wide: &Branch<'_>, patterns: &BTreeSet<&str>) -> String {
    let is_free = |name: &String| {
        !narrow.objects.declares(name)
            && !wide.objects.declares(name)
            && !patterns
                .iter()
                .any(|pattern| super::patterns::matches(pattern, name) == Some(true))
    };
    let plain = ["other", "more", "Other", "0", "x-other", "_", "~", "ZZ"]
        .into_iter()
        .map(str::to_owned);
    plain
        .chain((0..20).map(|n| format!("other{n}")))
        .find(is_free)
        .unwrap_or_else(|| "other".to_owned())
}

fn region<'a>(
    sampler: &Sampler<'_, 'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
    (mine, theirs): (All<'a>, All<'a>),
    name: &str,
    parts: &mut Parts<'a>,
) {
    if says_nothing(&theirs) || is_nothing(&mine) || wide.objects.hidden.contains(name) {
        return;
    }
    if is_nothing(&theirs) {
        let is_closed =
            |failure: &InclusionFailure<'a>| matches!(failure.what, What::Closed { name: Some(_) });
        if parts.failures.iter().any(is_closed) {
            return;
        }
        let what = What::Closed { name: None };
        parts
            .failures
            .push(InclusionFailure::new(what, with(sampler, narrow, name)));
        return;
    }
    parts.questions.push(Question::Values {
        step: SchemaStep::Anything(name.to_owned()),
        narrow: mine,
        wide: theirs,
    });
}
