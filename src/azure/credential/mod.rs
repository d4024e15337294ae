//! Signing in to Azure: which credential is used, and how it gets its tokens.
//!
//! ```text
//! choose ── method (what each needs) ── variables
//!    └─ azure (the credentials of azure_identity, behind one cache)
//!          ├─ assertion (tokens of GitHub, and of a file)
//!          ├─ program (az and azd)
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
mod transport;
mod variables;

pub use chain::{Lack, NoCredential, SignIn, choose};
pub use method::Method;
pub use variables::Variables;
