//! Resources as documents, children inside their parents.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Value, json};

use super::definition;
use super::files::{Export, ExportOptions, Files};
use super::left_out::reason_against;
use super::names::file_name;
use super::places::{WHOLE, content_path, folder, manifest_path};
use super::required::fill_required;
use super::{custom_properties, enum_form, service_additions};
use crate::kinds::{
    self, Content, ContentForm, DocumentSource, FolderRules, Kind, Location, METADATA_SCHEMA,
};
use crate::manifest::{MOST_INLINE_BYTES, folder_problem, leaves_out_secrets, relative_path};
use crate::model::view::{CustomProperties, MetadataSchemaView};
use crate::model::{Address, Body, LiveResource, LiveState, NotListed, Role, unmodelled_paths};

/// Writes the documents of a live state.
pub(super) struct Exporter<'a> {
    live: &'a LiveState,
    options: &'a ExportOptions,
    /// Every resource that is written, by its address.
    carried: BTreeMap<&'a Address, &'a LiveResource>,
    /// The same by parent; the service and its direct children have none.
    below: BTreeMap<Option<Address>, Vec<&'a LiveResource>>,
    files: Files,
    /// The paths of the manifests.
    manifests: BTreeMap<Address, String>,
    notes: Vec<String>,
}

impl<'a> Exporter<'a> {
    pub(super) fn new(live: &'a LiveState, options: &'a ExportOptions) -> Self {
        let mut exporter = Self {
            live,
            options,
            carried: BTreeMap::new(),
            below: BTreeMap::new(),
            files: Files::new(),
            manifests: BTreeMap::new(),
            notes: Vec::new(),
        };
        exporter.select(live);
        exporter
    }

    pub(super) fn run(mut self) -> Export {
        if let Some(project) = &self.options.project {
            self.files.insert(project.path.clone(), project.bytes());
        }
        for top in self.below.remove(&None).unwrap_or_default() {
            self.document(top);
        }
        for (path, why) in &self.live.context.not_listed {
            if *why == NotListed::Forbidden {
                self.notes
                    .push(format!("{path}: not looked at: {}", why.words()));
            }
        }
        self.note_not_offered();
        let catalogue = self.files.len();
        let written = (&mut self.files, &mut self.manifests);
        let more = service_additions::add(self.live, self.options, written);
        self.notes.extend(more);
        // Each addition has a file of its own.
        let resources = self.carried.len() + self.files.len() - catalogue;
        Export::new(self.files, self.notes, resources, self.manifests)
    }

    fn note_not_offered(&mut self) {
        let missing = self.live.context.not_listed.iter();
        let missing: Vec<&str> = missing
            .filter(|(_, why)| **why == NotListed::NotOffered)
            .map(|(path, _)| path.as_str())
            .collect();
        if !missing.is_empty() {
            let why = NotListed::NotOffered.words();
            self.notes
                .push(format!("{}: not looked at: {why}", missing.join(", ")));
        }
    }

    /// Selects what is written; of a tree that is not, only the top is noted.
    fn select(&mut self, live: &'a LiveState) {
        let mut noted: BTreeSet<&Address> = BTreeSet::new();
        for (address, resource) in &live.resources {
            let parent = address.parent();
            let above = parent.clone().or_else(|| resource.resource.within.clone());
            let reason = match above {
                Some(above) if !self.carried.contains_key(&above) => {
                    if noted.contains(&above) || above.ancestors().any(|one| noted.contains(&one)) {
                        continue;
                    }
                    Some("what it belongs to is not part of this export")
                }
                _ if self.is_marker(address) => continue,
                _ => reason_against(resource, live),
            };
            if let Some(reason) = reason {
                noted.insert(address);
                self.note(address, &format!("left out: {reason}"));
                continue;
            }
            self.carried.insert(address, resource);
            self.below.entry(parent).or_default().push(resource);
        }
    }

    fn is_marker(&self, address: &Address) -> bool {
        let marker = self.options.ownership_property.as_deref();
        address.is(Role::MetadataSchema)
            && marker.is_some_and(|marker| marker.eq_ignore_ascii_case(address.name()))
    }

    fn document(&mut self, top: &'a LiveResource) {
        let address = &top.resource.address;
        let kind = kinds::of(address);
        let name = match kind.location {
            Location::Root(_) => self.options.service_name.as_str(),
            Location::Path(_) => kinds::wire_name(address.name()),
            _ => address.name(),
        };
        let bytes = super::manifest::manifest(kind, name, self.spec(top));
        let path = manifest_path(kind, address);
        self.files.insert(path.clone(), bytes);
        self.manifests.insert(address.clone(), path);
    }

    /// The fields of a resource, its children among them, in any order.
    fn spec(&mut self, live: &'a LiveResource) -> Value {
        let address = &live.resource.address;
        let kind = kinds::of(address);
        let mut body = live.resource.body.clone();
        if let Some(marker) = &self.options.ownership_property {
            CustomProperties::remove(&mut body, marker);
        }
        match kind.info.open_field {
            Some(field) if !live.unmodelled.is_empty() => {
                body.insert(field.to_owned(), Value::Object(live.unmodelled.clone()));
            }
            _ => self.note_unmodelled(live),
        }
        self.leave_out_secrets(kind, address, &mut body);
        self.note_references(kind, address, &body);
        self.note_retyped(address, &body);
        if address.is(Role::MetadataSchema)
            && let Some(schema) = body.get_mut(MetadataSchemaView::SCHEMA)
        {
            *schema = enum_form::readable(schema);
        }
        if let Some(content) = &kind.content {
            match content.form {
                ContentForm::Document { format_field } => {
                    self.document_content(content, format_field, live, &mut body);
                }
                ContentForm::Folder(rules) => {
                    self.folder_content(content, rules, live, &mut body);
                }
            }
        }
        if kind.location.parent().is_some() {
            body.insert("name".to_owned(), Value::from(address.name()));
        }
        fill_required((kind.schema)(), &mut body);
        let children = self.below.remove(&Some(address.clone()));
        for child in children.unwrap_or_default() {
            let item = self.spec(child);
            self.add_child(kind, child, item, &mut body);
        }
        Value::Object(body)
    }

    fn add_child(&mut self, kind: &Kind, child: &LiveResource, item: Value, body: &mut Body) {
        let address = &child.resource.address;
        match kind
            .children
            .iter()
            .find(|c| c.kind.info == *address.kind())
        {
            Some(list) => {
                let items = body.entry(list.field).or_insert_with(|| json!([]));
                if let Value::Array(items) = items {
                    items.push(item);
                }
            }
            None => self.note(address, "left out: manifests have no place for it"),
        }
    }

    /// Writes a document to a file, and puts its path into the body instead of its digest.
    fn document_content(
        &mut self,
        content: &Content,
        format_field: &str,
        live: &LiveResource,
        body: &mut Body,
    ) {
        let address = &live.resource.address;
        let digest = body.shift_remove(content.field);
        let Some(text) = &live.text else {
            if digest.is_some() {
                self.note(
                    address,
                    "its document was not read; the manifest leaves it as the service has it",
                );
            }
            return;
        };
        let placed = definition::place(body.get(format_field), text);
        if let Some(split) = self.options.split.get(address) {
            let manifest = manifest_path(kinds::of(&address.root()), &address.root());
            let file = relative_path(&manifest, &split.main);
            set(body, format_field, placed.specification);
            let source = DocumentSource::File(&file);
            body.insert(content.field.to_owned(), source.to_value());
            if digest.as_ref().and_then(Value::as_str) != Some(split.digest.as_str()) {
                let note = format!(
                    "its document is not that of {}, which refers to other files; the files are \
                     left as they are, and `plan` shows the difference",
                    split.main
                );
                self.note(address, &note);
            }
            return;
        }
        let (file, path) = self.free_path(address, placed.suffix);
        if text.len() > MOST_INLINE_BYTES {
            let note = format!(
                "its document is larger than the 3 MB that can be sent from a file; it is written \
                 to {path}, and the manifest leaves it as the service has it"
            );
            self.note(address, &note);
        } else {
            if let Some(problem) = placed.problem {
                let note = format!("its document is kept as plain text in {path}: {problem}");
                self.note(address, &note);
            }
            set(body, format_field, placed.specification);
            let source = DocumentSource::File(&file);
            body.insert(content.field.to_owned(), source.to_value());
        }
        self.files.insert(path, text.as_bytes().to_vec());
    }

    /// The path of a definition's document from its manifest, and from the project. It is never that of a
    /// file of a document that is split into several.
    fn free_path(&self, address: &Address, suffix: &str) -> (String, String) {
        let mut stem = content_path(address);
        loop {
            let file = format!("{stem}.{suffix}");
            let path = format!("{}/{file}", folder(&address.root()));
            let mut split = self.options.split.values();
            if !split.any(|split| split.files.contains(&path)) {
                return (file, path);
            }
            stem.push_str(WHOLE);
        }
    }

    /// Writes the files of a folder, and puts its path into the body instead of its digest.
    fn folder_content(
        &mut self,
        content: &Content,
        rules: &FolderRules,
        live: &LiveResource,
        body: &mut Body,
    ) {
        let address = &live.resource.address;
        let digest = body.shift_remove(content.field);
        let Some(files) = &live.files else {
            if digest.is_some() {
                let note = format!(
                    "its {} could not be read; the manifest leaves it as the service has it",
                    rules.noun
                );
                self.note(address, &note);
            }
            return;
        };
        // Undeclared, its files would be read as any others of the project, and be manifests perhaps.
        if let Some(problem) = folder_problem(rules, files) {
            let note = format!(
                "its {} is not written, and the manifest leaves it as the service has it: {problem}",
                rules.noun
            );
            self.note(address, &note);
            return;
        }
        let beside = file_name(address.name());
        body.insert(content.field.to_owned(), Value::from(beside));
        let folder = folder(address);
        for (path, bytes) in files.iter() {
            self.files.insert(format!("{folder}/{path}"), bytes.clone());
        }
    }

    /// A secret is never written to a file; what is not declared stays in the service as it is.
    fn leave_out_secrets(&mut self, kind: &Kind, address: &Address, body: &mut Body) {
        let paths = leaves_out_secrets((kind.schema)(), body);
        if !paths.is_empty() {
            let note = format!(
                "left out {}: a secret that is not in a key vault, which the service keeps",
                quoted(&paths)
            );
            self.note(address, &note);
        }
    }

    fn note_unmodelled(&mut self, live: &LiveResource) {
        let paths = unmodelled_paths(&live.unmodelled);
        if !paths.is_empty() {
            let note = format!(
                "manifests do not have {}; the service keeps it as it is",
                quoted(&paths)
            );
            self.note(&live.resource.address, &note);
        }
    }

    fn note_references(&mut self, kind: &Kind, address: &Address, body: &Body) {
        for reference in (kind.references)(address, body) {
            if self.carried.contains_key(&reference.target) {
                continue;
            }
            let field = &reference.field;
            let odd = body
                .get(field.as_str())
                .and_then(Value::as_str)
                .filter(|value| value.starts_with('/'));
            let note = match odd {
                Some(id) => format!("`{field}` names `{id}`, which manifests cannot declare"),
                None => format!(
                    "`{field}` names {}, which is not part of this export",
                    reference.target
                ),
            };
            self.note(address, &note);
        }
    }

    fn note_retyped(&mut self, address: &Address, body: &Body) {
        let properties = CustomProperties::of(body).values();
        for (name, value) in properties.into_iter().flatten() {
            let declared = Address::top(&METADATA_SCHEMA.info, name.as_str());
            let schema = self.carried.get(&declared);
            let schema =
                schema.and_then(|schema| MetadataSchemaView::of(&schema.resource.body).schema());
            if schema.is_some_and(|schema| !custom_properties::comes_back(schema, value)) {
                let note = format!(
                    "the custom property `{name}` is not the text that its metadata schema asks \
                     for; the manifest makes it one"
                );
                self.note(address, &note);
            }
        }
    }

    fn note(&mut self, address: &Address, words: &str) {
        self.notes.push(format!("{address}: {words}"));
    }
}

/// Sets a field, or removes it.
fn set(body: &mut Body, field: &str, value: Option<Value>) {
    match value {
        Some(value) => body.insert(field.to_owned(), value),
        None => body.shift_remove(field),
    };
}

fn quoted(words: &[String]) -> String {
    let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
    words.join(", ")
}
