//! A description that no manifest names: a file with the files that it refers to, or a text from elsewhere.

use std::path::Path;
use std::sync::Arc;

use super::purpose::Purpose;
use super::relative_path::relative_path;
use super::source::DiskFiles;
use super::split::{self, MainText, Parts};
use crate::model::{Diagnostic, Diagnostics, DocumentPart, Sources, Span, without_mark};

/// A whole description, and where its values come from.
#[derive(Debug)]
pub struct StandaloneDescription {
    /// The description, joined with the files that it refers to.
    pub text: Arc<str>,
    /// The files, by their paths from the working directory.
    pub sources: Sources,
    /// Where the values come from.
    pub parts: Vec<DocumentPart>,
}

/// What is wrong with a description or its parts.
#[derive(Debug)]
pub struct UnreadableDescription {
    /// The problems.
    pub problems: Vec<Diagnostic>,
    /// The files that they are in.
    pub sources: Sources,
}

impl StandaloneDescription {
    /// A text that is whole by itself.
    #[must_use]
    pub fn single(name: &str, text: &str) -> Self {
        let mut sources = Sources::default();
        let text: Arc<str> = Arc::from(without_mark(text));
        let part = DocumentPart {
            at: String::new(),
            source: sources.add(name, Arc::clone(&text)),
            text: Arc::clone(&text),
            pointer: String::new(),
        };
        Self {
            text,
            sources,
            parts: vec![part],
        }
    }

    /// A file, joined with what it refers to. References may lead to files of the same project, or of the same
    /// checkout; without either, to files below the folder of the file.
    ///
    /// # Errors
    /// If a reference leads to nothing, or a part is not well-formed.
    pub fn of_file(file: &Path, text: &str) -> Result<Self, UnreadableDescription> {
        let shown = file.to_string_lossy().replace('\\', "/");
        let Some((files, path)) = DiskFiles::around(file) else {
            return Ok(Self::single(&shown, text));
        };
        let mut description = Self::single(&path, text);
        let start = description.parts[0].source;
        let main = MainText {
            path: &path,
            text: &description.text,
            is_file: true,
            span: Span {
                source: start,
                start: 0,
                end: 0,
            },
            purpose: Purpose::Comparison,
        };
        let (mut known, mut problems) = (Parts::default(), Diagnostics::default());
        let split = split::read(&files, main.path, main.text, main.purpose);
        let joined = split.map_or(Ok(None), |split| {
            let sources = &mut description.sources;
            split::join(&split, sources, &main, &mut known, &mut problems)
        });
        description
            .sources
            .rename(|name| shown_path(&path, &shown, name));
        match joined {
            Ok(None) => {}
            Ok(Some(joined)) => {
                description.text = joined.text;
                description.parts = joined.parts;
            }
            Err(problems) => {
                return Err(UnreadableDescription {
                    problems,
                    sources: description.sources,
                });
            }
        }
        Ok(description)
    }
}

/// The path of a part, seen from where that of the main file is seen from.
fn shown_path(main: &str, shown: &str, name: &str) -> String {
    let folder = shown.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut steps: Vec<&str> = folder.split('/').collect();
    if folder.is_empty() && !shown.starts_with('/') {
        steps.clear();
    }
    let relative = relative_path(main, name);
    for step in relative.split('/') {
        match (step, steps.last()) {
            ("..", Some(&"..") | None) => steps.push(step),
            ("..", _) => drop(steps.pop()),
            _ => steps.push(step),
        }
    }
    steps.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_named_as_the_main_file_is() {
        for (shown, part) in [
            ("x/api.yaml", "x/paths/a.yaml"),
            ("api.yaml", "paths/a.yaml"),
            ("../x/api.yaml", "../x/paths/a.yaml"),
            ("/srv/x/api.yaml", "/srv/x/paths/a.yaml"),
        ] {
            assert_eq!(shown_path("x/api.yaml", shown, "x/paths/a.yaml"), part);
        }
        for (shown, part) in [
            ("x/api.yaml", "a.yaml"),
            ("api.yaml", "../a.yaml"),
            ("../api.yaml", "../../a.yaml"),
            ("/x/api.yaml", "/a.yaml"),
        ] {
            assert_eq!(shown_path("x/api.yaml", shown, "a.yaml"), part);
        }
    }

    #[test]
    fn parts_of_a_file_without_a_project_are_below_its_folder() {
        let folder = tempfile::tempdir().unwrap();
        let main = folder.path().join("api.yaml");
        let part = folder.path().join("order.yaml");
        let text = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n\
                    components:\n  schemas:\n    Order: {$ref: order.yaml}\n";
        std::fs::write(&main, text).unwrap();
        std::fs::write(&part, "type: string\n").unwrap();
        let joined = StandaloneDescription::of_file(&main, text).unwrap();
        assert!(joined.text.contains("type: string"), "{}", joined.text);
        std::fs::remove_file(&part).unwrap();
        let error = StandaloneDescription::of_file(&main, text).unwrap_err();
        assert_eq!(error.problems[0].message, "no file `order.yaml`");
        let outside = text.replace("order.yaml", "../order.yaml");
        let error = StandaloneDescription::of_file(&main, &outside).unwrap_err();
        assert!(error.problems[0].message.contains("outside"), "{error:?}");
    }
}
