//! Undo files: what `apply` records before it writes, and going back there.

use std::cell::RefCell;
use std::path::{Path, PathBuf};

use super::console::Console;
use super::failure::Failure;
use super::in_file;
use super::out_file::{is_stdout, write_private_file};
use super::problems::Problems;
use super::progress::ConsoleObserver;
use super::signals;
use super::undo_refusal::{of_moved, refused};
use crate::model::{DesiredState, code};
use crate::output::Data;
use crate::plan::{Plan, Undone};
use crate::project::LoadedProject;
use crate::workflow::{self, Connection, UndoFile, UndoPlan};

/// The flags of `apply` that are about undoing it.
#[derive(Debug, clap::Args)]
pub(super) struct UndoArgs {
    /// Before the first write, record in this file all that the plan changes as it is, so that `--undo` can go back
    /// there. A file that an interrupted apply left is continued
    #[arg(long, value_name = "FILE", conflicts_with = "wait_sync")]
    undo_file: Option<PathBuf>,

    /// Make the service as it was before the apply that recorded this file; what the manifests say does not count. Exits
    /// with 5 if somebody changed something of it since
    #[arg(long, value_name = "FILE", conflicts_with_all = [
        "plan_file", "undo_file", "only", "exclude", "prune", "changed_since", "agreed", "wait_sync",
    ])]
    undo: Option<PathBuf>,
}

/// An apply that is undone.
#[derive(Debug)]
pub(super) struct Undoing {
    path: PathBuf,
    file: RefCell<UndoFile>,
}

impl UndoArgs {
    /// Whether an apply is recorded or undone.
    pub(super) fn is_given(&self) -> bool {
        self.undo_file.is_some() || self.undo.is_some()
    }

    /// The apply that is undone, if one is. A file that cannot be recorded to ends the command.
    pub(super) fn open(
        &self,
        project: &mut LoadedProject,
        problems: &Problems<'_>,
    ) -> Result<Option<Undoing>, Failure> {
        if let Some(file) = &self.undo {
            return Undoing::open(file, project, problems).map(Some);
        }
        if let Some(file) = self
            .undo_file
            .as_deref()
            .filter(|_| project.settings_are_valid())
        {
            if is_stdout(file) {
                return Err(
                    Failure::usage("--undo-file needs a file that can be read again")
                        .help("give the path of a file, not standard output"),
                );
            }
            earlier(file, project)?;
        }
        Ok(None)
    }

    /// Records what there is before the first write.
    pub(super) async fn record(
        &self,
        plan: &Plan,
        project: &LoadedProject,
        connection: &Connection,
        console: &Console,
    ) -> Result<(), Failure> {
        let Some(path) = &self.undo_file else {
            return Ok(());
        };
        let earlier = earlier(path, project)?;
        if let Some(earlier) = earlier.as_ref().filter(|earlier| earlier.is_complete())
            && earlier.plan_id() != plan.id
        {
            return Err(of_another_apply(path));
        }
        let observer = ConsoleObserver::new(console);
        let recorded = workflow::record_undo(plan, project, connection, earlier, &observer).await;
        drop(observer);
        let file = recorded?.map_err(|moved| {
            let file = path.display();
            let message = format!(
                "since {file} was recorded, somebody changed what it has; nothing was sent"
            );
            let help =
                "undo the earlier apply or keep its file, and give this one another --undo-file";
            of_moved(&message, moved, help)
        })?;
        write_private_file(path, &Data::json(file.to_json()))?;
        console.hint(format!("recorded what there is in {}", path.display()));
        Ok(())
    }

    /// Notes in the file that everything was written which it has. An apply of a part may leave the rest of an earlier one.
    pub(super) fn complete(&self, plan: &Plan, project: &LoadedProject) -> Result<(), Failure> {
        let Some(path) = self.undo_file.as_deref().filter(|path| path.exists()) else {
            return Ok(());
        };
        match earlier(path, project)? {
            Some(file) if !file.is_complete() && workflow::ends_recorded(&file, plan, project) => {
                write_private_file(path, &Data::json(file.completed().to_json()))
            }
            _ => Ok(()),
        }
    }

    /// Says how to go back.
    pub(super) fn hint(&self, console: &Console) {
        if let Some(path) = &self.undo_file {
            let path = path.display();
            console.hint(format!("to undo it: apicenter apply --undo {path}"));
        }
    }
}

impl Undoing {
    /// Reads the file of an apply to the project's target. The project then declares nothing until the way back is planned.
    pub(super) fn open(
        path: &Path,
        project: &mut LoadedProject,
        problems: &Problems<'_>,
    ) -> Result<Self, Failure> {
        if !project.settings_are_valid() {
            problems.require_valid(project)?;
        }
        let file = read(path)?;
        require_target((path, &file), project, "-t selects the target")?;
        project.go_back_to(DesiredState::default(), Undone::default());
        Ok(Self {
            path: path.to_owned(),
            file: RefCell::new(file),
        })
    }

    /// Plans the way back.
    pub(super) async fn plan(
        &self,
        project: &mut LoadedProject,
        connection: &Connection,
        console: &Console,
    ) -> Result<Plan, Failure> {
        let observer = ConsoleObserver::new(console);
        let name = self.path.display().to_string();
        let file = self.file.borrow().clone();
        let planned = async {
            Ok(workflow::plan_undo((&name, &file), project, connection, &observer).await?)
        };
        let planned = signals::or_interrupt(planned).await;
        drop(observer);
        match planned? {
            UndoPlan::Plan(plan) => Ok(*plan),
            UndoPlan::Moved(moved) => {
                let message = format!(
                    "since the apply that {name} is of, somebody changed what would be undone; nothing was sent"
                );
                let help = "set these back to what the apply left, or change the catalogue by its manifests";
                Err(of_moved(&message, moved, help))
            }
        }
    }

    /// Notes in the file which forms resources have while they are written, so that an interrupted undo can be run again.
    pub(super) fn prepare(&self, plan: &Plan) -> Result<(), Failure> {
        let mut file = self.file.borrow_mut();
        match file.prepare(plan) {
            true => write_private_file(&self.path, &Data::json(file.to_json())),
            false => Ok(()),
        }
    }
}

/// The file of an earlier apply to the same target, which is continued.
fn earlier(path: &Path, project: &LoadedProject) -> Result<Option<UndoFile>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let file = read(path).map_err(|failure| failure.help(ANOTHER_FILE))?;
    require_target((path, &file), project, ANOTHER_FILE)?;
    Ok(Some(file))
}

const ANOTHER_FILE: &str = "it is not overwritten; give this apply another --undo-file";

fn of_another_apply(path: &Path) -> Failure {
    let path = path.display();
    let message = format!("{path} is of another apply, which ended; nothing was sent");
    refused(&code::UNDO_FILE_TAKEN, message, ANOTHER_FILE)
}

fn read(path: &Path) -> Result<UndoFile, Failure> {
    let bytes = in_file::read_json(path)?;
    UndoFile::parse(&bytes).map_err(|problem| {
        Failure::error(format!("{} {problem}", path.display()))
            .help("`apicenter apply --undo-file FILE` writes such files; they are used as they were written")
    })
}

fn require_target(
    (path, file): (&Path, &UndoFile),
    project: &LoadedProject,
    help: &str,
) -> Result<(), Failure> {
    let target = &project.options.target;
    if file.is_of(target) {
        return Ok(());
    }
    let message = format!(
        "{} is of {}, and this is the target {}, service {} in resource group {}; nothing was sent",
        path.display(),
        file.target_words(),
        target.name,
        target.service.name,
        target.service.resource_group
    );
    Err(refused(&code::UNDO_TARGET, message, help))
}
