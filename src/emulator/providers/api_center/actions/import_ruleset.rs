//! `importRuleset`: gives an analyzer configuration its ruleset, a zip archive in base64.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Action, Context, Done, Run};
use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Outcome, problem_not_found, refused};
use crate::emulator::providers::api_center::kinds::NEWEST;
use crate::emulator::providers::api_center::operations;
use crate::emulator::providers::api_center::target::At;
use crate::emulator::store::{Changes, StoreError, Work};

pub(super) const ACTION: Action = Action {
    on: "analyzerConfigs",
    name: "importRuleset",
    api_versions: NEWEST,
    run: Run::Change(import),
};

/// What the main file of a ruleset may be called, at the top of the archive (observed:
/// `ruleset.yml`; the others are Spectral's own names).
const MAIN_FILES: [&str; 9] = [
    "ruleset.yml",
    "ruleset.yaml",
    "ruleset.json",
    "ruleset.js",
    "ruleset.mjs",
    ".spectral.yml",
    ".spectral.yaml",
    ".spectral.json",
    ".spectral.js",
];

/// 202 with a `Location`; what is wrong with the archive shows in the poll (observed).
fn import(context: &Context, changes: &Changes<'_>, at: &At, call: &Call) -> Outcome<Done> {
    if changes.view().resource(at.key())?.is_none() {
        return Err(problem_not_found().into());
    }
    let text = |name: &str| call.body.as_ref()?.get(name)?.as_str();
    if text("format") != Some("inline-zip") {
        return Err(refused("The field Format must be one of: inline-zip.").into());
    }
    let archive = text("value").ok_or_else(|| refused("The Value field is required."))?;
    let work = Work::Ruleset(archive.to_owned());
    operations::begin(context, changes, at, call, work)
}

/// Keeps the archive and activates the configuration (chosen here: `inactive` is observed before
/// an import, nothing after one). The message says what is wrong with the archive.
pub(in crate::emulator) fn set_ruleset(
    changes: &Changes<'_>,
    config: &str,
    archive: &str,
) -> Result<Result<(), String>, StoreError> {
    if let Err(message) = check(archive) {
        return Ok(Err(message));
    }
    let Some(mut record) = changes.view().resource(config)? else {
        return Ok(Err("The analyzer configuration is gone.".to_owned()));
    };
    record.owned.insert("state".to_owned(), json!("active"));
    changes.put_content(config, archive)?;
    changes.put_resource(config, &record, None)?;
    Ok(Ok(()))
}

fn check(archive: &str) -> Result<(), String> {
    let bytes = STANDARD
        .decode(archive)
        .map_err(|error| format!("Error: The value is not base64: {error}"))?;
    let archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("Error: The value is not a zip archive: {error}"))?;
    let mut names = archive.file_names().filter_map(Result::ok);
    if names.any(|name| MAIN_FILES.contains(&name.as_ref())) {
        return Ok(());
    }
    Err("Error: Ruleset file not found in the unzipped folder.".to_owned())
}

/// The archive of a configuration, as it was sent.
pub(super) fn exported(archive: &str) -> Value {
    json!({"value": archive, "format": "inline-zip"})
}
