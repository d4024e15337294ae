//! The program as its users meet it: exit codes, output, and what it sends over real HTTP.

mod analyzer;
pub(crate) mod center;
mod colors;
mod commands;
mod doctor;
mod drift;
mod emulator;
mod exit_codes;
mod faults;
mod gateways;
mod gateways_page;
pub(crate) mod harness;
mod import;
mod interrupted;
mod json;
mod migrations;
mod partial;
mod prune;
mod refused;
pub(crate) mod samples;
mod snapshots;
mod specs;
mod targets;
mod throttled;
mod trust;
mod unmodelled;
