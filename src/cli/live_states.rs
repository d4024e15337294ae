//! The live states that the language server compares with.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::kept_file;
use crate::config::Environment;
use crate::editor::LiveStates;
use crate::manifest::source::{DiskFiles, ProjectFiles as _};
use crate::model::LiveState;
use crate::project::{FilesWithUnsaved, LoadOptions, LoadedProject};
use crate::workflow::{self, ConnectOptions, Connection, Observer, WorkflowEvent};

/// Reads services as the commands do, and keeps what was live in the folder for caches.
#[derive(Debug)]
pub(super) struct Services {
    pub(super) options: LoadOptions,
    pub(super) connect: ConnectOptions,
    pub(super) environment: Environment,
}

impl LiveStates for Services {
    fn read(&self, root: &Path) -> Result<LiveState, String> {
        self.try_read(root).map_err(|failure| {
            let (message, help) = failure.texts();
            match help {
                "" => message.to_owned(),
                help => format!("{message}\nhelp: {help}"),
            }
        })
    }

    fn kept(&self, root: &Path) -> Option<LiveState> {
        let project = self.open_settings(root)?;
        let file = self.file(&project)?;
        let text = kept_file::read(&file)?;
        let name = file.display().to_string();
        workflow::open_snapshot(&name, &text, &project).ok()
    }
}

impl Services {
    fn try_read(&self, root: &Path) -> Result<LiveState, Failure> {
        let project = LoadedProject::open(root, self.options.clone())?;
        if !project.settings_are_valid() {
            let message = "the service was not read: the project file has errors";
            return Err(Failure::error(message).help("fix and save it first"));
        }
        let runtime = tokio::runtime::Runtime::new()
            .map_err(|error| Failure::error(format!("cannot start the runtime: {error}")))?;
        let snapshot = runtime.block_on(async {
            let connect = self.connect.clone();
            let connection = Connection::open(&project, connect, &self.environment).await?;
            let taken = workflow::take_snapshot(&project, &connection, false, &Quiet).await;
            connection.close().await;
            Ok::<_, Failure>(taken?)
        })?;
        let text = serde_json::to_string(&snapshot)
            .map_err(|error| Failure::error(format!("cannot keep what is live: {error}")))?;
        if let Some(file) = self.file(&project)
            && let Err(error) = kept_file::write(&file, &text)
        {
            tracing::debug!(%error, file = %file.display(), "what is live was not kept");
        }
        Ok(workflow::open_snapshot("the service", &text, &project)?)
    }

    /// The project without its manifests.
    fn open_settings(&self, root: &Path) -> Option<LoadedProject> {
        let mut files = FilesWithUnsaved::new(DiskFiles::find(root)?);
        files.list_only(BTreeSet::from([files.project_file().to_owned()]));
        let project = LoadedProject::of_files(files, self.options.clone()).ok()?;
        project.settings_are_valid().then_some(project)
    }

    /// The file for the project's target, unless the folder is part of the checkout.
    fn file(&self, project: &LoadedProject) -> Option<PathBuf> {
        let folder = self.environment.cache_folder.as_deref()?;
        let target = &project.options.target.name;
        kept_file::path(folder, project.files.root(), "live", target)
    }
}

/// Nobody watches how a service is read for an editor.
struct Quiet;

impl Observer for Quiet {
    fn on_event(&self, _event: WorkflowEvent<'_>) {}
}
