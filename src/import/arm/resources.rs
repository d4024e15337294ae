//! The resources that templates and states declare, whatever their form.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::ops::Range;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::ids::{service_and_path, shorten_ids};
use super::limits::Limits;
use super::placeholders::Placeholders;
use super::roles::{self, Found};
use super::values::merge;
use crate::export::{self, ExportOptions};
use crate::import::apiops::imported_apis;
use crate::import::files::Imported;
use crate::import::item::DescriptionFile;
use crate::kinds::{self, SERVICE};
use crate::model::{
    Address, Diagnostic, Diagnostics, LiveResource, LiveState, Sources, Span, code, counted,
};

/// The resources of all files.
#[derive(Default)]
pub(super) struct Resources {
    envelopes: BTreeMap<Address, Map<String, Value>>,
    documents: BTreeMap<Address, Arc<str>>,
    service: Option<String>,
    pub(super) roles: Vec<Found>,
    pub(super) placeholders: Placeholders,
    /// What the present file may still be evaluated to.
    pub(super) limits: Limits,
    /// Resources of other services, by type.
    pub(super) strangers: BTreeMap<String, usize>,
    pub(super) notes: Vec<String>,
    /// Texts without a value, and what that means.
    problems: BTreeSet<(String, String)>,
}

impl Resources {
    /// Reports a text of the present file that has no value, so that what has it is left out.
    pub(super) fn report(&mut self, text: &str, problem: String) {
        self.say(text, format!("left out: {problem}"));
    }

    /// Reports a condition that is not known, so that what has it is kept.
    pub(super) fn report_unknown_condition(&mut self, text: &str, problem: &str) {
        self.say(
            text,
            format!("the resource is imported, whatever its condition: {problem}"),
        );
    }

    fn say(&mut self, text: &str, message: String) {
        self.problems.insert((text.to_owned(), message));
    }

    /// Adds a resource by its type, such as `Microsoft.ApiCenter/services/workspaces/apis`, and its whole name.
    pub(super) fn add(&mut self, kind: &str, name: &str, envelope: Map<String, Value>) {
        let mut path = "/providers/Microsoft.ApiCenter".to_owned();
        for (step, name) in kind.split('/').skip(1).zip(name.split('/')) {
            path.push_str(&format!("/{step}/{name}"));
        }
        self.add_id(&path, envelope);
    }

    /// Adds a resource by its id.
    pub(super) fn add_id(&mut self, id: &str, mut envelope: Map<String, Value>) {
        let Some(address) = self.address(id) else {
            if !id.to_lowercase().ends_with("/workspaces/default") {
                self.notes
                    .push(format!("{id}: left out, as manifests cannot declare it"));
            }
            return;
        };
        envelope.values_mut().for_each(shorten_ids);
        envelope.insert("id".to_owned(), Value::from(id));
        self.envelopes.insert(address, envelope);
    }

    /// Merges a body into that of a resource. What is not among the resources is left out: only a part of it is
    /// known.
    pub(super) fn update(&mut self, id: &str, body: &Map<String, Value>) {
        let address = self.address(id);
        let known = address.and_then(|address| self.envelopes.get_mut(&address));
        match known {
            Some(envelope) => {
                let mut body = body.clone();
                body.values_mut().for_each(shorten_ids);
                merge(envelope, &body);
            }
            None => self.notes.push(format!(
                "{id}: left out, as only a change of it is declared"
            )),
        }
    }

    fn address(&mut self, id: &str) -> Option<Address> {
        let (service, path) = service_and_path(id)?;
        self.service = self.service.take().or_else(|| Some(service.to_owned()));
        if path.is_empty() {
            return Some(Address::top(&SERVICE.info, ""));
        }
        kinds::address_of_path(path)
    }

    pub(super) fn document(&mut self, id: &str, text: &str, is_link: bool) {
        if let Some(address) = self.address(id) {
            if is_link {
                self.notes.push(format!(
                    "{address}: its document is at {text}; declare it as `source: {{url: …}}`"
                ));
            } else {
                self.documents.insert(address, Arc::from(text));
            }
        }
    }

    /// Ends a file: reports its texts without a value where they are in it.
    pub(super) fn end_file(
        &mut self,
        file: &DescriptionFile,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        self.limits = Limits::default();
        let problems = std::mem::take(&mut self.problems);
        if problems.is_empty() {
            return;
        }
        let source = sources.add(file.name.clone(), Arc::clone(&file.text));
        let places = texts_of(&file.text);
        for (text, message) in problems {
            let found = places.get(&text).filter(|_| !text.is_empty());
            let (place, count) = found.cloned().unwrap_or((0..0, 0));
            let span = Span {
                source,
                start: place.start,
                end: place.end,
            };
            let mut diagnostic = Diagnostic::warning(code::UNRESOLVED_EXPRESSION, message)
                .at(span, "has no value here");
            if count > 1 {
                diagnostic = diagnostic.help(format!("it appears {count} times in the file"));
            }
            diagnostics.push(diagnostic);
        }
    }

    pub(super) fn imported(mut self) -> Imported {
        let mut live = LiveState::default();
        for (address, envelope) in &self.envelopes {
            let canonical = kinds::of(address).live(address.clone(), envelope);
            let current = LiveResource {
                resource: canonical.resource,
                unmodelled: canonical.unmodelled,
                synchronised: false,
                text: self.documents.get(address).cloned(),
                files: None,
                created_at: None,
            };
            live.resources.insert(address.clone(), current);
        }
        let options = ExportOptions {
            service_name: self.service.clone().unwrap_or_default(),
            ..ExportOptions::default()
        };
        let exported = export::export(&live, &options);
        let mut files = exported.files;
        files.extend(roles::files(&self.roles, &mut self.notes));
        for file in &mut files {
            file.path = self.placeholders.path(&file.path);
            if file.path.ends_with(".yaml")
                && let Ok(text) = std::str::from_utf8(&file.bytes)
            {
                file.bytes = self.placeholders.restored(text).into_bytes();
            }
        }
        let texts: Vec<String> = files
            .iter()
            .map(|file| String::from_utf8_lossy(&file.bytes).into_owned())
            .collect();
        let mut notes = self.notes.clone();
        let others = self.strangers.iter().map(|(kind, count)| {
            format!("{kind}: left out ({count}), as it is not part of API Center")
        });
        notes.extend(others);
        for (name, count) in self.placeholders.used_in(&texts) {
            let files = counted(count, "file");
            notes.push(format!(
                "the parameter `{name}` has no value: `${{{name}}}` is in {files}; set it under `variables` of a target"
            ));
        }
        let restored = |note: String| self.placeholders.restored(&note);
        notes.extend(exported.notes);
        // A loop or a module that is used twice says the same twice.
        let mut said = BTreeSet::new();
        notes.retain(|note| said.insert(note.clone()));
        let mut apis = imported_apis(&live);
        for api in &mut apis {
            api.name = self.placeholders.restored(&api.name);
            api.title = self.placeholders.restored(&api.title);
            api.path = self.placeholders.path(&api.path);
        }
        Imported {
            files,
            apis,
            notes: notes.into_iter().map(restored).collect(),
            ..Imported::default()
        }
        .sorted()
    }
}

/// The texts of a JSON document: where each is for the first time, with its quotes, and how often.
fn texts_of(json: &str) -> HashMap<String, (Range<usize>, usize)> {
    let mut texts: HashMap<String, (Range<usize>, usize)> = HashMap::new();
    let mut start = None;
    let mut bytes = json.bytes().enumerate();
    while let Some((at, byte)) = bytes.next() {
        match (byte, start) {
            (b'"', None) => start = Some(at),
            (b'"', Some(first)) => {
                let place = first..at + 1;
                if let Ok(text) = serde_json::from_str(&json[place.clone()]) {
                    texts.entry(text).or_insert((place, 0)).1 += 1;
                }
                start = None;
            }
            (b'\\', Some(_)) => drop(bytes.next()),
            _ => {}
        }
    }
    texts
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Resources {
        /// The problems of the present file.
        pub(in crate::import::arm) fn reported(&self) -> Vec<String> {
            let problems = self.problems.iter();
            problems
                .map(|(text, message)| format!("{text}: {message}"))
                .collect()
        }

        /// What was added.
        pub(in crate::import::arm) fn texts(&self) -> String {
            let envelopes = self.envelopes.values();
            envelopes
                .map(|it| Value::from(it.clone()).to_string())
                .collect()
        }
    }

    #[test]
    fn texts_are_found_however_they_are_written() {
        let texts = texts_of(r#"{"a": "x\"\u0041", "b\\": ["a", "x\"A"]}"#);
        assert_eq!(texts["x\"A"], (6..17, 2));
        assert_eq!(texts["a"], (1..4, 2));
        assert_eq!(texts["b\\"].1, 1);
    }
}
