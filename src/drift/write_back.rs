//! All edits together.

use std::collections::{BTreeMap, BTreeSet};

use super::addition::add;
use super::fields::overlap;
use super::found::{Found, is_of_portal};
use super::removal::remove;
use super::texts::{Edited, Texts};
use super::update::update;
use super::verify::{Remaining, State, problem, reload};
use crate::model::{Address, FieldPath, LiveState};
use crate::plan::{Author, Change, FieldChange, PlanOptions};
use crate::project::{FilesWithUnsaved, LoadedProject, OpenError};

/// What is written back.
#[derive(Debug, Clone, Copy)]
pub struct WriteBack<'a> {
    /// What the service holds.
    pub live: &'a LiveState,
    /// How it is planned.
    pub options: &'a PlanOptions,
    /// Whether live resources that are not of this repository are declared, too.
    pub include_unmanaged: bool,
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
    /// The resources whose declarations were edited, removed or added.
    pub written: BTreeSet<Address>,
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
    let found = Found::of(
        &plan,
        request.live,
        request.options,
        request.include_unmanaged,
    );
    let edited = found.edited.iter().map(|change| Task::Edited {
        change,
        declared_by: plan.matched.get(&change.address).unwrap_or(&change.address),
    });
    let deleted = found.deleted.iter().map(|one| Task::Deleted(&one.address));
    let created = found.created.iter().map(Task::Created);
    let tasks: Vec<Task<'_>> = edited.chain(deleted).chain(created).collect();
    let mut run = Run {
        before: State::of(project, request.live, request.options),
        project,
        request,
        files: BTreeMap::new(),
        result: WrittenBack::default(),
    };
    for address in &found.in_conflict {
        run.result.not_written.push(NotWritten {
            address: address.clone(),
            field: FieldPath::new(),
            reason: IN_CONFLICT.to_owned(),
        });
    }
    run.accept(&tasks)?;
    Ok(run.finish())
}

/// Why what both sides edited is not written.
const IN_CONFLICT: &str = "it was edited in the repository, too";

/// One thing that is written back.
#[derive(Debug, Clone, Copy)]
enum Task<'a> {
    Edited {
        change: &'a Change,
        /// The declaration.
        declared_by: &'a Address,
    },
    Deleted(&'a Address),
    Created(&'a Address),
}

impl Task<'_> {
    fn address(&self) -> &Address {
        match self {
            Self::Edited { change, .. } => &change.address,
            Self::Deleted(address) | Self::Created(address) => address,
        }
    }
}

struct Run<'a> {
    project: &'a mut LoadedProject,
    request: WriteBack<'a>,
    before: State,
    files: BTreeMap<String, Edited>,
    result: WrittenBack,
}

/// The edits of some tasks.
#[derive(Default)]
struct Attempt {
    edited: BTreeMap<String, Edited>,
    /// What is done in all or in part.
    done: BTreeSet<Address>,
    /// The fields of these that stay different.
    remaining: Remaining,
    not_written: Vec<NotWritten>,
}

impl Run<'_> {
    /// Makes the edits of these tasks as far as they do what they are for. Where they do not, halves are tried, so
    /// that one that fails stops no other.
    fn accept(&mut self, tasks: &[Task<'_>]) -> Result<(), OpenError> {
        let attempt = self.attempt(tasks);
        let saved = self.project.files.clone();
        let Some(why) = self.check(&attempt)? else {
            self.files.extend(attempt.edited);
            self.result.written.extend(attempt.done);
            self.result.not_written.extend(attempt.not_written);
            return Ok(());
        };
        self.restore(saved)?;
        if let [only] = tasks {
            self.result.not_written.push(NotWritten {
                address: only.address().clone(),
                field: FieldPath::new(),
                reason: why,
            });
            return Ok(());
        }
        let (first, second) = tasks.split_at(tasks.len() / 2);
        self.accept(first)?;
        self.accept(second)
    }

    fn attempt(&self, tasks: &[Task<'_>]) -> Attempt {
        let mut texts = Texts::of(self.project);
        let mut attempt = Attempt::default();
        for task in tasks {
            let before = texts.clone();
            let is_done = match task {
                Task::Edited {
                    change,
                    declared_by,
                } => self.edit((change, declared_by), &mut texts, &mut attempt),
                Task::Deleted(address) => {
                    let removed = remove(self.project, address, &mut texts);
                    attempt.note(address, removed.map(|()| Vec::new()))
                }
                Task::Created(address) => {
                    let added = add(self.project, address, self.request.live, &mut texts);
                    attempt.note(address, added)
                }
            };
            match is_done {
                true => drop(attempt.done.insert(task.address().clone())),
                false => texts = before,
            }
        }
        attempt.edited = texts.into_edited();
        attempt
    }

    /// Edits the fields of a resource; `false` if none of them could be.
    fn edit(
        &self,
        (change, declared_by): (&Change, &Address),
        texts: &mut Texts<'_>,
        attempt: &mut Attempt,
    ) -> bool {
        let address = &change.address;
        let (own, others) = parted(change);
        let mut unwritten = match own.fields.is_empty() {
            true => Vec::new(),
            false => update(self.project, (&own, declared_by), self.request.live, texts),
        };
        let remaining = others.iter().map(|field| field.path.clone());
        let remaining: Vec<FieldPath> = remaining.collect();
        if !remaining.is_empty() {
            attempt.remaining.insert(address.clone(), remaining);
        }
        let in_conflict = others.iter().filter(|field| is_of_portal(field));
        unwritten.extend(in_conflict.map(|one| (one.path.clone(), IN_CONFLICT.to_owned())));
        let is_left = |path: &str| {
            let mut left = unwritten.iter();
            left.any(|(field, _)| field.is_empty() || overlap(field, path))
        };
        let is_any_done = own.fields.iter().any(|field| !is_left(&field.path));
        let differs = |path: &str| {
            let mut fields = change.fields.iter();
            path.is_empty() || fields.any(|field| overlap(path, &field.path))
        };
        for (field, reason) in unwritten {
            if !differs(&field) {
                continue;
            }
            let remaining = attempt.remaining.entry(address.clone()).or_default();
            remaining.push(field.clone());
            attempt.not_written.push(NotWritten {
                address: address.clone(),
                field,
                reason,
            });
        }
        is_any_done
    }

    /// Reads the project with the edits, and says what is wrong then.
    fn check(&mut self, attempt: &Attempt) -> Result<Option<String>, OpenError> {
        if attempt.edited.is_empty() {
            return Ok(None);
        }
        for (path, edited) in &attempt.edited {
            put(&mut self.project.files, path, edited);
        }
        reload(self.project, self.request.live)?;
        let after = State::of(self.project, self.request.live, self.request.options);
        let (done, remaining) = (&attempt.done, &attempt.remaining);
        let found = problem(self.project, (&self.before, &after), done, remaining);
        if found.is_none() {
            self.before = after;
        }
        Ok(found)
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
        let key = |one: &NotWritten| (one.address.clone(), one.field.clone());
        self.result.not_written.sort_by_key(key);
        self.result
    }
}

/// A change with the fields that were edited in the portal alone, and its other fields. Of a list, either all or none is
/// written.
fn parted(change: &Change) -> (Change, Vec<FieldChange>) {
    let is_own = |field: &FieldChange| matches!(field.author, None | Some(Author::Portal));
    let mut others: Vec<FieldChange> = Vec::new();
    for field in change.fields.iter().filter(|field| !is_own(field)) {
        others.push(field.clone());
    }
    let mut own = change.clone();
    own.fields.retain(|field| {
        let is_free = others
            .iter()
            .all(|other| !overlap(&other.path, &field.path));
        is_own(field) && is_free
    });
    let is_shared = |field: &&FieldChange| {
        is_own(field) && !own.fields.iter().any(|one| one.path == field.path)
    };
    let shared: Vec<FieldChange> = change.fields.iter().filter(is_shared).cloned().collect();
    others.extend(shared);
    (own, others)
}

impl Attempt {
    /// Notes what of a resource is not written; `false` if nothing of it is.
    fn note(&mut self, address: &Address, done: Result<Vec<String>, String>) -> bool {
        let is_done = done.is_ok();
        let reasons = done.unwrap_or_else(|why| vec![why]);
        let not_written = reasons.into_iter().map(|reason| NotWritten {
            address: address.clone(),
            field: FieldPath::new(),
            reason,
        });
        self.not_written.extend(not_written);
        is_done
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
