//! `Microsoft.Authorization` at any scope: who has which role where.
//!
//! Assignments are kept and listed as the provider does it. What a role allows is reported but not
//! enforced here; behaviours that depend on a permission ask [`roles`](crate::emulator::core::roles) for
//! the roles of a principal and [`allows`] whether one is enough, and ask again when its assignments change.
//!
//! An assignment ends with the resource that is its scope. Documented for key vaults, taken over for
//! every resource here: a soft delete ends it too, and recovering does not bring it back.

mod assignments;
mod built_in;
mod definitions;
mod filter;
mod principals;
mod provider;
mod target;

pub(in crate::emulator) use built_in::{RequiredAction, allows};
pub(in crate::emulator) use provider::AuthorizationProvider;
