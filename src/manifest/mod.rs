//! From files to the desired state.
//!
//! Only [`source`], `listing` and `regular` read files; everything else works on text and trees, and reports every problem
//! at its place instead of stopping at the first.

mod broken;
mod declaration;
mod declared;
mod described;
mod document;
mod draft;
mod exemption;
mod field_of_text;
mod file_problem;
mod file_text;
mod files;
mod folder;
mod former_names;
mod gathered;
mod glob_reach;
mod idle_overlays;
mod inline;
mod known_facts;
mod left_out;
mod listing;
mod load;
mod loaded;
mod misplaced;
mod name;
mod outline;
mod overlay;
mod overlays;
mod ownership;
mod pattern;
mod prepared;
mod project;
mod purpose;
mod read;
mod regular;
mod relative_path;
mod remedy;
mod request;
mod resource_builder;
mod ruleset_references;
mod schema_check;
mod schema_check_context;
mod schema_check_text;
mod secrets;
mod shared_fixes;
pub mod source;
mod spelling;
mod split;
mod split_reader;
mod standalone;
mod unrecognized;
mod variables;
mod wording;

pub(crate) use crate::yaml::one_line;
pub use declared::declared;
pub use described::{DescribeProblem, Described};
pub(crate) use document::resolve;
pub(crate) use exemption::schema as exemption_schema;
pub use exemption::{
    EXEMPTION_KIND, EXEMPTIONS_FILE, ExemptionDocuments, ExemptionFinding, ExemptionSpec,
};
pub(crate) use file_problem::file_problem;
pub use folder::{MOST_FOLDER_BYTES, folder_problem};
pub use inline::MOST_INLINE_BYTES;
pub use known_facts::KnownFacts;
pub use left_out::{LeftOutFile, LeftOutReason, is_yaml_like};
pub use load::load;
pub use loaded::Loaded;
pub(crate) use name::suggestion as valid_name_near;
pub use outline::{claims_manifest, declared_in};
pub(crate) use pattern::matches as matches_pattern;
pub(crate) use project::schema as project_schema;
pub use project::{
    CloudSpec, EmulatorSpec, IgnoreSpec, OwnershipSpec, Project, ProjectSpec, PruneSpec,
    SafetySpec, TargetSpec,
};
pub use read::API_VERSION;
pub(crate) use relative_path::relative_path;
pub(crate) use remedy::written_as;
pub use request::Request;
pub(crate) use schema_check::wants_text;
pub(crate) use secrets::{leaves_out_secrets, needs_a_secret};
pub(crate) use shared_fixes::doubt_shared_fixes;
pub use source::{MOST_MANIFEST_BYTES, PROJECT_FILE};
pub use standalone::{StandaloneDescription, UnreadableDescription};
pub(crate) use wording::{NearSearches, did_you_mean, is_same_word, list, meant};
