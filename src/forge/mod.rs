//! Pull requests on GitHub, Azure DevOps and GitLab: one comment for each target, kept up to date; and where a
//! browser shows what a pipeline has checked out.
//!
//! Independent of plans: it takes a text that begins with a marker, and replaces the comment that begins
//! with the same one. The forge, the pull request and the token come from the pipeline's variables.

mod azure_devops;
mod body;
mod client;
mod comment;
mod environment;
mod error;
mod github;
mod gitlab;
mod host;
mod marker;
mod origin;
mod publish;

pub use body::{CommentBody, Link};
pub use client::DryRunRequest;
pub use environment::CiEnvironment;
pub use error::{ForgeError, ForgeErrorKind};
pub use host::{Forge, Host};
pub use marker::Marker;
pub use origin::{CheckedOut, Place};
pub use publish::{CommentChange, Published, publish};
