//! Everything that the user reads. Consumes plans, reports and events; reads and sends nothing.

mod annotation;
mod apply;
mod apply_command;
mod authors;
pub mod azure_pipelines;
mod breaking;
mod breaking_lines;
mod breaking_places;
mod ci_command;
mod data;
mod diagnostics;
mod drift;
mod exempted;
pub mod github_actions;
mod graph;
mod grave;
mod help;
mod html;
mod joined;
mod json;
mod junit;
mod listing;
mod markdown;
mod migration;
mod moment;
mod origin;
mod outline;
mod plan_difference;
mod portal_page;
mod redactor;
mod renaming;
mod review;
mod sarif;
mod saved_plan;
mod scope;
mod shell;
mod shown;
mod spec_diff;
mod spec_sarif;
mod spelling;
mod styles;
mod terminal;
mod text;
mod text_difference;
mod unmodelled;
mod value;
mod web_address;

pub use annotation::{
    Annotation, Chosen, Level, Region, annotate_diagnostics, annotate_plan, annotate_report,
    choose, cut_markdown, fenced, plan_outputs,
};
pub use apply::{apply_summary, event_line};
pub use ci_command::CiCommand;
pub use data::Data;
pub use diagnostics::{render_diagnostics, summary_line};
pub use drift::{DriftView, render_drift};
pub use exempted::exempted_words;
pub use graph::{Graph, MermaidLimit};
pub(crate) use help::help_text;
pub use html::{BASE_STYLE, NODES_SCRIPT, render_html, render_html_failure};
pub use json::{
    ApplyJson, ChangedSinceJson, DiagnosticJson, DriftJson, FixedJson, GetJson, OptionsJson,
    PlanJson, Requests, SpecDiffJson, ValidateJson, content_digest,
};
pub use junit::render_junit;
pub use listing::{ListTable, render_names, render_services};
pub use markdown::{
    DriftMarkdown, MIN_DRIFT_BUDGET, MIN_MARKDOWN_BUDGET, NotWrittenView, render_markdown,
    render_markdown_failure, render_spec_diff_markdown,
};
pub use origin::{Linked, PlanOrigin};
pub use outline::captions;
pub use plan_difference::{change_lines, difference_lines, moved_lines};
pub use portal_page::portal_address;
pub use review::{Portal, Review};
pub use sarif::render_sarif;
pub use saved_plan::{SavedPlan, SavedPlanProblem};
pub use scope::short_commit;
pub use spec_diff::{SpecDiff, SpecSide, render_spec_diff};
pub use spec_sarif::{annotate_spec_diff, render_spec_sarif};
pub use styles::{Piece, added, changed, faint, removed};
pub use terminal::{Extent, PlanView, plan_counts, render_plan};
pub(crate) use text::styled;
pub use text::{Line, Text};
pub use text_difference::text_difference;
