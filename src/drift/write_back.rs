//! All edits together.

use std::collections::{BTreeMap, BTreeSet};

use super::texts::{Edited, Texts};
use super::update::update;
use super::verify::{Remaining, State, problem, reload};
use crate::model::{Address, FieldPath, LiveState};
use crate::plan::{Change, PlanOptions, Step};
use crate::project::{FilesWithUnsaved, LoadedProject, OpenError};

/// What is written back.
#[derive(Debug, Clone, Copy)]
pub struct WriteBack<'a> {
    /// What the service holds.
    pub live: &'a LiveState,
    /// How it is planned.
    pub options: &'a PlanOptions,
}

/// A resource whose manifests were edited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Written {
    /// The resource.
    pub address: Address,
}

/// What is not in the manifests although it differs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotWritten {
    /// The resource.
    pub address: Address,
    /// The field; empty for all of it.
    pub field: FieldPath,
    /// Why, as a clause.
    pub reason: String,
}

/// The files of a project with what was edited in the portal. Nothing is written yet.
#[derive(Debug, Clone, Default)]
pub struct WrittenBack {
    /// The new content of each file that changes, by its path; `None` for one that is removed.
    pub files: BTreeMap<String, Option<Vec<u8>>>,
    /// The resources whose manifests were edited, sorted.
    pub written: Vec<Written>,
    /// What was not written, sorted.
    pub not_written: Vec<NotWritten>,
}

/// Edits the manifests of a project so that they declare what was edited in the portal. The project then has the
/// edits as unsaved texts.
///
/// # Errors
/// If the project cannot be read again.
pub fn write_back(
    project: &mut LoadedProject,
    request: WriteBack<'_>,
) -> Result<WrittenBack, OpenError> {
    let plan = project.plan(request.live, request.options);
    let mut run = Run {
        before: State::of(project, request.live, request.options),
        project,
        request,
        files: BTreeMap::new(),
        remaining: Remaining::new(),
        result: WrittenBack::default(),
    };
    let mut tasks: Vec<Task<'_>> = Vec::new();
    for change in &plan.changes {
        match &change.step {
            Step::Update { .. } | Step::Replace { .. } if !change.fields.is_empty() => {
                let declared_by = plan.matched.get(&change.address);
                tasks.push(Task {
                    change,
                    declared_by: declared_by.unwrap_or(&change.address),
                });
            }
            _ => {}
        }
    }
    run.accept(&tasks)?;
    Ok(run.finish())
}

/// One thing that is written back.
#[derive(Debug, Clone, Copy)]
struct Task<'a> {
    change: &'a Change,
    /// The declaration.
    declared_by: &'a Address,
}

struct Run<'a> {
    project: &'a mut LoadedProject,
    request: WriteBack<'a>,
    before: State,
    files: BTreeMap<String, Edited>,
    remaining: Remaining,
    result: WrittenBack,
}

/// What the edits of some tasks are.
struct Attempt {
    edited: BTreeMap<String, Edited>,
    not_written: Vec<NotWritten>,
}

impl Run<'_> {
    /// Makes the edits of these tasks as far as they do what they are for. Where they do not, halves are tried, so
    /// that one that fails stops no other.
    fn accept(&mut self, tasks: &[Task<'_>]) -> Result<(), OpenError> {
        if tasks.is_empty() {
            return Ok(());
        }
        let attempt = self.attempt(tasks);
        let saved = self.project.files.clone();
        let Some(why) = self.check(tasks, &attempt)? else {
            self.keep(tasks, attempt);
            return Ok(());
        };
        self.restore(saved)?;
        match tasks {
            [only] => {
                self.result.not_written.push(NotWritten {
                    address: only.change.address.clone(),
                    field: String::new(),
                    reason: why,
                });
                Ok(())
            }
            _ => {
                let (first, second) = tasks.split_at(tasks.len() / 2);
                self.accept(first)?;
                self.accept(second)
            }
        }
    }

    fn attempt(&self, tasks: &[Task<'_>]) -> Attempt {
        let mut texts = Texts::of(self.project);
        let mut not_written = Vec::new();
        for task in tasks {
            let address = &task.change.address;
            let fields = update(self.project, task.change, task.declared_by, &mut texts);
            not_written.extend(fields.into_iter().map(|(field, reason)| NotWritten {
                address: address.clone(),
                field,
                reason,
            }));
        }
        Attempt {
            edited: texts.into_edited(),
            not_written,
        }
    }

    /// Reads the project with the edits, and says what is wrong then.
    fn check(
        &mut self,
        tasks: &[Task<'_>],
        attempt: &Attempt,
    ) -> Result<Option<String>, OpenError> {
        if attempt.edited.is_empty() {
            return Ok(None);
        }
        for (path, edited) in &attempt.edited {
            put(&mut self.project.files, path, edited);
        }
        reload(self.project, self.request.live)?;
        let after = State::of(self.project, self.request.live, self.request.options);
        let done: BTreeSet<Address> = tasks
            .iter()
            .map(|task| task.change.address.clone())
            .collect();
        let mut remaining = Remaining::new();
        for one in &attempt.not_written {
            let fields = remaining.entry(one.address.clone()).or_default();
            match one.field.is_empty() {
                true => {
                    let of = tasks.iter().find(|task| task.change.address == one.address);
                    let all = of.into_iter().flat_map(|task| &task.change.fields);
                    fields.extend(all.map(|field| field.path.clone()));
                }
                false => fields.push(one.field.clone()),
            }
        }
        let found = problem(self.project, (&self.before, &after), &done, &remaining);
        if found.is_none() {
            self.before = after;
            self.remaining.extend(remaining);
        }
        Ok(found)
    }

    fn keep(&mut self, tasks: &[Task<'_>], attempt: Attempt) {
        for task in tasks {
            let address = &task.change.address;
            let fields = &task.change.fields;
            let left = self.remaining.get(address);
            let is_left = |path: &str| {
                let mut left = left.into_iter().flatten();
                left.any(|one| super::fields::overlap(one, path))
            };
            if fields.iter().any(|field| !is_left(&field.path)) && !attempt.edited.is_empty() {
                self.result.written.push(Written {
                    address: address.clone(),
                });
            }
        }
        self.files.extend(attempt.edited);
        self.result.not_written.extend(attempt.not_written);
    }

    fn restore(&mut self, files: FilesWithUnsaved) -> Result<(), OpenError> {
        self.project.files = files;
        reload(self.project, self.request.live)
    }

    fn finish(mut self) -> WrittenBack {
        let files = std::mem::take(&mut self.files).into_iter();
        self.result.files = files
            .map(|(path, edited)| {
                let content = match edited {
                    Edited::Text(text) => Some(text.into_bytes()),
                    Edited::Content(bytes) => Some(bytes),
                    Edited::Removed => None,
                };
                (path, content)
            })
            .collect();
        self.result.written.sort_by(|a, b| a.address.cmp(&b.address));
        let key = |one: &NotWritten| (one.address.clone(), one.field.clone());
        self.result.not_written.sort_by_key(key);
        self.result
    }
}

/// Puts an edited file in place of the one that a project has.
fn put(files: &mut FilesWithUnsaved, path: &str, edited: &Edited) {
    match edited {
        Edited::Text(text) => files.set(path, text.as_str(), 0),
        Edited::Content(bytes) => files.replace(path, bytes.clone()),
        Edited::Removed => {
            files.discard(path);
            files.leave_out(path);
        }
    }
}
