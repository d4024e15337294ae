//! `--fix`: writes the fixes that are certain into the manifests.

use std::path::Path;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::in_file;
use super::out_file::write_atomically;
use crate::manifest::source::destination;
use crate::model::counted;
use crate::output::FixedJson;
use crate::project::{FixedFile, FixedProblem, Fixes, LoadedProject};

/// The mark at the start of some files, which is not part of their text.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// Fixes what is certain, writes the files and shows what was done. The project is checked again.
pub(super) fn fix(
    project: &mut LoadedProject,
    console: &Console,
) -> Result<Vec<FixedProblem>, Failure> {
    let Fixes { problems, files } = project.fix_certain()?;
    for (path, file) in &files {
        write(project.files.root(), path, file)?;
    }
    for one in &problems {
        let (file, position) = (&one.file, one.position);
        console.status(format!(
            "{file}:{position}: fixed[{}]: {}: {}",
            one.code, one.message, one.deed
        ));
    }
    console.status(match problems.len() {
        0 => "Nothing was fixed: no fix is certain.".to_owned(),
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

fn write(root: &Path, path: &str, file: &FixedFile) -> Result<(), Failure> {
    let failed = |why: String| Failure::error(format!("cannot write {path}: {why}"));
    let place = destination(root, Path::new(path)).map_err(|problem| {
        Failure::new(Exit::Refused, format!("cannot write {path}: {problem}"))
            .help("nothing is written through a link out of the project; remove the link")
    })?;
    let current = in_file::content(&place).map_err(|error| failed(error.to_string()))?;
    let current = String::from_utf8_lossy(&current);
    let (mark, text) = match current.strip_prefix(BYTE_ORDER_MARK) {
        Some(text) => (BYTE_ORDER_MARK, text),
        None => ("", &*current),
    };
    if text != file.before {
        return Err(failed("it changed while it was checked".to_owned())
            .help("run the command again; nothing was written to it"));
    }
    let after = format!("{mark}{}", file.after);
    write_atomically(&place, after.as_bytes()).map_err(|error| failed(error.to_string()))
}
