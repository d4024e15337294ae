//! The client against a double of the service.

mod answers;
mod double;
mod operations;
mod repetition;
mod secrets;
