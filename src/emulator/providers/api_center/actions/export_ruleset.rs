//! `exportRuleset`: the archive that was imported, byte for byte (observed).

use serde_json::json;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, problem_not_found};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::namespace::NEWEST;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::View;

pub(super) const ACTION: PostAction = PostAction {
    on: "analyzerConfigs",
    name: "exportRuleset",
    api_versions: NEWEST,
    run: Run::Read(export),
};

/// Chosen here: without a ruleset the response is that of a missing configuration.
fn export(
    _context: &HandlerContext,
    view: View<'_>,
    path: &ResourcePath,
    _call: &HandlerRequest,
) -> HandlerResult {
    let archive = view.content(path.key())?.ok_or_else(problem_not_found)?;
    Ok(HandlerResponse::ok(
        json!({"value": archive, "format": "inline-zip"}),
    ))
}
