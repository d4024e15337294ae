//! How much of a plan is shown to people, and how wide.

use super::console::Console;
use super::global::GlobalArgs;
use super::plan_subject::PlanSubject;
use crate::output::{Extent, PlanView, Text, captions, render_plan};
use crate::plan::Plan;

/// Flags for how much of a plan is shown as text.
#[derive(Debug, Clone, Copy, Default, clap::Args)]
pub(super) struct ExtentArgs {
    /// Show every resource with every field, each value in full; -v does, too (text)
    #[arg(long, conflicts_with = "summary")]
    details: bool,

    /// Show only the counts, by kind and action (text)
    #[arg(long)]
    summary: bool,
}

impl ExtentArgs {
    /// How much of a plan is shown.
    pub(super) fn extent(self, global: &GlobalArgs) -> Extent {
        match self {
            Self { summary: true, .. } => Extent::Summary,
            Self { details: true, .. } => Extent::Details,
            _ if global.verbose > 0 => Extent::Details,
            _ => Extent::Usual,
        }
    }
}

/// What is listed besides changes, and how much of a difference.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Listed {
    pub(super) unchanged: bool,
    pub(super) unmanaged: bool,
    pub(super) diff_lines: Option<usize>,
}

/// A plan for people, as wide as the terminal.
pub(super) fn plan_text(
    plan: &Plan,
    subject: &PlanSubject<'_>,
    extent: Extent,
    listed: Listed,
    console: &Console,
) -> Text {
    render_plan(
        plan,
        &PlanView {
            sources: subject.sources,
            target: &subject.target,
            from: subject.from.as_deref(),
            captions: &captions(subject.desired),
            extent,
            width: console.width(),
            wraps: console.is_terminal(),
            show_unchanged: listed.unchanged,
            show_unmanaged: listed.unmanaged,
            diff_lines: listed.diff_lines,
        },
    )
}
