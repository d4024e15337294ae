//! What was edited in the portal, in machine form.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::place::PlaceJson;
use crate::model::{Address, Sources};
use crate::output::drift::DriftView;
use crate::plan::{Author, Change, PLAN_FORMAT};

/// The result of `drift`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct DriftJson {
    /// Version of this form.
    format_version: &'static str,
    /// What was done in the portal: edits, then deletes, then creates.
    changes: Vec<DriftChangeJson>,
    /// How many other live resources are not declared.
    unmanaged: usize,
    /// What `--write` did; absent without it.
    #[serde(skip_serializing_if = "Option::is_none")]
    written: Option<WrittenJson>,
}

/// What was done to one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct DriftChangeJson {
    /// The resource.
    address: String,
    /// Its kind.
    kind: &'static str,
    /// `edited`, `deleted`, `created`, or `conflict` if it was deleted on one side and edited on the other.
    action: &'static str,
    /// What differs, for an edited resource.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    fields: Vec<DriftFieldJson>,
    /// Where the resource is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

/// One field that differs. An absent side is null.
#[derive(Debug, Serialize, JsonSchema)]
struct DriftFieldJson {
    path: String,
    declared: Option<Value>,
    live: Option<Value>,
    /// `portal`, or `both` if it was edited in the repository, too; absent without `--base`.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

/// What was written to the project.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct WrittenJson {
    /// The files that were written, sorted.
    files: Vec<String>,
    /// The files that were removed, sorted.
    removed: Vec<String>,
    /// What was not written.
    not_written: Vec<NotWrittenJson>,
}

/// A resource or a field that is not in the manifests although it differs.
#[derive(Debug, Serialize, JsonSchema)]
struct NotWrittenJson {
    /// The resource.
    address: String,
    /// The field; absent for all of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    field: Option<String>,
    /// Why.
    reason: String,
}

impl DriftJson {
    /// The result in machine form.
    #[must_use]
    pub fn new(view: &DriftView<'_>) -> Self {
        let edited = view.edited.iter().map(|one| edited(one, view.sources));
        let deleted = view.deleted.iter().map(|change| DriftChangeJson {
            fields: Vec::new(),
            action: "deleted",
            ..edited_without_fields(change, view.sources)
        });
        let created = view.created.iter().map(|address| DriftChangeJson {
            address: address.to_string(),
            kind: address.kind().name,
            action: "created",
            fields: Vec::new(),
            source: None,
        });
        let in_conflict = view.in_conflict.iter().map(|address| DriftChangeJson {
            address: address.to_string(),
            kind: address.kind().name,
            action: "conflict",
            fields: Vec::new(),
            source: None,
        });
        let changes = edited.chain(deleted).chain(created).chain(in_conflict);
        Self {
            format_version: PLAN_FORMAT,
            changes: changes.collect(),
            unmanaged: view.unmanaged,
            written: None,
        }
    }

    /// The same after files were written. Each file says whether it is still there.
    #[must_use]
    pub fn written<'a>(
        mut self,
        files: impl IntoIterator<Item = (&'a str, bool)>,
        not_written: impl IntoIterator<Item = (&'a Address, &'a str, &'a str)>,
    ) -> Self {
        let mut written = WrittenJson::default();
        for (path, is_there) in files {
            let list = match is_there {
                true => &mut written.files,
                false => &mut written.removed,
            };
            list.push(path.to_owned());
        }
        let not_written = not_written.into_iter();
        written.not_written = not_written
            .map(|(address, field, reason)| NotWrittenJson {
                address: address.to_string(),
                field: Some(field.to_owned()).filter(|field| !field.is_empty()),
                reason: reason.to_owned(),
            })
            .collect();
        self.written = Some(written);
        self
    }
}

fn edited(change: &Change, sources: &Sources) -> DriftChangeJson {
    let place = |span| PlaceJson::new(span, sources);
    let fields = change.fields.iter();
    let fields = fields.filter(|field| field.author != Some(Author::Repository));
    let fields = fields.map(|field| DriftFieldJson {
        path: field.path.clone(),
        declared: field.after.clone(),
        live: field.before.clone(),
        author: field.author.map(Author::word),
        source: field.place.map(place),
    });
    DriftChangeJson {
        fields: fields.collect(),
        ..edited_without_fields(change, sources)
    }
}

fn edited_without_fields(change: &Change, sources: &Sources) -> DriftChangeJson {
    DriftChangeJson {
        address: change.address.to_string(),
        kind: change.address.kind().name,
        action: "edited",
        fields: Vec::new(),
        source: change.place.map(|span| PlaceJson::new(span, sources)),
    }
}
