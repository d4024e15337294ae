//! `apicenter`: GitOps for Azure API Center.
//!
//! The modules are layers; imports point down only (`ARCHITECTURE.md` has the table, a test enforces it).

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "tests may be tables of cases")
)]

pub mod apply;
pub mod azure;
pub mod checks;
pub mod cli;
pub mod config;
pub mod document;
pub mod drift;
pub mod editor;
pub mod emulator;
pub mod export;
pub mod forge;
pub mod http;
pub mod import;
pub mod kinds;
pub mod live;
pub mod manifest;
pub mod model;
pub mod output;
pub mod plan;
pub mod project;
pub mod scaffold;
pub mod schema;
pub mod site;
pub mod workflow;
pub mod yaml;
