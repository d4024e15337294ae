//! The contents of resources: documents of definitions, rulesets of analyzer configurations.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use crate::emulator::core::clock::{Ticks, etag};
use crate::emulator::store::{Changes, StoreError};

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

/// Stores a document. The definition gains `specification` exactly as sent, a new etag and
/// `lastModifiedAt` (observed). A definition that was deleted meanwhile is not created again.
pub(in crate::emulator) fn set_document(
    changes: &Changes<'_>,
    definition: &str,
    document: &str,
    specification: Option<&Value>,
) -> Result<(), StoreError> {
    let Some(mut record) = changes.view().resource(definition)? else {
        return Ok(());
    };
    record.modified = Ticks::now();
    record.etag = etag(changes.next_number()?, record.modified);
    if let Some(specification) = specification {
        record
            .owned
            .insert("specification".to_owned(), specification.clone());
    }
    changes.put_content(definition, document)?;
    changes.put_resource(definition, &record, None)
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
