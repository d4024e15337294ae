//! The language server, spoken with over its stdin and stdout.

mod client;
mod diagnostics;
mod session;
