//! Content that is read and written by actions of its own: documents and folders.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::stream::{Stream, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value, json};

use super::archive;
use super::cache::Entry;
use super::client::Effect;
use super::live_content::LiveContent;
use super::service::ArmService;
use crate::document;
use crate::kinds::{self, Content, ContentForm, Presence};
use crate::live::{ErrorKind, ReadScope, ServiceError};
use crate::model::{Address, Document, Files, LiveResource, Resource};

/// How many contents are read at the same time; each may be some megabytes.
const CONTENTS_AT_ONCE: usize = 16;

/// The formats of a document on the wire: `inline` is observed, `link` documented.
const INLINE: &str = "inline";
const LINK: &str = "link";

/// The format of a folder on the wire (observed).
const ZIP: &str = "inline-zip";

/// A resource whose content is to be read.
#[derive(Debug)]
pub(super) struct ContentRequest {
    address: Address,
    content: &'static Content,
    presence: Presence,
    /// When the resource was last modified, if that says whether the content is another one.
    modified: Option<String>,
}

impl ContentRequest {
    /// The request for the content of a resource, if it has some that is wanted.
    pub(super) fn of(
        address: &Address,
        envelope: &Map<String, Value>,
        scope: &ReadScope,
    ) -> Option<Self> {
        let content = kinds::of(address).content.as_ref()?;
        let properties = envelope.get("properties")?.as_object()?;
        let is_wanted = content.readers_may_export
            || scope.wants_text(address)
            || scope.digests.contains_key(address);
        let presence = (content.presence)(properties);
        if presence == Presence::Absent || !is_wanted || !scope.wants_content(address) {
            return None;
        }
        let modified = envelope
            .get("systemData")
            .filter(|_| content.changes_modified_time)
            .and_then(|data| data.get("lastModifiedAt")?.as_str());
        Some(Self {
            address: address.clone(),
            content,
            presence,
            modified: modified.map(str::to_owned),
        })
    }
}

impl ContentRequest {
    /// The error for an export that returned nothing although the resource has content.
    fn contradicted(&self, error: ServiceError) -> ServiceError {
        let what = match self.content.form {
            ContentForm::Document { .. } => "document",
            ContentForm::Folder(rules) => rules.noun,
        };
        let (noun, evidence) = (self.address.kind().noun, self.content.evidence);
        let text = format!("the {noun} has a {what}, because {evidence}");
        error.with_context(&text).with_help(
            "run the command again; if it fails again, upload the content again, for example in the portal",
        )
    }
}

/// The content of a resource, as it was read.
#[derive(Debug)]
pub(super) struct ReadContent {
    request: ContentRequest,
    content: LiveContent,
}

impl ReadContent {
    /// Adds the content to its resource.
    pub(super) fn add_to(self, resources: &mut BTreeMap<Address, LiveResource>) {
        let Self { request, content } = self;
        let Some(live) = resources.get_mut(&request.address) else {
            return;
        };
        if let Some(digest) = content.digest {
            let field = request.content.field.to_owned();
            live.resource.body.insert(field, Value::String(digest));
        }
        live.text = content.text;
        live.files = content.files;
    }
}

/// What an export returned.
#[derive(Debug, PartialEq, Eq)]
enum Exported {
    /// The document itself.
    Text(String),
    /// The address of the document.
    Link(String),
    /// A folder of files: a zip archive in base64.
    Archive(String),
    /// An empty text, which is what was imported. Manifests cannot declare that: it counts as none.
    Empty,
}

impl Exported {
    /// Reads the result of an export; `None` if it has no value.
    fn parse(result: &Value, content: &Content) -> Result<Option<Self>, ServiceError> {
        let action = content.export_action;
        let error = |text: String| Err(ServiceError::new(ErrorKind::Protocol, text));
        let value = match result.get("value") {
            None | Some(Value::Null) => return Ok(None),
            Some(Value::String(value)) => value,
            Some(_) => return error(format!("{action} returned a `value` that is not a text")),
        };
        let Some(format) = result.get("format").and_then(Value::as_str) else {
            return error(format!("{action} returned no `format`"));
        };
        let is = |known: &str| format.eq_ignore_ascii_case(known);
        let exported: fn(String) -> Self = match content.form {
            ContentForm::Document { .. } if is(INLINE) => Self::Text,
            ContentForm::Document { .. } if is(LINK) => Self::Link,
            ContentForm::Folder(_) if is(ZIP) => Self::Archive,
            form => {
                let known = match form {
                    ContentForm::Document { .. } => format!("`{INLINE}` or `{LINK}`"),
                    ContentForm::Folder(_) => format!("`{ZIP}`"),
                };
                let text = format!("{action} returned the format `{format}`, expected {known}");
                return error(text);
            }
        };
        Ok(Some(match exported(value.clone()) {
            Self::Text(value) | Self::Archive(value) if value.is_empty() => Self::Empty,
            exported => exported,
        }))
    }
}

impl ArmService {
    /// Reads contents as they are asked for, until no more are.
    pub(super) async fn read_contents(
        &self,
        requests: impl Stream<Item = ContentRequest>,
        scope: &ReadScope,
    ) -> Result<Vec<ReadContent>, ServiceError> {
        requests
            .map(|request| async move {
                let content = self.content(&request, scope).await?;
                Ok(ReadContent { request, content })
            })
            .buffer_unordered(CONTENTS_AT_ONCE)
            .try_collect()
            .await
    }

    /// The content of a resource; only its digest if that is cached and the text is not needed.
    async fn content(
        &self,
        request: &ContentRequest,
        scope: &ReadScope,
    ) -> Result<LiveContent, ServiceError> {
        let path = self.path(&request.address);
        let known = request
            .modified
            .as_ref()
            .and_then(|modified| self.cache.get(&path, modified));
        if let Some(known) = known.filter(|_| !scope.wants_text(&request.address)) {
            let declared = scope.digests.get(&request.address);
            if declared.is_none_or(|declared| *declared == known.digest) {
                return Ok(LiveContent {
                    digest: Some(known.digest),
                    ..LiveContent::default()
                });
            }
        }
        let exported = self.export(request).await;
        let content = exported.map_err(|error| error.with_subject(&request.address))?;
        if let (Some(modified), Some(digest)) = (&request.modified, &content.digest) {
            let entry = Entry {
                modified: modified.clone(),
                digest: digest.clone(),
            };
            self.cache.put(&path, entry);
        }
        Ok(content)
    }

    /// Exports content; empty for a resource that may have none and has none.
    async fn export(&self, request: &ContentRequest) -> Result<LiveContent, ServiceError> {
        let (address, content) = (&request.address, request.content);
        let path = format!("{}/{}", self.path(address), content.export_action);
        let version = kinds::of(address).api_version;
        let response = self.client.post(&path, version, None, Effect::Reads).await;
        let exported = match response {
            Ok(result) => Exported::parse(&result.unwrap_or_default(), content)?,
            Err(error) if error.kind() == ErrorKind::NotFound => match request.presence {
                Presence::Certain if self.has_vanished(address, &error).await => {
                    return Ok(LiveContent::default());
                }
                Presence::Certain => return Err(request.contradicted(error)),
                Presence::Unknown | Presence::Absent => None,
            },
            Err(error) => return Err(error),
        };
        match exported {
            Some(Exported::Text(text)) => Ok(text_document(text)),
            Some(Exported::Link(link)) => Ok(text_document(self.client.download(&link).await?)),
            Some(Exported::Archive(value)) => Ok(archive::decode(&value)),
            None if request.presence == Presence::Certain => {
                let text = format!("{} returned nothing", content.export_action);
                Err(request.contradicted(ServiceError::new(ErrorKind::Protocol, text)))
            }
            Some(Exported::Empty) | None => Ok(LiveContent::default()),
        }
    }

    /// Imports the content of a resource, and waits until the service has checked it.
    pub(super) async fn import_content(
        &self,
        resource: &Resource,
        document: &Document,
    ) -> Result<(), ServiceError> {
        let kind = kinds::of(&resource.address);
        let Some(content) = &kind.content else {
            let text = format!("a {} has no content", kind.info.noun);
            return Err(ServiceError::new(ErrorKind::Configuration, text));
        };
        let body = match content.form {
            ContentForm::Folder(_) => {
                let files = document.files.as_deref();
                let value = archive::encode(files.unwrap_or(&Files::new()))?;
                json!({ "format": ZIP, "value": value })
            }
            ContentForm::Document { format_field } => {
                let (format, value) = match &document.link {
                    Some(link) => (LINK, link.as_str()),
                    None => (INLINE, document.text.as_ref()),
                };
                let described = resource.body.get(format_field).unwrap_or(&Value::Null);
                json!({ "format": format, "value": value, format_field: described })
            }
        };
        let path = format!("{}/{}", self.path(&resource.address), content.import_action);
        self.client
            .post(&path, kind.api_version, Some(&body), Effect::Idempotent)
            .await?;
        Ok(())
    }
}

fn text_document(text: String) -> LiveContent {
    LiveContent {
        digest: Some(document::digest(&text)),
        text: Some(Arc::from(text)),
        files: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::{ANALYZER, API_DEFINITION, Kind};

    fn parsed(kind: &Kind, result: Value) -> Result<Option<Exported>, ServiceError> {
        Exported::parse(&result, kind.content.as_ref().unwrap())
    }

    #[test]
    fn an_export_is_read_by_its_format() {
        for (kind, format, expected) in [
            (&API_DEFINITION, "inline", Exported::Text("x".to_owned())),
            (&API_DEFINITION, "Link", Exported::Link("x".to_owned())),
            (&ANALYZER, "inline-zip", Exported::Archive("x".to_owned())),
        ] {
            let result = parsed(kind, json!({"format": format, "value": "x"}));
            assert_eq!(result.unwrap(), Some(expected), "{format}");
        }
        let empty = parsed(&API_DEFINITION, json!({"format": "inline", "value": ""}));
        assert_eq!(empty.unwrap(), Some(Exported::Empty));
    }

    #[test]
    fn an_export_without_a_value_is_not_an_empty_document() {
        for result in [
            json!(null),
            json!({}),
            json!({"format": "inline"}),
            json!({"format": "inline", "value": null}),
            json!({"status": "Succeeded"}),
        ] {
            assert_eq!(parsed(&API_DEFINITION, result).unwrap(), None);
        }
    }

    #[test]
    fn an_export_in_an_unknown_form_is_an_error() {
        for (kind, result) in [
            (&API_DEFINITION, json!({"format": "zip", "value": "x"})),
            (
                &API_DEFINITION,
                json!({"format": "inline-zip", "value": ""}),
            ),
            (&API_DEFINITION, json!({"format": 1, "value": "x"})),
            (&API_DEFINITION, json!({"value": "x"})),
            (
                &API_DEFINITION,
                json!({"format": "inline", "value": {"a": 1}}),
            ),
            (&ANALYZER, json!({"format": "inline", "value": "x"})),
        ] {
            let error = parsed(kind, result.clone()).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol, "{result}");
        }
    }
}
