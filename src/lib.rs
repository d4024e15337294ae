//! `apicenter`: GitOps for Azure API Center.
//!
//! The modules are layers; imports point down only (`ARCHITECTURE.md` has the table, a test enforces it).

pub mod kinds;
pub mod model;
pub mod plan;
pub mod provider;
pub mod apply;
