//! Imports of files, as a zip archive in base64: `importRuleset` of an analyzer configuration.

use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{problem_not_found, refused};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::namespace::NEWEST;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::{Changes, Work};

/// The import of this name on resources of this collection.
pub(super) const fn action(on: &'static str, name: &'static str) -> PostAction {
    PostAction {
        on,
        name,
        api_versions: NEWEST,
        run: Run::Write(import),
    }
}

/// 202 with a `Location`; what is wrong with the archive shows in the poll (observed).
fn import(
    context: &HandlerContext,
    changes: &Changes<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult<WriteOutcome> {
    if changes.view().resource(path.key())?.is_none() {
        return Err(problem_not_found().into());
    }
    let text = |name: &str| request.body.as_ref()?.get(name)?.as_str();
    if text("format") != Some("inline-zip") {
        return Err(refused("The field Format must be one of: inline-zip.").into());
    }
    let archive = text("value").ok_or_else(|| refused("The Value field is required."))?;
    let work = Work::Archive(archive.to_owned());
    operations::begin(context, changes, path, request, work)
}
