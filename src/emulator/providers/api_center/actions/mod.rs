//! POST actions: one file each, and the table that routes them.
//!
//! Adding one: its file, its `mod` line, its row in [`ACTIONS`].

mod export_metadata_schema;
mod export_ruleset;
mod export_specification;
mod import_ruleset;
mod import_specification;

use std::sync::Arc;

use crate::emulator::core::job::Follow;
use crate::emulator::core::links::Links;
use crate::emulator::core::options::EmulatorOptions;
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome};
use crate::emulator::providers::api_center::sources;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, View};

pub(in crate::emulator) use import_ruleset::set_ruleset;
pub(in crate::emulator) use import_specification::set_document;

/// Every action.
pub(in crate::emulator) static ACTIONS: &[Action] = &[
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
pub(in crate::emulator) struct Action {
    /// The collection of the resource it is on; empty for the service.
    pub(in crate::emulator) on: &'static str,
    /// The last segment of the path.
    pub(in crate::emulator) name: &'static str,
    /// The API versions that know it.
    pub(in crate::emulator) api_versions: &'static [&'static str],
    pub(in crate::emulator) run: Run,
}

/// Whether an action only looks or also changes.
#[derive(Debug)]
pub(in crate::emulator) enum Run {
    Look(fn(&Context, View<'_>, &At, &Call) -> Outcome),
    Change(fn(&Context, &Changes<'_>, &At, &Call) -> Outcome<Done>),
}

/// What behaviours need besides the state.
#[derive(Clone)]
pub(in crate::emulator) struct Context {
    pub(in crate::emulator) options: Arc<EmulatorOptions>,
    pub(in crate::emulator) links: Arc<Links>,
}

/// A change that was made: its answer, and the work that goes on after it.
#[derive(Debug)]
pub(in crate::emulator) struct Done {
    pub(in crate::emulator) answer: Answer,
    pub(in crate::emulator) follow: Option<Follow>,
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
pub(in crate::emulator) fn find(on: &str, name: &str) -> Option<&'static Action> {
    ACTIONS
        .iter()
        .find(|action| action.on == on && action.name.eq_ignore_ascii_case(name))
}
