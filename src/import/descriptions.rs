//! Description files as APIs.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use super::declared::{DeclaredApi, DeclaredApis};
use super::deployments::deployments;
use super::draft::{Draft, Version, definition};
use super::files::Imported;
use super::item::{DescriptionFile, DescriptionOptions, Item, NoItem};
use super::metadata_extraction::{self, Server};
use super::names::{Names, resource_name, version_name};
use super::paths::{copy_path, relative};
use super::version_order::by_version;
use super::{merge, path_facts, related, split};
use crate::document;
use crate::export::{self, ExportFile};
use crate::kinds::DocumentSource;
use crate::model::{Diagnostics, Sources};

/// The manifests of the APIs that files describe: files of the same title are versions of one API, and are added
/// to it if the project declares it already.
///
/// Every file that is not what it claims to be is reported, in `sources` at its place; then nothing is imported.
/// Files that are not descriptions are left out, with a note, unless there are no others.
#[must_use]
pub fn descriptions(
    files: &[DescriptionFile],
    options: &DescriptionOptions,
    declared: &DeclaredApis,
    sources: &mut Sources,
) -> (Imported, Diagnostics) {
    let mut diagnostics = Diagnostics::default();
    let mut others = Vec::new();
    let mut items = Vec::new();
    let mut imported = Imported::default();
    let by_path = files.iter().map(|file| (file.path(), &file.text));
    let parts = split::parts(&by_path.collect());
    for file in files {
        match Item::new(file, sources) {
            Ok(item) => items.push(item),
            Err(_) if parts.contains(file.path()) => imported.notes.push(format!(
                "{}: a part of another file, not imported by itself",
                file.name
            )),
            Err(NoItem::Broken(diagnostic)) => diagnostics.push(*diagnostic),
            Err(NoItem::Other(diagnostic)) => others.push((file, diagnostic)),
        }
    }
    if items.is_empty() || diagnostics.has_errors() {
        let said = others.into_iter().filter(|(file, _)| !file.found);
        for (_, diagnostic) in said {
            diagnostics.push(*diagnostic);
        }
        return (Imported::default(), diagnostics);
    }
    imported.skipped = others.iter().map(|(file, _)| file.name.clone()).collect();
    items.sort_by(in_order);
    let groups = Groups::of(items, declared, options, &mut imported);
    let mut texts: BTreeMap<&str, String> = BTreeMap::new();
    let mut names = Names::default();
    for (at, items) in &groups.merged {
        let Some(api) = declared.apis.get(*at) else {
            continue;
        };
        names.unique(&api.name);
        let original = declared.text(&api.path);
        let text = texts
            .entry(&api.path)
            .or_insert_with(|| original.to_owned());
        note_servers(&api.name, items, options, &mut imported);
        merge::merge(api, items, options, original, text, &mut imported);
    }
    let manifests = texts.into_iter().map(|(path, text)| {
        let mark = declared.mark(path);
        ExportFile {
            path: path.to_owned(),
            bytes: format!("{mark}{text}").into_bytes(),
        }
    });
    imported.files.extend(manifests);
    for group in groups.new {
        import(group, options, &mut names, &mut imported);
    }
    (imported.sorted(), diagnostics)
}

/// By version, and by name within one, so that the last of them is the same in every run.
fn in_order(a: &Item<'_>, b: &Item<'_>) -> Ordering {
    let by_version = by_version(a.version.as_deref(), b.version.as_deref());
    by_version.then_with(|| a.file.name.cmp(&b.file.name))
}

/// Files by the API that they describe.
#[derive(Default)]
struct Groups<'a> {
    /// By the number of an API that the project declares.
    merged: BTreeMap<usize, Vec<Item<'a>>>,
    new: Vec<NewApi<'a>>,
}

/// Files of an API that the project does not declare.
struct NewApi<'a> {
    /// The title or the path from which the API gets its name.
    wanted: String,
    items: Vec<Item<'a>>,
}

impl<'a> Groups<'a> {
    fn of(
        items: Vec<Item<'a>>,
        declared: &DeclaredApis,
        options: &DescriptionOptions,
        imported: &mut Imported,
    ) -> Self {
        let mut groups = Self::default();
        let by_file = declared.files();
        let mut by_title: BTreeMap<String, Vec<Vec<Item<'a>>>> = BTreeMap::new();
        for item in items {
            let path = item.file.inside.as_ref();
            if let Some(&at) = path.and_then(|path| by_file.get(path)) {
                groups.merged.entry(at).or_default().push(item);
                continue;
            }
            let clusters = by_title.entry(item.title.to_lowercase()).or_default();
            let related = |cluster: &&mut Vec<Item<'_>>| {
                let mut others = cluster.iter();
                others.any(|other| related::are_related(&other.facts, &item.facts))
            };
            match clusters.iter_mut().find(related) {
                Some(cluster) => cluster.push(item),
                None => clusters.push(vec![item]),
            }
        }
        for clusters in by_title.into_values() {
            let mut first: Option<String> = None;
            for cluster in clusters {
                groups.add(cluster, &mut first, declared, options, imported);
            }
        }
        for items in groups.merged.values_mut() {
            items.sort_by(in_order);
        }
        groups
    }

    /// Adds files of one API. `first` is the first file of another API with the same title in this run.
    fn add(
        &mut self,
        cluster: Vec<Item<'a>>,
        first: &mut Option<String>,
        declared: &DeclaredApis,
        options: &DescriptionOptions,
        imported: &mut Imported,
    ) {
        let Some(newest) = cluster.last() else { return };
        let title = newest.title.clone();
        let by_path =
            path_facts::of_path(newest.file.inside.as_deref().unwrap_or(&newest.file.name)).0;
        let file = newest.file.name.clone();
        let names = [Some(title.as_str()), by_path.as_deref()];
        let names = names.into_iter().flatten().filter_map(resource_name);
        let named: Vec<usize> = names.filter_map(|name| declared.named(&name)).collect();
        let is_related = |at: &&usize| declared.apis[**at].describes(&cluster);
        if let Some(&at) = named.iter().find(is_related) {
            self.merged.entry(at).or_default().extend(cluster);
            return;
        }
        if let Some(at) = declared.titled(&title, &cluster) {
            self.merged.entry(at).or_default().extend(cluster);
            return;
        }
        if let Some(other) = first {
            imported.notes.push(format!(
                "{file}: only its title `{title}` is that of {other}, so it is another API"
            ));
            self.new.push(NewApi {
                wanted: by_path.unwrap_or(title),
                items: cluster,
            });
            return;
        }
        *first = Some(file.clone());
        match named.first() {
            Some(&at) if options.force => {
                self.merged.entry(at).or_default().extend(cluster);
            }
            Some(&at) => {
                let api = &declared.apis[at];
                imported
                    .conflicts
                    .push(format!("{file}: api/{} in {}", api.name, api.path));
            }
            None => self.new.push(NewApi {
                wanted: title,
                items: cluster,
            }),
        }
    }
}

impl DeclaredApis {
    fn named(&self, name: &str) -> Option<usize> {
        let mut apis = self.apis.iter();
        apis.position(|api| api.name.eq_ignore_ascii_case(name))
    }

    /// The only API of that title, if its documents share more with the files than the title.
    fn titled(&self, title: &str, items: &[Item<'_>]) -> Option<usize> {
        let mut found = (0..self.apis.len())
            .filter(|&at| self.apis[at].title.to_lowercase() == title.to_lowercase());
        let at = found.next()?;
        let is_only = found.next().is_none();
        let shares = |facts: &metadata_extraction::Facts| {
            let mut items = items.iter();
            items.any(|item| related::share(facts, &item.facts))
        };
        (is_only && self.apis[at].facts().any(|facts| shares(&facts))).then_some(at)
    }
}

impl DeclaredApi {
    /// Whether files of its name can be of this API.
    fn describes(&self, items: &[Item<'_>]) -> bool {
        let mut documents = self.facts().peekable();
        if documents.peek().is_none() {
            let is_kind = |item: &Item<'_>| item.facts.kind.eq_ignore_ascii_case(&self.style);
            return items.iter().any(is_kind);
        }
        documents.any(|facts| {
            let mut items = items.iter();
            items.any(|item| related::are_related(&facts, &item.facts))
        })
    }
}

fn note_servers(
    api: &str,
    items: &[Item<'_>],
    options: &DescriptionOptions,
    imported: &mut Imported,
) {
    let mut notes: Vec<String> = Vec::new();
    for template in items.iter().flat_map(|item| &item.facts.templates) {
        let address = &template.address;
        notes.push(match &template.default {
            Some(default) => format!(
                "the server `{address}` has variables with several values: taken as `{default}`"
            ),
            None => format!(
                "the server `{address}` has a variable without a default: no deployment for it"
            ),
        });
    }
    if options.environment.is_some() {
        for address in items.iter().flat_map(|item| &item.facts.relative) {
            notes.push(format!(
                "the server `{address}` is not a full address: no deployment for it"
            ));
        }
    }
    let mut said: Vec<String> = Vec::new();
    for note in notes {
        let note = format!("api/{api}: {note}");
        if !said.contains(&note) {
            said.push(note);
        }
    }
    imported.notes.extend(said);
}

fn import(
    new: NewApi<'_>,
    options: &DescriptionOptions,
    names: &mut Names,
    imported: &mut Imported,
) {
    let NewApi { wanted, items } = new;
    let Some(newest) = items.last() else { return };
    let wanted = resource_name(&wanted).or_else(|| {
        let (title, _) = path_facts::of_path(&newest.file.name);
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
    let path = format!("apis/{}.yaml", export::file_name(&draft.name));
    let servers = add_versions(&items, &path, options, &mut draft, imported);
    if let Some(environment) = &options.environment {
        let versions: Vec<(&Version, Vec<Server>)> = draft.versions.iter().zip(servers).collect();
        draft.deployments = deployments(environment, &versions, &[], &mut draft.notes);
    }
    note_servers(&draft.name, &items, options, imported);
    draft.write(path, imported);
}

fn note_unversioned(item: &Item<'_>, api: &str, imported: &mut Imported) {
    if item.version.is_none() {
        imported.notes.push(format!(
            "api/{api}: {} states no version: taken for 1.0.0",
            item.file.name
        ));
    }
}

fn note_another(item: &Item<'_>, api: &str, definition: &str, imported: &mut Imported) {
    imported.notes.push(format!(
        "api/{api}: version {} has more than one {} document: {} is definition {definition}",
        item.version(),
        item.format(),
        item.file.name
    ));
}

/// Adds the versions, and returns the servers of each.
fn add_versions(
    items: &[Item<'_>],
    path: &str,
    options: &DescriptionOptions,
    draft: &mut Draft,
    imported: &mut Imported,
) -> Vec<Vec<Server>> {
    let mut servers: Vec<Vec<Server>> = Vec::new();
    let mut names = Names::default();
    let mut definitions = Names::default();
    let mut current: Vec<(&Item<'_>, String)> = Vec::new();
    for item in items {
        note_unversioned(item, &draft.name, imported);
        if current.first().map(|(first, _)| first.version()) != Some(item.version()) {
            definitions = Names::default();
            current.clear();
            draft.versions.push(Version {
                name: names.unique(&version_name(item.version.as_deref())),
                title: item.version().to_owned(),
                stage: options.stage.clone(),
                definitions: Vec::new(),
            });
            servers.push(Vec::new());
        }
        let format = item.format();
        let digest = document::digest(&item.file.text);
        let mut same_format = current.iter().filter(|(other, _)| other.format() == format);
        if let Some((same, _)) = same_format.clone().find(|(_, other)| *other == digest) {
            let note = item.same_text_note(&same.file.name);
            imported.notes.push(format!("api/{}: {note}", draft.name));
            continue;
        }
        let definition_name = definitions.unique(format);
        if same_format.next().is_some() {
            note_another(item, &draft.name, &definition_name, imported);
        }
        current.push((item, digest));
        let (Some(version), Some(known)) = (draft.versions.last_mut(), servers.last_mut()) else {
            continue;
        };
        let file = match item.kept_at(options) {
            Some(inside) => relative(path, inside),
            None => {
                imported.notes.extend(item.copy_note());
                let suffix = export::suffix_of(format, &item.file.text);
                let (path, file) =
                    copy_path(path, &draft.name, &version.name, &definition_name, suffix);
                imported.files.push(ExportFile {
                    path,
                    bytes: item.file.text.as_bytes().to_vec(),
                });
                file
            }
        };
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
