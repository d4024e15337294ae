//! Integrations with gateways.

use super::path::{get, text, view};
use crate::model::Scope;

view! {
    /// An integration.
    IntegrationView {
        /// Gateway whose APIs are synchronised.
        SOURCE = "source";
        /// Azure API Management as the source.
        API_MANAGEMENT = "source.apiManagement";
        /// Resource id of the API Management instance.
        API_MANAGEMENT_ID = "source.apiManagement.resourceId";
        /// User-assigned identity that reads the instance.
        API_MANAGEMENT_IDENTITY = "source.apiManagement.identity";
        /// URI of the key vault secret with the access key.
        AMAZON_ACCESS_KEY = "source.amazonApiGateway.accessKey";
        /// User-assigned identity that reads the key vault.
        AMAZON_IDENTITY = "source.amazonApiGateway.identity";
        /// Name of the environment that the APIs are deployed to.
        TARGET_ENVIRONMENT = "targetEnvironment";
        /// Stage that versions get when they are synchronised.
        TARGET_LIFECYCLE_STAGE = "targetLifecycleStage";
    }
}

/// The gateway whose APIs an integration synchronises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum IntegrationSource<'a> {
    /// Azure API Management.
    ApiManagement {
        /// Resource id of the instance.
        instance: Scope,
        /// Resource id of the user-assigned identity that reads it; `None` for the service's own.
        identity: Option<&'a str>,
    },
    /// Amazon API Gateway.
    AmazonApiGateway {
        /// URI of the key vault secret with the access key.
        access_key: &'a str,
        /// Resource id of the user-assigned identity that reads the vault; `None` for the service's own.
        identity: Option<&'a str>,
    },
}

impl<'a> IntegrationSource<'a> {
    /// Resource id of the user-assigned identity that reads the source; `None` for the service's own.
    #[must_use]
    pub fn identity(&self) -> Option<&'a str> {
        match self {
            Self::ApiManagement { identity, .. } | Self::AmazonApiGateway { identity, .. } => {
                *identity
            }
        }
    }
}

impl<'a> IntegrationView<'a> {
    /// The source, if it is complete enough to be read.
    #[must_use]
    pub fn source(self) -> Option<IntegrationSource<'a>> {
        if get(self.0, Self::API_MANAGEMENT).is_some() {
            return Some(IntegrationSource::ApiManagement {
                instance: self.instance()?,
                identity: text(self.0, Self::API_MANAGEMENT_IDENTITY),
            });
        }
        Some(IntegrationSource::AmazonApiGateway {
            access_key: text(self.0, Self::AMAZON_ACCESS_KEY)?,
            identity: text(self.0, Self::AMAZON_IDENTITY),
        })
    }

    /// The API Management instance that is its source.
    #[must_use]
    pub fn instance(self) -> Option<Scope> {
        text(self.0, Self::API_MANAGEMENT_ID).map(Scope::new)
    }

    /// The name of the environment that its APIs are deployed to.
    #[must_use]
    pub fn target_environment(self) -> Option<&'a str> {
        text(self.0, Self::TARGET_ENVIRONMENT)
    }

    /// The stage that versions get when they are synchronised.
    #[must_use]
    pub fn target_lifecycle_stage(self) -> Option<&'a str> {
        text(self.0, Self::TARGET_LIFECYCLE_STAGE)
    }
}
