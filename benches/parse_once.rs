//! The least that reading a project could cost.

use std::path::Path;

use apicenter::manifest::source::{DiskFiles, PROJECT_FILE, ProjectFiles as _};
use apicenter::model::{Diagnostics, Sources};
use apicenter::yaml;

/// That of the program: what is compared is what both do with memory, not who gives it to them.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// The argument with which a bench runs itself for this.
pub(crate) const ARGUMENT: &str = "parse-once";

/// The most bytes of a file that are read.
const MOST: usize = 64 << 20;

/// Walks a project, and reads and parses every file, as `validate` does.
pub(crate) fn run(folder: &Path) {
    let files = DiskFiles::new(folder.to_owned(), PROJECT_FILE.to_owned());
    let source = Sources::default().add("", "");
    for path in files.files().files {
        let bytes = files.read(&path, MOST).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        std::hint::black_box(yaml::parse(source, &text, &mut Diagnostics::default()));
    }
}
