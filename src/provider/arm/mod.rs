//! The client of Azure Resource Manager: credentials, retries, pacing, paging, long-running operations.

mod cache;
mod client;
mod counts;
mod endpoint;
mod failure;
mod fetch;
mod operation;
mod pacing;
pub mod permissions;
mod reader;
mod retry;
mod ruleset;
mod send;
mod service;
mod token;
mod writer;

#[cfg(test)]
mod tests;

pub use client::{ArmClient, ClientOptions, Effect};
pub use counts::Sent;
pub use endpoint::{Cloud, Endpoint};
pub use operation::Polling;
pub use retry::RetryPolicy;
pub use service::ArmService;
pub use token::{AccessToken, Cached, Credential, Secret, StaticToken, TokenSource};
