//! Where is kept what runs remember of description files.

use std::path::{Path, PathBuf};

/// The folder, unless it is part of the checkout that the project is in: what is in it is believed, and a pull request
/// can bring files. It cannot bring any below `.git`.
#[must_use]
pub fn outside_of_checkout(folder: &Path, project: &Path) -> Option<PathBuf> {
    let real = real(folder)?;
    let has_git = |folder: &&Path| folder.join(".git").exists();
    let checkout = project.ancestors().find(has_git).unwrap_or(project);
    let is_outside = !real.starts_with(checkout) || real.starts_with(checkout.join(".git"));
    if !is_outside {
        tracing::info!(
            folder = %folder.display(),
            "nothing is remembered: the folder is part of the checkout, where a pull request can bring files"
        );
    }
    is_outside.then_some(real)
}

/// The folder with its links followed; the last parts of it need not exist.
fn real(folder: &Path) -> Option<PathBuf> {
    let absolute = std::path::absolute(folder).ok()?;
    absolute.ancestors().find_map(|above| {
        let rest = absolute.strip_prefix(above).ok()?;
        Some(above.canonicalize().ok()?.join(rest))
    })
}
