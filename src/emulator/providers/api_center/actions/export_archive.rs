//! Exports of files: the archive that was imported, byte for byte (observed of `exportRuleset`).

use serde_json::json;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, problem_not_found};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::namespace::NEWEST;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::View;

/// The export of this name on resources of this collection.
pub(super) const fn action(on: &'static str, name: &'static str) -> PostAction {
    PostAction {
        on,
        name,
        api_versions: NEWEST,
        run: Run::Read(export),
    }
}

/// Chosen here: without an archive the response is that of a missing resource.
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
