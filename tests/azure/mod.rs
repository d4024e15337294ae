//! Signing in to Azure, with stand-ins for everything that gives tokens. Programs are stood in for by scripts, which
//! Windows cannot run.

#![cfg(unix)]

mod authority;
mod clouds;
mod denied;
mod failures;
mod methods;
mod order;
mod secrets;
