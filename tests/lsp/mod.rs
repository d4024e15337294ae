//! The language server, spoken with over its stdin and stdout.

mod catalogue;
mod client;
mod completion;
mod diagnostics;
mod navigation;
mod session;
