//! What an apply is about to change, as it was: what an undo file holds.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};

use crate::kinds;
use crate::model::{Address, Body, Document, Files, LiveState, Role};
use crate::plan::Target;

/// What an apply was about to change, as it was.
#[derive(Debug, Clone, PartialEq)]
pub struct UndoFile {
    /// The plan that was applied last.
    pub(super) plan_id: String,
    /// The service.
    pub(super) target: Target,
    /// Whether the apply wrote everything.
    pub(super) complete: bool,
    /// Former and present addresses of what got another name.
    pub(super) renames: Vec<(Address, Address)>,
    /// What was written or deleted.
    pub(super) records: BTreeMap<Address, Record>,
}

/// A resource before, during and after an apply.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Record {
    /// What it was; `None` if it did not exist.
    pub(super) before: Option<Held>,
    /// What the apply makes of it; `None` if it deletes it.
    pub(super) after: Option<Body>,
    /// The forms that it has on the way, should the apply be interrupted.
    pub(super) between: Vec<Body>,
}

/// A resource as it was.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Held {
    /// Its canonical form, with the digest of its content.
    pub(super) body: Body,
    /// Fields that no kind models.
    #[serde(default, skip_serializing_if = "Body::is_empty")]
    pub(super) unmodelled: Body,
    /// Whether an integration kept it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub(super) synchronised: bool,
    /// Its content, byte for byte.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) document: Option<String>,
    /// The files of its content, in base64.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(super) files: Option<BTreeMap<String, String>>,
}

impl UndoFile {
    /// Whether it is of this target; the service and the name both count.
    #[must_use]
    pub fn is_of(&self, target: &Target) -> bool {
        self.target.name == target.name && self.target.service.is_same(&target.service)
    }

    /// The target in words.
    #[must_use]
    pub fn target_words(&self) -> String {
        let Target { name, service } = &self.target;
        format!(
            "the target {name}, service {} in resource group {}",
            service.name, service.resource_group
        )
    }

    /// The id of the plan that was applied last.
    #[must_use]
    pub fn plan_id(&self) -> &str {
        &self.plan_id
    }

    /// Whether the apply wrote everything.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// The same once the apply wrote everything.
    #[must_use]
    pub fn completed(mut self) -> Self {
        self.complete = true;
        self
    }

    /// Whether a resource comes or goes with an integration that is written again or deleted.
    pub(super) fn is_left_to_integration(
        &self,
        address: &Address,
        live: Option<&LiveState>,
    ) -> bool {
        let Some(record) = self.records.get(address) else {
            return false;
        };
        if record.is_brought_in() {
            return true;
        }
        let was_kept = record.before.as_ref().is_some_and(|held| held.synchronised);
        if !was_kept || address.is(Role::Environment) {
            return false;
        }
        let is_created = |integration: &Address| {
            let record = self.records.get(integration);
            integration.is(Role::Integration) && record.is_some_and(|one| one.before.is_none())
        };
        let origin = live.and_then(|live| live.origins.get(&address.root()));
        let is_there = live.is_none_or(|live| live.resources.contains_key(address));
        match origin {
            Some(origin) => origin.integrations().any(is_created),
            None => !is_there && self.records.keys().any(is_created),
        }
    }

    /// Adds forms that resources have on the way of another plan; says whether there were others than before.
    pub fn add_between<'a>(
        &mut self,
        forms: impl IntoIterator<Item = (&'a Address, &'a Body)>,
    ) -> bool {
        let mut is_new = false;
        for (address, body) in forms {
            let record = self.records.entry(address.clone()).or_default();
            if !record.between.contains(body) {
                record.between.push(body.clone());
                is_new = true;
            }
        }
        is_new
    }
}

impl Record {
    /// Whether an integration brought it in and the apply deletes it: the integration brings it in again.
    pub(super) fn is_brought_in(&self) -> bool {
        let before = self.before.as_ref();
        self.after.is_none() && before.is_some_and(|held| held.synchronised)
    }
}

impl Held {
    /// What it refers to.
    pub(super) fn references(&self, address: &Address) -> BTreeSet<Address> {
        let kind = kinds::of(address);
        let resource = kind.restored(address.clone(), &self.body, &self.unmodelled, None);
        resource.references
    }

    /// Its content as it is imported.
    pub(super) fn content(&self, digest: &str) -> Option<Document> {
        let files = self.files.as_ref().map(|files| {
            let decoded = files
                .iter()
                .filter_map(|(path, text)| Some((path.clone(), STANDARD.decode(text).ok()?)));
            Arc::new(decoded.collect::<Files>())
        });
        let text = match &self.document {
            Some(text) => Arc::from(text.as_str()),
            None => Arc::from(files.as_ref().map(|_| "")?),
        };
        Some(Document {
            digest: digest.to_owned(),
            text,
            link: None,
            files,
            file: None,
            parts: Vec::new(),
        })
    }

    /// Keeps the files of its content.
    pub(super) fn keep_files(&mut self, files: &Files) {
        let encoded = files
            .iter()
            .map(|(path, bytes)| (path.clone(), STANDARD.encode(bytes)));
        self.files = Some(encoded.collect());
    }
}
