//! What everything else builds on: time, options, faults and the error of an emulator that does not run.

pub(super) mod clock;
pub(super) mod error;
pub(super) mod faults;
pub(super) mod options;
pub(super) mod this_machine;
pub(super) mod throttle_clock;
