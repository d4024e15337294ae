//! Documents on the web or in API Management, fetched when a plan is made, so that it shows whether they
//! differ.

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};

use super::error::{WorkflowError, api_management_error};
use super::event::{Observer, WorkflowEvent};
use crate::azure::{ApiManagement, ArmClient, InstanceId};
use crate::manifest::{Described, MOST_INLINE_BYTES};
use crate::model::view::{self, DefinitionView};
use crate::model::{Address, Origin};
use crate::project::LoadedProject;

/// How many documents are fetched at the same time.
const FETCHES_AT_ONCE: usize = 8;

/// Fetches every linked document.
pub(super) async fn fetch(
    project: &LoadedProject,
    client: &ArmClient,
    observer: &impl Observer,
) -> Result<Vec<(Address, Described)>, WorkflowError> {
    let links = project.desired.links.keys();
    let count = links
        .filter(|address| project.options.selects(address))
        .count();
    if count == 0 {
        return Ok(Vec::new());
    }
    observer.on_event(WorkflowEvent::FetchingDocuments { count });
    let fetches = project
        .desired
        .links
        .iter()
        .filter(|(address, _)| project.options.selects(address))
        .map(|(address, link)| {
            let declared = project.sources.display(link.place);
            async move {
                let described = fetch_one(&link.origin, client)
                    .await
                    .map_err(|error| error.at(&declared))?;
                observer.on_event(WorkflowEvent::DocumentFetched);
                match &described.problem {
                    Some(problem) => {
                        Err(WorkflowError::failed(problem.message.clone()).at(&declared))
                    }
                    None => Ok((address.clone(), described)),
                }
            }
        });
    let fetched = stream::iter(fetches)
        .buffered(FETCHES_AT_ONCE)
        .try_collect()
        .await?;
    observer.on_event(WorkflowEvent::DocumentsFetched);
    Ok(fetched)
}

/// Puts each linked document where the document of a file would be.
pub(super) fn store(project: &mut LoadedProject, fetched: &[(Address, Described)]) {
    for (address, described) in fetched {
        let Some(declared) = project.desired.resources.get_mut(address) else {
            continue;
        };
        let body = &mut Arc::make_mut(&mut declared.resource).body;
        let specification = DefinitionView::of(body).specification();
        let specification = described.specification_value(specification);
        view::set(body, DefinitionView::SPECIFICATION, specification);
        let digest = described.document.digest.clone();
        view::set(body, DefinitionView::SOURCE, digest);
        declared.document = Some(Arc::new(described.document.clone()));
    }
}

async fn fetch_one(origin: &Origin, client: &ArmClient) -> Result<Described, WorkflowError> {
    match origin {
        Origin::Url(url) => {
            let text = client.download(url).await?;
            Ok(Described::new(
                Some(url),
                Arc::from(text),
                Some(url.clone()),
            ))
        }
        Origin::ApiManagement { resource_id, api } => {
            let text = export(resource_id, api, client).await?;
            Ok(Described::new(None, Arc::from(text), None))
        }
    }
}

/// The description of an API in API Management. It is sent inline, so its size is limited.
async fn export(resource_id: &str, api: &str, client: &ArmClient) -> Result<String, WorkflowError> {
    let (id, _) = InstanceId::parse(resource_id)?;
    let instance = ApiManagement::new(client.clone(), id);
    let exported = async {
        let contract = instance.api(api).await?;
        instance.description(&contract).await
    };
    let text = exported
        .await
        .map_err(api_management_error)?
        .ok_or_else(|| {
            WorkflowError::failed(format!(
                "API Management exports no description of the API `{api}`"
            ))
            .help("leave `source` out for a definition without a document")
        })?;
    if text.len() > MOST_INLINE_BYTES {
        return Err(WorkflowError::failed(format!(
            "the description of the API `{api}` has {} bytes; the service takes at most \
             {MOST_INLINE_BYTES} (3 MB) inline",
            text.len()
        )));
    }
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::azure::{ClientOptions, Endpoint, StaticToken};
    use crate::live::ErrorKind;

    #[tokio::test]
    async fn an_error_of_a_link_stays_an_error_of_a_request() {
        let endpoint = Endpoint::custom("http://127.0.0.1:1", None, None).unwrap();
        let token = Arc::new(StaticToken::new("x").unwrap());
        let client = ArmClient::new(ClientOptions::new(endpoint, token)).unwrap();
        let origin = Origin::Url("http://example.com/x".to_owned());
        let error = fetch_one(&origin, &client).await.unwrap_err();
        let WorkflowError::Service { error, place, .. } = error.at("a.yaml:1:1") else {
            panic!("not an error of a request");
        };
        assert_eq!(error.kind(), ErrorKind::Protocol);
        assert_eq!(place.as_deref(), Some("a.yaml:1:1"));
    }
}
