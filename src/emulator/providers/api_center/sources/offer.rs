//! Reads the APIs of a source.

use serde_json::{Map, Value, json};

use super::offered::{Offered, OfferedDocument, OfferedVersion};
use crate::emulator::providers::api_center::sources::amazon;
use crate::emulator::providers::api_center::sources::settings::{SourceGateway, SourceSettings};
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::providers::api_management::published::{PublishedApi, published};
use crate::emulator::store::{Changes, StoreError};

/// Documented: the longest title of a resource.
const TITLE: usize = 50;
/// Documented: the longest description of an API.
const DESCRIPTION: usize = 1000;

/// The properties of the environment that stands for a source: observed for API Management, in a
/// list; the other one is made in its likeness.
pub(super) fn environment(gateway: &SourceGateway) -> Map<String, Value> {
    let (title, kind) = match gateway {
        SourceGateway::ApiManagement { .. } => ("Azure API Management", "AzureApiManagement"),
        SourceGateway::Amazon { .. } => ("Amazon API Gateway", "AmazonApiGateway"),
        SourceGateway::Git { .. } => ("Git", "Git"),
    };
    let server = json!({"type": kind, "managementPortalUri": []});
    let entries = [
        ("title", json!(title)),
        ("kind", json!("Production")),
        ("server", server),
    ];
    entries
        .map(|(name, value)| (name.to_owned(), value))
        .into_iter()
        .collect()
}

/// The APIs of a source; the inner `Err` is the reason why they cannot be read.
pub(super) fn of(
    changes: &Changes<'_>,
    settings: &SourceSettings,
) -> Result<Result<Vec<Offered>, String>, StoreError> {
    match &settings.gateway {
        SourceGateway::Amazon { region, .. } => Ok(Ok(amazon::apis(region))),
        SourceGateway::Git { .. } => Ok(Err("A repository has no APIs to copy.".to_owned())),
        SourceGateway::ApiManagement { instance } => {
            let place = ApimPath::of_id(instance);
            let found = match &place {
                Some(place) => published(changes, place)?,
                None => None,
            };
            let missing = || format!("The API Management instance '{instance}' was not found.");
            Ok(found.map(grouped).ok_or_else(missing))
        }
    }
}

/// APIs of one version set are versions of one API; every other one is an API with one version.
pub(super) fn grouped(published: Vec<PublishedApi>) -> Vec<Offered> {
    let mut offered: Vec<Offered> = Vec::new();
    for api in published {
        let origin = match &api.set {
            Some(set) => format!("apiVersionSets/{set}"),
            None => format!("apis/{}", api.id),
        };
        let version = OfferedVersion {
            origin: api.id,
            title: shortened(api.version.as_deref().unwrap_or("Original"), TITLE),
            runtime_uri: api.runtime_uri,
            document: api.document.map(|(name, version, text)| OfferedDocument {
                name: name.to_owned(),
                version,
                text,
            }),
        };
        if let Some(known) = offered.iter_mut().find(|one| one.origin == origin) {
            known.versions.push(version);
            continue;
        }
        offered.push(Offered {
            origin,
            title: shortened(&api.title, TITLE),
            description: api.description.map(|text| shortened(&text, DESCRIPTION)),
            kind: kind(&api.kind),
            versions: vec![version],
        });
    }
    offered
}

/// `REST` is observed; the others follow its style.
fn kind(of_source: &str) -> String {
    match of_source {
        "http" => "REST".to_owned(),
        other => other.to_ascii_uppercase(),
    }
}

fn shortened(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}
