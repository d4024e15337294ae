//! Files that are read as manifests and declare nothing.

use std::sync::Arc;

use super::exemption::EXEMPTION_KIND;
use super::file_problem::leave_out;
use super::left_out::LeftOutReason;
use super::read;
use super::wording::{did_you_mean, is_surely};
use crate::document::{claims_description, looks_like_description};
use crate::kinds;
use crate::model::{Certainty, Diagnostic, Diagnostics, Fix, Sources, code};
use crate::yaml::{self, Node};

/// Why a file is not a manifest and need not be one, or else what is wrong with it. `is_default` if the project
/// leaves open which files are manifests.
pub(super) fn use_of(
    path: &str,
    text: &Arc<str>,
    is_default: bool,
    sources: &mut Sources,
) -> Result<LeftOutReason, Vec<Diagnostic>> {
    let source = sources.set(path, Arc::clone(text));
    let mut problems = Diagnostics::default();
    // One that may be a manifest is reported in full.
    let parse = match text.contains("apicenter/") {
        true => yaml::parse,
        false => yaml::parse_top,
    };
    let roots: Vec<_> = parse(source, text, &mut problems)
        .into_iter()
        .filter_map(|document| document.root)
        .collect();
    // A description that nobody names may be as broken as its owner likes.
    let is_description = match roots.as_slice() {
        [] => problems.has_errors() && claims_description(text),
        roots => roots.iter().all(|root| looks_like_description(root)),
    };
    if is_description {
        return Ok(LeftOutReason::Description);
    }
    if is_default && has_short_ending(path) && !roots.iter().any(resembles) {
        return Ok(LeftOutReason::OtherTool);
    }
    let mut found: Vec<Diagnostic> = problems.into_iter().collect();
    let strange = roots
        .iter()
        .filter(|root| !root.is_null() && !looks_like_description(root));
    found.extend(strange.map(|root| report(root, path, sources)));
    Err(found)
}

/// Whether a file has the ending that other tools prefer for their settings, such as pipelines.
pub(super) fn has_short_ending(path: &str) -> bool {
    path.to_ascii_lowercase().ends_with(".yml")
}

/// Whether a document may be a manifest with a typing mistake: it has one of our kinds, or nearly our
/// `apiVersion`.
fn resembles(root: &Arc<Node>) -> bool {
    let scalar = |field| root.get(field).and_then(|node| node.scalar_text());
    scalar("kind").is_some_and(is_our_kind) && root.get("spec").is_some()
        || scalar("apiVersion")
            .is_some_and(|version| did_you_mean(version, &[read::API_VERSION]).is_some())
}

fn is_our_kind(name: &str) -> bool {
    name == "Project"
        || name == EXEMPTION_KIND
        || kinds::declarable().any(|kind| kind.info.name == name)
}

/// A document that is neither a manifest nor a description.
pub(super) fn report(root: &Node, path: &str, sources: &Sources) -> Diagnostic {
    let scalar = |field: &str| root.get(field).filter(|node| node.scalar_text().is_some());
    if let (Some(version), Some(kind)) = (scalar("apiVersion"), scalar("kind")) {
        let text = version.scalar_text().unwrap_or_default();
        let hint = did_you_mean(text, &[read::API_VERSION]);
        let is_ours = hint.is_some() || is_our_kind(kind.scalar_text().unwrap_or_default());
        let diagnostic = read::unknown_api_version(version);
        return match hint {
            Some(hint) => diagnostic.help(hint).fix(read::api_version_fix(version)),
            None if is_ours => diagnostic
                .help(format!(
                    "write `{}`; {}",
                    read::API_VERSION,
                    leave_out(path)
                ))
                .fix(read::api_version_fix(version)),
            None => diagnostic.help(leave_out(path)),
        };
    }
    let diagnostic = Diagnostic::error(
        code::NOT_A_MANIFEST,
        format!("`{path}` is neither a manifest nor a description file"),
    )
    .at(
        root.first_span(),
        "a manifest starts with `apiVersion: apicenter/v1`",
    );
    if root
        .items()
        .is_some_and(|items| items.iter().any(|item| read::is_manifest(item)))
    {
        return diagnostic
            .help("write each manifest as a document of its own, with a line `---` between them");
    }
    let is_ours =
        scalar("kind").is_some_and(|kind| is_our_kind(kind.scalar_text().unwrap_or_default()));
    let has_parts = root.get("metadata").is_some() && root.get("spec").is_some();
    if !is_ours || !has_parts {
        return diagnostic.help(leave_out(path));
    }
    let near = root
        .entries()
        .into_iter()
        .flatten()
        .find(|entry| is_surely(&entry.key.text, read::VERSION_FIELD, &[read::VERSION_FIELD]));
    match near {
        Some(entry) => diagnostic
            .help(format!("did you mean `{}`?", read::VERSION_FIELD))
            .fix(Fix::write(
                Certainty::Certain,
                entry.key.span,
                read::VERSION_FIELD,
            )),
        None => diagnostic
            .help(format!(
                "write `{}: {}` above it",
                read::VERSION_FIELD,
                read::API_VERSION
            ))
            .fix_opt(read::api_version_line(root, sources)),
    }
}
