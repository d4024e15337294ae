//! The local API Center over real HTTP: each quirk of the wire, durability, and recorded traffic
//! replayed.

mod access;
mod actions;
mod analyzers;
mod api_management;
mod damaged;
mod durability;
mod errors;
mod faults;
mod gateway_clients;
mod harness;
mod imports;
mod lists;
mod login;
mod management;
mod metadata;
mod opaque;
pub(crate) mod program;
mod replay;
mod resources;
mod roles;
mod services;
mod sources;
