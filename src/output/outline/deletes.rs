//! Deletes with all that vanishes with them.

use std::collections::BTreeMap;

use crate::model::Address;
use crate::plan::{Change, Plan, Step};

/// A delete and what vanishes with it, or a change that is shown elsewhere and with which resources vanish.
#[derive(Debug, Clone)]
pub(in crate::output) struct Delete<'a> {
    /// The change that is sent.
    pub(in crate::output) top: &'a Change,
    /// What vanishes with it, in the order of addresses.
    pub(in crate::output) taken: Vec<&'a Change>,
}

impl<'a> Delete<'a> {
    /// What is taken, by its topmost resource: first what is below the deleted resource itself.
    pub(in crate::output) fn families(&self) -> Vec<(Address, Vec<&'a Change>)> {
        let own = self.top.address.root();
        let mut families: BTreeMap<(bool, Address), Vec<&Change>> = BTreeMap::new();
        for change in &self.taken {
            let root = change.address.root();
            families
                .entry((root != own, root))
                .or_default()
                .push(change);
        }
        let families = families.into_iter();
        families.map(|((_, root), all)| (root, all)).collect()
    }

    /// Whether no delete is sent for the top: it only has resources that are deleted with it.
    pub(in crate::output) fn is_change(&self) -> bool {
        !is_sent(self.top)
    }
}

/// The deletes of a plan that are not blocked, in its order.
pub(in crate::output) fn deletes(plan: &Plan) -> Vec<Delete<'_>> {
    let mut taken: BTreeMap<&Address, Vec<&Change>> = BTreeMap::new();
    for change in &plan.changes {
        if let Step::Delete {
            with: Some(with), ..
        } = &change.step
        {
            taken.entry(with).or_default().push(change);
        }
    }
    let mut all = Vec::new();
    for top in &plan.changes {
        let taken = taken.remove(&top.address);
        if is_sent(top) || taken.is_some() {
            let mut taken = taken.unwrap_or_default();
            taken.sort_by(|a, b| a.address.cmp(&b.address));
            all.push(Delete { top, taken });
        }
    }
    all
}

fn is_sent(change: &Change) -> bool {
    matches!(change.step, Step::Delete { with: None, .. }) && change.blocked.is_none()
}

/// On what condition something vanishes, if there is one.
pub(in crate::output) fn condition(change: &Change) -> Option<&str> {
    let (_, condition) = change.reason.rsplit_once(", unless ")?;
    Some(condition)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::outline::tests::{delete, plan, update, vanish};
    use crate::plan::Block;

    fn shown(plan: &Plan) -> Vec<String> {
        let line = |delete: &Delete<'_>| {
            let families = delete.families().into_iter().map(|(root, all)| {
                let all: Vec<String> = all.iter().map(|c| c.address.to_string()).collect();
                format!("{root} [{}]", all.join(" "))
            });
            let families: Vec<String> = families.collect();
            format!("{}: {}", delete.top.address, families.join("; "))
        };
        deletes(plan).iter().map(line).collect()
    }

    #[test]
    fn what_vanishes_is_with_what_takes_it() {
        let changes = vec![
            vanish("environment/aws", "integration/aws"),
            delete("integration/aws"),
            vanish("api/1", "integration/aws"),
            delete("api/old"),
            vanish("api/old/version/v1", "api/old"),
            update("api/new"),
        ];
        assert_eq!(
            shown(&plan(changes)),
            [
                "integration/aws: environment/aws [environment/aws]; api/1 [api/1]",
                "api/old: api/old [api/old/version/v1]",
            ]
        );
    }

    #[test]
    fn an_integration_that_gets_another_gateway_takes_too() {
        let changes = vec![
            vanish("api/1", "integration/aws"),
            update("integration/aws"),
        ];
        let plan = plan(changes);
        assert_eq!(shown(&plan), ["integration/aws: api/1 [api/1]"]);
        assert!(deletes(&plan)[0].is_change());
    }

    #[test]
    fn what_vanishes_with_a_blocked_delete_is_not_lost() {
        let mut blocked = delete("integration/aws");
        blocked.blocked = Some(Block {
            code: "protected".into(),
            reason: String::new(),
        });
        let plan = plan(vec![blocked, vanish("api/1", "integration/aws")]);
        assert_eq!(shown(&plan), ["integration/aws: api/1 [api/1]"]);
        assert!(deletes(&plan)[0].is_change());
    }
}
