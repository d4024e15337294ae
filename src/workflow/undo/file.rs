//! The file in which an apply records what it is about to change.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use crate::kinds;
use crate::model::{Address, Body, Document, Files, LiveState, Role, ServiceId};
use crate::plan::{Target, canonical_json};

/// Version of the form of the file.
const FORMAT: &str = "1.0";

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

/// Why a file is not an undo file as it was written, as the end of a sentence about the file.
#[derive(Debug)]
pub struct UndoFileProblem(String);

impl fmt::Display for UndoFileProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FileJson {
    /// Says what the file is, and the version of its form.
    undo_format_version: String,
    plan_id: String,
    target: String,
    subscription_id: String,
    resource_group: String,
    service: String,
    complete: bool,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    renames: Vec<RenameJson>,
    resources: Vec<RecordJson>,
    #[serde(default)]
    digest: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RenameJson {
    former: String,
    present: String,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct RecordJson {
    address: String,
    before: Option<Held>,
    after: Option<Body>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    between: Vec<Body>,
}

impl UndoFile {
    /// Reads the bytes of a file.
    ///
    /// # Errors
    /// If they are not an undo file, or not as this version wrote it.
    pub fn parse(bytes: &[u8]) -> Result<Self, UndoFileProblem> {
        let no_file =
            |error: serde_json::Error| UndoFileProblem(format!("is not an undo file: {error}"));
        let document: Value = serde_json::from_slice(bytes).map_err(no_file)?;
        let format = &document["undoFormatVersion"];
        if format.as_str().is_some_and(|format| format != FORMAT) {
            let text = format!("has undo format {format}, and this program reads format {FORMAT}");
            return Err(UndoFileProblem(text));
        }
        let json = FileJson::deserialize(&document).map_err(no_file)?;
        if json.digest != digest_of(document) {
            let text = "was altered after it was written: its digest is not that of its content";
            return Err(UndoFileProblem(text.to_owned()));
        }
        Self::of_json(json)
    }

    fn of_json(json: FileJson) -> Result<Self, UndoFileProblem> {
        let mut records = BTreeMap::new();
        for one in json.resources {
            let record = Record {
                before: one.before,
                after: one.after,
                between: one.between,
            };
            records.insert(address(&one.address)?, record);
        }
        let renames = json.renames.iter();
        let renames = renames.map(|one| Ok((address(&one.former)?, address(&one.present)?)));
        Ok(Self {
            plan_id: json.plan_id,
            target: Target {
                name: json.target,
                service: ServiceId {
                    subscription: json.subscription_id,
                    resource_group: json.resource_group,
                    name: json.service,
                },
            },
            complete: json.complete,
            renames: renames.collect::<Result<_, UndoFileProblem>>()?,
            records,
        })
    }

    /// The file: same content, same bytes. It has a digest of everything else in it.
    #[must_use]
    pub fn to_json(&self) -> Value {
        let service = &self.target.service;
        let renames = self.renames.iter().map(|(former, present)| RenameJson {
            former: former.to_string(),
            present: present.to_string(),
        });
        let resources = self.records.iter().map(|(address, record)| RecordJson {
            address: address.to_string(),
            before: record.before.clone(),
            after: record.after.clone(),
            between: record.between.clone(),
        });
        let json = FileJson {
            undo_format_version: FORMAT.to_owned(),
            plan_id: self.plan_id.clone(),
            target: self.target.name.clone(),
            subscription_id: service.subscription.clone(),
            resource_group: service.resource_group.clone(),
            service: service.name.clone(),
            complete: self.complete,
            renames: renames.collect(),
            resources: resources.collect(),
            digest: String::new(),
        };
        let mut value = serde_json::to_value(json).unwrap_or_default();
        value["digest"] = digest_of(value.clone()).into();
        value
    }

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

fn address(text: &str) -> Result<Address, UndoFileProblem> {
    let unknown = || UndoFileProblem(format!("has `{text}`, which is not an address"));
    kinds::parse_address(text).ok_or_else(unknown)
}

/// `sha256:` and the digest of everything but the digest itself: the layout of the file does not matter.
fn digest_of(mut document: Value) -> String {
    if let Some(fields) = document.as_object_mut() {
        fields.shift_remove("digest");
    }
    let hash = Sha256::digest(canonical_json(&document));
    let digits: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    format!("sha256:{digits}")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn sample() -> UndoFile {
        let body = |value: Value| value.as_object().unwrap().clone();
        let api = Address::top(&kinds::API.info, "orders");
        let mut held = Held {
            body: body(json!({"title": "A", "n": 1.50})),
            document: Some("a\r\n\u{feff}\u{1b}".to_owned()),
            ..Held::default()
        };
        held.keep_files(&[("a/b".to_owned(), vec![0, 255])].into());
        let record = Record {
            before: Some(held),
            after: None,
            between: vec![body(json!({"title": "B"}))],
        };
        UndoFile {
            plan_id: "p2-1".to_owned(),
            target: Target {
                name: "prod".to_owned(),
                service: ServiceId {
                    subscription: "s".to_owned(),
                    resource_group: "g".to_owned(),
                    name: "c".to_owned(),
                },
            },
            complete: false,
            renames: vec![(api.clone(), Address::top(&kinds::API.info, "new"))],
            records: [(api, record)].into(),
        }
    }

    #[test]
    fn a_file_comes_back_as_it_was_written() {
        let file = sample();
        let text = serde_json::to_string_pretty(&file.to_json()).unwrap();
        let back = UndoFile::parse(text.as_bytes()).unwrap();
        assert_eq!(back, file);
        let held = back
            .records
            .values()
            .next()
            .unwrap()
            .before
            .as_ref()
            .unwrap();
        let document = held.content("d").unwrap();
        assert_eq!(document.files.unwrap()["a/b"], [0, 255]);
        assert_eq!(&*document.text, "a\r\n\u{feff}\u{1b}");
    }

    #[test]
    fn any_other_content_is_noticed() {
        let text = serde_json::to_string(&sample().to_json()).unwrap();
        for (old, new, words) in [
            ("\"A\"", "\"Z\"", "altered"),
            ("\"complete\":false", "\"complete\":true", "altered"),
            ("1.0\"", "2.0\"", "format"),
            ("api/orders", "nope/orders", "altered"),
            ("\"planId\"", "\"planid\"", "not an undo file"),
        ] {
            let changed = text.replacen(old, new, 1);
            assert_ne!(changed, text);
            let problem = UndoFile::parse(changed.as_bytes()).unwrap_err().to_string();
            assert!(problem.contains(words), "{old}: {problem}");
        }
        assert!(UndoFile::parse(&text.as_bytes()[..100]).is_err());
        assert!(UndoFile::parse(b"{}").is_err());
    }
}
