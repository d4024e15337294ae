//! What an overlay has to say so that a declared resource becomes another one.

use serde_json::{Map, Value};

use crate::export::{ExportFile, file_name, suffix_of};
use crate::kinds::{self, DocumentSource, NAME};
use crate::model::{Address, Body, DesiredResource, DesiredState, Role};

/// The difference between what is declared and what is wanted of one resource that no other one is above.
#[derive(Debug, Default)]
pub(super) struct Overlay {
    /// The fields, as those of a partial manifest. Empty if there is no difference.
    pub(super) spec: Body,
    /// The documents that it names.
    pub(super) files: Vec<ExportFile>,
    /// What an overlay cannot say, one sentence each.
    pub(super) notes: Vec<String>,
}

impl Overlay {
    /// The overlay for a resource and what is below it; `folder` is where its documents are, seen from the project and
    /// from the overlay.
    pub(super) fn new(
        top: &Address,
        (declared, wanted): (&DesiredState, &DesiredState),
        folder: (&str, &str),
    ) -> Self {
        let mut writer = Writer {
            declared,
            wanted,
            folder,
            overlay: Self::default(),
        };
        let spec = writer.spec(top);
        let mut overlay = writer.overlay;
        overlay.spec = spec;
        overlay
    }
}

struct Writer<'a> {
    declared: &'a DesiredState,
    wanted: &'a DesiredState,
    /// The folder of documents, from the project and from the overlay.
    folder: (&'a str, &'a str),
    overlay: Overlay,
}

impl Writer<'_> {
    /// What differs of a resource, with what is below it.
    fn spec(&mut self, address: &Address) -> Body {
        let none = Body::new();
        let before = self.declared.resources.get(address);
        let Some(after) = self.wanted.resources.get(address) else {
            return none;
        };
        let old = before.map_or(&none, |before| &before.resource.body);
        let mut spec = patch(old, &after.resource.body);
        self.document(address, before, after, &mut spec);
        if let Some(old) = before {
            self.note_items(address, &old.resource.body, &spec);
        }
        for child in kinds::of(address).children {
            let items = self.children(address, &child.kind.info);
            if !items.is_empty() {
                spec.insert(child.field.to_owned(), Value::Array(items));
            }
        }
        spec
    }

    fn children(&mut self, parent: &Address, kind: &'static crate::model::KindInfo) -> Vec<Value> {
        let is_child = |address: &&Address| {
            address.kind() == kind && address.parent().as_ref() == Some(parent)
        };
        let wanted: Vec<Address> = self
            .wanted
            .resources
            .keys()
            .filter(is_child)
            .cloned()
            .collect();
        let removed = self.declared.resources.keys().filter(is_child);
        let removed = removed.filter(|address| !wanted.contains(address));
        for address in removed {
            let note =
                format!("{address}: an overlay cannot remove it; remove it from its manifest");
            self.overlay.notes.push(note);
        }
        let mut items = Vec::new();
        for address in wanted {
            let is_new = !self.declared.resources.contains_key(&address);
            let spec = self.spec(&address);
            if is_new || !spec.is_empty() {
                let mut item = Map::new();
                item.insert(NAME.to_owned(), Value::from(address.own_name()));
                item.extend(spec);
                items.push(Value::Object(item));
            }
        }
        items
    }

    /// Puts the path of a document in place of its digest.
    fn document(
        &mut self,
        address: &Address,
        before: Option<&DesiredResource>,
        after: &DesiredResource,
        spec: &mut Body,
    ) {
        let Some(content) = &kinds::of(address).content else {
            return;
        };
        if spec.shift_remove(content.field).is_none() {
            return;
        }
        let document = after.document.as_ref().filter(|_| !content.is_folder());
        let Some(document) = document else {
            let what = match before {
                Some(_) => "an overlay cannot have it",
                None => "it was not read",
            };
            self.overlay
                .notes
                .push(format!("{address}: its content is left out: {what}"));
            return;
        };
        let suffix = suffix_of("", &document.text);
        let steps = address.segments()[1..].iter();
        let steps: Vec<String> = steps.map(|step| file_name(&step.name)).collect();
        let path = format!("{}.{suffix}", steps.join("/"));
        let (from_project, from_overlay) = self.folder;
        let seen = format!("{from_overlay}/{path}");
        let mut source = DocumentSource::File(&seen).to_value();
        let is_file = |before: &DesiredResource| {
            let document = before.document.as_deref();
            document.is_some_and(|document| document.file.is_some())
        };
        if let (Some(before), Value::Object(fields)) = (before, &mut source)
            && !is_file(before)
        {
            // It is in place of whatever source the manifest names.
            let others = DocumentSource::FIELDS.iter();
            let others = others.filter(|field| **field != DocumentSource::FILE);
            fields.extend(others.map(|field| ((*field).to_owned(), Value::Null)));
        }
        spec.insert(content.field.to_owned(), source);
        self.overlay.files.push(ExportFile {
            path: format!("{from_project}/{path}"),
            bytes: document.text.as_bytes().to_vec(),
        });
    }

    /// Lists whose items have names merge by these.
    fn note_items(&mut self, address: &Address, before: &Body, spec: &Body) {
        for (field, value) in spec {
            let (Some(Value::Array(old)), Value::Array(new)) = (before.get(field), value) else {
                continue;
            };
            let (old, new) = (names(old), names(new));
            let removed = old.iter().filter(|name| !new.contains(name));
            if old.contains(&None) || new.contains(&None) {
                continue;
            }
            for name in removed.flatten() {
                self.overlay.notes.push(format!(
                    "{address}: an overlay cannot remove `{name}` from `{field}`; remove it from the manifest"
                ));
            }
        }
    }
}

fn names(items: &[Value]) -> Vec<Option<&str>> {
    items.iter().map(|item| item[NAME].as_str()).collect()
}

/// The merge patch (RFC 7396) between two bodies.
fn patch(before: &Body, after: &Body) -> Body {
    let mut patch = Body::new();
    for (name, value) in after {
        match (before.get(name), value) {
            (Some(old), new) if old == new => {}
            (Some(Value::Object(old)), Value::Object(new)) => {
                patch.insert(name.clone(), Value::Object(self::patch(old, new)));
            }
            _ => {
                patch.insert(name.clone(), value.clone());
            }
        }
    }
    let removed = before.keys().filter(|name| !after.contains_key(*name));
    patch.extend(removed.map(|name| (name.clone(), Value::Null)));
    patch
}

/// Whether overlays can change resources of this kind field by field.
pub(super) fn can_be_overlaid(address: &Address) -> bool {
    !address.is(Role::MetadataSchema)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn a_patch_says_only_what_differs() {
        let body = |value: Value| value.as_object().cloned().unwrap_or_default();
        let before =
            body(json!({"title": "a", "server": {"type": "x", "uri": [1]}, "old": 1, "same": [1]}));
        let after = body(
            json!({"title": "b", "server": {"type": "x", "uri": [2]}, "new": {"a": 1}, "same": [1]}),
        );
        assert_eq!(
            Value::Object(patch(&before, &after)),
            json!({"title": "b", "server": {"uri": [2]}, "new": {"a": 1}, "old": null})
        );
        assert!(patch(&after, &after).is_empty());
    }
}
