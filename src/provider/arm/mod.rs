//! The client of Azure Resource Manager: credentials, retries, pacing, paging, long-running operations.

mod client;
mod counts;
mod endpoint;
mod failure;
mod fetch;
mod operation;
mod pacing;
mod retry;
mod send;
mod token;

#[cfg(test)]
mod tests;

pub use client::{ArmClient, ClientOptions, Effect};
pub use counts::Sent;
pub use endpoint::{Cloud, Endpoint};
pub use operation::Polling;
pub use retry::RetryPolicy;
pub use token::{AccessToken, Cached, Credential, Secret, StaticToken, TokenSource};
