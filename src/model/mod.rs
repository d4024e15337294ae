//! The words every other module shares: addresses, places in files, diagnostics, resources, states.
//!
//! This module imports nothing of ours and does no I/O.

mod address;
pub mod code;
mod diagnostic;
pub mod limit;
mod patterns;
mod place;
mod resource;
mod state;
mod surroundings;

pub use address::{Address, KindInfo, Prune, Segment};
pub use code::Code;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use limit::Limit;
pub use patterns::{BadPattern, Patterns};
pub use place::{Position, Source, SourceId, Sources, Span};
pub use resource::{
    Body, Document, FieldPath, Files, Resource, Specification, custom_property, field_path,
    unmodelled_paths,
};
pub use state::{DesiredResource, DesiredState, Link, LiveResource, LiveState, Origin, SyncOrigin};
pub use surroundings::{Grant, Identity, LinkState, Surroundings, scope_covers, scope_key};
