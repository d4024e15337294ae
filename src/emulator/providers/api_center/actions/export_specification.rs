//! `exportSpecification`: a definition's document, byte for byte as it was imported.

use serde_json::json;

use super::{Action, Context, Run};
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome, bare_not_found, problem_not_found};
use crate::emulator::providers::api_center::kinds::STABLE_ON;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::View;

pub(super) const ACTION: Action = Action {
    on: "definitions",
    name: "exportSpecification",
    api_versions: STABLE_ON,
    run: Run::Look(export),
};

/// `inline` is observed; `link` above a size is documented, the size chosen here. A missing
/// definition answers RFC 7807 (observed for a missing API); one without a document a bare 404
/// (chosen here).
fn export(context: &Context, view: View<'_>, at: &At, call: &Call) -> Outcome {
    if view.resource(at.key())?.is_none() {
        return Err(problem_not_found().into());
    }
    let document = view.content(at.key())?.ok_or_else(bare_not_found)?;
    let body = if document.len() > context.options.export_link_above {
        let link = format!("{}{}", call.base, context.links.issue(at.key()));
        json!({"format": "link", "value": link})
    } else {
        json!({"format": "inline", "value": document})
    };
    Ok(Answer::ok(body))
}
