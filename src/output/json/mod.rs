//! Machine output: structs of its own with a version, so that inner types may change freely.

mod apply;
mod breaking;
mod change;
mod diagnostic;
mod drift;
mod exempted;
mod fix;
mod get;
mod not_looked_at;
mod place;
mod plan;
mod scope;
mod spec_diff;
mod validate;

pub use apply::ApplyJson;
pub use diagnostic::DiagnosticJson;
pub use drift::DriftJson;
pub use fix::FixedJson;
pub use get::GetJson;
pub(super) use plan::CHANGES;
pub use plan::{OptionsJson, PlanJson, Requests, content_digest};
pub use scope::ChangedSinceJson;
pub use spec_diff::SpecDiffJson;
pub use validate::ValidateJson;
