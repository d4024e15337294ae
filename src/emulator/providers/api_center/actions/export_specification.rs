//! `exportSpecification`: a definition's document, byte for byte as it was imported.

use serde_json::json;

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::{HandlerResponse, bare_not_found, problem_not_found};
use crate::emulator::providers::api_center::action::{PostAction, Run};
use crate::emulator::providers::api_center::namespace::STABLE_ON;
use crate::emulator::providers::api_center::path::ResourcePath;
use crate::emulator::store::View;

pub(super) const ACTION: PostAction = PostAction {
    on: "definitions",
    name: "exportSpecification",
    api_versions: STABLE_ON,
    run: Run::Read(export),
};

/// `inline` is observed; `link` above a size is documented, the size chosen here. A missing
/// definition returns RFC 7807 (observed for a missing API); one without a document a bare 404
/// (chosen here).
fn export(
    context: &HandlerContext,
    view: View<'_>,
    path: &ResourcePath,
    request: &HandlerRequest,
) -> HandlerResult {
    if view.resource(path.key())?.is_none() {
        return Err(problem_not_found().into());
    }
    let document = view.content(path.key())?.ok_or_else(bare_not_found)?;
    let body = if document.len() > context.options.export_link_above {
        let link = format!("{}{}", request.base, context.links.issue(path.key()));
        json!({"format": "link", "value": link})
    } else {
        json!({"format": "inline", "value": document})
    };
    Ok(HandlerResponse::ok(body))
}
