//! Integrations with gateways.

use super::path::{get, items, of_item, text, view};
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
        /// URI of the key vault secret with the secret access key.
        AMAZON_SECRET_KEY = "source.amazonApiGateway.secretAccessKey";
        /// Region of the gateway.
        AMAZON_REGION = "source.amazonApiGateway.region";
        /// User-assigned identity that reads the key vault.
        AMAZON_IDENTITY = "source.amazonApiGateway.identity";
        /// Address of the Git repository whose skills and agents are brought in.
        GIT_REPOSITORY = "source.git.repositoryUrl";
        /// What is brought in from it.
        GIT_ASSETS = "source.git.assets";
        /// The type of that.
        GIT_ASSET_TYPE = "source.git.assets.type";
        /// Name of the environment that the APIs are deployed to.
        TARGET_ENVIRONMENT = "targetEnvironment";
        /// Stage that versions get when they are synchronised.
        TARGET_LIFECYCLE_STAGE = "targetLifecycleStage";
        /// When descriptions are imported.
        IMPORT_SPECIFICATION = "importSpecification";
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
        /// URIs of the key vault secrets with the keys; they may be in different vaults.
        keys: Vec<&'a str>,
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
    /// Whether it has a source that is known.
    #[must_use]
    pub fn has_source(self) -> bool {
        get(self.0, Self::SOURCE).is_some()
    }

    /// The source, if it is complete enough to be read.
    #[must_use]
    pub fn source(self) -> Option<IntegrationSource<'a>> {
        if get(self.0, Self::API_MANAGEMENT).is_some() {
            return Some(IntegrationSource::ApiManagement {
                instance: self.instance()?,
                identity: text(self.0, Self::API_MANAGEMENT_IDENTITY),
            });
        }
        let access_key = text(self.0, Self::AMAZON_ACCESS_KEY)?;
        let secret_key = text(self.0, Self::AMAZON_SECRET_KEY);
        Some(IntegrationSource::AmazonApiGateway {
            keys: [access_key].into_iter().chain(secret_key).collect(),
            identity: text(self.0, Self::AMAZON_IDENTITY),
        })
    }

    /// The API Management instance that is its source.
    #[must_use]
    pub fn instance(self) -> Option<Scope> {
        text(self.0, Self::API_MANAGEMENT_ID).map(Scope::new)
    }

    /// Whether it imports every description without being asked for it.
    #[must_use]
    pub fn imports_descriptions(self) -> bool {
        text(self.0, Self::IMPORT_SPECIFICATION) == Some("always")
    }

    /// The region of the Amazon API Gateway that is its source.
    #[must_use]
    pub fn region(self) -> Option<&'a str> {
        text(self.0, Self::AMAZON_REGION)
    }

    /// The address of the Git repository that is its source: no gateway, but skills and agents.
    #[must_use]
    pub fn git_repository(self) -> Option<&'a str> {
        text(self.0, Self::GIT_REPOSITORY)
    }

    /// Whether it brings in assets of a type, such as `skill`, from its Git repository.
    #[must_use]
    pub fn brings_in(self, asset: &str) -> bool {
        let mut types = items(self.0, Self::GIT_ASSETS)
            .iter()
            .filter_map(|item| of_item(item, Self::GIT_ASSET_TYPE)?.as_str());
        types.any(|one| one.eq_ignore_ascii_case(asset))
    }

    /// The fields that identify the gateway. If one changes, what the integration brought in is
    /// lost (chosen here: what the service does then is not recorded).
    pub const GATEWAY_FIELDS: [&'static str; 5] = [
        Self::API_MANAGEMENT_ID,
        Self::AMAZON_ACCESS_KEY,
        Self::AMAZON_SECRET_KEY,
        Self::AMAZON_REGION,
        Self::GIT_REPOSITORY,
    ];

    /// The fields that identify the gateway and differ from another integration's; case does not
    /// matter.
    pub fn other_gateway_fields(self, other: Self) -> impl Iterator<Item = &'static str> {
        Self::GATEWAY_FIELDS.into_iter().filter(move |path| {
            let value = |view: Self| text(view.0, path).map(str::to_ascii_lowercase);
            value(self) != value(other)
        })
    }

    /// Whether an address at which an API is called is one of its gateway's: the name of an API
    /// Management instance is the first part of its host, and hosts of Amazon contain the region
    /// (documented; an instance may have other hosts as well).
    #[must_use]
    pub fn is_called_at(self, uri: &str) -> bool {
        let host = uri.split_once("://").map_or(uri, |(_, rest)| rest);
        let host = host.split(['/', ':']).next().unwrap_or_default();
        let host = host.to_ascii_lowercase();
        let mut labels = host.split('.');
        match (self.instance(), text(self.0, Self::AMAZON_REGION)) {
            (Some(instance), _) => labels
                .next()
                .is_some_and(|first| first.eq_ignore_ascii_case(instance.name())),
            (None, Some(region)) => {
                host.contains("execute-api") && labels.any(|l| l.eq_ignore_ascii_case(region))
            }
            (None, None) => false,
        }
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
