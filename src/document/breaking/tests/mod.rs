//! Each rule, with a change that looks alike and breaks nothing.

mod completeness;
mod events;
mod graphql;
mod invariants;
mod law;
mod object_model;
mod openapi;
mod pairs;
mod schemas;
mod services;

use super::{Impact, breaking};

/// What is found, each in one line.
fn found(before: &str, after: &str) -> Vec<String> {
    let line = |found: super::Breaking| {
        let caution = match found.impact {
            Impact::Break => "",
            Impact::Caution => "caution: ",
        };
        format!("{caution}{}: {}", found.place, found.message)
    };
    breaking(before, after).into_iter().map(line).collect()
}

/// Fails unless exactly this is found.
#[track_caller]
fn finds(before: &str, after: &str, expected: &[&str]) {
    let found = found(before, after);
    assert_eq!(found, expected, "\n{before}\n->\n{after}");
}
