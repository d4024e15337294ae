//! The document of a definition, and the folder of a ruleset, that were replaced in the portal.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::description::described_as;
use super::fields::{Unwritten, overlap};
use super::home::Home;
use super::key_order::keys_before;
use super::step::Step;
use super::texts::{Edited, Texts};
use super::variables::substituted;
use crate::export::{escaped, least_specification};
use crate::kinds::{self, Content, ContentForm, DocumentSource};
use crate::manifest::resolve;
use crate::model::{Body, Files, LiveResource, LiveState, Origin};
use crate::plan::Change;
use crate::project::LoadedProject;
use crate::yaml::Edit;

/// Writes the live content of a resource where the declared one is, if it differs.
pub(super) fn write(
    project: &LoadedProject,
    change: &Change,
    homes: &[Home],
    live: &LiveState,
    texts: &mut Texts<'_>,
) -> Vec<Unwritten> {
    let Some(content) = &kinds::of(&change.address).content else {
        return Vec::new();
    };
    let fields = change.address.kind().content_fields;
    let differs = |wanted: &str| change.fields.iter().any(|one| overlap(wanted, &one.path));
    let (Some(current), true) = (
        live.resources.get(&change.address),
        fields.iter().any(|field| differs(field)),
    ) else {
        return Vec::new();
    };
    let writer = ContentWriter {
        project,
        change,
        content,
        homes,
        current,
    };
    let field = content.field;
    let done = match (content.form, current.resource.body.contains_key(field)) {
        (_, false) => writer.remove(texts),
        (ContentForm::Folder(_), true) => writer.folder(texts),
        (ContentForm::Document { format_field }, true) => {
            let replaced = match differs(field) {
                true => writer.document(texts),
                false => Ok(()),
            };
            replaced.and_then(|()| writer.format(format_field, texts))
        }
    };
    let refused = done.err().into_iter();
    let refused = refused.flat_map(|why| fields.iter().map(move |field| (field, why.clone())));
    refused
        .map(|(field, why)| ((*field).to_owned(), why))
        .collect()
}

struct ContentWriter<'a> {
    project: &'a LoadedProject,
    change: &'a Change,
    content: &'a Content,
    homes: &'a [Home],
    current: &'a LiveResource,
}

impl ContentWriter<'_> {
    /// The home whose value of a key counts.
    fn holder(&self, key: &str) -> Option<&Home> {
        let mut homes = self.homes.iter().rev();
        homes.find(|home| home.node.get(key).is_some())
    }

    /// The service holds no content.
    fn remove(&self, texts: &mut Texts<'_>) -> Result<(), String> {
        for field in self.change.address.kind().content_fields {
            for home in self
                .homes
                .iter()
                .filter(|home| home.node.get(field).is_some())
            {
                if !home.edit(texts, &[Step::key(field)], Edit::Remove) {
                    return Err(cannot_edit(home));
                }
            }
        }
        Ok(())
    }

    fn document(&self, texts: &mut Texts<'_>) -> Result<(), String> {
        let address = &self.change.address;
        if let Some(link) = self.project.desired.links.get(address) {
            return Err(match &link.origin {
                Origin::Url(url) => format!("its document is imported from {url}"),
                Origin::ApiManagement { .. } => {
                    "its document is imported from API Management".to_owned()
                }
            });
        }
        let Some(text) = &self.current.text else {
            return Err("its live document was not read".to_owned());
        };
        let declared = self.project.desired.resources.get(address);
        let document = declared.and_then(|declared| declared.document.as_ref());
        let Some(document) = document else {
            return Err("no file has its document".to_owned());
        };
        if !document.parts.is_empty() {
            return Err("its document is split into several files".to_owned());
        }
        if let Some(file) = &document.file {
            let after = described_as(file, &document.text, text);
            texts.set(file, Edited::Content(after.into_bytes()));
            return Ok(());
        }
        let home = self
            .holder(self.content.field)
            .ok_or("no manifest has it")?;
        let inline = DocumentSource::Inline(text);
        let value = escaped(Value::from(&**text));
        let steps = [Step::key(self.content.field), Step::key(inline.field())];
        let edit = Edit::Set {
            value: &value,
            after: &[],
        };
        match home.edit(texts, &steps, edit) {
            true => Ok(()),
            false => Err(cannot_edit(home)),
        }
    }

    /// What the manifest says of the format, as far as the document does not.
    fn format(&self, field: &str, texts: &mut Texts<'_>) -> Result<(), String> {
        let declared = self.project.desired.resources.get(&self.change.address);
        let declared = declared.and_then(|declared| declared.document.as_ref());
        let text = match (&self.current.text, declared) {
            (Some(text), _) => text,
            (None, Some(document)) => &document.text,
            (None, None) => return Ok(()),
        };
        let live = self.current.resource.body.get(field);
        let least = least_specification(live, text);
        let home = self.holder(field).or(self.homes.first());
        let Some(home) = home else {
            return Ok(());
        };
        let written = home.node.get(field).map(|node| node.to_json());
        let steps = [Step::key(field)];
        let is_made = match (least, written) {
            (None, None) => true,
            (None, Some(written)) if is_within(&written, live) => true,
            (None, Some(_)) => home.edit(texts, &steps, Edit::Remove),
            (Some(least), _) => {
                let schema = (kinds::of(&self.change.address).schema)();
                let after = &keys_before(schema, &steps);
                let value = &escaped(least);
                home.edit(texts, &steps, Edit::Set { value, after })
            }
        };
        match is_made {
            true => Ok(()),
            false => Err(cannot_edit(home)),
        }
    }

    fn folder(&self, texts: &mut Texts<'_>) -> Result<(), String> {
        let Some(files) = &self.current.files else {
            return Err("its live files were not read".to_owned());
        };
        let home = self
            .holder(self.content.field)
            .ok_or("no manifest has it")?;
        let written = home.node.get(self.content.field);
        let written = written.and_then(|node| node.scalar_text());
        let none = BTreeMap::new();
        let values = self.project.target.spec.variables.as_ref();
        let folder = written.map(|written| substituted(written, values.unwrap_or(&none)));
        let folder = folder.and_then(|folder| resolve(&home.path, &folder));
        let folder = folder.ok_or("its folder cannot be found")?;
        let folder = folder.to_string_lossy().replace('\\', "/");
        let declared = self.project.desired.resources.get(&self.change.address);
        let declared = declared.and_then(|declared| declared.document.as_ref());
        let declared = declared.and_then(|document| document.files.clone());
        let before: Arc<Files> = declared.unwrap_or_default();
        for (name, bytes) in files
            .iter()
            .filter(|(name, bytes)| before.get(*name) != Some(*bytes))
        {
            texts.set(&format!("{folder}/{name}"), Edited::Content(bytes.clone()));
        }
        for name in before.keys().filter(|name| !files.contains_key(*name)) {
            texts.set(&format!("{folder}/{name}"), Edited::Removed);
        }
        Ok(())
    }
}

fn cannot_edit(home: &Home) -> String {
    format!("{} shares its value with other fields", home.path)
}

/// Whether what is written is what the service has, as far as it goes.
fn is_within(written: &Value, live: Option<&Value>) -> bool {
    let empty = Body::new();
    let live = live.and_then(Value::as_object).unwrap_or(&empty);
    let mut written = written.as_object().into_iter().flatten();
    written.all(|(key, value)| live.get(key) == Some(value))
}
