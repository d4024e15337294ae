//! Documents behind an address of the web: fetched when a plan is made, so that it can tell whether
//! they differ.

use std::sync::Arc;

use serde_json::Value;

use super::failure::Failure;
use super::session::Session;
use crate::manifest::Described;
use crate::provider::arm::ArmClient;

/// Fetches every linked document and puts it where a file's would be.
pub(super) async fn fetch(session: &mut Session, client: &ArmClient) -> Result<(), Failure> {
    for (address, link) in session.desired.links.clone() {
        if !session.options.only.is_empty() && !session.options.only.covers(&address) {
            continue;
        }
        let (file, position) = session.sources.locate(link.place);
        let place = format!("{file}:{}:{}", position.line, position.column);
        let text = client
            .fetch(&link.url)
            .await
            .map_err(|error| Failure::error(format!("{place}: {error}")))?;
        let described = Described::new(Some(&link.url), Arc::from(text), Some(link.url.clone()));
        if let Some(problem) = &described.problem {
            return Err(Failure::error(format!("{place}: {}", problem.message)));
        }
        let Some(declared) = session.desired.resources.get_mut(&address) else {
            continue;
        };
        let body = &mut declared.resource.body;
        let specification = described.specification_value(body.get("specification"));
        body.insert("specification".to_owned(), specification);
        body.insert(
            "source".to_owned(),
            Value::String(described.document.digest.clone()),
        );
        declared.document = Some(Arc::new(described.document));
    }
    Ok(())
}
