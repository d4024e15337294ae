//! A local API Center: the resource provider's wire, spoken over loopback HTTP.
//!
//! It is what a newcomer runs first, what the tests run against, and an endpoint that any other
//! client of the service can be pointed at. It is this project's *second* reading of the service
//! and shares no code with planning, applying or the kinds: where the two readings disagree, a test
//! fails instead of a user.
//!
//! ```text
//! server → router → registry → providers → core → store (redb) → base
//! ```
//!
//! Each may use what is to the right of it, and nothing to the left (`tests/circles.rs`).
//!
//! * `base` has what everything else builds on: time, options, faults, the error of a failed start;
//! * `core` has the contracts: `Provider`, `RequestTarget`, requests, responses, jobs, events. It knows no
//!   provider;
//! * `server` owns the socket, the background work and the life cycle; its `gateway` does what the
//!   cloud does in front of all providers: faults, rate limits, authentication, headers;
//! * `router` finds the target of a path and checks `api-version`;
//! * `registry` is the table of providers, and the only file that knows all of them. A further provider
//!   is a folder in `providers` and its row there;
//! * `providers/api_center` is the provider that the emulator is about; `api_management` is where APIs
//!   are imported from; `resource_manager`, `authorization` and `managed_identity` are what clients meet
//!   around the services: resource groups and the like, role assignments at any scope, and user-assigned
//!   identities; `login` is the authority that issues tokens;
//! * `store` commits before a response is sent, so that `kill -9` loses no acknowledged write.
//!
//! Doc comments name the nature of each behaviour: *observed* in recorded traffic, *documented* by
//! the service, or *chosen here* where neither says anything.

mod base;
mod core;
mod providers;
mod registry;
mod router;
mod server;
mod store;

pub use base::error::EmulatorError;
pub use base::faults::{Fault, FaultRule, Faults};
pub use base::options::{
    Buckets, EmulatorOptions, Replication, SERVER_SEED_DELAY, SERVER_SYNC_DELAY, Storage,
};
pub use base::throttle_clock::ThrottleClock;
pub use server::{Emulator, RecordedRequest};
