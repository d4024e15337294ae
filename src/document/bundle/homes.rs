//! Where things that are in files are in the bundle.

use std::collections::{BTreeMap, BTreeSet};

use super::family::Family;
use super::fields::Position;
use super::parts::{Parts, Place, Resolved, reference_in};
use super::reference::{push, splits, steps};
use crate::yaml::Node;

/// A place in the bundle that a value of a file has because of what the main file says.
#[derive(Debug, Clone)]
struct Home {
    position: Position,
    /// Its pointer in the bundle.
    at: String,
}

/// What stays where it is, and what takes the place of a reference to it.
#[derive(Debug)]
pub(super) struct Homes {
    family: Family,
    /// By file, and then by the pointer in it.
    homes: BTreeMap<usize, BTreeMap<String, Vec<Home>>>,
    /// The names in each section of the main file.
    pub(super) taken: BTreeMap<&'static str, BTreeSet<String>>,
}

impl Homes {
    /// Looks at the main file. An entry of `components` that is nothing but a reference to a part gets the
    /// part in its place, so that its name stays.
    pub(super) fn of(family: Family, parts: &mut Parts<'_>) -> Self {
        let mut homes = Self {
            family,
            homes: BTreeMap::new(),
            taken: BTreeMap::new(),
        };
        let Some(root) = parts.root(0) else {
            return homes;
        };
        homes.add(&root, family.root(), String::new());
        for collection in family.collections() {
            homes.collect(collection, &root, parts);
        }
        if let Some(node) = root.node.get("paths") {
            let position = family.root().child("paths");
            homes.entered(root.file, "/paths", node, position, parts);
        }
        homes
    }

    fn add(&mut self, place: &Place, position: Position, at: String) {
        let of_file = self.homes.entry(place.file).or_default();
        let homes = of_file.entry(place.pointer.clone()).or_default();
        homes.push(Home { position, at });
    }

    fn collect(&mut self, collection: &'static str, root: &Place, parts: &mut Parts<'_>) {
        let mut place = root.clone();
        let mut position = self.family.root();
        let mut at = String::new();
        for step in steps(collection) {
            let Some(node) = place.node.get(&step).cloned() else {
                return;
            };
            position = position.child(&step);
            push(&mut at, &step);
            let mut pointer = place.pointer.clone();
            push(&mut pointer, &step);
            let file = place.file;
            place = match self.entered(file, &at, &node, position, parts) {
                Some(place) => place,
                None => Place {
                    file,
                    pointer,
                    node,
                },
            };
        }
        let entries = place.node.entries().unwrap_or_default();
        let names = entries.iter().map(|entry| entry.key.text.clone());
        self.taken.entry(collection).or_default().extend(names);
        for entry in entries {
            if entry
                .value
                .entries()
                .is_none_or(|entries| entries.len() != 1)
            {
                continue;
            }
            let mut at = at.clone();
            push(&mut at, &entry.key.text);
            let position = position.child(&entry.key.text);
            self.entered(place.file, &at, &entry.value, position, parts);
        }
    }

    /// The value that takes the place of a reference at `at`, if it is one of a part that has no place yet.
    fn entered(
        &mut self,
        file: usize,
        at: &str,
        node: &Node,
        position: Position,
        parts: &mut Parts<'_>,
    ) -> Option<Place> {
        let (reference, _) = reference_in(node)?;
        let Resolved::Place(target) = parts.resolve(file, reference) else {
            return None;
        };
        if target.file == 0 {
            return None;
        }
        match self.place(&target, position) {
            Some(known) => (known == at).then_some(target),
            None => {
                self.add(&target, position, at.to_owned());
                Some(target)
            }
        }
    }

    /// The pointer in the bundle to a value of a file, if it has a place as what it is used for.
    pub(super) fn place(&self, target: &Place, wanted: Position) -> Option<String> {
        let of_file = self.homes.get(&target.file)?;
        let fits = |home: &&Home, rest: &str| {
            let position = home.position.at(steps(rest));
            let fits = position == wanted || position.is_schema() && wanted.is_schema();
            fits && keeps(self.family, target.file, home.position, rest)
        };
        splits(&target.pointer).find_map(|(above, rest)| {
            let mut homes = of_file.get(above)?.iter().rev();
            let home = homes.find(|home| fits(home, rest))?;
            Some(format!("{}{rest}", home.at))
        })
    }
}

/// Whether what is at some steps of a value is copied with it: the definitions of a schema in a part are
/// not, as a bundle has a place of its own for them.
pub(super) fn keeps(family: Family, file: usize, position: Position, rest: &str) -> bool {
    if file == 0 || family.is_json_schema() {
        return true;
    }
    let mut position = position;
    for step in steps(rest) {
        if is_left_out(family, file, position, &step) {
            return false;
        }
        position = position.child(&step);
    }
    true
}

/// Whether a key of a schema in a part is not copied: it names or holds what the bundle has elsewhere, or
/// would change what references in it lead to.
pub(super) fn is_left_out(family: Family, file: usize, position: Position, key: &str) -> bool {
    if file == 0 || !position.is_schema() {
        return false;
    }
    match key {
        "$id" | "id" | "$anchor" | "$schema" => true,
        "$defs" | "definitions" => !family.is_json_schema(),
        _ => false,
    }
}
