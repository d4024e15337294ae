//! Behaviour seen from outside: one binary, one module per subject.

#![expect(clippy::too_many_lines, reason = "tests may be tables of cases")]

mod architecture;
mod azure;
mod checks;
mod circles;
mod cli;
mod declared;
mod emulator;
mod forge;
mod fuzz;
mod kinds;
mod lsp;
mod manifests;
mod names;
mod output;
mod planner;
mod project;
mod scaffold;
mod schemas;
mod style;
mod threat_model;
