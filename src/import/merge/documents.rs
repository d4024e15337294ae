//! New versions and definitions, and new documents of those that there are.

use serde_json::Value;

use super::written::{items_of, name_of};
use super::{Merge, Place, SPEC};
use crate::document;
use crate::export;
use crate::import::draft::{self, Version, definition};
use crate::import::item::Item;
use crate::import::names::{Names, version_name};
use crate::kinds::{API, API_DEFINITION, DocumentSource, NAME};
use crate::manifest::resolve;
use crate::model::limit;
use crate::model::view::{ApiVersionView, ApiView, DefinitionView};
use crate::yaml::{self, Edit, PathStep};

impl Merge<'_> {
    pub(super) fn add_version(&mut self, item: &Item<'_>) {
        let mut names = Names::default();
        for version in self.versions() {
            names.unique(version[NAME].as_str().unwrap_or_default());
        }
        let name = names.unique(&version_name(item.version.as_deref()));
        let file = self.source(item, &name, item.format(), None);
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
        self.note_filed((name.to_lowercase(), item.format().to_owned()), item);
        self.new_versions.push(name);
    }

    /// Makes a file the document of a version that there is.
    pub(super) fn file_under(&mut self, at: usize, item: &Item<'_>) {
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
        if let Some(twin) = self.twin(at, &of_format, item) {
            let is_news = self.filed.contains_key(&self.key(twin)) || Some(twin) != place;
            let file = self.file_of(&definitions[twin.definition]);
            if let Some(file) = file.filter(|_| is_news) {
                self.notes.push(item.same_text_note(&file));
            }
            self.note_filed(self.key(twin), item);
            return;
        }
        match place {
            Some(place) if !self.filed.contains_key(&self.key(place)) => self.replace(place, item),
            Some(_) => self.add_definition(at, &version_text, definitions, item, true),
            None => self.add_definition(at, &version_text, definitions, item, false),
        }
    }

    /// The definition of a version that has the item's text already.
    fn twin(&self, version: usize, of_format: &[usize], item: &Item<'_>) -> Option<Place> {
        let digest = document::digest(&item.file.text);
        let places = of_format.iter().map(|&definition| Place {
            version,
            definition,
        });
        let mut same = places.filter(|&place| {
            let key = self.key(place);
            let declared = || {
                Some(document::digest(
                    self.declared.definitions.get(&key)?.text.as_ref()?,
                ))
            };
            self.filed.get(&key).cloned().or_else(declared).as_ref() == Some(&digest)
        });
        same.next()
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
        let file = self.source(item, version, &name, None);
        let value = definition(&name, item.format(), Some(DocumentSource::File(&file)));
        let above = [SPEC, PathStep::Key(ApiView::VERSIONS), PathStep::Item(at)];
        let schema = &(API.schema)()["properties"][ApiView::VERSIONS]["items"];
        self.append(&above, schema, ApiVersionView::DEFINITIONS, value);
        if is_second {
            self.notes.push(format!(
                "version {version} has more than one {} document: {} is definition {name}",
                item.format(),
                item.file.name
            ));
        }
        self.note_filed((version.to_lowercase(), name.to_lowercase()), item);
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
        self.note_filed(key.clone(), item);
        let source = &definition[DefinitionView::SOURCE];
        if source
            .as_object()
            .is_some_and(|source| !source.contains_key(DocumentSource::FILE))
        {
            let what = format!("source of {version}/{name}");
            self.changes.kept.push(what);
            return;
        }
        let file = self.source(item, &version, &name, Some(place));
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
            PathStep::Key(ApiView::VERSIONS),
            PathStep::Item(place.version),
            PathStep::Key(ApiVersionView::DEFINITIONS),
            PathStep::Item(place.definition),
            PathStep::Key(DefinitionView::SOURCE),
        ];
        let order = (API_DEFINITION.schema)()["properties"].as_object();
        let after = order.map_or_else(Vec::new, |order| {
            yaml::keys_before(order, DefinitionView::SOURCE)
        });
        let value = match old {
            Some(_) => {
                path.push(PathStep::Key(DocumentSource::FILE));
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
}
