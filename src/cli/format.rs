//! Output formats that commands share, and how machine output is written.

use clap::ValueEnum;
use serde::Serialize;

/// How to print a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Machine output as indented JSON with a line break at its end.
pub(super) fn to_json(value: &impl Serialize) -> String {
    let text = serde_json::to_string_pretty(value).expect("output structs have string keys");
    // The same JSON, in which no agent of Azure Pipelines finds a command (`##vso[…]`).
    text.replace("##", "\\u0023#") + "\n"
}
