//! What holds for any plan, whatever the service's answers, their order and their failures.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeSet;
use std::sync::Arc;

use apicenter::apply::{ApplyOptions, Outcome, Report, apply};
use apicenter::model::LiveState;
use apicenter::plan::{Plan, Step, WriteId};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::sync::{mpsc, watch};

use super::arbitrary::case;
use super::case::Case;
use super::fake_writers::Slow;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(64)
    }
}

/// Carries a plan out on a single-threaded runtime.
fn execute(plan: &Plan, writer: &Arc<Slow>, parallelism: usize) -> Report {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions { parallelism, stop };
    let (events, _ignored) = mpsc::unbounded_channel();
    runtime
        .unwrap()
        .block_on(apply(plan, Arc::clone(writer), options, events))
}

fn shown(state: &LiveState) -> Vec<String> {
    let resources = state.resources.values();
    resources
        .map(|current| format!("{:?} {:?}", current.resource, current.unmodelled))
        .collect()
}

/// The change that carries this one out.
fn carrier(plan: &Plan, i: usize) -> usize {
    match &plan.changes[i].step {
        Step::Delete {
            with: Some(top), ..
        } => plan.changes.iter().position(|c| c.address == *top).unwrap(),
        _ => i,
    }
}

/// The changes that cannot happen once these fail, the failed ones not included. Where a change
/// fails, so do its preparations.
fn doomed(plan: &Plan, failed: &BTreeSet<usize>) -> BTreeSet<usize> {
    let mut lost: BTreeSet<WriteId> = failed.iter().copied().map(WriteId::Change).collect();
    loop {
        let before = lost.len();
        for (i, change) in plan.changes.iter().enumerate() {
            let (id, carrier) = (WriteId::Change(i), WriteId::Change(carrier(plan, i)));
            let waits = change.waits_for.iter().any(|j| lost.contains(j));
            let is_lost = if carrier == id {
                waits
            } else {
                lost.contains(&carrier)
            };
            if is_lost && change.blocked.is_none() {
                lost.insert(id);
            }
        }
        for (p, preparation) in plan.preparations.iter().enumerate() {
            let waits = preparation.waits_for.iter().any(|j| lost.contains(j));
            if waits || failed.contains(&preparation.change) {
                lost.insert(WriteId::Preparation(p));
            }
        }
        if lost.len() == before {
            return lost
                .into_iter()
                .filter_map(|id| match id {
                    WriteId::Change(i) => Some(i).filter(|i| !failed.contains(i)),
                    WriteId::Preparation(_) => None,
                })
                .collect();
        }
    }
}

/// A service in which the chosen changes of a plan fail, and which those are.
fn failing(case: &Case, plan: &Plan, chosen: &[Index]) -> (Slow, BTreeSet<usize>) {
    let sends = |i: &usize| plan.changes[*i].blocked.is_none() && carrier(plan, *i) == *i;
    let candidates: Vec<usize> = (0..plan.changes.len()).filter(sends).collect();
    let mut writer = Slow::new(case.live.clone());
    let mut failed = BTreeSet::new();
    if !candidates.is_empty() {
        failed.extend(chosen.iter().map(|pick| *pick.get(&candidates)));
    }
    for &i in &failed {
        let address = &plan.changes[i].address;
        writer.fails.insert(address.clone());
        writer.fails_import.insert(address.clone());
    }
    (writer, failed)
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn the_order_of_answers_is_irrelevant(
        case in case(),
        delays in vec(0..100_u64, 1..20),
        parallelism in 1..9_usize,
    ) {
        let plan = case.plan();
        let one_by_one = Arc::new(Slow::new(case.live.clone()));
        prop_assert!(execute(&plan, &one_by_one, 1).is_complete());
        let mut writer = Slow::new(case.live.clone());
        writer.delays = delays;
        let writer = Arc::new(writer);
        prop_assert!(execute(&plan, &writer, parallelism).is_complete());
        prop_assert!(writer.most() <= parallelism);
        let (left, right) = (one_by_one.memory.state(), writer.memory.state());
        prop_assert_eq!(shown(&left), shown(&right));
    }

    #[test]
    fn failures_skip_what_waits_for_them_and_nothing_else(
        case in case(),
        chosen in vec(any::<Index>(), 1..4),
        delays in vec(0..100_u64, 1..20),
    ) {
        let plan = case.plan();
        let (mut writer, failed) = failing(&case, &plan, &chosen);
        writer.delays = delays;
        let lost = doomed(&plan, &failed);
        let writer = Arc::new(writer);
        let report = execute(&plan, &writer, 4);
        for (i, outcome) in report.outcomes.iter().enumerate() {
            let as_expected = match outcome {
                Outcome::Blocked => plan.changes[i].blocked.is_some(),
                Outcome::Done => !failed.contains(&i) && !lost.contains(&i),
                Outcome::Failed { .. } => failed.contains(&i),
                Outcome::Skipped(because) => {
                    (lost.contains(&i) || failed.contains(&i)) && failed.contains(because)
                }
                Outcome::NotStarted | Outcome::Remains => false,
            };
            prop_assert!(as_expected, "{}: {outcome:?}", plan.changes[i].address);
        }
        prop_assert!(report.outcomes.len() == plan.changes.len() && !report.interrupted);
        prop_assert_eq!(report.is_complete(), failed.is_empty());
    }

    #[test]
    fn applying_again_heals_what_failed_half_way(
        case in case(),
        chosen in vec(any::<Index>(), 1..4),
    ) {
        let plan = case.plan();
        prop_assume!(plan.refusals.is_empty());
        let (writer, _) = failing(&case, &plan, &chosen);
        let writer = Arc::new(writer);
        execute(&plan, &writer, 4);
        let mut again = case.clone();
        again.live = writer.memory.state();
        let writer = Arc::new(Slow::new(again.live.clone()));
        prop_assert!(execute(&again.plan(), &writer, 4).is_complete());
        again.live = writer.memory.state();
        prop_assert!(!again.plan().has_changes());
    }
}
