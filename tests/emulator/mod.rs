//! The local API Center over real HTTP: each quirk of the wire, durability, and recorded traffic
//! replayed.

mod actions;
mod analyzers;
mod api_management;
mod durability;
mod errors;
mod faults;
mod harness;
mod imports;
mod lists;
mod metadata;
mod replay;

mod resources;
mod services;
mod sources;
