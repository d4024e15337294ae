//! Pull requests on GitHub, Azure DevOps and GitLab: one comment for each target, kept up to date.
//!
//! Knows nothing of plans: it takes a text that begins with a marker, and looks for the comment that begins
//! with the same one. Who is asked, and on whose behalf, comes from the pipeline's variables.

mod azure_devops;
mod body;
mod error;
mod github;
mod gitlab;
mod host;
mod http;
mod marker;
mod publish;
mod retry;
mod surroundings;

pub use body::{Body, Link};
pub use error::{Fault, ForgeError};
pub use host::{Forge, Host};
pub use http::Request;
pub use marker::Marker;
pub use publish::{Done, Outcome, publish};
pub use surroundings::Surroundings;
