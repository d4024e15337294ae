//! The client against a double of the service.

mod answers;
mod api_management;
mod double;
mod operations;
mod repetition;
mod secrets;
