//! HTTP for everything this program talks to: Azure, its sign-in authorities and the forges.
//!
//! No other layer but the emulator opens a connection. This one decides what may be sent in clear text, follows no
//! redirect, limits the size of responses, says what is worth a retry, and removes secrets from texts.

mod attempt;
mod certificates;
mod client;
mod error;
mod explain;
mod json;
mod network;
mod proxy;
mod redact;
mod request;
mod response;
mod retry;
mod secret;
mod tls;
mod url;

pub use client::{HttpClient, HttpSettings, USER_AGENT};
pub use error::{HttpError, HttpErrorKind};
pub use json::{JsonError, memory_of, parse_json};
pub use network::Network;
pub use redact::{redact, redact_values};
pub use request::HttpRequest;
pub use reqwest::{Method, StatusCode, Url, header};
pub use response::HttpResponse;
pub use retry::{RetryPolicy, RetryReason, RetryState, retry_after};
pub use secret::Secret;
pub use url::{BaseUrlError, HostPolicy, is_loopback, parse_base_url};
