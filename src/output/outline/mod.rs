//! A plan in the order and the groups in which people read it, whatever it is written to.
//!
//! Data only: which changes belong together, what comes with what, and which are alike. How wide a line is and
//! what is left out of it is decided by those who write.

mod alike;
mod branch;
mod breaks;
mod brings;
mod caption;
mod deletes;
mod field;
mod tally;
#[cfg(test)]
mod tests;

pub(super) use alike::{Alike, AlikeField, Likeness, Values, group};
pub(super) use branch::{Branch, branches};
pub(super) use breaks::{Reason, cautions, reasons};
pub(super) use brings::Brings;
pub use caption::captions;
pub(super) use caption::{caption, caption_for_name, caption_of};
pub(super) use deletes::{Delete, condition, deletes};
pub(super) use field::{Shown, ShownField, fields_of_portal, shown_fields, shown_value};
pub(super) use tally::tally;
