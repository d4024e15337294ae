//! What commands begin with: the project, its target, its manifests, and what is wrong with them.

use std::path::Path;
use std::sync::Arc;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use crate::config::{self, PlanFlags, ResolvedTarget, ServiceLocation};
use crate::manifest::source::{PROJECT_FILE, Tree};
use crate::manifest::{self, Project};
use crate::model::{Address, DesiredState, Diagnostic, Diagnostics, Severity, Sources};
use crate::output::{render_diagnostics, summary_line};
use crate::plan::{Plan, PlanOptions};
use crate::validate;

/// A project with its manifests, read and checked.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) tree: Tree,
    pub(super) project: Project,
    pub(super) sources: Sources,
    pub(super) target: ResolvedTarget,
    pub(super) options: PlanOptions,
    pub(super) desired: DesiredState,
    pub(super) diagnostics: Vec<Diagnostic>,
    project_is_valid: bool,
}

impl Session {
    /// Reads and checks everything; problems of the manifests are in `diagnostics`.
    pub(super) fn open(global: &GlobalArgs, flags: &PlanFlags) -> Result<Self, Failure> {
        let mut session = Self::project(global, flags)?;
        session.load();
        Ok(session)
    }

    fn project(global: &GlobalArgs, flags: &PlanFlags) -> Result<Self, Failure> {
        let start = global.directory.as_deref().unwrap_or(Path::new("."));
        let tree = Tree::find(start).ok_or_else(|| {
            let place = start.display();
            Failure::error(format!(
                "no {PROJECT_FILE} in `{place}` or in a folder above it"
            ))
            .help("apicenter init starts a project here; -C names the folder of one that exists")
        })?;
        let mut sources = Sources::default();
        let mut diagnostics = Diagnostics::default();
        let bytes = tree
            .read(PROJECT_FILE)
            .map_err(|error| Failure::error(format!("cannot read {PROJECT_FILE}: {error}")))?;
        let text = String::from_utf8(bytes).map_err(|error| {
            let at = error.utf8_error().valid_up_to();
            Failure::new(
                Exit::Invalid,
                format!("{PROJECT_FILE} is not UTF-8 text (byte {at})"),
            )
        })?;
        let text: Arc<str> = Arc::from(text.strip_prefix('\u{feff}').unwrap_or(&text));
        let source = sources.add(PROJECT_FILE, text);
        let project = Project::parse(source, &sources, &mut diagnostics);
        let mut target = ResolvedTarget::default();
        if !diagnostics.has_errors() {
            let (name, spec) = config::choose_target(&project, global.target.as_deref())
                .map_err(Failure::usage)?;
            target = config::resolve_target(&project, tree.root(), &name, &spec, &mut diagnostics);
        }
        let options = config::plan_options(&project, &target.target, flags, &mut diagnostics);
        Ok(Self {
            project_is_valid: !diagnostics.has_errors(),
            tree,
            project,
            sources,
            target,
            options,
            desired: DesiredState::default(),
            diagnostics: diagnostics.into_iter().collect(),
        })
    }

    fn load(&mut self) {
        let mut diagnostics: Diagnostics =
            std::mem::take(&mut self.diagnostics).into_iter().collect();
        if !diagnostics.has_errors() {
            let request = manifest::Request {
                project: &self.project,
                tree: &self.tree,
                target_name: &self.target.target.name,
                target: &self.target.spec,
                service: match self.target.location {
                    ServiceLocation::Emulator { .. } => "",
                    ServiceLocation::Azure { .. } => &self.target.target.service,
                },
            };
            let loaded = manifest::load(request, &mut self.sources);
            diagnostics.extend(loaded.diagnostics);
            self.desired = loaded.desired;
            let external = config::external(&self.project, &mut diagnostics);
            let ignored: Vec<(String, String)> = self
                .options
                .ignore
                .iter()
                .map(|rule| (rule.kind.clone(), rule.field.clone()))
                .collect();
            let context = validate::Context {
                desired: &self.desired,
                external: &external,
                limits: &self.options.limits,
                ignored: &ignored,
            };
            validate::run(&context, &mut diagnostics);
        }
        let count = self.desired.resources.len();
        tracing::info!(root = %self.tree.root().display(), resources = count, "read the manifests");
        diagnostics.sort(&self.sources);
        self.diagnostics = diagnostics.into_iter().collect();
    }

    /// Says what is wrong with the manifests.
    pub(super) fn report(&self, console: &Console) {
        if self.diagnostics.is_empty() {
            return;
        }
        let diagnostics: Diagnostics = self.diagnostics.iter().cloned().collect();
        let text = render_diagnostics(
            &diagnostics,
            &self.sources,
            console.is_interactive(),
            console.status_styles(),
        );
        console.status(&format!("{}{}", text, summary_line(&diagnostics)));
    }

    /// Whether there is no error.
    pub(super) fn is_valid(&self) -> bool {
        self.errors().next().is_none()
    }

    /// Whether the manifests can be planned: what is left concerns resources that may turn out to be
    /// live as declared, and then stops nothing.
    pub(super) fn is_plannable(&self) -> bool {
        self.errors().all(|error| !error.about.is_empty())
    }

    fn errors(&self) -> impl Iterator<Item = &Diagnostic> {
        self.diagnostics
            .iter()
            .filter(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Turns errors about resources that a plan does not write into warnings.
    pub(super) fn settle(&mut self, plan: &Plan) {
        let written = |about: &Address| {
            plan.changes.iter().any(|change| {
                let address = &change.address;
                change.after().is_some() && (address == about || address.is_below(about))
            })
        };
        for diagnostic in &mut self.diagnostics {
            let concerns = diagnostic.about.is_empty() || diagnostic.about.iter().any(written);
            if diagnostic.severity == Severity::Error && !concerns {
                diagnostic.severity = Severity::Warning;
                let why = "the service holds this already, so nothing is written";
                diagnostic.help = Some(match diagnostic.help.take() {
                    Some(help) => format!("{help}; {why}"),
                    None => why.to_owned(),
                });
            }
        }
    }

    /// Ends the command if the project file itself is wrong; wrong manifests are no obstacle.
    pub(super) fn require_project(&self, console: &Console) -> Result<(), Failure> {
        if self.project_is_valid {
            return Ok(());
        }
        self.report(console);
        Err(Failure::already_reported(Exit::Invalid))
    }
}
