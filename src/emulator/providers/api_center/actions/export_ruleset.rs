//! `exportRuleset`: the archive that was imported, byte for byte (observed).

use super::{Action, Context, Run, import_ruleset};
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, problem_not_found};
use crate::emulator::providers::api_center::kinds::NEWEST;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::View;

pub(super) const ACTION: Action = Action {
    on: "analyzerConfigs",
    name: "exportRuleset",
    api_versions: NEWEST,
    run: Run::Look(export),
};

/// Chosen here: without a ruleset the answer is that of a missing configuration.
fn export(_context: &Context, view: View<'_>, at: &At, _call: &Call) -> Outcome {
    let archive = view.content(at.key())?.ok_or_else(problem_not_found)?;
    Ok(Answer::ok(import_ruleset::exported(&archive)))
}
