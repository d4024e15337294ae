//! Exports, and what they are when loaded again.

mod contents;
mod invariants;
mod layout;
mod rulesets;
mod service;
