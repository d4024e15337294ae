//! Whether the fields that conditions name can be there at all: a misspelt one would only make the list empty.

use super::request::GetRequest;
use crate::kinds::{self, KINDS, Kind, Location};
use crate::manifest::did_you_mean;
use crate::model::view::CustomProperties;
use crate::model::{Condition, ListedResource};
use crate::workflow::error::WorkflowError;

/// Whether a condition is about custom metadata.
pub(super) fn metadata_name(condition: &Condition) -> Option<String> {
    let mut steps = ListedResource::steps(&condition.field).into_iter();
    let first = steps.next()?;
    let is_metadata = [ListedResource::METADATA, CustomProperties::FIELD]
        .iter()
        .any(|name| first.eq_ignore_ascii_case(name));
    Some(steps.next().filter(|_| is_metadata)?.into_owned())
}

/// Ends the command at the first condition whose field no wanted kind has. `metadata` are the names of the metadata
/// schemas, if some condition is about custom metadata.
pub(super) fn check(request: &GetRequest, metadata: &[String]) -> Result<(), WorkflowError> {
    let wanted = KINDS.iter().copied();
    let wanted: Vec<&Kind> = wanted
        .filter(|kind| request.wanted.may_want(kind))
        .collect();
    let known = known_fields(&wanted);
    for condition in &request.conditions {
        let (word, known) = match metadata_name(condition) {
            Some(name) => (name, metadata),
            None if wanted
                .iter()
                .any(|kind| matches!(kind.location, Location::Path(_))) =>
            {
                continue;
            }
            None => (plain_path(&condition.field), known.as_slice()),
        };
        if known.iter().any(|one| covers(one, &word)) {
            continue;
        }
        let is_metadata = metadata_name(condition).is_some();
        let message = match is_metadata {
            true => format!("--where: there is no metadata schema `{word}`"),
            false => format!("--where: unknown field `{}`", condition.field),
        };
        let texts: Vec<&str> = known.iter().map(String::as_str).collect();
        let hint = did_you_mean(&word, &texts).or_else(|| {
            let tail = texts
                .iter()
                .find(|text| text.ends_with(&format!(".{word}")))?;
            Some(format!("did you mean `{tail}`?"))
        });
        let hint = hint.unwrap_or_else(|| match (is_metadata, metadata) {
            (true, []) => "this service has no metadata schemas".to_owned(),
            (true, _) => format!("metadata schemas: {}", metadata.join(", ")),
            (false, _) => "fields are those of a manifest, such as title or server.type, besides \
                 metadata.NAME, address, name, stage, owner, keeper, createdAt, versions and deployments"
                .to_owned(),
        });
        let error = WorkflowError::usage(condition.problem(message).to_string());
        return Err(error.help(hint));
    }
    Ok(())
}

fn known_fields(kinds: &[&Kind]) -> Vec<String> {
    let own = ListedResource::OWN_FIELDS.map(str::to_owned);
    let mut known: Vec<String> = own.into();
    for kind in kinds {
        known.extend(kinds::field_paths(kind));
        known.extend(kind.info.stage.map(str::to_owned));
        let counted = kind.children.iter().map(|child| child.field.to_owned());
        known.extend(counted);
    }
    known.sort();
    known.dedup();
    known
}

/// A path without the positions in lists.
fn plain_path(field: &str) -> String {
    let steps = ListedResource::steps(field);
    let names = steps.iter().filter(|step| step.parse::<usize>().is_err());
    names.map(AsRef::as_ref).collect::<Vec<&str>>().join(".")
}

fn covers(known: &str, path: &str) -> bool {
    match known.strip_suffix('*') {
        Some(open) => path
            .get(..open.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(open)),
        None => known.eq_ignore_ascii_case(path),
    }
}
