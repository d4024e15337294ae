//! Refusing to write: the lists of what is in the way.

use std::path::Path;

use super::exit::Exit;
use super::failure::Failure;
use crate::export::ExportFile;
use crate::manifest::source::has_content;

/// The most lines of a list (chosen here).
const MOST: usize = 10;

/// Ends the command if something was found that is in the way. `what` says of it what is wrong.
pub(super) fn refuse(found: &[String], what: &str, help: impl Into<String>) -> Result<(), Failure> {
    if found.is_empty() {
        return Ok(());
    }
    let mut list: String = found
        .iter()
        .take(MOST)
        .map(|found| format!("\n    {found}"))
        .collect();
    if found.len() > MOST {
        list.push_str(&format!("\n    and {} more", found.len() - MOST));
    }
    let message = format!("{what}; nothing was written:{list}");
    Err(Failure::new(Exit::Refused, message).help(help))
}

/// Ends the command if files in `folder` would be overwritten with other content.
pub(super) fn refuse_to_overwrite(
    folder: &Path,
    files: &[ExportFile],
    help: impl Into<String>,
) -> Result<(), Failure> {
    let differing: Vec<String> = files
        .iter()
        .filter(|file| is_other(&folder.join(&file.path), &file.bytes))
        .map(|file| file.path.clone())
        .collect();
    refuse(
        &differing,
        "these files differ from what would be written",
        help,
    )
}

/// Whether something is at a path that is not a file with this content, or cannot be read.
fn is_other(path: &Path, content: &[u8]) -> bool {
    path.symlink_metadata().is_ok() && !has_content(path, content)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_lists_are_cut() {
        let found: Vec<String> = (0..12).map(|i| format!("f{i}")).collect();
        assert!(refuse(&[], "these files differ", "help").is_ok());
        let refused = refuse(&found[..10], "these files differ", "help").unwrap_err();
        assert!(refused.texts().0.ends_with("\n    f9"));
        let refused = refuse(&found, "these files differ", "help").unwrap_err();
        let (message, help) = refused.texts();
        assert!(message.starts_with("these files differ; nothing was written:\n    f0\n"));
        assert!(message.ends_with("\n    f9\n    and 2 more"));
        assert_eq!((help, refused.exit()), ("help", Exit::Refused));
    }

    #[test]
    fn only_what_is_there_and_differs_is_in_the_way() {
        let folder = tempfile::tempdir().unwrap();
        let file = |path: &str| ExportFile {
            path: path.to_owned(),
            bytes: b"new".to_vec(),
        };
        std::fs::write(folder.path().join("same"), "new").unwrap();
        std::fs::write(folder.path().join("other"), "old").unwrap();
        std::fs::create_dir(folder.path().join("folder")).unwrap();
        let refuse = |paths: &[&str]| {
            let files: Vec<ExportFile> = paths.iter().map(|path| file(path)).collect();
            refuse_to_overwrite(folder.path(), &files, "help")
        };
        assert!(refuse(&["same", "absent"]).is_ok());
        let refused = refuse(&["same", "absent", "other", "folder"]).unwrap_err();
        let message = refused.texts().0;
        assert!(message.ends_with("nothing was written:\n    other\n    folder"));
    }
}
