//! The viewer of OpenAPI descriptions: Swagger UI, as its makers publish it.

use std::fmt;
use std::io::{Cursor, Read as _};

use utoipa_swagger_ui_vendored::SWAGGER_UI_VENDORED;
use zip::ZipArchive;

use super::files::file;
use crate::export::ExportFile;

/// The files of the viewer that a page needs.
const NEEDED: [&str; 2] = ["swagger-ui.css", "swagger-ui-bundle.js"];

/// The viewer that is part of this program cannot be unpacked.
#[derive(Debug)]
pub struct ViewerError(String);

impl fmt::Display for ViewerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the viewer of descriptions cannot be unpacked: {}",
            self.0
        )
    }
}

impl std::error::Error for ViewerError {}

/// The files of the viewer.
pub(super) fn files() -> Result<Vec<ExportFile>, ViewerError> {
    let failed = |error: &dyn fmt::Display| ViewerError(error.to_string());
    let mut archive =
        ZipArchive::new(Cursor::new(SWAGGER_UI_VENDORED)).map_err(|error| failed(&error))?;
    let mut files = Vec::with_capacity(NEEDED.len());
    for name in NEEDED {
        // Its folder has the version in its name.
        let end = format!("/dist/{name}");
        let is_it = |path: &str| path.ends_with(&end) && path.matches('/').count() == 2;
        let inside = archive
            .file_names()
            .filter_map(Result::ok)
            .find(|path| is_it(path));
        let inside = inside
            .ok_or_else(|| failed(&format!("no {name}")))?
            .into_owned();
        let mut bytes = Vec::new();
        let mut entry = archive.by_name(&inside).map_err(|error| failed(&error))?;
        entry
            .read_to_end(&mut bytes)
            .map_err(|error| failed(&error))?;
        files.push(file(format!("viewer/{name}"), bytes));
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_viewer_can_be_unpacked() {
        let files = files().unwrap();
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            ["viewer/swagger-ui.css", "viewer/swagger-ui-bundle.js"]
        );
        assert!(files.iter().all(|file| file.bytes.len() > 100_000));
    }
}
