//! Everything that the user reads. Consumes plans, reports and events; reads and sends nothing.

mod apply;
mod diagnostics;
mod graph;
mod json;
mod paint;
mod plan;
mod value;

pub use apply::{apply_summary, event_line};
pub use diagnostics::{render_diagnostics, summary_line};
pub use graph::{GraphLanguage, render_graph};
pub use json::{ApplyJson, DiagnosticJson, OptionsJson, PlanJson, Requests, ValidateJson};
pub use paint::Paint;
pub use plan::{PlanView, render_plan};
