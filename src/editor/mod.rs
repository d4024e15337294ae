//! The language server: what an editor shows of a project while it is edited.
//!
//! [`serve`] speaks the protocol. Everything else is pure: from what is known of a project, and a text with a position
//! in it, to what the editor shows.

mod actions;
mod completion;
mod diagnostics;
mod facts;
mod fields;
mod folding;
mod hover;
mod index;
mod lenses;
mod live_states;
mod missing;
mod moving;
mod navigation;
mod one_file;
mod outline;
mod part_users;
mod places;
mod pointers;
mod rename;
mod server;
mod subject;
mod symbols;
mod view;

pub use live_states::LiveStates;
pub use moving::{Move, MovedText, move_in_files};
pub use server::{ServeError, serve};
