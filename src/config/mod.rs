//! The process' environment, read once.

mod environment;

pub use environment::{Credentials, Environment, Pipeline};
