//! Signing in to Azure, with stand-ins for everything that gives tokens. Programs are stood in for by scripts, which
//! Windows cannot run.

#![cfg(unix)]

mod closed_port;
mod clouds;
mod credential_chain;
mod credentials;
mod endless;
mod failures;
mod fake_authority;
mod missing_permissions;
mod network;
mod secrets;
mod trusted_hosts;
