//! Description files as APIs.

use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::Arc;

use super::deployments::deployments;
use super::draft::{Draft, Version, definition};
use super::facts::{self, Facts, Server};
use super::files::Imported;
use super::names::{Names, resource_name, version_name};
use super::split;
use crate::document::{self, Description};
use crate::export::{self, ExportFile};
use crate::kinds::DocumentSource;
use crate::manifest::MOST_INLINE_BYTES;
use crate::model::{Diagnostic, Diagnostics, Sources, Span, code};

/// A file to import.
#[derive(Debug, Clone)]
pub struct DescriptionFile {
    /// Its path as the user gave it, for messages.
    pub name: String,
    /// Its path relative to the project, with `/` between its parts; `None` for a file that is
    /// elsewhere and is copied.
    pub inside: Option<String>,
    /// Its content.
    pub text: Arc<str>,
}

impl DescriptionFile {
    /// The path to which its references are relative.
    fn path(&self) -> &str {
        self.inside.as_deref().unwrap_or(&self.name)
    }
}

/// How files are imported.
#[derive(Debug, Clone, Default)]
pub struct DescriptionOptions {
    /// The environment in which the servers of the files run; without one they are left out.
    pub environment: Option<String>,
    /// Stage of every version, such as `design`.
    pub stage: String,
}

/// A file and what it says.
struct Item<'a> {
    file: &'a DescriptionFile,
    description: Description,
    facts: Facts,
    title: String,
    version: Option<String>,
}

/// The manifests of the APIs that files describe: files of the same title are versions of one API.
///
/// Every file that is not a description is reported, in `sources` at its place; then nothing is imported.
#[must_use]
pub fn descriptions(
    files: &[DescriptionFile],
    options: &DescriptionOptions,
    sources: &mut Sources,
) -> (Imported, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut apis: BTreeMap<String, Vec<Item<'_>>> = BTreeMap::new();
    let mut imported = Imported::default();
    let by_path = files.iter().map(|file| (file.path(), &file.text));
    let parts = split::parts(&by_path.collect());
    for file in files {
        if parts.contains(file.path()) && is_no_description(file) {
            let note = format!(
                "{}: a part of another file, not imported by itself",
                file.name
            );
            imported.notes.push(note);
            continue;
        }
        match item(file, sources) {
            Ok(item) => apis
                .entry(item.title.to_lowercase())
                .or_default()
                .push(item),
            Err(diagnostic) => diagnostics.push(*diagnostic),
        }
    }
    if diagnostics.has_errors() {
        return (Imported::default(), diagnostics);
    }
    let mut names = Names::default();
    for items in apis.into_values() {
        import(items, options, &mut names, &mut imported);
    }
    (imported.sorted(), diagnostics)
}

fn item<'a>(file: &'a DescriptionFile, sources: &mut Sources) -> Result<Item<'a>, Box<Diagnostic>> {
    let mut problem = |code, message: String, place: Option<std::ops::Range<usize>>| {
        let source = sources.add(file.name.clone(), Arc::clone(&file.text));
        let place = place.unwrap_or(0..0);
        let span = Span {
            source,
            start: place.start,
            end: place.end,
        };
        Diagnostic::error(code, message).at(span, "here")
    };
    if file.text.len() > MOST_INLINE_BYTES {
        let message = format!(
            "the file has {} bytes; the service takes at most {MOST_INLINE_BYTES} (3 MB)",
            file.text.len()
        );
        let help = "publish the document and name it in a manifest with `source: {url: …}`";
        return Err(Box::new(
            problem(code::DOCUMENT_TOO_LARGE, message, None).help(help),
        ));
    }
    let description = document::describe(Some(&file.name), &file.text)
        .map_err(|error| Box::new(problem(code::DOCUMENT_INVALID, error.message, error.place)))?;
    if description.specification.name == "other" {
        let message = "not a description of an API".to_owned();
        return Err(Box::new(
            problem(code::DOCUMENT_INVALID, message, None).help(
                "OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML and proto files can be imported",
            ),
        ));
    }
    // A file of the project stays where it is, and so do the files that it refers to.
    if file.inside.is_none()
        && let Some(place) = split::reference(file.path(), &file.text)
    {
        let message = "the file refers to other files, which would not be copied".to_owned();
        return Err(Box::new(
            problem(code::DOCUMENT_MISSING, message, Some(place))
                .help("copy all of them into the project, and import this one from there"),
        ));
    }
    let facts = facts::facts(&description, &file.text);
    let (title, version) = facts::of_path(file.inside.as_deref().unwrap_or(&file.name));
    let title = facts
        .title
        .clone()
        .or(title)
        .unwrap_or_else(|| "API".to_owned());
    Ok(Item {
        version: facts.version.clone().or(version),
        file,
        description,
        facts,
        title,
    })
}

fn is_no_description(file: &DescriptionFile) -> bool {
    document::describe(Some(&file.name), &file.text).map_or(true, |description| {
        description.specification.name == "other"
    })
}

fn import(
    mut items: Vec<Item<'_>>,
    options: &DescriptionOptions,
    names: &mut Names,
    imported: &mut Imported,
) {
    items.sort_by(|a, b| {
        let by_version = by_version(a.version.as_deref(), b.version.as_deref());
        by_version.then_with(|| a.file.name.cmp(&b.file.name))
    });
    let Some(newest) = items.last() else { return };
    let wanted = resource_name(&newest.title).or_else(|| {
        let (title, _) = facts::of_path(&newest.file.name);
        title.as_deref().and_then(resource_name)
    });
    let name = names.unique(wanted.as_deref().unwrap_or("api"));
    let mut draft = Draft {
        name,
        title: newest.title.clone(),
        kind: newest.facts.kind.to_owned(),
        about: newest.facts.about.clone(),
        ..Draft::default()
    };
    let servers = add_versions(&items, options, &mut draft, imported);
    if let Some(environment) = &options.environment {
        let versions: Vec<(&Version, Vec<Server>)> = draft.versions.iter().zip(servers).collect();
        draft.deployments = deployments(environment, &versions, &mut draft.notes);
        for address in items.iter().flat_map(|item| &item.facts.relative) {
            draft.notes.push(format!(
                "the server `{address}` is not a full address: no deployment for it"
            ));
        }
    }
    let path = format!("apis/{}.yaml", export::file_name(&draft.name));
    draft.write(path, imported);
}

/// Adds the versions, and returns the servers of each.
fn add_versions(
    items: &[Item<'_>],
    options: &DescriptionOptions,
    draft: &mut Draft,
    imported: &mut Imported,
) -> Vec<Vec<Server>> {
    let mut servers: Vec<Vec<Server>> = Vec::new();
    let mut names = Names::default();
    let mut definitions = Names::default();
    let mut current: Option<&str> = None;
    for item in items {
        let title = item.version.as_deref().unwrap_or("1.0.0");
        if item.version.is_none() {
            imported.notes.push(format!(
                "api/{}: {} states no version: taken for 1.0.0",
                draft.name, item.file.name
            ));
        }
        if current != Some(title) {
            definitions = Names::default();
            draft.versions.push(Version {
                name: names.unique(&version_name(item.version.as_deref())),
                title: title.to_owned(),
                stage: options.stage.clone(),
                definitions: Vec::new(),
            });
            servers.push(Vec::new());
            current = Some(title);
        }
        let format = item.description.specification.name.as_str();
        let definition_name = definitions.unique(format);
        let (Some(version), Some(known)) = (draft.versions.last_mut(), servers.last_mut()) else {
            continue;
        };
        let file = file_of(item, &draft.name, &version.name, &definition_name, imported);
        let source = DocumentSource::File(&file);
        version
            .definitions
            .push(definition(&definition_name, format, Some(source)));
        for server in &item.facts.servers {
            if !known.iter().any(|other| other.url == server.url) {
                known.push(server.clone());
            }
        }
    }
    servers
}

/// Where the document is, from its manifest's point of view. A file from elsewhere is copied.
fn file_of(
    item: &Item<'_>,
    api: &str,
    version: &str,
    definition: &str,
    imported: &mut Imported,
) -> String {
    match &item.file.inside {
        Some(path) => match path.strip_prefix("apis/") {
            Some(below) => below.to_owned(),
            None => format!("../{path}"),
        },
        None => {
            let format = &item.description.specification.name;
            let suffix = export::suffix_of(format, &item.file.text);
            let file = format!("{}/{version}/{definition}.{suffix}", export::file_name(api));
            imported.files.push(ExportFile {
                path: format!("apis/{file}"),
                bytes: item.file.text.as_bytes().to_vec(),
            });
            file
        }
    }
}

/// Numbers as numbers, and a pre-release before its release; what states no version comes first.
pub(super) fn by_version(a: Option<&str>, b: Option<&str>) -> Ordering {
    let key = |version: &str| {
        let version = version.trim().trim_start_matches(['v', 'V']);
        let end = version.find(|c: char| !c.is_ascii_digit() && c != '.');
        let (numbers, rest) = version.split_at(end.unwrap_or(version.len()));
        let numbers: Vec<u64> = numbers.split('.').map(|n| n.parse().unwrap_or(0)).collect();
        let is_date = rest.starts_with('-') && numbers.len() == 1;
        (numbers, rest.is_empty() || is_date, rest.to_owned())
    };
    match (a, b) {
        (Some(a), Some(b)) => key(a).cmp(&key(b)).then_with(|| a.cmp(b)),
        _ => a.is_some().cmp(&b.is_some()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_have_an_order() {
        let mut versions = ["v10", "1.0.0", "2.0.0", "2.0.0-beta", "v1", "1.10", "1.9"];
        versions.sort_by(|a, b| by_version(Some(a), Some(b)));
        assert_eq!(
            versions,
            ["v1", "1.0.0", "1.9", "1.10", "2.0.0-beta", "2.0.0", "v10"]
        );
        let mut dates = ["2024-05-01", "2023-12-31", "2024-01-01-preview"];
        dates.sort_by(|a, b| by_version(Some(a), Some(b)));
        assert_eq!(dates, ["2023-12-31", "2024-01-01-preview", "2024-05-01"]);
        assert_eq!(by_version(None, Some("1")), Ordering::Less);
    }
}
