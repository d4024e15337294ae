//! Content that is read and written by actions of its own: documents and folders.

use std::sync::Arc;

use futures::stream::{self, StreamExt as _, TryStreamExt as _};
use serde_json::{Map, Value, json};

use super::archive;
use super::cache::Entry;
use super::client::Effect;
use super::live_content::LiveContent;
use super::service::ArmService;
use crate::document;
use crate::kinds::{self, Content, ContentForm};
use crate::live::{ErrorKind, ReadScope, ServiceError};
use crate::model::{Address, Document, Files, LiveState, Resource};

/// How many contents are read at the same time; each may be some megabytes.
const CONTENTS_AT_ONCE: usize = 16;

/// The format of a folder on the wire (observed).
const ZIP: &str = "inline-zip";

/// A resource whose content is to be read.
pub(super) struct ContentRequest {
    address: Address,
    content: &'static Content,
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
        let is_wanted =
            content.readers_may_export || scope.all_texts || scope.digests.contains_key(address);
        if !(content.is_present)(properties) || !is_wanted || !scope.reaches(address) {
            return None;
        }
        let modified = envelope
            .get("systemData")
            .filter(|_| content.changes_modified_time)
            .and_then(|data| data.get("lastModifiedAt")?.as_str());
        Some(Self {
            address: address.clone(),
            content,
            modified: modified.map(str::to_owned),
        })
    }
}

impl ArmService {
    /// Reads contents and adds them to the state.
    pub(super) async fn read_contents(
        &self,
        requests: Vec<ContentRequest>,
        scope: &ReadScope,
        state: &mut LiveState,
    ) -> Result<(), ServiceError> {
        let contents: Vec<(ContentRequest, LiveContent)> = stream::iter(requests)
            .map(|request| async move {
                let content = self.content(&request, scope).await?;
                Ok::<_, ServiceError>((request, content))
            })
            .buffer_unordered(CONTENTS_AT_ONCE)
            .try_collect()
            .await?;
        for (request, content) in contents {
            let Some(live) = state.resources.get_mut(&request.address) else {
                continue;
            };
            if let Some(digest) = content.digest {
                let field = request.content.field.to_owned();
                live.resource.body.insert(field, Value::String(digest));
            }
            live.text = content.text;
            live.files = content.files;
        }
        Ok(())
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
        if let Some(known) = known.filter(|_| !scope.all_texts) {
            let declared = scope.digests.get(&request.address);
            if declared.is_none() || declared == known.digest.as_ref() {
                return Ok(LiveContent {
                    digest: known.digest,
                    ..LiveContent::default()
                });
            }
        }
        let content = self.export(&request.address, request.content).await?;
        if let Some(modified) = &request.modified {
            self.cache.put(
                &path,
                Entry {
                    modified: modified.clone(),
                    digest: content.digest.clone(),
                },
            );
        }
        Ok(content)
    }

    /// Exports content; empty for a resource without any.
    async fn export(
        &self,
        address: &Address,
        content: &Content,
    ) -> Result<LiveContent, ServiceError> {
        let path = format!("{}/{}", self.path(address), content.export_action);
        let version = kinds::of(address).api_version;
        let result = match self.client.post(&path, version, None, Effect::Reads).await {
            Ok(result) => result.unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(LiveContent::default()),
            Err(error) => return Err(error),
        };
        let format = result.get("format").and_then(Value::as_str);
        let value = result.get("value").and_then(Value::as_str);
        let Some(value) = value.filter(|value| !value.is_empty()) else {
            return Ok(LiveContent::default());
        };
        match (content.form, format) {
            (ContentForm::Document { .. }, Some("link")) => {
                Ok(text_document(self.client.download(value).await?))
            }
            (ContentForm::Document { .. }, _) => Ok(text_document(value.to_owned())),
            (ContentForm::Folder(_), Some(ZIP)) => Ok(archive::decode(value)),
            (ContentForm::Folder(_), format) => {
                let text = format!(
                    "the {} comes as `{}`, not as `{ZIP}`",
                    content.field,
                    format.unwrap_or_default()
                );
                let subject = format!("{address}/{}", content.export_action);
                Err(ServiceError::new(ErrorKind::Protocol, text).on("POST", &subject))
            }
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
                    Some(link) => ("link", link.as_str()),
                    None => ("inline", document.text.as_ref()),
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
