//! A local API Center: the resource provider's wire, spoken over loopback HTTP.
//!
//! It is what a newcomer runs first, what the tests run against, and an endpoint that any other
//! client of the service can be pointed at. It is this project's *second* reading of the service
//! and shares no code with planning, applying or the kinds: where the two readings disagree, a test
//! fails instead of a user.
//!
//! ```text
//! server ── gateway ── route ── dispatch ── engine, services, actions, kinds ── store (redb)
//! ```
//!
//! * `server` owns the socket, the background work and the life cycle;
//! * `gateway` does what the cloud's front door does: faults, throttling, authentication,
//!   `api-version`;
//! * `login` is the authority where clients get their tokens, and what clouds tell of themselves;
//! * `resource_manager` and `authorization` are what clients meet around the services: resource groups
//!   and the like, and role assignments at any scope;
//! * `route` turns a path into a place, by walking the table of kinds;
//! * `dispatch` tells what only looks from what changes;
//! * `engine` is GET, HEAD, PUT, DELETE and lists for every kind alike;
//! * `kinds` and `actions` hold one file per resource type or POST action: a new one is that file,
//!   its `mod` line and its row in the table;
//! * `api_management` is a small second provider, the one that APIs are brought in from;
//! * `sources` keeps a center up to date with API sources, and copies from them;
//! * `jobs` is work that a change leaves for later and that survives a restart;
//! * `store` commits before anything is answered, so that `kill -9` loses no acknowledged write.
//!
//! Doc comments name the nature of each behaviour: *observed* in recorded traffic, *documented* by
//! the service, or *chosen here* where neither says anything.

mod core;
mod providers;
mod registry;
mod router;
mod server;
mod store;

pub use core::error::EmulatorError;
pub use core::faults::{Fault, FaultRule, Faults};
pub use core::options::{
    Buckets, Data, EmulatorOptions, Replication, SERVER_SEED_DELAY, SERVER_SYNC_DELAY,
};
pub use server::{Emulator, RecordedRequest};
