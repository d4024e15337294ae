//! `Microsoft.ManagedIdentity`: user-assigned identities, which services are given to read with.
//!
//! An identity is the same wherever it is used: its principal follows from its id, so a service may also
//! be given one that was never created (chosen here).

mod identities;
mod provider;

pub(in crate::emulator) use provider::ManagedIdentityProvider;
