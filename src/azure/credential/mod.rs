//! Signing in to Azure: the chain of credentials, and how each obtains its tokens.
//!
//! ```text
//! chain ── requirement ── method (what each way needs) ── variables
//!    └─ azure (the credentials of azure_identity, behind one cache)
//!          ├─ assertion (tokens of GitHub, and of a file)
//!          ├─ process (az and azd)
//!          ├─ transport (azure_identity's requests over the client of this program)
//!          └─ advice (what a refusal means)
//! ```

mod advice;
mod assertion;
mod azure;
mod chain;
mod managed;
mod method;
mod process;
mod requirement;
mod transport;
mod variables;

pub use chain::{NoCredential, SignInOptions, credential_chain};
pub use method::Method;
pub use requirement::MissingRequirement;
pub use variables::Variables;
