//! The local API Center over real HTTP: each quirk of the wire, durability, and recorded traffic
//! replayed.

mod actions;
mod api_management;
mod durability;
mod errors;
mod faults;
mod harness;
mod lists;
mod metadata;
mod replay;

mod resources;
mod services;
