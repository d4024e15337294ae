//! The writes that give resources another name, and what waits for what because of them.

use std::collections::BTreeMap;

use super::states::{Family, Referring, Renaming};
use crate::model::{Address, Resource};
use crate::plan::model::{Action, Carried, Change, Edge, Positions, Preparation, Purpose, WriteId};

/// Writes of renames, and the edges that they add to the order.
#[derive(Debug, Default)]
pub(in crate::plan) struct RenameGraph {
    pub(in crate::plan) preparations: Vec<Preparation>,
    pub(in crate::plan) edges: Vec<Edge>,
    /// Edges that only keep a good order.
    pub(in crate::plan) ordering_edges: Vec<Edge>,
}

/// Computes the writes of all renames. `others` are the preparations that come before them.
pub(in crate::plan) fn rename_steps(
    changes: &[Change],
    positions: &Positions,
    renaming: &Renaming<'_>,
    others: &[Preparation],
) -> RenameGraph {
    if renaming.families.is_empty() {
        return RenameGraph::default();
    }
    let mut builder = Builder {
        changes,
        positions,
        first: others.len(),
        copies: BTreeMap::new(),
        redirects: BTreeMap::new(),
        removals: Vec::new(),
        graph: RenameGraph::default(),
    };
    let families: Vec<(&Family, usize)> = renaming
        .families
        .iter()
        .filter_map(|family| {
            let change = positions.get(&family.present)?;
            changes[change]
                .blocked
                .is_none()
                .then_some((family, change))
        })
        .collect();
    for (family, change) in &families {
        builder.copy(family, *change);
    }
    builder.redirect(renaming, &families);
    for (family, change) in &families {
        builder.remove(family, *change);
    }
    builder.connect_copies();
    for (i, (family, _)) in families.iter().enumerate() {
        builder.connect_removals(i, family, renaming, &families);
    }
    builder.connect_others(&families, others);
    builder.graph
}

struct Builder<'a> {
    changes: &'a [Change],
    positions: &'a Positions,
    /// The position of the first preparation.
    first: usize,
    /// The copies, by what is copied.
    copies: BTreeMap<Address, WriteId>,
    /// The writes of what refers to renamed resources, by what is written.
    redirects: BTreeMap<Address, WriteId>,
    /// The deletes of each family.
    removals: Vec<Vec<WriteId>>,
    graph: RenameGraph,
}

impl Builder<'_> {
    fn prepare(
        &mut self,
        change: usize,
        purpose: Purpose,
        resource: &Resource,
        carried: Option<Carried>,
    ) -> WriteId {
        let id = WriteId::Preparation(self.first + self.graph.preparations.len());
        self.graph.preparations.push(Preparation {
            change,
            purpose,
            resource: resource.clone(),
            carried,
            waits_for: Vec::new(),
        });
        id
    }

    fn wait(&mut self, later: WriteId, earlier: WriteId) {
        self.graph.edges.push(Edge { later, earlier });
    }

    fn copy(&mut self, family: &Family, change: usize) {
        for copied in &family.copies {
            let carried = Carried {
                unmodelled: copied.unmodelled.clone(),
                document: copied.document.clone(),
            };
            let id = self.prepare(change, Purpose::Copy, &copied.resource, Some(carried));
            self.copies.insert(copied.resource.address.clone(), id);
        }
    }

    /// What this plan deletes need not refer to anything by its present name.
    fn redirect(&mut self, renaming: &Renaming<'_>, families: &[(&Family, usize)]) {
        for referring in &renaming.referring {
            let address = &referring.current.resource.address;
            let mut referred = families.iter();
            let referred = referred.find(|(family, _)| family.is_among(&referring.references));
            let Some((_, change)) = referred.filter(|_| self.deletes(address).is_none()) else {
                continue;
            };
            let carried = Carried {
                unmodelled: referring.current.unmodelled.clone(),
                document: None,
            };
            let id = self.prepare(
                *change,
                Purpose::Redirect,
                &referring.written(),
                Some(carried),
            );
            self.redirects.insert(address.clone(), id);
        }
    }

    fn remove(&mut self, family: &Family, change: usize) {
        let former = family.former.iter();
        let removals = former
            .map(|resource| self.prepare(change, Purpose::Remove, resource, None))
            .collect();
        self.removals.push(removals);
    }

    /// The request that deletes a resource in this plan.
    fn deletes(&self, address: &Address) -> Option<WriteId> {
        let position = self.positions.get(address)?;
        let is_delete = self.changes[position].action() == Action::Delete;
        is_delete.then(|| WriteId::Change(self.positions.carrier(self.changes, position)))
    }

    /// A copy is written after its parent, and all that refers to copies after them.
    fn connect_copies(&mut self) {
        let mut edges = Vec::new();
        for (i, preparation) in self.graph.preparations.iter().enumerate() {
            if preparation.purpose == Purpose::Remove {
                continue;
            }
            let later = WriteId::Preparation(self.first + i);
            let resource = &preparation.resource;
            let parent = resource.parent();
            let needed = parent.iter().chain(&resource.references);
            let needed = needed.filter_map(|address| self.copies.get(address));
            let needed = needed.filter(|earlier| **earlier != later);
            edges.extend(needed.map(|&earlier| Edge { later, earlier }));
        }
        self.graph.edges.extend(edges);
    }

    /// A former resource is deleted after it was copied and nothing refers to it.
    fn connect_removals(
        &mut self,
        i: usize,
        family: &Family,
        renaming: &Renaming<'_>,
        families: &[(&Family, usize)],
    ) {
        let mut earlier: Vec<WriteId> = Vec::new();
        let copied = family.copies.iter();
        earlier.extend(copied.filter_map(|copied| self.copies.get(&copied.resource.address)));
        let referring = renaming.referring.iter();
        for referring in referring.filter(|one| family.is_among(&one.references)) {
            let address = &referring.current.resource.address;
            earlier.extend(self.redirects.get(address));
            earlier.extend(self.deletes(address));
        }
        for later in self.removals[i].clone() {
            for earlier in &earlier {
                self.wait(later, *earlier);
            }
            // Former resources refer to each other, too.
            for (j, (other, _)) in families.iter().enumerate() {
                if i != j && family.is_among(&other.references) {
                    let others = self.removals[j].iter();
                    let edges = others.map(|&earlier| Edge { later, earlier });
                    self.graph.ordering_edges.extend(edges);
                }
            }
        }
    }

    /// Everything else that is written to a renamed or redirected resource comes after that, and what is written below
    /// a copy or refers to one comes after the copy.
    fn connect_others(&mut self, families: &[(&Family, usize)], others: &[Preparation]) {
        let mut changes = self.changes.iter().enumerate();
        let changes = changes
            .by_ref()
            .filter(|(_, change)| change.blocked.is_none());
        let changes =
            changes.map(|(i, change)| (WriteId::Change(i), &change.address, change.after()));
        let preparations = others.iter().enumerate();
        let preparations = preparations.map(|(i, other)| {
            let resource = &other.resource;
            (WriteId::Preparation(i), &resource.address, Some(resource))
        });
        let mut edges = Vec::new();
        for (later, address, after) in changes.chain(preparations) {
            let needed = after.into_iter().flat_map(|after| {
                let needed = after.parent().into_iter().chain(after.references.clone());
                needed.filter_map(|needed| self.copies.get(&needed).copied())
            });
            edges.extend(needed.map(|earlier| Edge { later, earlier }));
            let redirect = self.redirects.get(address);
            let removals = families.iter().zip(&self.removals);
            let above = after.and_then(Resource::parent);
            let is_in = |family: &Family| {
                family.has(address) || above.as_ref().is_some_and(|above| family.has(above))
            };
            let removals = removals.filter(|((family, _), _)| is_in(family));
            let removals = removals.flat_map(|(_, removals)| removals);
            let earlier = redirect.into_iter().chain(removals);
            edges.extend(earlier.map(|&earlier| Edge { later, earlier }));
        }
        self.graph.edges.extend(edges);
    }
}

impl Referring {
    /// The resource as it is written. Where properties are open, those that no kind models are read again right before
    /// they are written, so only what changes of them is declared.
    fn written(&self) -> Resource {
        let mut resource = self.current.resource.clone();
        let open = resource.address.kind().open_field;
        if let Some(field) = open.filter(|_| !self.unmodelled.is_empty()) {
            let patch = self.unmodelled.clone();
            resource.body.insert(field.to_owned(), patch.into());
        }
        resource
    }
}

impl Family {
    /// Whether a resource is in it, by its present address.
    fn has(&self, address: &Address) -> bool {
        *address == self.present || address.is_below(&self.present) || self.paths.contains(address)
    }

    /// Whether one of these is in it, by a former address.
    fn is_among<'a>(&self, references: impl IntoIterator<Item = &'a Address>) -> bool {
        references.into_iter().any(|address| {
            let mut former = self.former.iter().map(|resource| &resource.address);
            former.any(|top| address == top || address.is_below(top))
        })
    }
}
