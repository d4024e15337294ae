//! The server: sockets, the gateway in front of all providers, and the life cycle.

mod gateway;
mod host;
mod lifecycle;
mod listener;
mod rate_limit;
mod request_log;
mod tls;

pub use lifecycle::Emulator;
pub use request_log::RecordedRequest;
