//! Warns about resources that name others which are not there: the service does not delete what links to a
//! resource together with it (documented for links).

use std::collections::BTreeSet;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Address, Diagnostic, code};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    // What is not selected may not have been read.
    if input.options.is_read_in_part() {
        return;
    }
    let (desired, live) = (input.desired, input.live);
    let removed: BTreeSet<&Address> = input
        .plan
        .changes
        .iter()
        .filter(|change| change.after().is_none() && change.blocked.is_none())
        .map(|change| &change.address)
        .collect();
    let is_there = |target: &Address| {
        desired.resources.contains_key(target)
            || live.resources.contains_key(target) && !removed.contains(target)
    };
    // What could not be listed may be there.
    let may_be_there = |target: &Address| {
        !live.context.not_listed.is_empty() && target.kind().open_field.is_some()
    };
    let renames = desired.renames();
    let addresses: BTreeSet<&Address> = live
        .resources
        .keys()
        .chain(desired.resources.keys())
        .collect();
    for address in addresses {
        let is_linking = address.kind().open_field.is_some() && !removed.contains(address);
        let declared = desired.resources.get(address);
        let current = live.resources.get(address).map(|current| &current.resource);
        let resources = declared
            .map(|declared| &*declared.resource)
            .into_iter()
            .chain(current);
        let target = resources
            .flat_map(|resource| &resource.references)
            .find(|target| !is_there(target) && !may_be_there(target));
        if let Some(target) = target.filter(|_| is_linking) {
            let present = renames.present(target);
            let why = match &present {
                _ if removed.contains(target) => "which this plan deletes".to_owned(),
                Some(present) => format!("which is {present} now"),
                None => "which does not exist".to_owned(),
            };
            let other = present.map_or("something else".to_owned(), |present| present.to_string());
            findings.warn(
                Diagnostic::warning(
                    code::DANGLING_LINK,
                    format!("{address} is dangling: it names {target}, {why}"),
                )
                .of(address)
                .help(format!("delete {address}, or let it name {other}"))
                .at_opt(
                    declared.and_then(|declared| declared.place),
                    "declared here",
                ),
            );
        }
    }
}
