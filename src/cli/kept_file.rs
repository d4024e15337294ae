//! Files that runs keep for later ones. They are believed, so none may be part of a checkout; losing one costs time only.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use crate::manifest::source::read_regular;
use crate::project::outside_of_checkout;

/// Another version may find out something else.
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// The most bytes of a file that is read (chosen here): many times what the largest service needs.
const MOST_BYTES: u64 = 128 << 20;

/// The first line of the file.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Head {
    /// The version of the program.
    version: String,
    /// The hash of what follows, which may have been damaged.
    content: String,
}

/// The file for a project, and for a part of it that has this name; `None` if the folder is part of the project's checkout.
pub(super) fn path(folder: &Path, root: &Path, what: &str, part: &str) -> Option<PathBuf> {
    let mut of = root.to_string_lossy().into_owned();
    if !part.is_empty() {
        // No path has a NUL in it.
        of = format!("{of}\0{part}");
    }
    let folder = outside_of_checkout(folder, root)?;
    Some(folder.join(format!("{what}-{}.json", &hex(&of)[..32])))
}

/// What is in a file; `None` if it is missing, damaged, or from another version.
pub(super) fn read(file: &Path) -> Option<String> {
    let bytes = read_regular(file, MOST_BYTES).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (head, content) = text.split_once('\n')?;
    let head: Head = serde_json::from_str(head).ok()?;
    (head == Head::of(content)).then(|| content.to_owned())
}

impl Head {
    fn of(content: &str) -> Self {
        Self {
            version: VERSION.to_owned(),
            content: hex(content),
        }
    }
}

/// Writes a file, whole or not at all.
pub(super) fn write(file: &Path, content: &str) -> io::Result<()> {
    let folder = file.parent().unwrap_or_else(|| Path::new("."));
    fs::create_dir_all(folder)?;
    let head = serde_json::to_string(&Head::of(content))?;
    let mut temporary = tempfile::NamedTempFile::new_in(folder)?;
    temporary.write_all(head.as_bytes())?;
    temporary.write_all(b"\n")?;
    temporary.write_all(content.as_bytes())?;
    temporary.persist(file)?;
    Ok(())
}

/// The hash of a text, in hex digits.
fn hex(text: &str) -> String {
    let hash = Sha256::digest(text);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}
