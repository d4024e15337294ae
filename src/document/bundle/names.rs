//! The names of what is moved from parts into the bundle.

use std::collections::{BTreeMap, BTreeSet};

use super::copy::Lift;
use super::family::Family;
use super::fields::Position;
use super::homes::{Homes, keeps};
use super::parts::{Parts, Place};
use super::reference::{push, steps};

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
    let mut taken = homes.taken.clone();
    let mut places = BTreeMap::new();
    for lift in &order {
        if around(family, lift, lifts).is_some() {
            continue;
        }
        let names = taken.entry(lift.section).or_default();
        let name = free_name(family, &parts.files[lift.file].name, &lift.pointer, names);
        let mut place = lift.section.to_owned();
        push(&mut place, &name);
        names.insert(name);
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

fn free_name(family: Family, file: &str, pointer: &str, taken: &BTreeSet<String>) -> String {
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
    let numbered = (2..).map(|n: usize| format!("{name}_{n}"));
    std::iter::once(name.clone())
        .chain(longer)
        .chain(numbered)
        .find(|name| !taken.contains(name))
        .unwrap_or(name)
}
