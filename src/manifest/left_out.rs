//! Files that look like manifests and are not read as such, and why.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::read;
use super::request::Request;
use super::source::{FileGlobs, MOST_MANIFEST_BYTES, ProjectFiles, Unlisted, is_project_file};
use super::variables::{self, Room};
use crate::kinds::{self, Location};
use crate::model::{
    Address, Diagnostic, Diagnostics, LeftOutManifest, Sources, code, without_mark,
};
use crate::yaml::{self, Node};

/// A file that could be a manifest by its name, and is not read as one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOutFile {
    /// Its path relative to the project.
    pub path: String,
    /// Why it is left out.
    pub reason: LeftOutReason,
}

/// Why a file is not read as a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum LeftOutReason {
    /// No pattern of `spec.manifests` matches it.
    NoPattern,
    /// A pattern of `spec.manifests` with `!` excludes it.
    Excluded(String),
    /// Only other targets use it as an overlay.
    OtherOverlay,
    /// It belongs to a project in a folder of its own.
    OtherProject(String),
    /// It is a file of another tool.
    OtherTool,
    /// It is a description, such as an OpenAPI file, that no definition names.
    Description,
    /// A description that no definition names refers to it.
    Part,
    /// It is hidden, or a `.gitignore` file excludes it.
    Unlisted(Unlisted),
}

impl LeftOutReason {
    /// The reason in words, for a line that begins with the file.
    #[must_use]
    pub fn text(&self) -> String {
        match self {
            Self::NoPattern => "no pattern of spec.manifests matches it".to_owned(),
            Self::Excluded(pattern) => format!("spec.manifests excludes it with `{pattern}`"),
            Self::OtherOverlay => "it is an overlay of another target".to_owned(),
            Self::OtherProject(file) => format!("it belongs to the project of `{file}`"),
            Self::OtherTool => "it is not a manifest".to_owned(),
            Self::Description => "it is a description file that no definition names".to_owned(),
            Self::Part => "a description file that no definition names refers to it".to_owned(),
            Self::Unlisted(Unlisted::Hidden) => {
                "it is hidden: its name, or that of a folder above it, starts with a dot".to_owned()
            }
            Self::Unlisted(Unlisted::Ignored { file, pattern }) => {
                format!("{file} excludes it with `{pattern}`")
            }
        }
    }
}

/// Whether a file could be a manifest by its name, such as `a.yaml`, `a.YML` or `a.yaml.bak`.
#[must_use]
pub fn is_yaml_like(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    name.contains(".yaml") || name.contains(".yml")
}

/// Projects in folders of their own below the project, by the paths of their project files.
///
/// Such a folder needs a file with the name of a project file and a document of kind Project in it. One
/// that `spec.manifests` excludes by itself does not count: the rest of its folder then belongs to this
/// project.
pub(super) struct NestedProjects(BTreeSet<String>);

impl NestedProjects {
    pub(super) fn of(files: &dyn ProjectFiles, paths: &[String], manifests: &FileGlobs) -> Self {
        let found = paths.iter().filter(|path| {
            path.rsplit_once('/')
                .is_some_and(|(_, name)| is_project_file(name))
                && manifests.excluded_by(path).is_none()
                && declares_project(files, path)
        });
        Self(found.cloned().collect())
    }

    /// The project file of the innermost project that a file belongs to.
    pub(super) fn owner(&self, path: &str) -> Option<&str> {
        self.0
            .iter()
            .filter(|file| {
                let folder = file.rsplit_once('/').map_or("", |(folder, _)| folder);
                path.strip_prefix(folder)
                    .is_some_and(|rest| rest.starts_with('/'))
            })
            .max_by_key(|file| file.len())
            .map(String::as_str)
    }
}

/// Whether a file has a document of kind Project. One that is not well-formed counts if a line says so:
/// its problems are those of the other project.
fn declares_project(files: &dyn ProjectFiles, path: &str) -> bool {
    let Some(text) = text(files, path) else {
        return false;
    };
    let source = Sources::default().set(path, Arc::clone(&text));
    let mut problems = Diagnostics::default();
    let documents = yaml::parse_top(source, &text, &mut problems);
    let is_project = |root: &Arc<Node>| {
        read::is_manifest(root)
            && root.get("kind").and_then(|kind| kind.scalar_text()) == Some("Project")
    };
    documents
        .iter()
        .filter_map(|document| document.root.as_ref())
        .any(is_project)
        || problems.has_errors() && text.lines().any(|line| line.trim_end() == "kind: Project")
}

/// Why a file that is neither a manifest nor an overlay of the target is left out.
pub(super) fn reason(
    path: &str,
    manifests: &FileGlobs,
    is_overlay: bool,
    nested: &NestedProjects,
) -> LeftOutReason {
    if is_overlay {
        return LeftOutReason::OtherOverlay;
    }
    if let Some(pattern) = manifests.excluded_by(path) {
        return LeftOutReason::Excluded(pattern.to_owned());
    }
    match nested.owner(path) {
        Some(file) => LeftOutReason::OtherProject(file.to_owned()),
        None => LeftOutReason::NoPattern,
    }
}

/// What a file declares that is not read as a manifest of this project, unless it is excluded on purpose. If
/// no pattern reaches it and it has the ending of a manifest, it is also reported: without it, its resources
/// count as not declared.
pub(super) fn declarations(
    request: Request<'_>,
    file: &LeftOutFile,
    sources: &mut Sources,
    diagnostics: &mut Diagnostics,
) -> Vec<LeftOutManifest> {
    let has_other_use = match file.reason {
        LeftOutReason::NoPattern => false,
        LeftOutReason::OtherOverlay | LeftOutReason::OtherProject(_) => true,
        _ => return Vec::new(),
    };
    let path = file.path.as_str();
    let Some(text) = text(request.files, path) else {
        return Vec::new();
    };
    let none = BTreeMap::new();
    let values = request.target.variables.as_ref().unwrap_or(&none);
    let source = sources.set(path, Arc::clone(&text));
    let documents = yaml::parse_top(source, &text, &mut Diagnostics::default());
    let found: Vec<LeftOutManifest> = documents
        .into_iter()
        .filter_map(|document| {
            let (mut unset, mut room) = (Diagnostics::default(), Room::default());
            let root = document.root?;
            let target = request.target_name;
            let root = variables::substitute(&root, values, target, &mut room, &mut unset);
            declaration(&root, has_other_use)
        })
        .collect();
    let ending = path.to_ascii_lowercase();
    if !has_other_use
        && (ending.ends_with(".yaml") || ending.ends_with(".yml"))
        && let Some(first) = found.first()
    {
        diagnostics.push(
            Diagnostic::warning(
                code::LEFT_OUT_MANIFEST,
                format!("`{path}` declares {}, but is not read", first.address),
            )
            .at(
                first.place,
                "no pattern of spec.manifests matches this file",
            )
            .help(format!(
                "add a pattern that matches it to spec.manifests, or leave it out on purpose with \
                 \"!{path}\""
            )),
        );
    }
    found
}

fn text(files: &dyn ProjectFiles, path: &str) -> Option<Arc<str>> {
    let bytes = files.read(path, MOST_MANIFEST_BYTES).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    text.contains("apicenter/")
        .then(|| Arc::from(without_mark(&text)))
}

fn declaration(root: &Node, has_other_use: bool) -> Option<LeftOutManifest> {
    if !read::is_manifest(root) {
        return None;
    }
    let kind_name = root.get("kind")?.scalar_text()?;
    let kind = kinds::declarable().find(|kind| kind.info.name == kind_name)?;
    let metadata = root.get("metadata")?;
    let name = metadata.get("name")?.scalar_text()?;
    let address = match kind.location {
        Location::Root(_) => Address::top(&kind.info, ""),
        _ => {
            let spec = root.get("spec").map(|spec| spec.to_json());
            let spec = spec.as_ref().and_then(|spec| spec.as_object());
            let qualified = kind
                .qualify
                .zip(spec)
                .map(|(qualify, spec)| qualify(name, spec));
            Address::top(&kind.info, qualified.unwrap_or_else(|| name.to_owned()))
        }
    };
    Some(LeftOutManifest {
        address,
        place: root.first_span(),
        has_other_use,
    })
}
