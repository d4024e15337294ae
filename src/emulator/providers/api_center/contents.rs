//! The contents of resources: documents of definitions, archives of other kinds.

use std::io::Cursor;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::store::{Changes, StoreError};

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

/// Keeps an archive for a resource of this kind. The message says what is wrong with the archive.
pub(in crate::emulator) fn set_archive(
    changes: &Changes<'_>,
    kind: &dyn ResourceKind,
    key: &str,
    archive: &str,
) -> Result<Result<(), String>, StoreError> {
    let names = match names_in(archive) {
        Ok(names) => names,
        Err(message) => return Ok(Err(message)),
    };
    let Some(mut record) = changes.view().resource(key)? else {
        return Ok(Err("The resource was deleted.".to_owned()));
    };
    if let Err(message) = kind.import_archive(&names, &mut record.owned) {
        return Ok(Err(message));
    }
    changes.put_content(key, archive)?;
    changes.put_resource(key, &record, None)?;
    Ok(Ok(()))
}

fn names_in(archive: &str) -> Result<Vec<String>, String> {
    let bytes = STANDARD
        .decode(archive)
        .map_err(|error| format!("Error: The value is not base64: {error}"))?;
    let archive = zip::ZipArchive::new(Cursor::new(bytes))
        .map_err(|error| format!("Error: The value is not a zip archive: {error}"))?;
    let names = archive.file_names().filter_map(Result::ok);
    Ok(names.map(|name| name.to_string()).collect())
}
