//! The types that every other module shares: addresses, spans, diagnostics, resources, states.
//!
//! This module imports no other module of the crate and does no I/O.

mod address;
pub mod code;
mod context;
mod diagnostic;
mod kind;
pub mod limit;
mod number;
mod ownership;
mod patterns;
mod place;
mod resource;
mod scope;
mod state;
mod text;
mod unmodelled;
pub mod view;

pub use address::{Address, Segment};
pub use code::Code;
pub use context::{Grant, Identity, LinkState, LinkStatus, ServiceContext};
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use kind::{KindInfo, Prune, Role};
pub use limit::Limit;
pub use number::{Decimal, exact_float, exact_number, same_number, settle_numbers};
pub use ownership::{MarkedText, OwnershipMarker};
pub use patterns::{BadPattern, Patterns};
pub use place::{Position, Source, SourceId, Sources, Span, Utf16Position};
pub use resource::{
    Body, Document, FieldPath, Files, Resource, Specification, field_path, unmodelled_paths,
};
pub use scope::Scope;
pub use state::{DesiredResource, DesiredState, Link, LiveResource, LiveState, Origin, SyncOrigin};
pub use text::counted;
pub use unmodelled::UnmodelledFields;
