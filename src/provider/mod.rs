//! The door to the outside: reading and writing a live API Center.

pub mod arm;
mod error;

pub use error::{ErrorKind, ProviderError};
