//! How a plan is carried out: what waits, what fails, what is stopped.

use std::sync::Arc;

use apicenter::apply::{ApplyOptions, Event, Outcome, Report, apply};
use apicenter::live::Writer;
use apicenter::plan::{MaxDeletes, Plan, PruneScope};
use serde_json::json;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::watch;

use super::case::{Case, address};
use super::fake_writers::{Slow, Strict};

const DEFINITION: &str = "api/orders/version/1-0-0/definition/openapi";

/// Everything is declared, nothing is there.
fn all_new() -> Case {
    let mut case = Case::equal();
    case.live.resources.clear();
    case
}

/// Everything is there, nothing is declared, and all of it is ours.
fn all_gone() -> Case {
    let mut case = Case::equal()
        .prune(PruneScope::All)
        .at_most(MaxDeletes::Count(1000), 0);
    case.desired.resources.clear();
    case
}

async fn run<W: Writer + 'static>(plan: &Plan, writer: &Arc<W>, parallelism: usize) -> Report {
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions { parallelism, stop };
    let (events, _ignored) = unbounded_channel();
    apply(plan, Arc::clone(writer), options, events).await
}

/// Each outcome in a word, by address.
fn outcomes(plan: &Plan, report: &Report) -> Vec<String> {
    let word = |outcome: &Outcome| match outcome {
        Outcome::Done => "done".to_owned(),
        Outcome::Failed { half, .. } => if *half { "half failed" } else { "failed" }.to_owned(),
        Outcome::Skipped(because) => format!("skipped for {}", plan.changes[*because].address),
        Outcome::NotStarted => "not started".to_owned(),
        Outcome::Blocked => "blocked".to_owned(),
        Outcome::Remains => "remains".to_owned(),
    };
    assert_eq!(report.outcomes.len(), plan.changes.len());
    let pairs = plan.changes.iter().zip(&report.outcomes);
    pairs
        .map(|(change, outcome)| format!("{}: {}", change.address, word(outcome)))
        .collect()
}

fn drain(events: &mut UnboundedReceiver<Event>) -> Vec<Event> {
    let mut all = Vec::new();
    while let Ok(event) = events.try_recv() {
        all.push(event);
    }
    all
}

#[tokio::test]
async fn a_failure_skips_exactly_what_needs_it() {
    let plan = all_new().plan();
    let mut writer = Slow::default();
    writer.fails.insert(address("environment/prod"));
    let writer = Arc::new(writer);
    let report = run(&plan, &writer, 4).await;
    assert_eq!(
        outcomes(&plan, &report),
        [
            "service: done",
            "metadata-schema/team: done",
            "environment/prod: failed",
            "environment/test: done",
            "api/orders: done",
            "api/orders/version/1-0-0: done",
            "api/orders/version/1-0-0/definition/openapi: done",
            "api/orders/deployment/eu: skipped for environment/prod",
        ]
    );
    assert!(!report.is_complete() && !report.interrupted);
    let log = writer.log();
    assert!(
        !log.contains(&"put api/orders/deployment/eu".to_owned()),
        "{log:?}"
    );
    let tally = report.tally(&plan);
    assert_eq!((tally.added, tally.changed, tally.destroyed), (6, 0, 0));
}

#[tokio::test]
async fn a_failed_parent_takes_all_below_it_along() {
    let plan = all_new().plan();
    let mut writer = Slow::default();
    writer.fails.insert(address("api/orders"));
    let report = run(&plan, &Arc::new(writer), 4).await;
    let skipped: Vec<String> = outcomes(&plan, &report).split_off(4);
    assert_eq!(
        skipped,
        [
            "api/orders: failed",
            "api/orders/version/1-0-0: skipped for api/orders",
            "api/orders/version/1-0-0/definition/openapi: skipped for api/orders",
            "api/orders/deployment/eu: skipped for api/orders",
        ]
    );
}

#[tokio::test]
async fn a_document_that_fails_leaves_its_definition_half_done() {
    let plan = all_new().plan();
    let mut writer = Slow::default();
    writer.fails_import.insert(address(DEFINITION));
    let writer = Arc::new(writer);
    let report = run(&plan, &writer, 4).await;
    let outcomes = outcomes(&plan, &report);
    assert_eq!(outcomes[6], format!("{DEFINITION}: half failed"));
    assert!(outcomes[7].ends_with(&format!("skipped for {DEFINITION}")));
    assert!(
        writer
            .memory
            .state()
            .resources
            .contains_key(&address(DEFINITION))
    );
}

#[tokio::test]
async fn a_failed_delete_keeps_what_is_named_and_what_would_vanish_with_it() {
    let plan = all_gone().plan();
    let case = all_gone();
    let mut writer = Slow::new(case.live.clone());
    writer.fails.insert(address("api/orders"));
    let writer = Arc::new(writer);
    let report = run(&plan, &writer, 4).await;
    assert_eq!(
        outcomes(&plan, &report),
        [
            "metadata-schema/team: skipped for api/orders",
            "environment/prod: skipped for api/orders",
            "environment/test: done",
            "api/orders: failed",
            "api/orders/version/1-0-0: skipped for api/orders",
            "api/orders/version/1-0-0/definition/openapi: skipped for api/orders",
            "api/orders/deployment/eu: skipped for api/orders",
        ]
    );
    assert_eq!(writer.log().len(), 2);
}

#[tokio::test]
async fn deletes_go_after_what_names_them() {
    let case = all_gone();
    let plan = case.plan();
    let writer = Arc::new(Strict::new(case.live, true));
    let report = run(&plan, &writer, 4).await;
    assert!(report.is_complete());
    assert_eq!(report.tally(&plan).destroyed, 7);
    let left = writer.memory.state().resources;
    assert_eq!(
        left.keys().map(ToString::to_string).collect::<Vec<_>>(),
        ["service"]
    );
}

#[tokio::test]
async fn once_stopped_what_is_under_way_is_finished_and_nothing_else_starts() {
    let plan = all_new()
        .only(&["environment/*", "metadata-schema/*"])
        .plan();
    let writer = Arc::new(Slow::default());
    let (stopper, stop) = watch::channel(false);
    let options = ApplyOptions {
        parallelism: 2,
        stop,
    };
    let (events, mut told) = unbounded_channel();
    let stopping = async {
        told.recv().await.unwrap();
        stopper.send(true).unwrap();
    };
    let (report, ()) = tokio::join!(apply(&plan, Arc::clone(&writer), options, events), stopping);
    assert_eq!(
        outcomes(&plan, &report),
        [
            "metadata-schema/team: done",
            "environment/prod: done",
            "environment/test: not started",
        ]
    );
    assert!(report.interrupted && !report.is_complete());
    assert_eq!(writer.log().len(), 2);
}

#[tokio::test]
async fn stopped_before_it_starts_it_sends_nothing() {
    let case = all_gone();
    let plan = case.plan();
    let writer = Arc::new(Slow::new(case.live));
    let (_keep, stop) = watch::channel(true);
    let options = ApplyOptions {
        parallelism: 4,
        stop,
    };
    let (events, mut told) = unbounded_channel();
    let report = apply(&plan, Arc::clone(&writer), options, events).await;
    assert!(
        outcomes(&plan, &report)
            .iter()
            .all(|o| o.ends_with("not started"))
    );
    assert!(report.interrupted && writer.log().is_empty() && drain(&mut told).is_empty());
}

#[tokio::test]
async fn as_many_as_allowed_are_under_way_and_no_more() {
    let mut case = Case::empty();
    for i in 0..12 {
        let at = format!("environment/env-{i}");
        case = case.declare(&at, json!({"title": "E", "kind": "testing"}));
    }
    let plan = case.plan();
    for (parallelism, expected) in [(0, 1), (1, 1), (3, 3), (8, 8), (100, 12)] {
        let writer = Arc::new(Slow::default());
        assert!(run(&plan, &writer, parallelism).await.is_complete());
        assert_eq!(writer.most(), expected, "parallelism {parallelism}");
        assert_eq!(writer.log().len(), 12);
    }
}

#[tokio::test]
async fn one_at_a_time_goes_in_the_plans_order() {
    let plan = all_new().plan();
    let writer = Arc::new(Slow::default());
    assert!(run(&plan, &writer, 1).await.is_complete());
    let mut expected = Vec::new();
    for change in &plan.changes {
        expected.push(format!("put {}", change.address));
        expected.extend(
            change
                .text
                .iter()
                .map(|_| format!("import {}", change.address)),
        );
    }
    assert_eq!(writer.log(), expected);
}

#[tokio::test]
async fn events_tell_of_every_change_that_is_tried() {
    let plan = all_new().plan();
    let mut writer = Slow::default();
    writer.fails.insert(address("api/orders"));
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions {
        parallelism: 1,
        stop,
    };
    let (events, mut told) = unbounded_channel();
    apply(&plan, Arc::new(writer), options, events).await;
    let words: Vec<String> = drain(&mut told)
        .into_iter()
        .map(|event| match event {
            Event::Started { change } => format!("{change} started"),
            Event::Prepared { preparation, .. } => format!("{preparation} prepared"),
            Event::Finished { change, .. } => format!("{change} finished"),
            Event::Failed { change, message } => format!("{change} failed: {message}"),
            Event::Skipped { change, because } => format!("{change} skipped for {because}"),
        })
        .collect();
    assert_eq!(words[..2], ["0 started", "0 finished"]);
    assert_eq!(words[8..10], ["4 started", "4 failed: told to fail"]);
    let mut skipped = words[10..].to_vec();
    skipped.sort();
    assert_eq!(
        skipped,
        ["5 skipped for 4", "6 skipped for 4", "7 skipped for 4"]
    );
}

#[tokio::test]
async fn blocked_changes_are_passed_over() {
    let case = all_gone().protect(&["environment/prod"]);
    let plan = case.plan();
    let writer = Arc::new(Slow::new(case.live));
    let report = run(&plan, &writer, 4).await;
    let blocked = plan
        .changes
        .iter()
        .position(|c| c.blocked.is_some())
        .unwrap();
    assert!(matches!(report.outcomes[blocked], Outcome::Blocked));
    assert!(report.is_complete(), "a rule is not a failure");
    assert!(!writer.log().contains(&"delete environment/prod".to_owned()));
}

#[tokio::test]
async fn nobody_needs_to_listen() {
    let plan = all_new().plan();
    let (_keep, stop) = watch::channel(false);
    let options = ApplyOptions {
        parallelism: 4,
        stop,
    };
    let (events, told) = unbounded_channel();
    drop(told);
    let report = apply(&plan, Arc::new(Slow::default()), options, events).await;
    assert!(report.is_complete());
}
