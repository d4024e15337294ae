//! Everything that the user reads. Consumes plans, reports and events; reads and sends nothing.

mod annotation;
mod apply;
pub mod azure_pipelines;
mod diagnostics;
pub mod github;
mod graph;
mod json;
mod junit;
mod paint;
mod plan;
mod sarif;
mod value;

pub use annotation::{
    Annotation, Chosen, Level, Region, annotate_diagnostics, annotate_plan, annotate_report,
    choose, cut_markdown, fenced, plan_outputs,
};
pub use apply::{apply_summary, event_line};
pub use diagnostics::{render_diagnostics, summary_line};
pub use graph::{GraphLanguage, render_graph};
pub use json::{ApplyJson, DiagnosticJson, OptionsJson, PlanJson, Requests, ValidateJson};
pub use junit::render_junit;
pub use paint::Paint;
pub use plan::{PlanView, render_plan};
pub use sarif::render_sarif;
