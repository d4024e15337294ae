//! `--annotate`: reports what a command finds to the pipeline.
//!
//! Commands go to stderr, as stdout is data; GitHub Actions and Azure Pipelines read both.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use clap::ValueEnum;

use super::branch::BranchFiles;
use super::console::Console;
use super::out_file::write_atomically;
use crate::apply::Report;
use crate::config::Pipeline;
use crate::manifest::source::{STATE_FOLDER, destination};
use crate::model::Diagnostics;
use crate::output::{
    Annotation, Level, annotate_diagnostics, annotate_plan, annotate_report, azure_pipelines,
    changed, choose, cut_markdown, fenced, github_actions, plan_outputs, render_diagnostics,
    styled,
};
use crate::plan::Plan;
use crate::project::LoadedProject;

/// Flags of a pipeline.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(super) struct AnnotateArgs {
    /// Also report to the pipeline: annotations on files, a summary, outputs for later steps
    #[arg(long, value_name = "PIPELINE", default_value = "none")]
    annotate: Choice,
}

/// The pipeline to report to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Choice {
    /// None
    None,
    /// The current pipeline, if any
    Auto,
    /// GitHub Actions
    Github,
    /// Azure Pipelines
    AzurePipelines,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Channel {
    GitHub,
    AzurePipelines,
}

/// Reports to the pipeline, if there is one.
#[derive(Debug)]
pub(super) struct Annotator<'a> {
    channel: Option<Channel>,
    pipeline: &'a Pipeline,
    console: &'a Console,
    root: PathBuf,
    prefix: String,
    branch: Option<&'a BranchFiles>,
    /// What was shown so far: pipelines count for the whole step.
    shown: RefCell<Vec<Level>>,
}

impl<'a> Annotator<'a> {
    pub(super) fn new(
        args: AnnotateArgs,
        pipeline: &'a Pipeline,
        root: &Path,
        console: &'a Console,
    ) -> Self {
        let channel = match args.annotate {
            Choice::None => None,
            Choice::Github => Some(Channel::GitHub),
            Choice::AzurePipelines => Some(Channel::AzurePipelines),
            Choice::Auto if pipeline.get("GITHUB_ACTIONS").is_some() => Some(Channel::GitHub),
            Choice::Auto => pipeline.get("TF_BUILD").map(|_| Channel::AzurePipelines),
        };
        Self {
            channel,
            pipeline,
            console,
            root: root.to_owned(),
            prefix: prefix(pipeline, root),
            branch: None,
            shown: RefCell::default(),
        }
    }

    /// Reports warnings only if they concern the branch.
    pub(super) fn of_branch(mut self, branch: &'a BranchFiles) -> Self {
        self.branch = Some(branch);
        self
    }

    /// Reports the problems of the manifests, if there is no plan.
    pub(super) fn problems(&self, project: &LoadedProject) {
        if self.channel.is_none() || project.diagnostics.is_empty() {
            return;
        }
        let (diagnostics, sources) = (&project.diagnostics, &project.sources);
        self.annotate(annotate_diagnostics(diagnostics, sources, &self.prefix));
        let all: Diagnostics = diagnostics.iter().cloned().collect();
        let text = render_diagnostics(&all, sources, false).to_string();
        self.summary(
            &fenced("API catalogue: problems", &text),
            &project.options.target.name,
        );
    }

    /// Reports the plan; with `notices`, creations and updates too. `markdown` is the plan for the
    /// summary.
    pub(super) fn plan(
        &self,
        project: &LoadedProject,
        plan: &Plan,
        notices: bool,
        markdown: impl FnOnce() -> String,
    ) {
        let Some(channel) = self.channel else { return };
        let (sources, prefix) = (&project.sources, &self.prefix);
        let everything = BranchFiles::default();
        let branch = self.branch.unwrap_or(&everything);
        let (diagnostics, _) = branch.split(project);
        let mut all = annotate_diagnostics(&diagnostics, sources, prefix);
        all.extend(annotate_plan(plan, sources, prefix, notices));
        self.annotate(all);
        self.summary(&markdown(), &project.options.target.name);
        let outputs = plan_outputs(plan);
        match channel {
            Channel::GitHub => {
                self.append("GITHUB_OUTPUT", &github_actions::output_lines(&outputs));
            }
            Channel::AzurePipelines => {
                for (name, value) in &outputs {
                    let command = azure_pipelines::output_command(name, value);
                    self.console.ci_command(&command);
                }
            }
        }
    }

    /// Reports findings that are not about a plan; `markdown` is for the summary.
    pub(super) fn findings(&self, all: Vec<Annotation>, markdown: impl FnOnce() -> String) {
        if self.channel.is_some() {
            self.annotate(all);
            self.summary(&markdown(), "diff-spec");
        }
    }

    /// Reports what an apply did not do.
    pub(super) fn report(&self, project: &LoadedProject, plan: &Plan, report: &Report) {
        let all = annotate_report(plan, report, &project.sources, &self.prefix);
        self.annotate(all);
    }

    fn annotate(&self, all: Vec<Annotation>) {
        let Some(channel) = self.channel else { return };
        let most = match channel {
            Channel::GitHub => github_actions::MOST_ANNOTATIONS,
            Channel::AzurePipelines => azure_pipelines::MOST_ISSUES,
        };
        let mut shown = self.shown.borrow_mut();
        let used = |level| shown.iter().filter(|other| **other == level).count();
        let chosen = choose(all, |level| most.saturating_sub(used(level)));
        shown.extend(chosen.shown.iter().map(|annotation| annotation.level));
        for annotation in &chosen.shown {
            let line = match channel {
                Channel::GitHub => Some(github_actions::annotation_command(annotation)),
                Channel::AzurePipelines => azure_pipelines::issue_command(annotation),
            };
            if let Some(line) = line {
                self.console.ci_command(&line);
            }
        }
        if let Some(remainder) = chosen.remainder() {
            self.console.status(&remainder);
        }
    }

    fn summary(&self, markdown: &str, name: &str) {
        match self.channel {
            None => {}
            Some(Channel::GitHub) => {
                const FILE: &str = "GITHUB_STEP_SUMMARY";
                let there = self.pipeline.get(FILE).and_then(|file| {
                    let length = std::fs::metadata(file).ok()?.len();
                    usize::try_from(length).ok()
                });
                let room = github_actions::SUMMARY_BYTES.saturating_sub(there.unwrap_or(0));
                self.append(FILE, &cut_markdown(markdown, room));
            }
            Some(Channel::AzurePipelines) => {
                let text = cut_markdown(markdown, azure_pipelines::SUMMARY_BYTES);
                let name = format!("apicenter {name}.md");
                match self.keep(&name, &text) {
                    Ok(file) => self
                        .console
                        .ci_command(&azure_pipelines::summary_command(&file)),
                    Err(error) => self.warn(&format!("cannot write the summary: {error}")),
                }
            }
        }
    }

    /// Writes a file that the agent uploads after the step.
    fn keep(&self, name: &str, text: &str) -> io::Result<PathBuf> {
        let plain = |c: char| {
            if c.is_alphanumeric() || " ._-".contains(c) {
                c
            } else {
                '_'
            }
        };
        let name: String = name.chars().map(plain).collect();
        // The name is what the page shows; a folder of its own keeps two steps apart.
        let path = Path::new(&format!("apicenter-{}", std::process::id())).join(name);
        let file = match self.pipeline.get("AGENT_TEMPDIRECTORY") {
            Some(folder) => std::path::absolute(Path::new(folder).join(path))?,
            None => destination(&self.root, &Path::new(STATE_FOLDER).join(path))
                .map_err(|problem| io::Error::other(problem.to_string()))?,
        };
        std::fs::create_dir_all(file.parent().unwrap_or(&self.root))?;
        write_atomically(&file, text.as_bytes())?;
        Ok(file)
    }

    fn append(&self, variable: &str, text: &str) {
        let Some(file) = self.pipeline.get(variable) else {
            return;
        };
        let opened = std::fs::OpenOptions::new()
            .append(true)
            .create(true)
            .open(file);
        let written = opened.and_then(|mut file| file.write_all(text.as_bytes()));
        if let Err(error) = written {
            self.warn(&format!("cannot write the file of {variable}: {error}"));
        }
    }

    fn warn(&self, text: &str) {
        self.console.status(styled![changed("warning"), ": ", text]);
    }
}

/// The path from the repository's root to the project, with a trailing `/`; empty if they are the same.
///
/// The root is the folder that the pipeline checked out to, or else the nearest one with a `.git`.
pub(super) fn prefix(pipeline: &Pipeline, root: &Path) -> String {
    let checked_out = [
        "GITHUB_WORKSPACE",
        "BUILD_SOURCESDIRECTORY",
        "CI_PROJECT_DIR",
    ]
    .into_iter()
    .filter_map(|name| Path::new(pipeline.get(name)?).canonicalize().ok())
    .find(|folder| root.starts_with(folder));
    let of_git = || {
        let mut above = root.ancestors();
        above.find(|folder| folder.join(".git").exists())
    };
    let top = match &checked_out {
        Some(folder) => folder.as_path(),
        None => of_git().unwrap_or(root),
    };
    let steps = root.strip_prefix(top).unwrap_or(Path::new(""));
    steps
        .components()
        .map(|step| format!("{}/", step.as_os_str().to_string_lossy()))
        .collect()
}

/// The files of a project that declare something or have a problem.
pub(super) fn files(project: &LoadedProject) -> BTreeSet<&str> {
    let declared = project.desired.resources.values().filter_map(|r| r.place);
    let problems = project
        .diagnostics
        .iter()
        .filter_map(|diagnostic| Some(diagnostic.primary.as_ref()?.span));
    declared
        .chain(problems)
        .map(|span| project.sources.locate(span).0)
        .collect()
}
