//! The form of an undo file on the disk.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::file::{Held, Record, UndoFile};
use crate::kinds;
use crate::model::{Address, Body, ServiceId};
use crate::plan::{Target, canonical_json};

/// Version of the form of the file.
const FORMAT: &str = "1.0";

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
