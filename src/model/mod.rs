//! The types that every other module shares: addresses, spans, diagnostics, resources, states.
//!
//! This module imports no other module of the crate and does no I/O.

mod address;
mod address_set;
mod built_in_role;
mod byte_order_mark;
mod char_counts;
pub mod code;
mod condition;
mod context;
mod declared;
mod diagnostic;
mod exemptable;
mod exemption;
mod field_places;
mod fix;
pub mod foreign;
mod kind;
pub mod limit;
mod line_end;
mod listed;
mod number;
mod open_field;
mod ownership;
mod patterns;
mod place;
mod rename;
mod resource;
mod resource_name;
mod scope;
mod service_id;
mod state;
mod suggestion;
mod sync_origin;
mod text;
mod timestamp;
mod unmodelled;
mod url_path;
mod version_spelling;
pub mod view;
mod wrap;

pub use address::{Address, Segment};
pub use address_set::AddressSet;
pub use built_in_role::{BUILT_IN_ROLES, BuiltInRole, Operation, covers};
pub use byte_order_mark::{decoded, split_mark, without_mark};
pub use code::Code;
pub use condition::{BadCondition, Condition};
pub use context::{Grant, Identity, LinkState, LinkStatus, NotListed, ServiceContext, Unreadable};
pub use declared::Declared;
pub use diagnostic::{Diagnostic, Diagnostics, Label, Severity};
pub use exemption::{Acceptance, ExemptedFinding, Exemption, Exemptions, Sifted};
pub use field_places::{FieldPlaces, SharedPaths};
pub use fix::{Certainty, Deed, Fix, TextEdit, edited_text};
pub use kind::{KindInfo, Prune, Role};
pub use limit::Limit;
pub use line_end::{line_end, with_line_ends_of};
pub use listed::{Keeper, ListedColumns, ListedResource, ListedService};
pub use number::{Decimal, exact_float, exact_number, same_number, settle_numbers};
pub use open_field::{ClaimedFields, merge_patch};
pub use ownership::{MarkedText, OwnershipMarker};
pub use patterns::{BadPattern, Patterns};
pub use place::{Position, Source, SourceId, Sources, Span, Utf16Position};
pub use rename::{FormerName, Redirect, Redirection, Renames};
pub use resource::{
    Body, Document, DocumentPart, FieldPath, Files, Resource, Specification, compact, field_path,
    unmodelled_paths,
};
pub use resource_name::{NAME_LENGTHS, is_name_character, is_resource_name, name_doubt};
pub use scope::Scope;
pub use service_id::ServiceId;
pub use state::{
    DesiredResource, DesiredState, ForeignSchemas, LeftOutManifest, LinkedDocument, LiveResource,
    LiveState, Origin, SyncOrigin,
};
pub use suggestion::Suggestion;
pub use text::counted;
pub use timestamp::Timestamp;
pub use unmodelled::UnmodelledFields;
pub use url_path::url_path;
pub use version_spelling::{is_same_version, is_version_within, states_version};
pub use wrap::wrapped;
