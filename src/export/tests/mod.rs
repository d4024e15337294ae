//! Exports, and what they are when loaded again.

mod contents;
mod laws;
mod layout;
mod rulesets;
mod service;
