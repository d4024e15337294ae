//! Bad weather at every moment of an apply that knows every kind: it ends with the right code, and the
//! next run makes the same state as if nothing had happened.

mod interrupted;
mod kills;
mod network;
mod outages;
mod scenario;
mod transient;
mod undone;
mod undone_at_random;
