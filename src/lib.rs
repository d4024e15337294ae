//! `apicenter`: GitOps for Azure API Center.
//!
//! The modules are layers; imports point down only (`ARCHITECTURE.md` has the table, a test enforces it).

pub mod model;
