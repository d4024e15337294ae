//! The resources that templates and states declare, whatever their form.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::{Map, Value};

use super::placeholders::Placeholders;
use crate::export::{self, ExportFile, ExportOptions};
use crate::import::apiops::imported_apis;
use crate::import::files::Imported;
use crate::import::item::DescriptionFile;
use crate::import::names::{Names, resource_name};
use crate::kinds::{self, METADATA_SCHEMA, ROLE_ASSIGNMENT, SERVICE, role_name};
use crate::model::view::{Principal, RoleAssignmentView};
use crate::model::{
    Address, Diagnostic, Diagnostics, LiveResource, LiveState, Scope, Sources, Span, code, counted,
};

/// How the path of a service starts, in lower case.
const SERVICES: &str = "/providers/microsoft.apicenter/services/";

/// A role assignment that was found.
pub(super) struct Found {
    /// The resource that the role is for; empty if it is not said.
    pub(super) scope: String,
    pub(super) role: String,
    /// The object id; `None` for the identity of the service.
    pub(super) principal: Option<String>,
    pub(super) principal_type: Option<String>,
    pub(super) description: Option<String>,
}

/// The resources of all files.
#[derive(Default)]
pub(super) struct Resources {
    envelopes: BTreeMap<Address, Map<String, Value>>,
    documents: BTreeMap<Address, Arc<str>>,
    service: Option<String>,
    pub(super) roles: Vec<Found>,
    pub(super) placeholders: Placeholders,
    /// Resources of other services, by type.
    pub(super) strangers: BTreeMap<String, usize>,
    notes: Vec<String>,
    /// Texts without a value, and why.
    problems: BTreeMap<String, String>,
}

/// Makes ids of resources in the service relative to it, as the service has them in references.
fn shorten_ids(value: &mut Value) {
    match value {
        Value::String(text) => {
            let rest = text
                .to_lowercase()
                .find(SERVICES)
                .map(|at| at + SERVICES.len());
            let path = rest.and_then(|at| Some(at + text[at..].find("/workspaces/")?));
            if let Some(path) = path {
                *text = text[path..].to_owned();
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten_ids),
        Value::Object(entries) => entries.values_mut().for_each(shorten_ids),
        _ => {}
    }
}

impl Resources {
    pub(super) fn report(&mut self, text: &str, problem: String) {
        self.problems.entry(text.to_owned()).or_insert(problem);
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

    fn address(&mut self, id: &str) -> Option<Address> {
        let start = id.to_lowercase().find(SERVICES)? + SERVICES.len();
        let (service, path) = match id[start..].split_once('/') {
            Some((service, path)) => (service, format!("/{path}")),
            None => (&id[start..], String::new()),
        };
        self.service = self.service.take().or_else(|| Some(service.to_owned()));
        if path.is_empty() {
            return Some(Address::top(&SERVICE.info, ""));
        }
        let schema = path.split('/').collect::<Vec<_>>();
        if let ["", collection, name] = schema.as_slice()
            && collection.eq_ignore_ascii_case(METADATA_SCHEMA.collection)
        {
            return Some(Address::top(&METADATA_SCHEMA.info, *name));
        }
        kinds::API_CENTER
            .address_of(None, &path)
            .or_else(|| kinds::address_of_id(&path))
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

    /// Reports the texts without a value where they are in the file.
    pub(super) fn place_problems(
        &mut self,
        file: &DescriptionFile,
        sources: &mut Sources,
        diagnostics: &mut Diagnostics,
    ) {
        for (text, problem) in std::mem::take(&mut self.problems) {
            let written = Value::from(text.as_str()).to_string();
            let at = file.text.find(&written);
            let count = file.text.matches(&written).count();
            let source = sources.add(file.name.clone(), Arc::clone(&file.text));
            let start = at.unwrap_or_default();
            let end = start + at.map_or(0, |_| written.len());
            let mut diagnostic =
                Diagnostic::warning(code::UNRESOLVED_EXPRESSION, format!("left out: {problem}"))
                    .at(Span { source, start, end }, "has no value here");
            if count > 1 {
                diagnostic = diagnostic.help(format!("it appears {count} times in the file"));
            }
            diagnostics.push(diagnostic);
        }
    }

    pub(super) fn imported(self) -> Imported {
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
        files.extend(self.role_files());
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

    /// Roles on the service and of its identity; others have nothing to do with it.
    fn role_files(&self) -> Vec<ExportFile> {
        let mut names = Names::default();
        let mut files = Vec::new();
        for found in &self.roles {
            let is_on_service = found.scope.to_lowercase().contains(SERVICES)
                || found.scope.to_lowercase().starts_with(&SERVICES[11..]);
            if !is_on_service && found.principal.is_some() {
                continue;
            }
            let role = found.role.rsplit('/').next().unwrap_or_default();
            let role = role_name(role);
            let scope = (!is_on_service).then(|| Scope::new(&found.scope));
            let principal = match &found.principal {
                None => Principal::ServiceIdentity,
                Some(id) => Principal::Object {
                    id,
                    kind: found.principal_type.as_deref(),
                },
            };
            let description = found.description.as_deref();
            let body = RoleAssignmentView::body(&role, scope.as_ref(), principal, description);
            let name = names.unique(&resource_name(&role).unwrap_or_else(|| "role".to_owned()));
            files.push(ExportFile {
                path: format!(
                    "{}s/{}.yaml",
                    ROLE_ASSIGNMENT.info.slug,
                    export::file_name(&name)
                ),
                bytes: export::manifest(&ROLE_ASSIGNMENT, &name, Value::Object(body)),
            });
        }
        files
    }
}
