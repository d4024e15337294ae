//! The local API Center over real HTTP: each quirk of the wire, durability, and recorded traffic
//! replayed.

mod actions;
mod durability;
mod errors;
mod faults;
mod harness;
mod lists;
mod login;
mod management;
mod metadata;
mod replay;

mod resources;
mod roles;
mod services;
