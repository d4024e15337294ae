//! The language server: what an editor shows of a project while it is edited.
//!
//! [`serve`] speaks the protocol. Everything else is pure: from what is known of a project, and a text with a position
//! in it, to what the editor shows.

mod diagnostics;
mod facts;
mod places;
mod server;

pub use server::{ServeError, serve};
