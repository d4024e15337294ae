//! Documents that lie elsewhere, on the web or in API Management: fetched when a plan is made, so that
//! it can tell whether they differ.

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;

use super::failure::Failure;
use crate::azure::{ApiManagement, ArmClient, InstanceId};
use crate::live::{ErrorKind, ServiceError};
use crate::manifest::{Described, MOST_INLINE_BYTES};
use crate::model::{Address, Origin};
use crate::project::LoadedProject;

/// How many documents are fetched at the same time.
const FETCHES_AT_ONCE: usize = 8;

/// Fetches every linked document and puts it where a file's would be.
pub(super) async fn fetch(project: &mut LoadedProject, client: &ArmClient) -> Result<(), Failure> {
    let only = &project.options.only;
    let wanted = |address: &Address| only.is_empty() || only.covers(address);
    let links = project.desired.links.iter();
    let fetches = links
        .filter(|(address, _)| wanted(address))
        .map(|(address, link)| {
            let (file, position) = project.sources.locate(link.place);
            let place = format!("{file}:{}:{}", position.line, position.column);
            async move {
                let described = fetch_one(&link.origin, client).await;
                let described = described.map_err(|failure| failure.prefixed(&place))?;
                match &described.problem {
                    Some(problem) => Err(Failure::error(format!("{place}: {}", problem.message))),
                    None => Ok((address.clone(), described)),
                }
            }
        });
    let fetched: Vec<(Address, Described)> = stream::iter(fetches)
        .buffered(FETCHES_AT_ONCE)
        .try_collect()
        .await?;
    for (address, described) in fetched {
        let Some(declared) = project.desired.resources.get_mut(&address) else {
            continue;
        };
        let body = &mut declared.resource.body;
        let specification = described.specification_value(body.get("specification"));
        body.insert("specification".to_owned(), specification);
        let digest = Value::String(described.document.digest.clone());
        body.insert("source".to_owned(), digest);
        declared.document = Some(Arc::new(described.document));
    }
    Ok(())
}

async fn fetch_one(origin: &Origin, client: &ArmClient) -> Result<Described, Failure> {
    match origin {
        Origin::Url(url) => {
            let text = client.download(url).await;
            let text = text.map_err(|error| Failure::error(error.to_string()))?;
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

/// The description of an API in API Management. It is sent on inline, so its size has an end.
async fn export(resource_id: &str, api: &str, client: &ArmClient) -> Result<String, Failure> {
    let (id, _) = InstanceId::parse(resource_id)?;
    let instance = ApiManagement::new(client.clone(), id);
    let exported = async {
        let contract = instance.api(api).await?;
        instance.description(&contract).await
    };
    let text = exported.await.map_err(apim_failure)?.ok_or_else(|| {
        Failure::error(format!(
            "API Management exports no description of the API `{api}`"
        ))
        .help("leave `source` out for a definition without a document")
    })?;
    if text.len() > MOST_INLINE_BYTES {
        return Err(Failure::error(format!(
            "the description of the API `{api}` has {} bytes; the service takes at most \
             {MOST_INLINE_BYTES} (3 MB) inline",
            text.len()
        )));
    }
    Ok(text)
}

/// What an API Management instance that cannot be read means.
pub(super) fn apim_failure(error: ServiceError) -> Failure {
    let kind = error.kind();
    let message = error.to_string();
    let failure = Failure::from(error);
    match kind {
        ErrorKind::Authorization => Failure::new(failure.exit(), message).help(
            "reading API Management needs the role API Management Service Reader Role on the instance",
        ),
        ErrorKind::NotFound => failure.or_help(
            "check the id and the name; -t names the target whose cloud and credentials are used",
        ),
        _ => failure,
    }
}
