//! The program as its users meet it: exit codes, output, and what it sends over real HTTP.

mod analyzer;
mod breaking;
mod colors;
mod commands;
mod description_files;
mod doctor;
mod drift;
mod emulator;
mod exit_codes;
mod fault_injection;
mod gateways;
mod gateways_documentation;
pub(crate) mod harness;
mod import;
mod json;
mod migrations;
mod numbers;
mod partial;
mod prune;
mod refused;
pub(crate) mod samples;
pub(crate) mod service_fixture;
mod snapshots;
mod targets;
mod throttled;
mod trust;
mod unmodelled;
