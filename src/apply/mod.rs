//! Carries a plan out. Decides nothing: what is done is what the plan says.

mod event;
mod executor;
mod report;

pub use event::Event;
pub use executor::{ApplyOptions, apply};
pub use report::{Outcome, Report, Tally};
