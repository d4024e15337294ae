//! The language server, spoken with over its stdin and stdout.

mod actions;
mod catalogue;
mod client;
mod completion;
mod diagnostics;
mod edits;
mod large;
mod lenses;
mod morning;
mod navigation;
mod recorded;
mod session;
mod wire;
