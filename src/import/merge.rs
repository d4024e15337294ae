//! A description that belongs to an API which the project declares already.
//!
//! What is new is added to the text of its manifest, and the rest stays as it is written. A field of the API
//! follows the newest document as long as it has the value that the import gives it for one of the documents that
//! the API had before; any other value was written by somebody and stays. So nothing has to be remembered.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::declared::{DeclaredApi, Outline, facts_of};
use super::deployments::deployments;
use super::draft::{self, Version, definition};
use super::files::{ApiChanges, Imported, ImportedApi};
use super::item::{DescriptionOptions, Item};
use super::names::{Names, version_name};
use super::paths::{copy_path, relative};
use super::version_order::by_version;
use crate::document;
use crate::export::{self, ExportFile};
use crate::kinds::{API, API_DEFINITION, DocumentSource, NAME};
use crate::manifest::resolve;
use crate::model::view::{ApiVersionView, ApiView, DefinitionView, DeploymentView};
use crate::model::{is_same_version, is_version_within, limit, states_version};
use crate::yaml::{self, Edit, Step};

/// The key of a manifest under which its fields are.
const SPEC: Step<'static> = Step::Key("spec");

/// Adds files to an API. `text` is that of its manifest and is changed.
pub(super) fn merge(
    declared: &DeclaredApi,
    items: &[Item<'_>],
    options: &DescriptionOptions,
    text: &mut String,
    imported: &mut Imported,
) {
    let Some(outline) = Outline::at(text, declared.start) else {
        imported.uneditable.push(declared.path.clone());
        return;
    };
    let mut merge = Merge {
        declared,
        options,
        text,
        outline,
        changes: ApiChanges::default(),
        notes: Vec::new(),
        files: Vec::new(),
        filed: BTreeSet::new(),
        new_versions: Vec::new(),
        failed: false,
    };
    // What the documents said before decides whose the fields are.
    merge.follow(items);
    for item in items {
        merge.file(item);
    }
    merge.deploy(items);
    merge.finish(imported);
}

/// Names in lower case: of a version, and of a definition of it.
type DefinitionKey = (String, String);

struct Merge<'a> {
    declared: &'a DeclaredApi,
    options: &'a DescriptionOptions,
    text: &'a mut String,
    outline: Outline,
    changes: ApiChanges,
    notes: Vec<String>,
    files: Vec<ExportFile>,
    /// The definitions that have got a file in this run.
    filed: BTreeSet<DefinitionKey>,
    new_versions: Vec<String>,
    failed: bool,
}

/// Where in the manifest a definition is.
#[derive(Clone, Copy)]
struct Place {
    version: usize,
    definition: usize,
}

impl Merge<'_> {
    fn spec(&self) -> &Value {
        &self.outline.root["spec"]
    }

    fn versions(&self) -> &[Value] {
        items_of(&self.spec()[ApiView::VERSIONS])
    }

    fn edit(&mut self, path: &[Step<'_>], edit: Edit<'_>) {
        let edited = yaml::edited(self.text, self.outline.document, path, edit);
        let outline = edited.as_ref().and_then(|text| self.outline.again(text));
        match (edited, outline) {
            (Some(text), Some(outline)) => {
                *self.text = text;
                self.outline = outline;
            }
            _ => self.failed = true,
        }
    }

    /// Adds an item to a list, which may not be there yet.
    fn append(&mut self, above: &[Step<'_>], schema: &Value, key: &str, item: Value) {
        let item = export::escaped(item);
        let mut path = above.to_vec();
        path.push(Step::Key(key));
        let parent = above
            .iter()
            .fold(&self.outline.root, |value, step| match step {
                Step::Key(key) => &value[*key],
                Step::Item(at) => &value[*at],
            });
        if items_of(&parent[key]).is_empty() {
            let list = json!([item]);
            let order = schema["properties"].as_object();
            let after = order.map_or_else(Vec::new, |order| yaml::keys_before(order, key));
            let edit = Edit::Set {
                value: &list,
                after: &after,
            };
            self.edit(&path, edit);
        } else {
            self.edit(&path, Edit::Append(&item));
        }
    }

    /// Updates the fields of the API itself.
    fn follow(&mut self, items: &[Item<'_>]) {
        let Some(newest) = items.last() else { return };
        let is_older = self.versions().iter().any(|version| {
            let title = version_title(version);
            !is_same_version(title, newest.version())
                && by_version(Some(newest.version()), Some(title)).is_lt()
        });
        if is_older {
            return;
        }
        let mut notes = Vec::new();
        let wanted = self.fields(&newest.title, &newest.facts, &mut notes);
        let known = self.known_fields(items);
        let schema = (API.schema)();
        for (key, value) in &wanted {
            let current = &self.spec()[key.as_str()];
            if current == value {
                continue;
            }
            let was_imported = known.iter().any(|fields| match fields.get(key) {
                Some(value) => value == current,
                None => current.is_null(),
            });
            // Where no document is known, nobody can have removed the field that one gives.
            let is_new = current.is_null() && known.is_empty();
            let is_added = current.is_null();
            if !was_imported && !is_new && !self.options.force {
                self.changes.kept.push(key.clone());
                continue;
            }
            let order = schema["properties"].as_object();
            let after = order.map_or_else(Vec::new, |order| yaml::keys_before(order, key));
            let path = [SPEC, Step::Key(key)];
            let edit = Edit::Set {
                value,
                after: &after,
            };
            self.edit(&path, edit);
            let list = match is_added {
                true => &mut self.changes.added,
                false => &mut self.changes.updated,
            };
            list.push(key.clone());
            let cut = format!("`{key}`");
            let about = notes.iter().filter(|note| note.starts_with(&cut));
            self.notes.extend(about.cloned());
        }
    }

    /// The fields that a document gives the API, as they are written.
    fn fields(
        &self,
        title: &str,
        facts: &super::facts::Facts,
        notes: &mut Vec<String>,
    ) -> Map<String, Value> {
        let fields = draft::fields(title, &self.declared.name, &facts.about, notes);
        match export::escaped(Value::Object(fields)) {
            Value::Object(fields) => fields,
            _ => Map::new(),
        }
    }

    /// The fields that each of the documents gives, which the API had before.
    fn known_fields(&self, items: &[Item<'_>]) -> Vec<Map<String, Value>> {
        let mut known = Vec::new();
        for version in self.versions() {
            for definition in items_of(&version[ApiVersionView::DEFINITIONS]) {
                let file = self.file_of(definition);
                let item = items.iter().find(|item| {
                    item.file.inside.is_some() && item.file.inside.as_deref() == file.as_deref()
                });
                let current = || {
                    let key = (name_of(version), name_of(definition));
                    self.declared.definitions.get(&key)?.text.clone()
                };
                let text = match item {
                    None => current(),
                    Some(item) if item.file.earlier.is_some() => item.file.earlier.clone(),
                    Some(item) => fits(item, version).then(current).flatten(),
                };
                let facts = text.and_then(|text| facts_of(file.as_deref(), &text));
                if let Some(facts) = facts {
                    let title = facts.title.clone().unwrap_or_default();
                    known.push(self.fields(&title, &facts, &mut Vec::new()));
                }
            }
        }
        known
    }

    /// The file of a definition, relative to the project.
    fn file_of(&self, definition: &Value) -> Option<String> {
        let file = definition[DefinitionView::SOURCE][DocumentSource::FILE].as_str()?;
        let path = resolve(&self.declared.path, file)?;
        Some(path.to_string_lossy().replace('\\', "/"))
    }

    /// Puts a file where it belongs.
    fn file(&mut self, item: &Item<'_>) {
        if let Some(place) = self.place_of_file(item.file.inside.as_deref()) {
            let version = &self.versions()[place.version];
            let stated = item.version.as_deref();
            if !stated.is_some_and(states_version) || fits(item, version) {
                let key = self.key(place);
                if item.file.earlier.is_some() {
                    let what = format!(
                        "document of version {}",
                        self.versions()[place.version][NAME]
                            .as_str()
                            .unwrap_or_default()
                    );
                    self.changes.updated.push(what);
                }
                self.filed.insert(key);
                return;
            }
            self.release(place, item);
        }
        let same = |version: &Value, is_same: fn(&str, &str) -> bool| {
            is_same(version_title(version), item.version())
                || version[NAME]
                    .as_str()
                    .is_some_and(|name| is_same(name, item.version()))
        };
        let own_name = version_name(item.version.as_deref());
        let exact = |version: &Value| {
            same(version, |a, b| a.eq_ignore_ascii_case(b))
                || version[NAME]
                    .as_str()
                    .is_some_and(|name| name.eq_ignore_ascii_case(&own_name))
        };
        let spelt = |version: &Value| same(version, is_same_version);
        let versions = self.versions();
        let found = versions.iter().position(exact);
        match found.or_else(|| versions.iter().position(spelt)) {
            Some(at) => self.file_under(at, item),
            None => self.add_version(item),
        }
    }

    fn key(&self, place: Place) -> DefinitionKey {
        let version = &self.versions()[place.version];
        let definition = &items_of(&version[ApiVersionView::DEFINITIONS])[place.definition];
        (name_of(version), name_of(definition))
    }

    fn place_of_file(&self, path: Option<&str>) -> Option<Place> {
        let path = path?;
        self.versions()
            .iter()
            .enumerate()
            .find_map(|(version, value)| {
                let definitions = items_of(&value[ApiVersionView::DEFINITIONS]);
                let definition = definitions
                    .iter()
                    .position(|definition| self.file_of(definition).as_deref() == Some(path))?;
                Some(Place {
                    version,
                    definition,
                })
            })
    }

    /// Takes a file from the definition of an older version, which keeps the document that it had.
    fn release(&mut self, place: Place, item: &Item<'_>) {
        let (version, definition) = self.names(place);
        let source = [
            SPEC,
            Step::Key(ApiView::VERSIONS),
            Step::Item(place.version),
            Step::Key(ApiVersionView::DEFINITIONS),
            Step::Item(place.definition),
            Step::Key(DefinitionView::SOURCE),
        ];
        let earlier = item.file.earlier.as_ref().filter(|text| {
            let description = document::describe(Some(&item.file.name), text).ok();
            let stated = description.and_then(|it| it.stated_version);
            stated.is_some_and(|stated| fits_version(&stated, &self.versions()[place.version]))
        });
        if let Some(text) = earlier {
            let suffix = export::suffix_of(item.format(), text);
            let file = self.copy(&version, &definition, &suffix, text);
            let value = export::escaped(Value::from(file.as_str()));
            let mut path = source.to_vec();
            path.push(Step::Key(DocumentSource::FILE));
            let edit = Edit::Set {
                value: &value,
                after: &[],
            };
            self.edit(&path, edit);
            self.changes
                .added
                .push(format!("a copy of the document of version {version}"));
        } else {
            self.edit(&source, Edit::Remove);
            self.notes.push(format!(
                "{} now states version {}: version {version} has no source any longer, and the service \
                 keeps the document that it has; `--copy` keeps a copy per version",
                item.file.name,
                item.version()
            ));
        }
    }

    fn names(&self, place: Place) -> (String, String) {
        let version = &self.versions()[place.version];
        let definition = &items_of(&version[ApiVersionView::DEFINITIONS])[place.definition];
        let name = |value: &Value| value[NAME].as_str().unwrap_or_default().to_owned();
        (name(version), name(definition))
    }

    /// Writes a copy next to the manifest, and returns its path from there.
    fn copy(&mut self, version: &str, definition: &str, suffix: &str, text: &str) -> String {
        let (path, file) = copy_path(
            &self.declared.path,
            &self.declared.name,
            version,
            definition,
            suffix,
        );
        self.files.push(ExportFile {
            path,
            bytes: text.as_bytes().to_vec(),
        });
        file
    }

    /// The path of an item's file from the manifest; a text from elsewhere is copied.
    fn source(&mut self, item: &Item<'_>, version: &str, definition: &str) -> String {
        match &item.file.inside {
            Some(path) if !self.options.copy => relative(&self.declared.path, path),
            _ => {
                let suffix = export::suffix_of(item.format(), &item.file.text);
                self.copy(version, definition, &suffix, &item.file.text)
            }
        }
    }

    fn add_version(&mut self, item: &Item<'_>) {
        let mut names = Names::default();
        for version in self.versions() {
            names.unique(version[NAME].as_str().unwrap_or_default());
        }
        let name = names.unique(&version_name(item.version.as_deref()));
        let file = self.source(item, &name, item.format());
        let source = DocumentSource::File(&file);
        let version = Version {
            name: name.clone(),
            title: item.version().to_owned(),
            stage: self.options.stage.clone(),
            definitions: vec![definition(item.format(), item.format(), Some(source))],
        };
        let value = draft::version(&version, &mut self.notes);
        self.append(&[SPEC], (API.schema)(), ApiView::VERSIONS, value);
        self.changes.added.push(format!("version {name}"));
        self.filed
            .insert((name.to_lowercase(), item.format().to_owned()));
        self.new_versions.push(name);
    }

    /// Makes a file the document of a version that there is.
    fn file_under(&mut self, at: usize, item: &Item<'_>) {
        let version = self.versions()[at].clone();
        let version_text = version[NAME].as_str().unwrap_or_default().to_owned();
        let definitions = items_of(&version[ApiVersionView::DEFINITIONS]);
        let format_of = |definition: &Value| {
            let declared = self
                .declared
                .definitions
                .get(&(name_of(&version), name_of(definition)));
            let stated = definition[DefinitionView::SPECIFICATION][NAME].as_str();
            stated
                .map(str::to_owned)
                .or_else(|| declared?.format.clone())
                .unwrap_or_else(|| name_of(definition))
        };
        let of_format: Vec<usize> = (0..definitions.len())
            .filter(|&i| format_of(&definitions[i]).eq_ignore_ascii_case(item.format()))
            .collect();
        let named = of_format
            .iter()
            .find(|&&i| name_of(&definitions[i]) == item.format());
        let place = match (named, of_format.as_slice()) {
            (Some(&i), _) | (None, &[i]) => Some(Place {
                version: at,
                definition: i,
            }),
            _ => None,
        };
        match place {
            Some(place) if !self.filed.contains(&self.key(place)) => self.replace(place, item),
            Some(_) => self.add_definition(at, &version_text, definitions, item, true),
            None => self.add_definition(at, &version_text, definitions, item, false),
        }
    }

    fn add_definition(
        &mut self,
        at: usize,
        version: &str,
        definitions: &[Value],
        item: &Item<'_>,
        is_second: bool,
    ) {
        if definitions.len() >= limit::DEFINITIONS.standard {
            self.notes.push(format!(
                "{}: left out, as version {version} has {} definitions, and the service takes no more",
                item.file.name,
                definitions.len()
            ));
            return;
        }
        let mut names = Names::default();
        for definition in definitions {
            names.unique(definition[NAME].as_str().unwrap_or_default());
        }
        let name = names.unique(item.format());
        let file = self.source(item, version, &name);
        let value = definition(&name, item.format(), Some(DocumentSource::File(&file)));
        let above = [SPEC, Step::Key(ApiView::VERSIONS), Step::Item(at)];
        let schema = &(API.schema)()["properties"][ApiView::VERSIONS]["items"];
        self.append(&above, schema, ApiVersionView::DEFINITIONS, value);
        if is_second {
            self.notes.push(format!(
                "version {version} has more than one {} document: {} is definition {name}",
                item.format(),
                item.file.name
            ));
        }
        self.filed
            .insert((version.to_lowercase(), name.to_lowercase()));
        self.changes
            .added
            .push(format!("definition {version}/{name}"));
    }

    /// Makes a file the document of a definition that there is.
    fn replace(&mut self, place: Place, item: &Item<'_>) {
        let key = self.key(place);
        let (version, name) = self.names(place);
        let definition = items_of(&self.versions()[place.version][ApiVersionView::DEFINITIONS])
            [place.definition]
            .clone();
        self.filed.insert(key.clone());
        let source = &definition[DefinitionView::SOURCE];
        if source
            .as_object()
            .is_some_and(|source| !source.contains_key(DocumentSource::FILE))
        {
            let what = format!("source of {version}/{name}");
            self.changes.kept.push(what);
            return;
        }
        let declared = self.declared.definitions.get(&key);
        let text = declared.and_then(|declared| declared.text.as_ref());
        let digest = |text: &str| document::digest(text);
        if text.is_some_and(|text| digest(text) == digest(&item.file.text)) {
            return;
        }
        let file = self.source(item, &version, &name);
        let old = source[DocumentSource::FILE].as_str();
        self.changes
            .updated
            .push(format!("document of version {version}"));
        if old.is_some_and(|old| {
            resolve(&self.declared.path, old) == resolve(&self.declared.path, &file)
        }) {
            return;
        }
        let mut path = vec![
            SPEC,
            Step::Key(ApiView::VERSIONS),
            Step::Item(place.version),
            Step::Key(ApiVersionView::DEFINITIONS),
            Step::Item(place.definition),
            Step::Key(DefinitionView::SOURCE),
        ];
        let order = (API_DEFINITION.schema)()["properties"].as_object();
        let after = order.map_or_else(Vec::new, |order| {
            yaml::keys_before(order, DefinitionView::SOURCE)
        });
        let value = match old {
            Some(_) => {
                path.push(Step::Key(DocumentSource::FILE));
                Value::from(file.as_str())
            }
            None => DocumentSource::File(&file).to_value(),
        };
        let value = export::escaped(value);
        let edit = Edit::Set {
            value: &value,
            after: &after,
        };
        self.edit(&path, edit);
    }

    /// Adds deployments of new versions, and of all versions if there are none in the environment.
    fn deploy(&mut self, items: &[Item<'_>]) {
        let Some(environment) = self.options.environment.clone() else {
            return;
        };
        let declared = items_of(&self.spec()[ApiView::DEPLOYMENTS]);
        let field = |deployment: &Value, key: &str| deployment[key].as_str().map(str::to_owned);
        let is_first = !declared.iter().any(|deployment| {
            field(deployment, DeploymentView::ENVIRONMENT).as_deref() == Some(&environment)
        });
        let taken: Vec<String> = declared
            .iter()
            .filter_map(|deployment| field(deployment, NAME))
            .collect();
        let mut versions: Vec<(Version, Vec<super::facts::Server>)> = Vec::new();
        for value in self.versions() {
            let name = value[NAME].as_str().unwrap_or_default();
            let of_version = items.iter().filter(|item| fits(item, value));
            let servers = of_version.flat_map(|item| item.facts.servers.clone());
            if is_first || self.new_versions.iter().any(|new| new == name) {
                let version = Version {
                    name: name.to_owned(),
                    definitions: items_of(&value[ApiVersionView::DEFINITIONS]).to_vec(),
                    ..Version::default()
                };
                versions.push((version, servers.collect()));
            }
        }
        let borrowed: Vec<_> = versions
            .iter()
            .map(|(version, servers)| (version, servers.clone()))
            .collect();
        for mut deployment in deployments(&environment, &borrowed, &taken, &mut self.notes) {
            draft::fit_deployment(&mut deployment, &mut self.notes);
            let name = deployment[NAME].as_str().unwrap_or_default().to_owned();
            self.append(&[SPEC], (API.schema)(), ApiView::DEPLOYMENTS, deployment);
            self.changes.added.push(format!("deployment {name}"));
        }
    }

    fn finish(self, imported: &mut Imported) {
        if self.failed {
            imported.uneditable.push(self.declared.path.clone());
            return;
        }
        let address = format!("api/{}", self.declared.name);
        let notes = self.notes.iter().map(|note| format!("{address}: {note}"));
        imported.notes.extend(notes);
        let versions = self.versions();
        let definitions = |version: &Value| {
            let definitions = items_of(&version[ApiVersionView::DEFINITIONS]).iter();
            definitions
                .filter(|definition| definition[DefinitionView::SOURCE].is_object())
                .count()
        };
        imported.apis.push(ImportedApi {
            name: self.declared.name.clone(),
            title: self.declared.title.clone(),
            path: self.declared.path.clone(),
            versions: versions.len(),
            definitions: versions.iter().map(definitions).sum(),
            deployments: items_of(&self.spec()[ApiView::DEPLOYMENTS]).len(),
            changes: Some(self.changes),
        });
        imported.files.extend(self.files);
    }
}

fn items_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

fn name_of(value: &Value) -> String {
    value[NAME].as_str().unwrap_or_default().to_lowercase()
}

fn version_title(version: &Value) -> &str {
    let title = version[ApiVersionView::TITLE].as_str();
    title.or_else(|| version[NAME].as_str()).unwrap_or_default()
}

/// Whether the version that a file states is this one, or belongs to it.
fn fits(item: &Item<'_>, version: &Value) -> bool {
    fits_version(item.version(), version)
}

fn fits_version(stated: &str, version: &Value) -> bool {
    let names = [
        version[NAME].as_str(),
        version[ApiVersionView::TITLE].as_str(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    // Texts that are too long for a title or a name are cut; `latest` or `Original` takes any version.
    names
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&version_name(Some(stated))))
        || names.iter().any(|name| is_version_within(stated, name))
        || !names.iter().any(|name| states_version(name))
}
