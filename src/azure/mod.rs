//! The client of Azure Resource Manager: credentials, rate limits, pages, long-running operations, and
//! the reader and writer of an API Center service.

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
mod items;
mod list_length;
mod listing;
mod live_content;
mod not_listed;
mod one_by_one;
mod operation;
mod pages;
pub mod permissions;
mod polling;
mod probe;
mod rate_limit;
mod reader;
mod reading;
mod role_assignment;
mod send;
mod service;
mod service_context;
mod slots;
mod token;
mod trust;
mod unlink;
mod untyped;
mod vanished;
mod writer;

#[cfg(test)]
mod tests;

pub use api_management::{ApiManagement, InstanceId};
pub use claims::{AuthenticatedCaller, TokenOrigin};
pub use client::{ArmClient, ClientOptions, Effect};
pub use counts::RequestCounts;
pub use endpoint::{Cloud, Endpoint};
pub use listing::Listed;
pub use not_listed::NotListedTypes;
pub use polling::Polling;
pub use reading::{Branch, EarlyRead, EarlyReads};
pub use service::ArmService;
pub use slots::Parallelism;
pub use token::{AccessToken, Cached, Credential, StaticToken, TokenSource};
pub use trust::{AllowedHosts, CloudSetting, TrustProblem, may_receive, trust_problems};
