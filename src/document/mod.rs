//! The descriptions that definitions hold: OpenAPI documents and their kin.
//!
//! Everything here works on text alone: what a text is ([`describe`]), whether two texts mean the
//! same ([`digest`]), how they differ ([`unified_diff`]), and what breaks by it ([`effects`]).
//! [`folder`] does the first three for a folder of files; [`bundle`] makes one text of a description that is
//! split into several files.

mod breaking;
pub mod bundle;
mod conformance;
mod content;
mod describe;
mod description;
mod diff;
mod digest;
mod edition;
mod extension;
mod facts;
pub mod folder;
mod graphql;
mod imports;
mod json;
mod layout;
mod lookalike;
mod meta_schemas;
mod proto;
mod reading;
mod schema_refusals;
mod structured;
mod unquoted_dates;
mod xml;
mod yaml_text;

pub use breaking::{
    ApiKind, BREAKING_RULES, Breaking, BreakingRule, Comparison, DocumentPlace, Effects, Impact,
    NamedText, NotComparable, Sameness, Sum, TextRange, compare, effects,
};
pub use conformance::Oddity;
pub use describe::{describe, name_ending};
pub use description::{Description, DocumentError, Format};
pub use diff::{
    Diff, DiffLine, DiffLineKind, DiffOptions, DocumentDiff, document_diff, unified_diff,
};
pub use digest::digest;
pub use extension::extension;
pub use facts::{DocumentFacts, DocumentIdentity};
pub use imports::Import;
pub(crate) use json::offset as json_offset;
pub use json::strict as strict_json;
pub use lookalike::look_alike;
pub use structured::{claims_description, looks_like_description};
