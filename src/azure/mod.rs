//! The client of Azure Resource Manager: credentials, retries, pacing, paging, long-running operations.

mod api_management;
mod archive;
mod cache;
mod claims;
mod client;
mod content;
mod counts;
pub mod credential;
mod download;
mod endpoint;
mod errors;
mod http;
mod operation;
pub mod permissions;
mod rate_limit;
mod reader;
mod retry;
mod role_assignment;
mod send;
mod service;
mod service_context;
mod token;
mod unlink;
mod writer;

#[cfg(test)]
mod tests;

pub use api_management::{ApiManagement, InstanceId};
pub use claims::{Origin, SignedIn};
pub use client::{ArmClient, ClientOptions, Effect};
pub use counts::Sent;
pub use endpoint::{Cloud, Endpoint};
pub use operation::Polling;
pub use retry::RetryPolicy;
pub use service::ArmService;
pub use token::{AccessToken, Cached, Credential, Secret, StaticToken, TokenSource};
