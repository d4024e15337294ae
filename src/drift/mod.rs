//! What was edited in the portal, as edits of the manifests.
//!
//! Pure: [`write_back`] turns the differences of a plan into other texts of the project's files, and writes none. Every
//! edit is checked by planning again: what would leave a difference, or make another one, is taken back and named.

mod addition;
mod alignment;
mod description;
mod document;
mod fields;
mod found;
mod home;
mod key_order;
mod lists;
mod removal;
mod step;
mod texts;
mod update;
mod variables;
mod verify;
mod write_back;

pub use found::Found;
pub use write_back::{NotWritten, WriteBack, WrittenBack, write_back};
