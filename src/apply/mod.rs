//! Applies a plan. It decides nothing: the plan says what is written, and in which order.

mod event;
mod executor;
mod report;

pub use event::Event;
pub use executor::{ApplyOptions, apply};
pub use report::{Outcome, Report, Tally};
