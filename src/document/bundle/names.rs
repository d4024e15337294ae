//! The names of what is moved from parts into the bundle.

use std::collections::{BTreeMap, BTreeSet};

use super::family::Family;
use super::fields::Position;
use super::homes::{Homes, keeps};
use super::parts::{Parts, Place};
use super::reference::{push, steps};

/// A value of a part that gets a place of its own, by the section that it gets it in.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Lift {
    pub(super) section: &'static str,
    pub(super) file: usize,
    pub(super) pointer: String,
}

/// The names of what is lifted, and the pointers to it.
///
/// A name is the last step of what the reference names, or the name of the file; where two have the same,
/// the name of the file or its folder precedes it, and then a number follows.
pub(super) fn places(
    family: Family,
    parts: &Parts<'_>,
    homes: &Homes,
    lifts: &BTreeMap<Lift, (Place, Position)>,
) -> BTreeMap<Lift, String> {
    let mut order: Vec<&Lift> = lifts.keys().collect();
    order.sort_by_key(|lift| {
        (
            lift.section,
            parts.files[lift.file].name.as_str(),
            lift.pointer.as_str(),
        )
    });
    let mut taken = Taken {
        names: homes.taken.clone(),
        next: BTreeMap::new(),
    };
    let mut places = BTreeMap::new();
    for lift in &order {
        if around(family, lift, lifts).is_some() {
            continue;
        }
        let wishes = wishes(family, &parts.files[lift.file].name, &lift.pointer);
        let mut place = lift.section.to_owned();
        push(&mut place, &taken.take(lift.section, wishes));
        places.insert((*lift).clone(), place);
    }
    for lift in &order {
        let mut outermost = *lift;
        while let Some((outer, _)) = around(family, outermost, lifts) {
            outermost = outer;
        }
        if outermost != *lift
            && let Some(place) = places.get(outermost)
        {
            let place = format!("{place}{}", &lift.pointer[outermost.pointer.len()..]);
            places.insert((*lift).clone(), place);
        }
    }
    places
}

/// The lifted value that another one is part of, and what it is.
fn around<'l>(
    family: Family,
    lift: &Lift,
    lifts: &'l BTreeMap<Lift, (Place, Position)>,
) -> Option<(&'l Lift, Position)> {
    let wanted = lifts.get(lift)?.1;
    let mut ends: Vec<usize> = lift
        .pointer
        .match_indices('/')
        .map(|(end, _)| end)
        .collect();
    ends.reverse();
    ends.into_iter().find_map(|end| {
        let outer = Lift {
            pointer: lift.pointer[..end].to_owned(),
            ..lift.clone()
        };
        let (outer, (_, position)) = lifts.get_key_value(&outer)?;
        let rest = &lift.pointer[end..];
        let found = position.at(steps(rest));
        let fits = found == wanted || found.is_schema() && wanted.is_schema();
        let is_kept = keeps(family, lift.file, *position, rest);
        (fits && is_kept).then_some((outer, *position))
    })
}

/// The names in each section.
struct Taken {
    names: BTreeMap<&'static str, BTreeSet<String>>,
    /// The number with which the search for a free name goes on.
    next: BTreeMap<(&'static str, String), usize>,
}

impl Taken {
    /// The first name that is free, or the shortest one with a number.
    fn take(&mut self, section: &'static str, wishes: Vec<String>) -> String {
        let names = self.names.entry(section).or_default();
        let free = wishes.iter().find(|name| !names.contains(*name)).cloned();
        let shortest = wishes.into_iter().next().unwrap_or_default();
        let name = free.unwrap_or_else(|| {
            let next = self.next.entry((section, shortest.clone())).or_insert(2);
            loop {
                let name = format!("{shortest}_{next}");
                *next += 1;
                if !names.contains(&name) {
                    break name;
                }
            }
        });
        names.insert(name.clone());
        name
    }
}

/// The names that a value should have, the best one first.
fn wishes(family: Family, file: &str, pointer: &str) -> Vec<String> {
    let (folder, file) = file.rsplit_once('/').unwrap_or(("", file));
    let folder = folder.rsplit('/').next().unwrap_or_default();
    let mut stem = file;
    for ending in [".yaml", ".yml", ".json", ".schema"] {
        stem = stem.strip_suffix(ending).unwrap_or(stem);
    }
    let (mut name, mut before) = (stem.to_owned(), folder);
    if let Some(last) = steps(pointer).last() {
        (name, before) = (last, stem);
    } else if matches!(stem, "index" | "_index") && !folder.is_empty() {
        (name, before) = (folder.to_owned(), "");
    }
    let allowed = |name: &str| match family {
        Family::OpenApi | Family::AsyncApi2 | Family::AsyncApi3 => {
            let is_allowed = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            let of = |c: char| if is_allowed(c) { c } else { '_' };
            name.chars().map(of).collect()
        }
        _ => name.to_owned(),
    };
    let name: String = match allowed(&name) {
        name if name.is_empty() => "part".to_owned(),
        name => name,
    };
    let longer = (!before.is_empty()).then(|| format!("{}_{name}", allowed(before)));
    std::iter::once(name).chain(longer).collect()
}
