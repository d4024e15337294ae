//! The arguments of `apicenter apply`.

use std::path::PathBuf;
use std::time::Duration;

use super::annotate::AnnotateArgs;
use super::complete;
use super::duration;
use super::expected_plan::ExpectedPlan;
use super::extent::ExtentArgs;
use super::failure::Failure;
use super::format::Format;
use super::planning::Selection;
use super::undo::UndoArgs;

/// Plan, and change the service to match the manifests
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter apply                                   show the plan, ask, apply
  apicenter apply -t prod --auto-approve            in a pipeline
  apicenter apply plan.json --auto-approve          exactly the saved plan, or exit with 5
  apicenter apply --expect-plan p2-3f9a0c11d2e45b6a8c7d9e0f1a2b3c4d --auto-approve
  apicenter apply --undo-file undo.json             record first what there is
  apicenter apply --undo undo.json                  make it as it was before that apply")]
pub(super) struct Args {
    /// A plan written by `apicenter plan --out`; exits with 5 if the current plan differs from it, or if the
    /// file was altered
    #[arg(value_name = "PLANFILE")]
    pub(super) plan_file: Option<PathBuf>,

    /// Exit with 5 unless the current plan has this id, which is compared whole
    #[arg(long, value_name = "ID", conflicts_with = "plan_file")]
    pub(super) expect_plan: Option<String>,

    /// Do not ask for approval; required without a terminal
    #[arg(long)]
    pub(super) auto_approve: bool,

    /// Do not read the service again to verify the result
    #[arg(long)]
    pub(super) no_verify: bool,

    /// Allow deleting an integration and everything that it synchronised; accepts globs, can be repeated
    #[arg(long, value_name = "ADDRESS", add = complete::address())]
    pub(super) allow_destroy: Vec<String>,

    /// Allow a change that lets everybody read the catalogue without signing in
    #[arg(long)]
    pub(super) allow_public: bool,

    /// Wait until integrations are synchronising, then write what is declared for the APIs that they
    /// synchronise [default: 30m]
    #[arg(long, value_name = "DURATION", num_args = 0..=1, require_equals = true,
          default_missing_value = "30m", value_parser = duration::parse)]
    pub(super) wait_sync: Option<Duration>,

    #[command(flatten)]
    pub(super) undo: UndoArgs,

    #[command(flatten)]
    pub(super) selection: Selection,

    /// How to print the result
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    pub(super) format: Format,

    #[command(flatten)]
    pub(super) extent: ExtentArgs,

    #[command(flatten)]
    pub(super) annotate: AnnotateArgs,
}

impl Args {
    /// What to plan, and the id that the plan must have.
    pub(super) fn expectation(&self) -> Result<(Selection, Option<ExpectedPlan>), Failure> {
        let Some(file) = &self.plan_file else {
            let expected = self.expect_plan.clone().map(ExpectedPlan::of_id);
            return Ok((self.selection.clone(), expected));
        };
        if self.selection.is_given() {
            return Err(Failure::usage(
                "--only, --exclude, --prune, --changed-since, --base, --ours and --theirs are part of the saved plan and cannot be given again",
            ));
        }
        let (options, expected) = ExpectedPlan::read(file)?;
        Ok((Selection::of_saved(options), Some(expected)))
    }
}
