//! Opening, checking and reloading a project.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use super::attribution::{attribute, finalise_unread};
use super::exemptions::{self, JudgedByPlan};
use super::load_options::LoadOptions;
use super::open_error::OpenError;
use super::retyped;
use super::settings::{self, PlanFlags};
use super::target::{ResolvedTarget, ServiceLocation};
use super::unsaved::FilesWithUnsaved;
use super::untyped;
use crate::checks::{ManifestInput, Rules};
use crate::kinds;
use crate::manifest::source::{DiskFiles, ProjectFiles as _, ReadProblem};
use crate::manifest::{self, LeftOutFile, LeftOutReason, Project, file_problem};
use crate::model::view::CustomProperties;
use crate::model::{
    Declared, DesiredState, Diagnostic, Diagnostics, ExemptedFinding, Exemptions, ForeignSchemas,
    LiveState, Patterns, Role, Severity, Sources, without_mark,
};
use crate::plan::{ChangedSince, Plan, PlanBase, PlanOptions, plan_with};

/// Largest project file, in bytes (chosen here).
pub(super) const MOST_PROJECT_FILE_BYTES: usize = 1024 * 1024;

/// A project with its manifests, read and checked.
#[derive(Debug)]
pub struct LoadedProject {
    /// Its files.
    pub files: FilesWithUnsaved,
    /// The project file.
    pub settings: Project,
    /// The texts of all files that were read.
    pub sources: Sources,
    /// The chosen target.
    pub target: ResolvedTarget,
    /// What a plan depends on besides the two states.
    pub options: PlanOptions,
    /// Resources that another repository declares.
    pub external: Patterns,
    /// What the manifests declare; incomplete if there are errors, and empty if only the settings were read.
    pub desired: DesiredState,
    /// Problems of the project file and the manifests, sorted.
    pub diagnostics: Vec<Diagnostic>,
    /// Findings about the manifests that exemptions accept, sorted. They are not among `diagnostics`.
    pub exempted: Vec<ExemptedFinding>,
    /// Files that could be manifests by their names, and are not.
    pub left_out: Vec<LeftOutFile>,
    /// What need not be fixed and is good to know, one line each.
    pub notes: Vec<String>,
    settings_are_valid: bool,
    pub(super) load_options: LoadOptions,
    /// What the manifests declare, if only the settings were read and somebody has asked.
    pub(super) declared: OnceLock<(Arc<Declared>, Sources)>,
    pub(super) exemptions: Exemptions,
    /// The exemptions, by position, that accept a finding about the manifests.
    pub(super) used_exemptions: BTreeSet<usize>,
    /// The rules of the options, with those of the project's own files.
    pub(super) rules: Rules,
}

impl LoadedProject {
    /// Reads and checks the project of the nearest project file, from `start` upward. Problems of the
    /// manifests are in `diagnostics`.
    ///
    /// # Errors
    /// If there is no project file, it is not text, or no target can be chosen.
    pub fn open(start: &Path, load_options: LoadOptions) -> Result<Self, OpenError> {
        let disk = DiskFiles::find(start).ok_or_else(|| OpenError::NotFound {
            start: start.to_owned(),
        })?;
        Self::of_files(FilesWithUnsaved::new(disk), load_options)
    }

    /// Puts a text that is not saved yet in place of a file; the next [`reload`](Self::reload) reads it.
    /// `path` is relative to the project; `version` is the editor's number for the text.
    pub fn set_unsaved(
        &mut self,
        path: impl Into<String>,
        text: impl Into<Arc<str>>,
        version: i32,
    ) {
        self.files.set(path, text, version);
    }

    /// Forgets an unsaved text; the next [`reload`](Self::reload) reads the file on disk.
    pub fn discard_unsaved(&mut self, path: &str) {
        self.files.discard(path);
    }

    /// Reads and checks everything again. Files keep their numbers in `sources`, and the version of each
    /// text that differs increases.
    ///
    /// # Errors
    /// As [`open`](Self::open); the project then stays as it was.
    pub fn reload(&mut self) -> Result<(), OpenError> {
        *self = Self::load(
            self.files.clone(),
            self.sources.clone(),
            self.load_options.clone(),
        )?;
        Ok(())
    }

    /// Takes the metadata schemas of the service that custom properties use and that are not declared here,
    /// and reads the manifests again with them if there are others than before: values get the types and
    /// the checks that a declared schema would give them. Says whether it did.
    ///
    /// # Errors
    /// As [`reload`](Self::reload).
    pub fn adopt_schemas(&mut self, live: &LiveState) -> Result<bool, OpenError> {
        let used: BTreeSet<String> = self
            .desired
            .resources
            .values()
            .filter_map(|declared| CustomProperties::of(&declared.resource.body).values())
            .flat_map(|properties| properties.keys().map(|name| name.to_ascii_lowercase()))
            .collect();
        let foreign: ForeignSchemas = live
            .resources
            .iter()
            .filter(|(address, _)| address.is(Role::MetadataSchema))
            .filter(|(address, _)| !self.desired.resources.contains_key(address))
            .map(|(address, current)| (address.name(), current))
            .filter(|(name, _)| used.contains(&name.to_ascii_lowercase()))
            .map(|(name, current)| (name.to_owned(), current.resource.body.clone()))
            .collect();
        if foreign == self.load_options.foreign_schemas {
            return Ok(false);
        }
        self.load_options.foreign_schemas = foreign;
        self.reload()?;
        Ok(true)
    }

    /// Limits plans to what a branch changes.
    pub fn limit_to(&mut self, changed: ChangedSince) {
        let changed = Some(Arc::new(changed));
        self.load_options.flags.changed.clone_from(&changed);
        self.options.changed = changed;
    }

    /// Lets plans say who made each difference since this state.
    pub fn compare_with(&mut self, base: PlanBase) {
        let base = Some(Arc::new(base));
        self.load_options.flags.base.clone_from(&base);
        self.options.base = base;
    }

    /// The same project with other files, planned in full and before any exemption ends.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn with_files(&self, files: FilesWithUnsaved) -> Result<Self, OpenError> {
        let load_options = LoadOptions {
            target: Some(self.options.target.name.clone()),
            flags: PlanFlags::default(),
            today: None,
            ..self.load_options.clone()
        };
        Self::of_files(files, load_options)
    }

    /// What accepts findings, valid entries only.
    #[must_use]
    pub fn exemptions(&self) -> &Exemptions {
        &self.exemptions
    }

    /// Reads and checks a project of these files.
    ///
    /// # Errors
    /// As [`open`](Self::open).
    pub fn of_files(files: FilesWithUnsaved, load_options: LoadOptions) -> Result<Self, OpenError> {
        Self::load(files, Sources::default(), load_options)
    }

    fn load(
        files: FilesWithUnsaved,
        mut sources: Sources,
        load_options: LoadOptions,
    ) -> Result<Self, OpenError> {
        let mut diagnostics = Diagnostics::default();
        let project_file = files.project_file().to_owned();
        let text = match files.read(&project_file, MOST_PROJECT_FILE_BYTES) {
            Ok(bytes) => String::from_utf8(bytes).map_err(|error| OpenError::NotText {
                offset: error.utf8_error().valid_up_to(),
            })?,
            Err(ReadProblem::Unreadable(error)) => return Err(OpenError::Unreadable(error)),
            Err(problem) => {
                diagnostics.push(file_problem(&mut sources, &project_file, &problem));
                String::new()
            }
        };
        let source = sources.set(project_file, without_mark(&text));
        let settings = Project::parse(source, &sources, &mut diagnostics);
        let mut target = ResolvedTarget::default();
        if !diagnostics.has_errors() {
            target = load_options.resolve(&settings, files.root(), &mut diagnostics)?;
        }
        let (flags, target_id) = (&load_options.flags, &target.target);
        let options = settings::plan_options(&settings, target_id, flags, &mut diagnostics);
        let mut project = Self {
            settings_are_valid: !diagnostics.has_errors(),
            files,
            settings,
            sources,
            target,
            options,
            external: Patterns::default(),
            desired: DesiredState::default(),
            diagnostics: Vec::new(),
            exempted: Vec::new(),
            exemptions: Exemptions::default(),
            used_exemptions: BTreeSet::new(),
            left_out: Vec::new(),
            notes: Vec::new(),
            rules: load_options.rules.clone(),
            load_options,
            declared: OnceLock::new(),
        };
        if project.settings_are_valid && !project.load_options.settings_only {
            project.load_manifests(&mut diagnostics);
        } else {
            project.external = settings::external(&project.settings, &mut Diagnostics::default());
        }
        let count = project.desired.resources.len();
        let known_facts = &project.load_options.known_facts;
        let read = known_facts.count_read();
        known_facts.forget_unused();
        tracing::info!(root = %project.files.root().display(), resources = count, descriptions = read, "read the manifests");
        project.report(diagnostics);
        Ok(project)
    }

    /// Keeps the problems, sorted and without those that exemptions accept.
    fn report(&mut self, found: Diagnostics) {
        let mut findings: Vec<Diagnostic> = found.into_iter().collect();
        for finding in &mut findings {
            // What is written there is the variable, not the value that is wrong.
            finding.fix = finding
                .fix
                .take()
                .filter(|fix| !fix.meets_variable(&self.sources))
                .map(|fix| fix.with_line_ends_of_file(&self.sources));
        }
        manifest::doubt_shared_fixes(&mut findings, &self.sources);
        attribute(&mut findings, &self.desired);
        finalise_unread(&mut findings, &self.desired);
        let mut findings: Diagnostics = findings.into_iter().collect();
        findings.sort(&self.sources);
        let sifted = self.exemptions.sift(findings);
        self.diagnostics = sifted.reported;
        self.exempted = sifted.exempted;
        self.used_exemptions = sifted.used;
        // With such errors, not everything was checked.
        if !self.is_plannable() {
            return;
        }
        let judged = self.judged_by_plan();
        let unused = exemptions::unused(&self.exemptions, &self.used_exemptions, &judged, false);
        let unused: Vec<Diagnostic> = unused.collect();
        if !unused.is_empty() {
            let mut all: Diagnostics = self.diagnostics.drain(..).chain(unused).collect();
            all.sort(&self.sources);
            self.diagnostics = all.into_iter().collect();
        }
    }

    fn judged_by_plan(&self) -> JudgedByPlan<'_> {
        let slug = kinds::METADATA_SCHEMA.info.slug;
        JudgedByPlan::new(&self.rules, self.external.may_start_with(slug))
    }

    fn load_manifests(&mut self, diagnostics: &mut Diagnostics) {
        let rules = self.load_options.rules.clone();
        self.rules = rules.with_rules_of(&self.files, &mut self.sources, diagnostics);
        let mut sources = std::mem::take(&mut self.sources);
        let loaded = manifest::load(self.request(), &mut sources);
        self.sources = sources;
        diagnostics.extend(loaded.diagnostics);
        self.desired = super::own_ids::referring(loaded.desired, &self.options.target.service);
        self.left_out = loaded.left_out;
        let exemptions =
            exemptions::checked(loaded.exemptions.exemptions, &self.rules, diagnostics);
        self.exemptions = Exemptions::new(exemptions, self.load_options.today);
        self.notes = loaded.notes;
        self.external = settings::external(&self.settings, diagnostics);
        let ignored: Vec<(String, String)> = self
            .options
            .ignore
            .iter()
            .map(|rule| (rule.kind.clone(), rule.field.clone()))
            .collect();
        let input = ManifestInput {
            desired: &self.desired,
            external: &self.external,
            elsewhere: &self.load_options.elsewhere,
            foreign_schemas: &self.load_options.foreign_schemas,
            limits: &self.options.limits,
            ignored: &ignored,
        };
        self.rules.check_manifests(&input, diagnostics);
    }

    /// How the manifests are read.
    pub(super) fn request(&self) -> manifest::Request<'_> {
        manifest::Request {
            project: &self.settings,
            files: &self.files,
            target_name: &self.target.target.name,
            target: &self.target.spec,
            service: match self.target.location {
                ServiceLocation::Emulator { .. } => "",
                ServiceLocation::Azure { .. } => &self.target.target.service.name,
            },
            foreign_schemas: &self.load_options.foreign_schemas,
            known_facts: &self.load_options.known_facts,
        }
    }

    /// Every file that could be a manifest by its name and is not read as one, with the reason, sorted.
    /// Unlike `left_out`, it also has hidden files and those that a `.gitignore` file excludes.
    #[must_use]
    pub fn all_left_out(&self) -> Vec<LeftOutFile> {
        let mut files = self.left_out.clone();
        let unlisted = self.files.unlisted();
        files.extend(
            unlisted
                .into_iter()
                .filter(|(path, _)| manifest::is_yaml_like(path))
                .map(|(path, reason)| LeftOutFile {
                    path,
                    reason: LeftOutReason::Unlisted(reason),
                }),
        );
        files.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    /// The rules over manifests and plans, with those of the project's own files.
    #[must_use]
    pub fn rules(&self) -> &Rules {
        &self.rules
    }

    /// What makes the live state as declared, checked by the project's rules. What exemptions accept, also of
    /// the findings about the manifests, is separate.
    #[must_use]
    pub fn plan(&self, live: &LiveState, options: &PlanOptions) -> Plan {
        let live = untyped::as_declared(&self.desired, live);
        let live = retyped::as_text(&self.desired, live);
        let mut plan = plan_with(&self.desired, &live, options, self.rules().of_plans());
        attribute(&mut plan.diagnostics, &self.desired);
        let sifted = self.exemptions.sift(plan.diagnostics);
        plan.diagnostics = sifted.reported;
        if !options.is_partial() {
            let used = self.used_exemptions.union(&sifted.used).copied().collect();
            let judged = self.judged_by_plan();
            let unused = exemptions::unused(&self.exemptions, &used, &judged, true);
            plan.diagnostics.extend(unused);
        }
        plan.exempted = self
            .exempted
            .iter()
            .cloned()
            .chain(sifted.exempted)
            .collect();
        plan
    }

    /// Whether the project file has no errors; the manifests may have some.
    #[must_use]
    pub fn settings_are_valid(&self) -> bool {
        self.settings_are_valid
    }

    /// Whether there is no error.
    #[must_use]
    pub fn is_valid(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Whether the manifests can be planned: every error concerns resources that may turn out to be live
    /// as declared, and then stops nothing.
    #[must_use]
    pub fn is_plannable(&self) -> bool {
        self.errors().all(|error| !error.about.is_empty())
    }

    pub(super) fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
    }
}
