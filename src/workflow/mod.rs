//! What a command reads, in which order, and when it waits: from a loaded project to a plan, an apply and
//! the checks after it; exports and imports.
//!
//! Progress is reported as [`WorkflowEvent`]s to an [`Observer`]. Nothing here prints, and errors have no
//! exit codes.

mod apply;
mod artifacts;
mod branch_base;
mod changed_files;
mod changed_since;
mod comparison;
mod connection;
mod declared_apis;
mod descriptions;
mod doctor;
mod earlier_texts;
mod early_reads;
mod endpoint;
mod error;
mod event;
mod export;
mod export_exemptions;
mod finding;
mod gateway;
mod get;
mod git;
mod import_inputs;
mod linked_documents;
mod meter;
mod offered;
mod plan;
mod plan_base;
mod read;
mod server_side_import;
mod sign_in;
mod snapshot;
mod undo;
mod vanished;
mod verify;
mod wait_for_sync;

pub use apply::{Applied, ApplySettings, FollowUp, FollowUpOutcome, apply, follow_up};
pub use artifacts::{accept_findings, read_artifacts};
pub use branch_base::BranchPoint;
pub use changed_files::{BranchBase, changed_files};
pub use changed_since::{BranchExtent, branch_extent};
pub use comparison::{Centre, Promotion, ServiceComparison, compare, promotion, read_centre};
pub use connection::{ConnectOptions, Connection};
pub use declared_apis::declared_apis;
pub use descriptions::{fetch_description, live_descriptions};
pub use doctor::examine;
pub use earlier_texts::{find_earlier_texts, keep_texts};
pub use error::{WorkflowError, help_for};
pub use event::{Observer, ReadPurpose, WorkflowEvent};
pub use export::{ExportRequest, Exported, NewProject, export};
pub use finding::Finding;
pub use gateway::read_gateway;
pub use get::{
    Declarations, Details, GetRequest, Got, ListEvent, Manifests, Wanted, get, get_from, manifests,
    manifests_from, services, with_manifests,
};
pub use import_inputs::{ImportInputs, read_inputs};
pub use meter::RequestMeter;
pub use plan::{add_documents, plan, plan_against, plan_and_live, plan_without_reading};
pub use plan_base::{base_at, base_of_snapshot};
pub use server_side_import::{Titles, import_server_side};
pub use sign_in::Auth;
pub use snapshot::{open_any_snapshot, open_snapshot, take_snapshot};
pub use undo::{Moved, UndoFile, UndoFileProblem, UndoPlan, ends_recorded, plan_undo, record_undo};

pub use crate::azure::{AllowedHosts, InstanceId, Parallelism};
