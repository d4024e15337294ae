//! What the catalogue adds to synchronised APIs.

use serde_json::{Value, json};

use super::api::ApiView;
use super::custom_properties::CustomProperties;
use super::path::{items, leaf, of_item, text, view};
use crate::model::Body;

view! {
    /// What the catalogue adds to a synchronised API.
    SyncedApiView {
        /// How the API is found.
        MATCH = "match";
        /// Name of the integration that synchronises it.
        INTEGRATION = "match.integration";
        /// Title of the API in the gateway.
        TITLE = "match.title";
        /// Stages of its versions.
        VERSIONS = "versions";
        /// Title of a version in the gateway.
        VERSION_TITLE = "versions.title";
        /// Stage of a version.
        VERSION_STAGE = "versions.lifecycleStage";
    }
}

/// The stage of a synchronised version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SyncedVersion<'a> {
    /// The title in the gateway.
    pub title: &'a str,
    /// The path of the title in the body, such as `versions[0].title`.
    pub title_path: String,
    /// The declared stage.
    pub stage: Option<&'a str>,
}

impl<'a> SyncedApiView<'a> {
    /// The fields of a synchronised API that the catalogue owns; the gateway owns the others
    /// (documented). They have the same names in an API.
    pub const OWNED_FIELDS: [&'static str; 5] = [
        ApiView::SUMMARY,
        "termsOfService",
        ApiView::LICENSE,
        ApiView::EXTERNAL_DOCUMENTATION,
        CustomProperties::FIELD,
    ];

    /// The name of the integration; empty if it is missing.
    #[must_use]
    pub fn integration(self) -> &'a str {
        text(self.0, Self::INTEGRATION).unwrap_or_default()
    }

    /// The title in the gateway; empty if it is missing.
    #[must_use]
    pub fn title(self) -> &'a str {
        text(self.0, Self::TITLE).unwrap_or_default()
    }

    /// The versions whose stage is declared.
    pub fn versions(self) -> impl Iterator<Item = SyncedVersion<'a>> {
        let versions = items(self.0, Self::VERSIONS).iter().enumerate();
        versions.map(|(i, item)| SyncedVersion {
            title: of_item(item, Self::VERSION_TITLE)
                .and_then(Value::as_str)
                .unwrap_or_default(),
            title_path: format!("{}[{i}].{}", Self::VERSIONS, leaf(Self::VERSION_TITLE)),
            stage: of_item(item, Self::VERSION_STAGE).and_then(Value::as_str),
        })
    }

    /// Sets which API the body is for.
    pub fn set_match(body: &mut Body, integration: &str, title: &str) {
        body.insert(
            Self::MATCH.to_owned(),
            json!({ leaf(Self::INTEGRATION): integration, leaf(Self::TITLE): title }),
        );
    }

    /// Sets the stages of versions, as title and stage.
    pub fn set_versions(body: &mut Body, versions: &[(&str, &str)]) {
        let items = versions.iter().map(|(title, stage)| {
            json!({ leaf(Self::VERSION_TITLE): title, leaf(Self::VERSION_STAGE): stage })
        });
        body.insert(Self::VERSIONS.to_owned(), items.collect());
    }
}
