//! The structure of a YAML document by its lines: also of one that is half typed or has a syntax error.
//!
//! It follows indentation, dashes and keys, and understands flow collections, quotes, block texts and comments as far as
//! they show where a position is. It takes every text; what is odd in it is skipped.

mod cursor;
mod flow;
mod line;
mod stack;

pub(super) use cursor::{Cursor, Role, cursor};
pub(super) use stack::Step;
