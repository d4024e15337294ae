//! A catalogue as pages for a browser: everything is in the files, and nothing is fetched from anywhere.
//!
//! The pages work from a folder as from a web server. Resources are data of a script, and each description is a script of
//! its own, as pages that were opened as files cannot fetch any. All text is shown as text. Equal catalogues give equal
//! bytes.

mod catalogue;
mod data;
mod descriptions;
mod files;
mod viewer;

pub use catalogue::{Catalogue, CatalogueResource};
pub use descriptions::DESCRIPTIONS;
pub use viewer::ViewerError;

use files::file;

use crate::export::ExportFile;
use crate::output::{BASE_STYLE, NODES_SCRIPT};

/// The page itself.
pub const PAGE: &str = "index.html";

/// What the page of a site has in it, so that it is known as one.
pub const GENERATOR: &str = "<meta name=\"generator\" content=\"apicenter site\">";

const HTML: &str = include_str!("assets/index.html");
const STYLE: &str = include_str!("assets/site.css");
const SCRIPT: &str = concat!(
    include_str!("assets/values.js"),
    include_str!("assets/index.js"),
    include_str!("assets/list.js"),
    include_str!("assets/resource.js"),
    include_str!("assets/viewer.js"),
    include_str!("assets/main.js"),
);

/// The files of a site.
///
/// # Errors
/// If the viewer of descriptions, which is part of the program, cannot be unpacked.
pub fn site(catalogue: &Catalogue<'_>) -> Result<Vec<ExportFile>, ViewerError> {
    let mut files = vec![
        file(PAGE, HTML),
        file("site.css", [BASE_STYLE, STYLE].concat()),
        file("site.js", [NODES_SCRIPT, SCRIPT].concat()),
        file("catalogue.js", data::script(catalogue)),
    ];
    files.extend(descriptions::files(catalogue));
    files.extend(viewer::files()?);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_known_as_one() {
        assert!(HTML.contains(GENERATOR));
    }
}
