//! A plan counted by kind and action.

use std::collections::BTreeMap;

use crate::plan::{Action, Plan};

/// How many changes of each action a kind has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::output) struct Tally {
    /// Noun of the kind.
    pub(in crate::output) noun: &'static str,
    /// The counts.
    pub(in crate::output) counts: BTreeMap<Action, usize>,
}

impl Tally {
    /// How many there are of an action.
    pub(in crate::output) fn count(&self, action: Action) -> usize {
        self.counts.get(&action).copied().unwrap_or(0)
    }
}

/// The counts of each kind that has changes, in the order in which kinds are created.
pub(in crate::output) fn tally(plan: &Plan) -> Vec<Tally> {
    let mut kinds: BTreeMap<_, Tally> = BTreeMap::new();
    for change in &plan.changes {
        let kind = change.address.kind();
        let depth = change.address.segments().len();
        // What is below an API is behind it, in the order in which it is created.
        let above = change.address.root().kind().rank;
        let key = (above, depth > 1, kind.rank, depth, kind.name);
        let tally = kinds.entry(key).or_default();
        tally.noun = kind.noun;
        *tally.counts.entry(change.action()).or_default() += 1;
    }
    kinds.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::outline::tests::{create, delete, plan, update};

    #[test]
    fn changes_are_counted_by_kind_and_action() {
        let counted = tally(&plan(vec![
            create("api/a"),
            create("api/b"),
            update("api/c"),
            delete("environment/x"),
            create("api/a/version/v1"),
        ]));
        let nouns: Vec<&str> = counted.iter().map(|tally| tally.noun).collect();
        assert_eq!(nouns, ["environment", "API", "API version"]);
        assert_eq!(counted[1].count(Action::Create), 2);
        assert_eq!(counted[1].count(Action::Update), 1);
        assert_eq!(counted[1].count(Action::Delete), 0);
    }
}
