//! What holds for any two states.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use apicenter::apply::{ApplyOptions, Report, apply};
use apicenter::live::Writer;
use apicenter::model::{Address, LiveState, Sources};
use apicenter::output::{Extent, OptionsJson, PlanJson, PlanView, Requests, render_plan};
use apicenter::plan::{Action, Plan, Step, WriteId};
use proptest::prelude::*;
use proptest::sample::Index;
use tokio::sync::{mpsc, watch};

use super::arbitrary::{case, sole_owner};
use super::case::{Case, declared, show};
use super::fake_writers::Strict;

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(96)
    }
}

pub(super) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    runtime.unwrap().block_on(future)
}

/// Carries a plan out with the executor.
pub(super) fn execute<W: Writer + 'static>(plan: &Plan, writer: &Arc<W>) -> Report {
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions {
        parallelism: 4,
        stop,
    };
    let (events, _ignored) = mpsc::unbounded_channel();
    block_on(apply(plan, Arc::clone(writer), options, events))
}

/// Carries a plan out one write at a time, in an order that `picks` chooses among those allowed.
pub(super) fn execute_in_any_order(plan: &Plan, writer: &impl Writer, picks: &[Index]) {
    let sends = |i: &usize| {
        let change = &plan.changes[*i];
        let follows = matches!(change.step, Step::Delete { with: Some(_), .. });
        change.blocked.is_none() && !follows
    };
    let waits_for = |id: WriteId| match id {
        WriteId::Change(i) => &plan.changes[i].waits_for,
        WriteId::Preparation(p) => &plan.preparations[p].waits_for,
    };
    let changes = (0..plan.changes.len()).filter(sends);
    let mut open: Vec<WriteId> = changes
        .map(WriteId::Change)
        .chain((0..plan.preparations.len()).map(WriteId::Preparation))
        .collect();
    let mut turn = 0;
    while !open.is_empty() {
        let is_open = |j: &WriteId| open.contains(j);
        let ready: Vec<WriteId> = open
            .iter()
            .copied()
            .filter(|&i| !waits_for(i).iter().any(is_open))
            .collect();
        assert!(!ready.is_empty(), "a circle among {open:?}");
        let i = *picks[turn % picks.len()].get(&ready);
        carry_out(plan, i, writer);
        open.retain(|&other| other != i);
        turn += 1;
    }
}

fn carry_out(plan: &Plan, id: WriteId, writer: &impl Writer) {
    let result = block_on(async {
        let change = match id {
            WriteId::Change(i) => &plan.changes[i],
            WriteId::Preparation(p) => {
                let preparation = &plan.preparations[p];
                let unmodelled = &plan.changes[preparation.change].unmodelled;
                return writer.put(&preparation.resource, unmodelled).await;
            }
        };
        let Some(after) = change.after() else {
            let before = change.before().expect("a delete has something to delete");
            return writer.delete(before).await;
        };
        if change.writes_resource() {
            writer.put(after, &change.unmodelled).await?;
        }
        match &change.text {
            Some(text) => writer.import(after, &text.after).await,
            None => Ok(()),
        }
    });
    result.unwrap();
}

fn addresses(plan: &Plan, action: Action) -> BTreeSet<Address> {
    let changes = plan.changes.iter().filter(|c| c.action() == action);
    changes.map(|change| change.address.clone()).collect()
}

/// The same, planned against another live state.
pub(super) fn replan(case: &Case, live: LiveState) -> Plan {
    let mut again = case.clone();
    again.live = live;
    again.plan()
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn after_an_apply_nothing_is_left_to_do_but_what_is_blocked(case in case()) {
        let plan = case.plan();
        prop_assume!(plan.refusals.is_empty());
        let writer = Arc::new(Strict::new(case.live.clone(), false));
        let report = execute(&plan, &writer);
        prop_assert!(report.is_complete());
        let again = replan(&case, writer.memory.state());
        let left: Vec<String> = show(&again);
        prop_assert!(!again.has_changes(), "{left:#?}");
        prop_assert_eq!(addresses(&again, Action::Blocked), addresses(&plan, Action::Blocked));
        prop_assert_eq!(again.writes(), 0);
    }

    #[test]
    fn exactly_the_announced_requests_are_sent(case in case()) {
        let plan = case.plan();
        let writer = Arc::new(Strict::new(case.live.clone(), false));
        let report = execute(&plan, &writer);
        prop_assert_eq!(writer.calls.load(Ordering::Relaxed), plan.writes());
        let (tally, summary) = (report.tally(&plan), plan.summary());
        prop_assert_eq!(report.outcomes.len(), plan.changes.len());
        prop_assert_eq!(
            (tally.added, tally.changed, tally.destroyed),
            (summary.create, summary.update, summary.delete)
        );
    }

    #[test]
    fn every_change_sends_something(case in case()) {
        for change in &case.plan().changes {
            let follows = matches!(change.step, Step::Delete { with: Some(_), .. });
            let silent = follows || change.blocked.is_some();
            prop_assert_eq!(change.writes() == 0, silent, "{}", change.address);
        }
    }

    #[test]
    fn any_allowed_order_respects_parents_and_references(
        case in sole_owner(),
        picks in proptest::collection::vec(any::<Index>(), 1..30),
    ) {
        let plan = case.plan();
        prop_assume!(plan.refusals.is_empty());
        let writer = Strict::new(case.live.clone(), true);
        execute_in_any_order(&plan, &writer, &picks);
        let again = replan(&case, writer.memory.state());
        prop_assert_eq!(show(&again), Vec::<String>::new());
    }

    #[test]
    fn where_all_is_ours_the_service_ends_up_as_declared(case in sole_owner()) {
        let plan = case.plan();
        let writer = Arc::new(Strict::new(case.live.clone(), true));
        prop_assert!(execute(&plan, &writer).is_complete());
        let state = writer.memory.state();
        let mut expected: BTreeSet<&Address> = case.desired.resources.keys().collect();
        expected.extend(state.resources.keys().filter(|a| a.kind().name == "Service"));
        prop_assert_eq!(state.resources.keys().collect::<BTreeSet<_>>(), expected);
    }

    #[test]
    fn equal_states_need_no_change(case in case()) {
        let mut equal = case;
        let same = equal.live.resources.values().map(|current| current.resource.clone());
        equal.desired.resources = same.map(|r| (r.address.clone(), declared(r))).collect();
        equal.options.ownership = None;
        let plan = equal.plan();
        prop_assert_eq!(show(&plan), Vec::<String>::new());
        prop_assert!(plan.unmanaged.is_empty() && plan.refusals.is_empty());
        prop_assert_eq!(plan.unchanged.len(), equal.desired.resources.len());
    }

    #[test]
    fn the_order_of_insertion_is_irrelevant(case in case()) {
        let mut other = case.clone();
        other.desired.resources = case.desired.resources.iter().rev()
            .map(|(address, declared)| (address.clone(), declared.clone())).collect();
        other.live.resources = case.live.resources.iter().rev()
            .map(|(address, live)| (address.clone(), live.clone())).collect();
        prop_assert_eq!(case.plan(), other.plan());
    }

    #[test]
    fn without_prune_nothing_is_deleted(case in case()) {
        let mut case = case;
        case.options.prune.enabled = false;
        let plan = case.plan();
        prop_assert_eq!(plan.summary().delete, 0);
        prop_assert!(plan.changes.iter().all(|change| change.after().is_some()));
    }

    #[test]
    fn what_a_rule_spares_is_never_deleted(case in case()) {
        for change in &case.plan().changes {
            if change.action() == Action::Delete {
                let at = &change.address;
                let is_top = matches!(change.step, Step::Delete { with: None, .. });
                prop_assert!(!case.desired.resources.contains_key(at), "{at} is declared");
                prop_assert!(!case.options.safety.protect.covers(at), "{at} is protected");
                prop_assert!(at.kind().name != "Service");
                prop_assert!(!is_top || !case.live.resources[at].synchronised, "{at}");
            }
        }
    }

    #[test]
    fn every_resource_meets_exactly_one_fate(case in case()) {
        let plan = case.plan();
        let mut seen = BTreeSet::new();
        let changed = plan.changes.iter().map(|change| &change.address);
        for address in changed.chain(&plan.unchanged).chain(&plan.unmanaged) {
            prop_assert!(seen.insert(address), "{address} twice");
        }
        prop_assert!(case.desired.resources.keys().all(|address| seen.contains(address)));
        let mut below = plan.unmanaged.iter().flat_map(Address::ancestors);
        prop_assert!(below.all(|above| !plan.unmanaged.contains(&above)), "not topmost");
    }

    #[test]
    fn any_plan_can_be_shown_with_deletes_first(case in case(), color in any::<bool>()) {
        let plan = case.plan();
        let sources = Sources::default();
        let view = PlanView {
            sources: &sources,
            target: "prod",
            from: None,
            captions: &BTreeMap::new(),
            extent: Extent::Details,
            width: 100,
            show_unchanged: true,
            show_unmanaged: true,
            wraps: false,
            diff_lines: Some(20),
        };
        let text = render_plan(&plan, &view).render(color);
        prop_assert!(text.ends_with('\n'));
        prop_assert!(plan.changes.iter().all(|c| text.contains(&c.address.to_string())));
        let actions: Vec<Action> = plan.changes.iter().map(apicenter::plan::Change::action).collect();
        let first_other = actions.iter().position(|action| *action != Action::Delete);
        let late = actions.iter().skip(first_other.unwrap_or(actions.len()));
        prop_assert!(late.copied().all(|action| action != Action::Delete), "{actions:?}");

        let json = PlanJson::new(
            &plan, &[], &sources, Requests::default(), OptionsJson::default(), true,
        );
        let value = serde_json::to_value(json).unwrap();
        prop_assert_eq!(value["changes"].as_array().unwrap().len(), plan.changes.len());
        prop_assert_eq!(value["summary"]["delete"].as_u64(), Some(plan.summary().delete as u64));
    }
}
