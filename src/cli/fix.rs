//! `--fix`: writes the fixes that are certain into the manifests.

use std::collections::BTreeMap;
use std::path::Path;

use super::console::Console;
use super::failure::Failure;
use super::in_file;
use super::out_file::{refused, write_atomically};
use crate::manifest::source::destination;
use crate::model::{counted, split_mark};
use crate::output::FixedJson;
use crate::project::{FixedFile, FixedProblem, Fixes, LoadedProject};

/// Fixes what is certain, writes the files and shows what was done. The project is checked again.
pub(super) fn fix(
    project: &mut LoadedProject,
    console: &Console,
) -> Result<Vec<FixedProblem>, Failure> {
    let Fixes { problems, files } = project.fix_certain()?;
    let mut by_file: BTreeMap<&str, Vec<&FixedProblem>> = BTreeMap::new();
    for one in &problems {
        by_file.entry(&one.file).or_default().push(one);
    }
    for (path, file) in &files {
        write(project.files.root(), path, file)?;
        // At once: if the next file cannot be written, what was done to this one is known.
        for one in by_file.get(path.as_str()).into_iter().flatten() {
            console.status(format!(
                "{path}:{}: fixed[{}]: {}: {}",
                one.position, one.code, one.message, one.deed
            ));
        }
    }
    console.status(match problems.len() {
        0 if project.diagnostics.is_empty() => return Ok(problems),
        0 => "Nothing was fixed.".to_owned(),
        count => format!(
            "Fixed {} in {}.",
            counted(count, "problem"),
            counted(files.len(), "file")
        ),
    });
    Ok(problems)
}

/// What was fixed, for programs.
pub(super) fn fixed_json(problems: Vec<FixedProblem>) -> Vec<FixedJson> {
    problems
        .into_iter()
        .map(|one| {
            let at = (one.file.as_str(), one.position);
            FixedJson::new(one.code.to_string(), one.message, one.deed, at)
        })
        .collect()
}

/// Writes a file, unless it changed since it was read.
pub(super) fn write(root: &Path, path: &str, file: &FixedFile) -> Result<(), Failure> {
    let failed = |why: String| Failure::error(format!("cannot write {path}: {why}"));
    let below = Path::new(path);
    let place = destination(root, below).map_err(|problem| refused(below, &problem))?;
    let current = in_file::content(&place).map_err(|error| failed(error.to_string()))?;
    let current = String::from_utf8_lossy(&current);
    let (mark, text) = split_mark(&current);
    if text != file.before {
        return Err(failed("it changed while it was checked".to_owned())
            .help("run the command again; nothing was written to it"));
    }
    let after = format!("{mark}{}", file.after);
    write_atomically(&place, after.as_bytes()).map_err(|error| failed(error.to_string()))
}

/// Writes a file that need not be there, with its folders.
pub(super) fn write_new(root: &Path, path: &str, content: &[u8]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| Failure::error(format!("cannot write {path}: {error}"));
    let below = Path::new(path);
    let place = destination(root, below).map_err(|problem| refused(below, &problem))?;
    std::fs::create_dir_all(place.parent().unwrap_or(root)).map_err(failed)?;
    write_atomically(&place, content).map_err(failed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_that_is_as_it_was_checked_is_written() {
        let file = FixedFile {
            before: "required: yes\n".to_owned(),
            after: "required: true\n".to_owned(),
        };
        let root = tempfile::tempdir().unwrap();
        let place = root.path().join("it.yaml");
        std::fs::write(&place, "\u{feff}required: yes\n").unwrap();
        write(root.path(), "it.yaml", &file).unwrap();
        let text = || String::from_utf8(std::fs::read(&place).unwrap()).unwrap();
        assert_eq!(text(), "\u{feff}required: true\n");
        let failure = write(root.path(), "it.yaml", &file).unwrap_err();
        let (message, help) = failure.texts();
        assert_eq!(
            message,
            "cannot write it.yaml: it changed while it was checked"
        );
        assert_eq!(help, "run the command again; nothing was written to it");
        assert_eq!(text(), "\u{feff}required: true\n");
    }

    #[cfg(unix)]
    #[test]
    fn nothing_is_written_through_a_link_that_appears_after_the_check() {
        use crate::cli::exit::Exit;
        let file = FixedFile {
            before: "required: yes\n".to_owned(),
            after: "required: true\n".to_owned(),
        };
        let (root, elsewhere) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let target = elsewhere.path().join("it.yaml");
        std::fs::write(&target, &file.before).unwrap();
        std::os::unix::fs::symlink(&target, root.path().join("it.yaml")).unwrap();
        let failure = write(root.path(), "it.yaml", &file).unwrap_err();
        assert_eq!(failure.exit(), Exit::Refused);
        assert_eq!(std::fs::read(&target).unwrap(), file.before.as_bytes());
    }
}
