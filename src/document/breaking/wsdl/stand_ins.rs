//! What else two elements differ in: their keys, and the types that may stand for theirs.

use std::collections::{BTreeMap, BTreeSet};

use super::order::{Change, Orders};
use super::projection::Projection;
use super::tree::{QName, XSD};
use crate::document::breaking::findings::{Impact, code};

impl Orders<'_, '_> {
    /// Whether an element has other keys, which are not compared.
    pub(super) fn identity(&self, (before, after): (usize, usize)) -> Option<Change> {
        let of = |projection: &Projection<'_, '_>, number| {
            let tree = projection.tree;
            let all = tree.all(number, XSD).filter(|child| {
                matches!(&*tree.node(*child).name.local, "key" | "keyref" | "unique")
            });
            all.map(|child| tree.print(child))
                .collect::<BTreeSet<u64>>()
        };
        let (was, now) = (of(self.before, before), of(self.after, after));
        let (narrow, wide) = if self.is_request {
            (was, now)
        } else {
            (now, was)
        };
        let name = self.before.tree.node(before).attribute("name")?;
        (!wide.is_subset(&narrow)).then(|| Change {
            rule: "schema-undecided",
            impact: Impact::Caution,
            message: format!(
                "{} changed, and whether that breaks cannot be said: `key`, `keyref` and `unique` are not compared",
                code(name)
            ),
            numbers: (before, after),
        })
    }

    /// Whether other types may stand for the type of an element.
    pub(super) fn types(
        &mut self,
        numbers: (usize, usize),
        waiting: &mut Vec<(usize, usize)>,
    ) -> Vec<Change> {
        let sides = [(self.before, numbers.0), (self.after, numbers.1)];
        let [Some(was), Some(now)] = sides.map(|(projection, number)| projection.type_of(number))
        else {
            return Vec::new();
        };
        let names = |projection: &Projection<'_, '_>, base: &QName| -> BTreeMap<String, QName> {
            let all = projection.derived_from(base).into_iter();
            all.map(|name| (name.local.clone(), name)).collect()
        };
        let (old, new) = (names(self.before, &was), names(self.after, &now));
        let label = self.before.tree.node(numbers.0).attribute("name");
        let label = code(label.unwrap_or(&was.local));
        let mut changes: Vec<(Impact, String)> = Vec::new();
        let abstracts = (self.before.is_abstract(&was), self.after.is_abstract(&now));
        if self.is_request && abstracts == (false, true) {
            let kind = code(&now.local);
            let words =
                format!("{label} must name another type (`xsi:type`) now: {kind} is abstract");
            changes.push((Impact::Break, words));
        }
        for (local, name) in &old {
            if let Some(other) = new.get(local) {
                if self.derived.insert((name.clone(), other.clone())) {
                    let pair = self.before.global("types", name);
                    waiting.extend(pair.zip(self.after.global("types", other)));
                }
            } else if self.is_request {
                let words = format!(
                    "{label} no longer takes {} as its type (`xsi:type`)",
                    code(local)
                );
                changes.push((Impact::Break, words));
            }
        }
        let is_new = |local: &&String| !self.is_request && !old.contains_key(*local);
        changes.extend(new.keys().filter(is_new).map(|local| {
            let words = format!("{label} may have the type {} now (`xsi:type`)", code(local));
            (Impact::Caution, words)
        }));
        let change = |(impact, message)| Change {
            rule: "discriminator",
            impact,
            message,
            numbers,
        };
        changes.into_iter().map(change).collect()
    }
}
