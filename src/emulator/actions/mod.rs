//! POST actions: one file each, and the table that routes them.
//!
//! Adding one: its file, its `mod` line, its row in [`ACTIONS`].

mod export_metadata_schema;
mod export_ruleset;
mod export_specification;
mod import_ruleset;
mod import_specification;

use std::sync::Arc;

use super::answer::{Answer, Outcome};
use super::call::Call;
use super::content::Links;
use super::jobs::Follow;
use super::options::EmulatorOptions;
use super::route::At;
use super::sources;
use super::store::{Changes, View};

pub(super) use import_ruleset::set_ruleset;
pub(super) use import_specification::set_document;

/// Every action.
pub(super) static ACTIONS: &[Action] = &[
    import_specification::ACTION,
    export_specification::ACTION,
    export_metadata_schema::ACTION,
    import_ruleset::ACTION,
    export_ruleset::ACTION,
    sources::IMPORT_FROM_APIM,
    sources::IMPORT_API_SOURCE,
];

/// A POST on a resource.
#[derive(Debug)]
pub(super) struct Action {
    /// The collection of the resource it is on; empty for the service.
    pub(super) on: &'static str,
    /// The last segment of the path.
    pub(super) name: &'static str,
    /// The API versions that know it.
    pub(super) api_versions: &'static [&'static str],
    pub(super) run: Run,
}

/// Whether an action only looks or also changes.
#[derive(Debug)]
pub(super) enum Run {
    Look(fn(&Context, View<'_>, &At, &Call) -> Outcome),
    Change(fn(&Context, &Changes<'_>, &At, &Call) -> Outcome<Done>),
}

/// What behaviours need besides the state.
#[derive(Clone)]
pub(super) struct Context {
    pub(super) options: Arc<EmulatorOptions>,
    pub(super) links: Arc<Links>,
}

/// A change that was made: its answer, and the work that goes on after it.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) answer: Answer,
    pub(super) follow: Option<Follow>,
}

impl From<Answer> for Done {
    fn from(answer: Answer) -> Self {
        Self {
            answer,
            follow: None,
        }
    }
}

/// The action of this name on a resource of this collection, compared without case.
pub(super) fn find(on: &str, name: &str) -> Option<&'static Action> {
    ACTIONS
        .iter()
        .find(|action| action.on == on && action.name.eq_ignore_ascii_case(name))
}
