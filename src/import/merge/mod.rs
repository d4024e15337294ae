//! A description that belongs to an API which the project declares already.
//!
//! What is new is added to the text of its manifest, and the rest stays as it is written. A field of the API
//! follows the newest document as long as it has the value that the import gives it for one of the documents that
//! the API had before; any other value was written by somebody and stays. So nothing has to be remembered.

mod deployments;
mod documents;
mod fields;
mod written;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use self::written::{fits, fits_version, items_of, name_of, version_title};
use super::declared::{DeclaredApi, Outline};
use super::files::{ApiChanges, Imported, ImportedApi};
use super::item::{DescriptionOptions, Item};
use super::names::version_name;
use super::paths::{copy_path, relative};
use super::split;
use crate::document;
use crate::export::{self, ExportFile};
use crate::kinds::{DocumentSource, NAME};
use crate::manifest::resolve;
use crate::model::view::{ApiVersionView, ApiView, DefinitionView};
use crate::model::{is_same_version, states_version};
use crate::yaml::{self, Edit, PathStep};

/// The key of a manifest under which its fields are.
const SPEC: PathStep<'static> = PathStep::Key("spec");

/// Adds files to an API. `text` is that of its manifest and is changed; `original` is the text before any API in it
/// was changed.
pub(super) fn merge(
    declared: &DeclaredApi,
    items: &[Item<'_>],
    options: &DescriptionOptions,
    original: &str,
    text: &mut String,
    imported: &mut Imported,
) {
    let outline = Outline::at(original, declared.start).and_then(|outline| outline.again(text));
    let Some(outline) = outline else {
        imported.uneditable.push(declared.path.clone());
        return;
    };
    let mut merge = Merge {
        declared,
        items,
        options,
        text,
        outline,
        changes: ApiChanges::default(),
        notes: Vec::new(),
        copy_notes: Vec::new(),
        files: Vec::new(),
        filed: BTreeMap::new(),
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
    items: &'a [Item<'a>],
    options: &'a DescriptionOptions,
    text: &'a mut String,
    outline: Outline,
    changes: ApiChanges,
    notes: Vec<String>,
    /// Notes about files that are copied, which name the file.
    copy_notes: Vec<String>,
    files: Vec<ExportFile>,
    /// The definitions that have got a file in this run, with its digest.
    filed: BTreeMap<DefinitionKey, String>,
    new_versions: Vec<String>,
    failed: bool,
}

/// Where in the manifest a definition is.
#[derive(Clone, Copy, PartialEq, Eq)]
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

    fn edit(&mut self, path: &[PathStep<'_>], edit: Edit<'_>) {
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
    fn append(&mut self, above: &[PathStep<'_>], schema: &Value, key: &str, item: Value) {
        let item = export::escaped(item);
        let mut path = above.to_vec();
        path.push(PathStep::Key(key));
        let parent = above
            .iter()
            .fold(&self.outline.root, |value, step| match step {
                PathStep::Key(key) => &value[*key],
                PathStep::Item(at) => &value[*at],
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
                if item.has_changed {
                    let what = format!(
                        "document of version {}",
                        self.versions()[place.version][NAME]
                            .as_str()
                            .unwrap_or_default()
                    );
                    self.changes.updated.push(what);
                }
                self.note_filed(key, item);
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
            same(version, str::eq_ignore_ascii_case)
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

    fn note_filed(&mut self, key: DefinitionKey, item: &Item<'_>) {
        self.filed.insert(key, document::digest(&item.file.text));
    }

    fn definition(&self, place: Place) -> &Value {
        let version = &self.versions()[place.version];
        &items_of(&version[ApiVersionView::DEFINITIONS])[place.definition]
    }

    fn key(&self, place: Place) -> DefinitionKey {
        let version = &self.versions()[place.version];
        (name_of(version), name_of(self.definition(place)))
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
            PathStep::Key(ApiView::VERSIONS),
            PathStep::Item(place.version),
            PathStep::Key(ApiVersionView::DEFINITIONS),
            PathStep::Item(place.definition),
            PathStep::Key(DefinitionView::SOURCE),
        ];
        let mut texts = item.earlier.iter();
        let earlier = texts.find(|text| {
            if split::reference(item.file.path(), text).is_some() {
                return false;
            }
            let description = document::describe(Some(&item.file.name), text).ok();
            let stated = description.and_then(|it| it.stated_version);
            stated.is_some_and(|stated| fits_version(&stated, &self.versions()[place.version]))
        });
        let copy = earlier.and_then(|text| {
            let suffix = export::suffix_of(item.format(), text);
            let (path, file) = self.copy_path(&version, &definition, suffix);
            // A split file cannot be copied to make room.
            let is_in_the_way = item.is_split && item.file.inside.as_ref() == Some(&path);
            (!is_in_the_way && self.is_free(&path, Some(place), item)).then_some((text, path, file))
        });
        if let Some((text, copied_to, file)) = copy {
            self.copy(copied_to, text);
            let value = export::escaped(Value::from(file.as_str()));
            let mut path = source.to_vec();
            path.push(PathStep::Key(DocumentSource::FILE));
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
                "{} now states version {}: version {version} no longer has a source, and the service \
                 keeps the document that it has; `--copy` keeps a copy per version",
                item.file.name,
                item.version()
            ));
        }
    }

    fn names(&self, place: Place) -> (String, String) {
        let version = &self.versions()[place.version];
        let name = |value: &Value| value[NAME].as_str().unwrap_or_default().to_owned();
        (name(version), name(self.definition(place)))
    }

    fn copy(&mut self, path: String, text: &str) {
        self.files.push(ExportFile {
            path,
            bytes: text.as_bytes().to_vec(),
        });
    }

    /// The path of a copy: in the project, and from the manifest.
    fn copy_path(&self, version: &str, definition: &str, suffix: &str) -> (String, String) {
        let DeclaredApi { path, name, .. } = self.declared;
        copy_path(path, name, version, definition, suffix)
    }

    /// Whether a copy for a definition may be written to a path. It may not where another definition has its file, or
    /// where another file of this run is that belongs to another version. `own` is the definition if it is there.
    fn is_free(&self, path: &str, own: Option<Place>, item: &Item<'_>) -> bool {
        let place = self.place_of_file(Some(path));
        if place.is_some() && place != own {
            return false;
        }
        let mut others = self
            .items
            .iter()
            .filter(|other| other.file.inside != item.file.inside);
        let input = others.find(|other| other.file.inside.as_deref() == Some(path));
        input.is_none_or(|other| {
            place.is_some_and(|place| fits(other, &self.versions()[place.version]))
        })
    }

    /// The path of a copy of an item: that of the copy which the definition has, or else the first one that is free.
    fn free_path(
        &self,
        item: &Item<'_>,
        version: &str,
        definition: &str,
        own: Option<Place>,
    ) -> (String, String) {
        let suffix = export::suffix_of(item.format(), &item.file.text);
        let numbered = |number: usize| match number {
            1 => self.copy_path(version, definition, suffix),
            _ => self.copy_path(version, &format!("{definition}-{number}"), suffix),
        };
        let present = own.and_then(|place| {
            let path = self.file_of(self.definition(place))?;
            let (_, number) = path.strip_suffix(&format!(".{suffix}"))?.rsplit_once('-')?;
            let number = number.parse().ok()?;
            (numbered(number).0 == path).then_some(number)
        });
        let is_free = |number: &usize| self.is_free(&numbered(*number).0, own, item);
        let number = present.filter(is_free).or_else(|| (1..).find(is_free));
        numbered(number.unwrap_or(1))
    }

    /// The path of an item's file from the manifest. A text from elsewhere is copied, and so is one whose file
    /// gets the document of an older version. `own` is the definition if it is there.
    fn source(
        &mut self,
        item: &Item<'_>,
        version: &str,
        definition: &str,
        own: Option<Place>,
    ) -> String {
        match item.kept_at(self.options) {
            Some(path) if !self.is_written(path) => relative(&self.declared.path, path),
            _ => {
                self.copy_notes.extend(item.copy_note());
                let (path, file) = self.free_path(item, version, definition, own);
                self.copy(path, &item.file.text);
                file
            }
        }
    }

    fn is_written(&self, path: &str) -> bool {
        self.files.iter().any(|file| file.path == path)
    }

    fn finish(self, imported: &mut Imported) {
        if self.failed {
            imported.uneditable.push(self.declared.path.clone());
            return;
        }
        let address = format!("api/{}", self.declared.name);
        let notes = self.notes.iter().map(|note| format!("{address}: {note}"));
        imported.notes.extend(notes);
        imported.notes.extend(self.copy_notes.iter().cloned());
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
            changes: Some(ApiChanges {
                files: self.declared.paths().collect(),
                ..self.changes
            }),
        });
        imported.files.extend(self.files);
    }
}
