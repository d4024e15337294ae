//! Opening the project of a command, and showing what is wrong with it.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::branch::BranchFiles;
use super::console::Console;
use super::description_cache::DescriptionCache;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use super::invocation::Invocation;
use crate::manifest::source::DiskFiles;
use crate::model::{Diagnostic, Diagnostics};
use crate::output::{exempted_words, render_diagnostics, summary_line};
use crate::project::{LoadOptions, LoadedProject, OpenError, PlanFlags};

/// Opens the project that the global flags name.
pub(super) fn open(invocation: Invocation<'_>, flags: PlanFlags) -> Result<LoadedProject, Failure> {
    Ok(try_open(invocation, flags)?)
}

/// The same, for commands that can do without a project.
pub(super) fn try_open(
    Invocation {
        global,
        environment,
        ..
    }: Invocation<'_>,
    flags: PlanFlags,
) -> Result<LoadedProject, OpenError> {
    let start = global.directory.as_deref().unwrap_or(Path::new("."));
    let root = DiskFiles::find(start).map(|files| files.root().to_owned());
    let cache = DescriptionCache::of(environment.cache_folder.as_deref(), root.as_deref());
    let known_facts = Arc::new(cache.read());
    let options = LoadOptions {
        known_facts: Arc::clone(&known_facts),
        ..load_options(global, flags)
    };
    let project = LoadedProject::open(start, options)?;
    cache.write(&known_facts);
    Ok(project)
}

/// How the global flags open a project.
pub(super) fn load_options(global: &GlobalArgs, flags: PlanFlags) -> LoadOptions {
    LoadOptions {
        target: global.target.clone(),
        emulator_data: global.emulator_data.clone(),
        flags,
        today: Some(Timestamp::now().to_zoned(TimeZone::UTC).date()),
        ..LoadOptions::default()
    }
}

/// Opens the project of a command that invalid manifests do not stop. An invalid project file ends it.
pub(super) fn open_settings(invocation: Invocation<'_>) -> Result<LoadedProject, Failure> {
    let project = open(invocation, PlanFlags::default())?;
    require_settings(&project, invocation.console)?;
    Ok(project)
}

/// Opens the project of a command that needs no more of the manifests than what they declare, and that may need less.
pub(super) fn open_without_manifests(invocation: Invocation<'_>) -> Result<LoadedProject, Failure> {
    let global = invocation.global;
    let start = global.directory.as_deref().unwrap_or(Path::new("."));
    let options = LoadOptions {
        settings_only: true,
        ..load_options(global, PlanFlags::default())
    };
    let project = LoadedProject::open(start, options)?;
    require_settings(&project, invocation.console)?;
    Ok(project)
}

/// Shows the problems of the manifests.
pub(super) fn report(project: &LoadedProject, console: &Console) {
    report_new(project, &[], None, console);
}

/// Shows the problems of the manifests that were not shown before. Warnings that do not concern the branch are counted.
pub(super) fn report_new(
    project: &LoadedProject,
    shown: &[Diagnostic],
    branch: Option<&BranchFiles>,
    console: &Console,
) {
    // Few are the same in code and message.
    let mut alike: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in shown {
        let key = (&diagnostic.code, &diagnostic.message);
        alike.entry(key).or_default().push(diagnostic);
    }
    let is_shown = |diagnostic: &Diagnostic| {
        let alike = alike.get(&(&diagnostic.code, &diagnostic.message));
        alike.is_some_and(|alike| alike.contains(&diagnostic))
    };
    let all = project.diagnostics.iter();
    let new = all.filter(|diagnostic| !is_shown(diagnostic));
    let everything = BranchFiles::default();
    let (new, elsewhere) = branch.unwrap_or(&everything).split_some(new, project);
    let elsewhere = elsewhere.words(project);
    if new.is_empty() {
        elsewhere
            .into_iter()
            .for_each(|words| console.status(words));
        return;
    }
    let diagnostics: Diagnostics = new.into_iter().collect();
    console.status(render_diagnostics(
        &diagnostics,
        &project.sources,
        console.is_interactive(),
    ));
    let exempted = exempted_words(&project.exempted).filter(|_| !project.is_valid());
    let parts = std::iter::once(summary_line(&diagnostics)).chain(exempted);
    console.status(parts.collect::<Vec<_>>().join(", "));
    elsewhere
        .into_iter()
        .for_each(|words| console.status(words));
}

/// Ends the command if the project file has errors.
pub(super) fn require_settings(project: &LoadedProject, console: &Console) -> Result<(), Failure> {
    if project.settings_are_valid() {
        return Ok(());
    }
    report(project, console);
    Err(Failure::already_reported(Exit::Invalid))
}

impl From<OpenError> for Failure {
    fn from(error: OpenError) -> Self {
        let message = error.to_string();
        match error {
            OpenError::NotFound { .. } => Self::error(message).help(
                "apicenter init starts a project here; -C selects the folder of an existing one",
            ),
            OpenError::Unreadable(_) => Self::error(message),
            OpenError::NotText { .. } => Self::new(Exit::Invalid, message),
            OpenError::Target(_) => Self::usage(message),
        }
    }
}
