//! What an element contains, once each choice is made, and how often.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::choices::GROUP;

/// Alternatives of one type, at most.
pub(super) const MOST_ALTERNATIVES: usize = 24;

/// An element within another one.
#[derive(Clone)]
pub(super) struct Particle {
    pub(super) schema: Value,
    pub(super) least: u64,
    /// `None` if there is no bound.
    pub(super) most: Option<u64>,
    pub(super) source: usize,
}

/// What an element contains, once each choice is made.
#[derive(Clone, Default)]
pub(super) struct Alternative {
    pub(super) elements: BTreeMap<String, Particle>,
    /// Choices that both descriptions have and that are compared as a whole.
    pub(super) groups: Vec<String>,
    /// What was taken of the choices, if there are any.
    pub(super) taken: Vec<String>,
    /// Whether it may have elements that are not named.
    pub(super) is_open: bool,
    /// At least one of these is there.
    pub(super) one_of: Vec<String>,
    /// What cannot be compared.
    pub(super) unread: Vec<String>,
    /// Whether something was left out because of a limit.
    pub(super) is_cut: bool,
}

/// How often something appears.
pub(super) fn occurrence(least: Option<&str>, most: Option<&str>) -> (u64, Option<u64>) {
    let least = least
        .and_then(|least| least.trim().parse().ok())
        .unwrap_or(1);
    let most = match most.map(str::trim) {
        Some("unbounded") => None,
        Some(most) => Some(most.parse().unwrap_or(1)),
        None => Some(1),
    };
    (least, most)
}

/// What has one of the first and one of the second alternatives.
pub(super) fn both(first: Vec<Alternative>, second: &[Alternative]) -> Vec<Alternative> {
    // Where something was left out already, the rest need not be exact.
    let is_cut = first.iter().chain(second).any(|one| one.is_cut);
    if is_cut || first.len() * second.len() > MOST_ALTERNATIVES {
        let one = match <[Alternative; 1]>::try_from(first) {
            Ok([only]) => only,
            Err(several) => mixed(&several),
        };
        return vec![Alternative {
            is_cut: true,
            ..meet(one, &mixed(second))
        }];
    }
    if let [other] = second {
        // A long sequence is put together in place.
        return first.into_iter().map(|one| meet(one, other)).collect();
    }
    first
        .iter()
        .flat_map(|one| second.iter().map(|other| meet(one.clone(), other)))
        .collect()
}

/// What is taken of a choice, which is known by the first element that has to be there, or else may be.
pub(super) fn branch(mut alternative: Alternative) -> Alternative {
    if alternative.taken.is_empty() {
        let all = alternative.elements.iter();
        let first = all.min_by_key(|(_, particle)| (particle.least == 0, particle.source));
        alternative.taken = first.map(|(name, _)| name.clone()).into_iter().collect();
    }
    alternative
}

/// A choice that is the same in both descriptions, as one thing: which of its elements are there does not matter.
pub(super) fn as_group(all: &[Alternative], print: u64) -> Alternative {
    const FEW: usize = 4;
    let mut group = mixed(all);
    let mut names: Vec<&str> = group.elements.keys().map(String::as_str).collect();
    names.truncate(FEW);
    let name = format!("{GROUP}{}#{print:x}", names.join("|"));
    group.groups = vec![name];
    group
}

fn meet(mut met: Alternative, other: &Alternative) -> Alternative {
    for (name, particle) in &other.elements {
        match met.elements.get_mut(name) {
            Some(known) => {
                known.least = known.least.saturating_add(particle.least);
                known.most = known
                    .most
                    .zip(particle.most)
                    .map(|(one, other)| one.saturating_add(other));
                if known.schema != particle.schema {
                    known.schema = json!({"anyOf": [known.schema, particle.schema]});
                }
            }
            None => {
                met.elements.insert(name.clone(), particle.clone());
            }
        }
    }
    met.taken.extend_from_slice(&other.taken);
    met.groups.extend_from_slice(&other.groups);
    met.is_cut |= other.is_cut;
    met.is_open |= other.is_open;
    if met.one_of.is_empty() {
        met.one_of.clone_from(&other.one_of);
    } else {
        // Only one such condition is kept, the other would have to be.
        met.unread
            .extend(other.one_of.iter().map(|name| format!("one of {name}")));
    }
    met.unread.extend(other.unread.iter().cloned());
    met
}

/// Everything that any of the alternatives may have.
pub(super) fn mixed(all: &[Alternative]) -> Alternative {
    let mut mixed = Alternative::default();
    for alternative in all {
        mixed.is_open |= alternative.is_open;
        // What has to be there of a choice depends on how often it is there.
        mixed.is_cut |= alternative.is_cut || !alternative.groups.is_empty();
        mixed.unread.extend(alternative.unread.iter().cloned());
        for (name, particle) in &alternative.elements {
            let known = mixed
                .elements
                .entry(name.clone())
                .or_insert_with(|| particle.clone());
            known.least = 0;
            known.most = known
                .most
                .zip(particle.most)
                .map(|(one, other)| one.max(other));
            if known.schema != particle.schema {
                known.schema = json!({"anyOf": [known.schema, particle.schema]});
            }
        }
    }
    mixed
}

/// The same several times.
pub(super) fn repeated(all: Vec<Alternative>, least: u64, most: Option<u64>) -> Vec<Alternative> {
    let mut all = if most == Some(1) {
        all
    } else {
        vec![multiplied(all, least, most)]
    };
    if least == 0 {
        let may_be_empty = all.iter().any(|one| {
            one.one_of.is_empty()
                && one.groups.is_empty()
                && one.elements.values().all(|particle| particle.least == 0)
        });
        if !may_be_empty {
            all.push(Alternative::default());
        }
    }
    all
}

/// What may be taken in each of several turns, put together.
fn multiplied(all: Vec<Alternative>, least: u64, most: Option<u64>) -> Alternative {
    let mut whole = match <[Alternative; 1]>::try_from(all) {
        Ok([only]) => only,
        Err(several) => {
            let needs_one = several
                .iter()
                .all(|one| one.elements.values().any(|particle| particle.least > 0));
            let mut free = mixed(&several);
            if needs_one && least > 0 && free.one_of.is_empty() {
                free.one_of = free.elements.keys().cloned().collect();
            }
            free
        }
    };
    whole.is_cut |= !whole.groups.is_empty();
    for particle in whole.elements.values_mut() {
        particle.least = particle.least.saturating_mul(least);
        particle.most = particle
            .most
            .zip(most)
            .map(|(one, times)| one.saturating_mul(times));
    }
    whole
}

/// As many alternatives as are compared. Where they repeat, all are put together anyway.
pub(super) fn bounded(all: Vec<Alternative>, is_once: bool) -> Vec<Alternative> {
    if all.len() <= MOST_ALTERNATIVES || !is_once {
        return all;
    }
    vec![Alternative {
        is_cut: true,
        ..mixed(&all)
    }]
}
