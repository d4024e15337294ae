//! Changes as a tree: what is below an API is below it here.

use std::collections::BTreeSet;

use super::brings::Brings;
use crate::model::Address;
use crate::plan::{Action, Change};

/// A resource with a change, or one that has changes below it.
#[derive(Debug, Clone)]
pub(in crate::output) struct Branch<'a> {
    /// The resource.
    pub(in crate::output) address: Address,
    /// Its address without that of the branch above.
    pub(in crate::output) label: String,
    /// Its change, if it has one itself.
    pub(in crate::output) change: Option<&'a Change>,
    /// What a new resource brings with it; that is not in `below`.
    pub(in crate::output) brings: Brings,
    /// The resources below that change.
    pub(in crate::output) below: Vec<Self>,
}

impl Branch<'_> {
    /// Whether the resource is new.
    pub(in crate::output) fn is_new(&self) -> bool {
        self.change
            .is_some_and(|change| change.action() == Action::Create)
    }

    /// Whether a rule blocks a change, or a resource is replaced, here or below.
    pub(in crate::output) fn is_grave(&self) -> bool {
        let is_grave = |change: &Change| change.action().is_grave();
        self.change.is_some_and(is_grave) || self.below.iter().any(Branch::is_grave)
    }

    /// How many changes break callers, here and below.
    pub(in crate::output) fn breaks(&self) -> usize {
        let own = self.change.map_or(0, |change| {
            crate::output::breaking::count(change.breaking())
        });
        own + self.below.iter().map(Branch::breaks).sum::<usize>()
    }
}

/// The changes by their topmost resources, in the order of addresses. If it is `folded`, what is below a new
/// resource is only counted, unless more happens there than creates.
pub(in crate::output) fn branches<'a>(
    changes: impl IntoIterator<Item = &'a Change>,
    folded: bool,
) -> Vec<Branch<'a>> {
    let mut sorted: Vec<&Change> = changes.into_iter().collect();
    sorted.sort_by(|a, b| a.address.cmp(&b.address));
    grow(&sorted, 0, folded)
}

/// The branches of changes whose addresses agree in the first `depth` steps.
fn grow<'a>(changes: &[&'a Change], depth: usize, folded: bool) -> Vec<Branch<'a>> {
    let step = |change: &Change| change.address.segments().get(depth).cloned();
    changes
        .chunk_by(|a, b| step(a) == step(b))
        .map(|chunk| branch(chunk, depth, folded))
        .collect()
}

fn branch<'a>(changes: &[&'a Change], depth: usize, folded: bool) -> Branch<'a> {
    let address = upto(&changes[0].address, depth + 1);
    let label = last_step(&address);
    let (change, rest) = match changes {
        [first, rest @ ..] if first.address == address => (Some(*first), rest),
        all => (None, all),
    };
    if folded && change.is_some_and(|change| change.action() == Action::Create) {
        let (below, brought): (Vec<&Change>, Vec<&Change>) = {
            let others = rest
                .iter()
                .filter(|change| change.action() != Action::Create);
            let above: BTreeSet<Address> = others.flat_map(|one| one.address.ancestors()).collect();
            rest.iter().partition(|change| {
                change.action() != Action::Create || above.contains(&change.address)
            })
        };
        return Branch {
            address,
            label,
            change,
            brings: Brings::of(brought.iter().map(|change| &change.address)),
            below: grow(&below, depth + 1, folded),
        };
    }
    let mut below = grow(rest, depth + 1, folded);
    // A resource that only leads to another one has no line of its own.
    if let (None, 1) = (change, below.len()) {
        let only = below.remove(0);
        return Branch {
            label: format!("{label}/{}", only.label),
            ..only
        };
    }
    Branch {
        address,
        label,
        change,
        brings: Brings::default(),
        below,
    }
}

/// The first steps of an address.
fn upto(address: &Address, steps: usize) -> Address {
    let is_it = |one: &Address| one.segments().len() == steps;
    match is_it(address) {
        true => address.clone(),
        false => address
            .ancestors()
            .find(is_it)
            .unwrap_or_else(|| address.clone()),
    }
}

/// The last step of an address, such as `version/1-0-0`.
fn last_step(address: &Address) -> String {
    match address.name() {
        "" => address.kind().slug.to_owned(),
        name => format!("{}/{name}", address.kind().slug),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::outline::tests::{create, update};
    use crate::plan::Block;

    fn show(branches: &[Branch<'_>], depth: usize, out: &mut Vec<String>) {
        for branch in branches {
            let symbol = branch.change.map_or(' ', |change| change.action().symbol());
            let brings = branch.brings.to_string();
            let line = format!("{}{symbol} {} {brings}", "  ".repeat(depth), branch.label);
            out.push(line.trim_end().to_owned());
            show(&branch.below, depth + 1, out);
        }
    }

    fn shown(changes: &[Change]) -> Vec<String> {
        let mut out = Vec::new();
        show(&branches(changes, true), 0, &mut out);
        out
    }

    #[test]
    fn what_is_new_is_one_line_with_what_it_brings() {
        let changes = [
            create("api/b/version/v1"),
            create("api/b"),
            create("api/b/version/v1/definition/openapi"),
            create("api/b/deployment/eu"),
            create("environment/prod"),
        ];
        assert_eq!(
            shown(&changes),
            [
                "+ environment/prod",
                "+ api/b 1 version, 1 definition, 1 deployment"
            ]
        );
    }

    #[test]
    fn changes_below_an_api_are_below_it() {
        let changes = [
            update("api/a/deployment/eu"),
            create("api/a/version/v2"),
            create("api/a/version/v2/definition/openapi"),
            update("api/a/version/v1/definition/openapi"),
        ];
        assert_eq!(
            shown(&changes),
            [
                "  api/a",
                "  ~ version/v1/definition/openapi",
                "  + version/v2 1 definition",
                "  ~ deployment/eu",
            ]
        );
        let with_own = [update("api/a"), update("api/a/deployment/eu")];
        assert_eq!(shown(&with_own), ["~ api/a", "  ~ deployment/eu"]);
    }

    #[test]
    fn a_resource_that_only_leads_to_one_change_has_no_line() {
        let changes = [
            update("api/a/version/v1/definition/openapi"),
            update("api/b/deployment/eu"),
            update("api/b/deployment/us"),
        ];
        assert_eq!(
            shown(&changes),
            [
                "~ api/a/version/v1/definition/openapi",
                "  api/b",
                "  ~ deployment/eu",
                "  ~ deployment/us",
            ]
        );
    }

    #[test]
    fn what_a_rule_blocks_below_a_new_resource_is_not_folded() {
        let mut blocked = update("api/b/version/v1/definition/openapi");
        blocked.blocked = Some(Block {
            code: "protected".into(),
            reason: String::new(),
        });
        let changes = [
            create("api/b"),
            create("api/b/version/v1"),
            blocked,
            create("api/b/version/v2"),
            create("api/b/version/v2/definition/openapi"),
        ];
        assert_eq!(
            shown(&changes),
            [
                "+ api/b 1 version, 1 definition",
                "  + version/v1",
                "    ! definition/openapi",
            ]
        );
        assert!(branches(&changes, true)[0].is_grave());
    }
}
