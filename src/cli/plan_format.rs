//! The formats of `plan`, one row each.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};

use super::branch::BranchFiles;
use super::console::{Console, Output};
use super::extent::{ExtentArgs, Listed, plan_text};
use super::global::GlobalArgs;
use super::markdown_budget;
use super::plan_subject::PlanSubject;
use crate::model::Diagnostic;
use crate::output::{
    Data, Extent, MIN_MARKDOWN_BUDGET, OptionsJson, PlanJson, PlanOrigin, Requests, Review,
    render_html, render_html_failure, render_markdown, render_markdown_failure,
};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// A format of `plan`.
#[derive(Debug)]
pub(super) struct PlanFormat {
    /// The value of `--format`.
    name: &'static str,
    /// Who the format is for.
    help: &'static str,
    /// The default of `--diff-lines`, for formats that have one.
    diff_lines: usize,
    /// Renders a plan.
    pub(super) render: for<'a> fn(&'a Plan, &'a Rendering<'_>) -> Output<'a>,
    /// Renders the errors of invalid manifests, for formats that a reviewer looks at.
    render_errors: Option<for<'a> fn(&'a Rendering<'_>) -> Output<'a>>,
}

/// All formats, in the order of the help.
static PLAN_FORMATS: &[PlanFormat] = &[
    PlanFormat {
        name: "text",
        help: "For people at a terminal",
        diff_lines: 0,
        render: text,
        render_errors: None,
    },
    PlanFormat {
        name: "json",
        help: "For programs",
        diff_lines: 0,
        render: |plan, with| json(plan, with).into(),
        render_errors: None,
    },
    PlanFormat {
        name: "markdown",
        help: "For a comment on a pull request",
        diff_lines: 200,
        render: |plan, with| {
            let text = render_markdown(plan, &with.review(), with.args.markdown_budget);
            Data::markdown(&text).into()
        },
        render_errors: Some(|with| {
            let target = with.subject.name;
            let text = render_markdown_failure(target, &with.review(), with.args.markdown_budget);
            Data::markdown(&text).into()
        }),
    },
    PlanFormat {
        name: "html",
        help: "For reviewers: one page that needs no network",
        diff_lines: 2000,
        render: |plan, with| render_html(plan, with.review()).into(),
        render_errors: Some(|with| render_html_failure(with.subject.name, with.review()).into()),
    },
];

impl PlanFormat {
    /// Parses the value of `--format`.
    pub(super) fn parser() -> impl TypedValueParser<Value = &'static Self> {
        let values = PLAN_FORMATS
            .iter()
            .map(|format| PossibleValue::new(format.name).help(format.help));
        PossibleValuesParser::new(values).try_map(|name| {
            PLAN_FORMATS
                .iter()
                .find(|format| format.name == name)
                .ok_or("unknown format")
        })
    }

    /// Whether the output is for programs: then errors of the manifests are, too.
    pub(super) fn is_json(&self) -> bool {
        self.name == "json"
    }

    /// Whether the output is for people who see the errors beside it.
    pub(super) fn is_text(&self) -> bool {
        self.name == "text"
    }

    /// Renders the errors of invalid manifests, if the format shows them.
    pub(super) fn errors<'a>(&self, with: &'a Rendering<'_>) -> Option<Output<'a>> {
        self.render_errors.map(|render| render(with))
    }
}

/// Flags that change how a plan is printed.
#[derive(Debug, Clone, clap::Args)]
pub(super) struct RenderArgs {
    #[command(flatten)]
    extent: ExtentArgs,

    /// List resources without changes
    #[arg(long)]
    show_unchanged: bool,

    /// List every live resource that is not declared
    #[arg(long)]
    show_unmanaged: bool,

    /// Maximum number of lines for each difference between texts [default: as many as there is
    /// room for; markdown: 200; html: 2000]
    #[arg(long, value_name = "N")]
    diff_lines: Option<usize>,

    /// Maximum number of characters of the Markdown: GitHub accepts 65536 in a comment, Bitbucket 32768. The
    /// least important parts are left out first. Deletes, blocked changes and refusals come last: they are always counted,
    /// but where there is no room for their names and reasons, those are left out, too
    #[arg(long, value_name = "N", default_value = "60000", value_parser = markdown_budget::at_least(MIN_MARKDOWN_BUDGET))]
    markdown_budget: usize,
}

/// What a format renders besides the plan.
#[derive(Debug, Clone)]
pub(super) struct Rendering<'a> {
    subject: PlanSubject<'a>,
    args: &'a RenderArgs,
    pub(super) reads: u64,
    console: &'a Console,
    extent: Extent,
    diff_lines: usize,
    options: OptionsJson,
    pub(super) origin: PlanOrigin,
    /// The problems that concern the branch, and what is said of the others.
    diagnostics: Vec<Diagnostic>,
    elsewhere: Option<String>,
}

impl<'a> Rendering<'a> {
    /// How a plan that is not of a branch is rendered.
    pub(super) fn new(
        format: &PlanFormat,
        subject: PlanSubject<'a>,
        args: &'a RenderArgs,
        (options, origin): (OptionsJson, PlanOrigin),
        (global, console): (&GlobalArgs, &'a Console),
    ) -> Self {
        Self {
            diagnostics: subject.diagnostics.to_vec(),
            subject,
            args,
            elsewhere: None,
            reads: 0,
            console,
            extent: args.extent.extent(global),
            diff_lines: args.diff_lines.unwrap_or(format.diff_lines),
            options,
            origin,
        }
    }

    /// The same of a branch: the other problems are only counted.
    pub(super) fn of_branch(mut self, project: &LoadedProject, branch: &BranchFiles) -> Self {
        let (diagnostics, elsewhere) = branch.split(project);
        self.diagnostics = diagnostics;
        self.elsewhere = elsewhere.words(project);
        self
    }

    fn review(&self) -> Review<'_> {
        Review {
            sources: self.subject.sources,
            diagnostics: &self.diagnostics,
            elsewhere: self.elsewhere.as_deref(),
            options: &self.options,
            desired: self.subject.desired,
            origin: &self.origin,
            portal: self.subject.portal.clone(),
            is_emulator: self.subject.is_emulator,
            show_unchanged: self.args.show_unchanged,
            diff_lines: self.diff_lines,
        }
    }
}

fn text<'a>(plan: &'a Plan, with: &'a Rendering<'_>) -> Output<'a> {
    let listed = Listed {
        unchanged: with.args.show_unchanged,
        unmanaged: with.args.show_unmanaged,
        diff_lines: with.args.diff_lines,
    };
    plan_text(plan, &with.subject, with.extent, listed, with.console).into()
}

/// The plan as JSON, also for `--out`.
pub(super) fn json<'a>(plan: &'a Plan, with: &'a Rendering<'_>) -> Data<'a> {
    let requests = Requests {
        reads: with.reads,
        writes: plan.writes(),
    };
    Data::json(PlanJson::new(
        plan,
        with.subject.diagnostics,
        with.subject.sources,
        requests,
        with.options.clone(),
        with.args.show_unchanged,
    ))
}
