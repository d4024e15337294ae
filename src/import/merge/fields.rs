//! Fields of the API itself, which follow the newest document until somebody changes them.

use serde_json::{Map, Value};

use super::written::{fits, items_of, name_of, version_title};
use super::{Merge, SPEC};
use crate::export;
use crate::import::declared::facts_of;
use crate::import::draft;
use crate::import::item::Item;
use crate::import::metadata_extraction::Facts;
use crate::import::version_order::by_version;
use crate::kinds::API;
use crate::model::is_same_version;
use crate::model::view::ApiVersionView;
use crate::yaml::{self, Edit, PathStep};

impl Merge<'_> {
    /// Updates the fields of the API itself.
    pub(super) fn follow(&mut self, items: &[Item<'_>]) {
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
            let path = [SPEC, PathStep::Key(key)];
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
    fn fields(&self, title: &str, facts: &Facts, notes: &mut Vec<String>) -> Map<String, Value> {
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
                let earlier = item.map_or(&[][..], |item| &item.earlier);
                let is_current = item.is_none_or(|item| !item.has_changed && fits(item, version));
                let current = is_current.then(current).flatten();
                for text in earlier.iter().copied().chain(&current) {
                    let Some(facts) = facts_of(file.as_deref(), text) else {
                        continue;
                    };
                    let title = facts.title.clone().unwrap_or_default();
                    known.push(self.fields(&title, &facts, &mut Vec::new()));
                }
            }
        }
        known
    }
}
