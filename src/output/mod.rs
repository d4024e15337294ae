//! Everything that the user reads. Consumes plans, reports and events; reads and sends nothing.

mod apply;
mod diagnostics;
mod html;
mod json;
mod markdown;
mod paint;
mod plan;
mod review;
mod value;

pub use apply::{apply_summary, event_line};
pub use diagnostics::{render_diagnostics, summary_line};
pub use html::{render_html, render_html_failure};
pub use json::{ApplyJson, DiagnosticJson, OptionsJson, PlanJson, Requests, ValidateJson};
pub use markdown::{MIN_MARKDOWN_BUDGET, render_markdown, render_markdown_failure};
pub use paint::Paint;
pub use plan::{PlanView, render_plan};
pub use review::Review;
