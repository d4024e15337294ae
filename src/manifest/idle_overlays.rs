//! Patterns of overlays that match no file.

use std::collections::BTreeSet;

use super::left_out::is_yaml_like;
use super::request::Request;
use super::source::FileGlobs;
use super::wording::nearest;
use crate::model::{Diagnostic, Diagnostics, code};

/// Reports patterns of the target's overlays that match no file: what they were to change would stay.
/// Returns the files that such patterns nearly match. Read as manifests, they would only be reported as
/// incomplete or repeated.
pub(super) fn report(
    request: Request<'_>,
    paths: &[String],
    diagnostics: &mut Diagnostics,
) -> BTreeSet<String> {
    let mut meant = BTreeSet::new();
    let patterns = request.target.overlays.iter().flatten().enumerate();
    for (i, pattern) in patterns.filter(|(_, pattern)| !pattern.starts_with('!')) {
        let Ok(globs) = FileGlobs::new(std::slice::from_ref(pattern)) else {
            continue;
        };
        if paths.iter().any(|path| globs.matches(path)) {
            continue;
        }
        let message = format!("no file matches the overlay pattern `{pattern}`");
        let better = near(pattern, paths, request.files.project_file());
        let mut diagnostic =
            Diagnostic::error(code::OVERLAY_UNMATCHED, message).help(match &better {
                Some((better, _)) => format!("did you mean `{better}`?"),
                None => {
                    "overlays are paths relative to apicenter.yaml; hidden and git-ignored files \
                         do not count"
                        .to_owned()
                }
            });
        let index = i.to_string();
        let place = ["targets", request.target_name, "overlays", &index];
        if let Some(span) = request.project.place(&place) {
            diagnostic = diagnostic.at(span, "matches nothing");
        }
        diagnostics.push(diagnostic);
        meant.extend(better.into_iter().flat_map(|(_, files)| files));
    }
    meant
}

/// The pattern that was probably meant, with another folder or another file name, and its files.
fn near(pattern: &str, paths: &[String], project_file: &str) -> Option<(String, Vec<String>)> {
    let pattern = pattern.strip_prefix("./").unwrap_or(pattern);
    let (folder, name) = pattern.rsplit_once('/').unwrap_or(("", pattern));
    let join = |folder: &str, name: &str| match folder {
        "" => name.to_owned(),
        folder => format!("{folder}/{name}"),
    };
    let files: Vec<(&str, &str)> = paths
        .iter()
        .filter(|path| is_yaml_like(path) && *path != project_file)
        .map(|path| path.rsplit_once('/').unwrap_or(("", path)))
        .collect();
    let folders: Vec<&str> = files
        .iter()
        .map(|(folder, _)| *folder)
        .filter(|folder| !folder.is_empty())
        .collect();
    let names = files.iter().filter(|(other, _)| *other == folder);
    let names: Vec<&str> = names.map(|(_, name)| *name).collect();
    let ending = |old: &str, new: &str| Some(format!("{}{new}", name.strip_suffix(old)?));
    let candidates = [
        ending(".yaml", ".yml").map(|name| join(folder, &name)),
        ending(".yml", ".yaml").map(|name| join(folder, &name)),
        nearest(folder, &folders).map(|folder| join(folder, name)),
        nearest(name, &names).map(|name| join(folder, name)),
    ];
    candidates.into_iter().flatten().find_map(|better| {
        let globs = FileGlobs::new(std::slice::from_ref(&better)).ok()?;
        let matched = |path: &&String| globs.matches(path) && *path != project_file;
        let files: Vec<String> = paths.iter().filter(matched).cloned().collect();
        (!files.is_empty()).then_some((better, files))
    })
}
