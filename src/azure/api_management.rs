//! Reading an instance of API Management: its APIs, version sets and descriptions.

use std::fmt;

use serde_json::{Value, json};

use super::client::{ArmClient, Effect};
use super::service::ArmService;
use crate::kinds;
use crate::live::{ErrorKind, ServiceError};
use crate::model::Address;

/// The `api-version` of every request here: the newest stable one whose exports have
/// `value.link` (documented).
const API_VERSION: &str = "2024-05-01";

/// The `api-version` of the action that copies APIs into API Center (observed).
const IMPORT_VERSION: &str = "2024-03-01";

/// An instance of API Management, or one of its workspaces, by its ARM id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InstanceId {
    service: String,
    workspace: Option<String>,
}

impl InstanceId {
    /// Takes an id apart: that of an instance, of a workspace, or of an API in one, whose name comes
    /// second.
    ///
    /// # Errors
    /// [`ErrorKind::Configuration`] for any other text.
    pub fn parse(id: &str) -> Result<(Self, Option<String>), ServiceError> {
        let steps: Vec<&str> = id.trim().trim_matches('/').split('/').collect();
        let is = |at: usize, word: &str| {
            steps
                .get(at)
                .is_some_and(|step| step.eq_ignore_ascii_case(word))
        };
        let is_instance = is(0, "subscriptions")
            && is(2, "resourceGroups")
            && is(4, "providers")
            && is(5, "Microsoft.ApiManagement")
            && is(6, "service")
            && steps.iter().all(|step| !step.is_empty());
        let (workspace, rest) = match steps.get(8..) {
            Some([word, name, rest @ ..]) if word.eq_ignore_ascii_case("workspaces") => {
                (Some((*name).to_owned()), rest)
            }
            Some(rest) => (None, rest),
            None => return Err(invalid_instance(id)),
        };
        let api = match rest {
            [] => None,
            [word, name] if word.eq_ignore_ascii_case("apis") => Some((*name).to_owned()),
            _ => return Err(invalid_instance(id)),
        };
        if !is_instance {
            return Err(invalid_instance(id));
        }
        let service = format!("/{}", steps[..8].join("/"));
        Ok((Self { service, workspace }, api))
    }

    /// The name of the instance.
    #[must_use]
    pub fn name(&self) -> &str {
        kinds::wire_name(&self.service)
    }
}

impl fmt::Display for InstanceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.service)?;
        match &self.workspace {
            Some(workspace) => write!(f, "/workspaces/{workspace}"),
            None => Ok(()),
        }
    }
}

fn invalid_instance(id: &str) -> ServiceError {
    let text = format!(
        "`{id}` is not the id of an API Management instance, such as /subscriptions/…/resourceGroups/…\
         /providers/Microsoft.ApiManagement/service/NAME"
    );
    ServiceError::new(ErrorKind::Configuration, text)
}

/// An instance of API Management behind the client.
#[derive(Debug, Clone)]
pub struct ApiManagement {
    client: ArmClient,
    id: InstanceId,
}

impl ApiManagement {
    /// The instance of that id.
    #[must_use]
    pub fn new(client: ArmClient, id: InstanceId) -> Self {
        Self { client, id }
    }

    /// The instance itself.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if it does not exist, and as described by [`ErrorKind`].
    pub async fn instance(&self) -> Result<Value, ServiceError> {
        let found = self.client.get(&self.id.service, API_VERSION).await?;
        found.ok_or_else(|| missing(&format!("the API Management instance `{}`", self.id.name())))
    }

    /// Its APIs, without those revisions that are not current.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn apis(&self) -> Result<Vec<Value>, ServiceError> {
        let mut apis = self
            .client
            .list(&format!("{}/apis", self.id), API_VERSION)
            .await?;
        apis.retain(|api| {
            let name = api["name"].as_str().unwrap_or_default();
            api["properties"]["isCurrent"] != false && !name.contains(";rev=")
        });
        Ok(apis)
    }

    /// Its version sets.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn version_sets(&self) -> Result<Vec<Value>, ServiceError> {
        let path = format!("{}/apiVersionSets", self.id);
        self.client.list(&path, API_VERSION).await
    }

    /// The API of that name.
    ///
    /// # Errors
    /// [`ErrorKind::NotFound`] if it does not exist, and as described by [`ErrorKind`].
    pub async fn api(&self, name: &str) -> Result<Value, ServiceError> {
        let found = self.client.get(&self.path(name), API_VERSION).await?;
        let what = format!(
            "the API `{name}` in the API Management instance `{}`",
            self.id.name()
        );
        found.ok_or_else(|| missing(&what))
    }

    /// The description of an API as API Management exports it; `None` for a type that has none.
    ///
    /// # Errors
    /// As described by [`ErrorKind`].
    pub async fn description(&self, api: &Value) -> Result<Option<String>, ServiceError> {
        let name = api["name"].as_str().unwrap_or_default();
        match api["properties"]["type"].as_str() {
            None | Some("http") => self.export(name, "openapi-link").await.map(Some),
            Some("soap") => self.export(name, "wsdl-link").await.map(Some),
            Some("graphql") => self.schema(name).await,
            Some(_) => Ok(None),
        }
    }

    async fn export(&self, name: &str, format: &str) -> Result<String, ServiceError> {
        let path = format!("{}?export=true&format={format}", self.path(name));
        let response = self
            .client
            .get(&path, API_VERSION)
            .await?
            .unwrap_or_default();
        // Older api-versions put the result into `properties`.
        let link = ["/value/link", "/properties/value/link", "/link"]
            .iter()
            .find_map(|pointer| response.pointer(pointer)?.as_str());
        let link = link.ok_or_else(|| {
            let text = format!("API Management returned no download link for the API `{name}`");
            ServiceError::new(ErrorKind::Protocol, text)
        })?;
        self.client.download(link).await
    }

    /// A GraphQL API's description is its schema; `None` if it has none.
    async fn schema(&self, name: &str) -> Result<Option<String>, ServiceError> {
        let list = format!("{}/schemas", self.path(name));
        let schemas = self.client.list(&list, API_VERSION).await?;
        let is_graphql = |schema: &&Value| {
            let content = schema["properties"]["contentType"].as_str();
            content.is_some_and(|content| content.contains("graphql"))
        };
        let Some(schema) = schemas.iter().find(is_graphql) else {
            return Ok(None);
        };
        let value = |schema: &Value| {
            let text = schema.pointer("/properties/document/value")?.as_str()?;
            Some(text.to_owned())
        };
        if let Some(text) = value(schema) {
            return Ok(Some(text));
        }
        // Lists may leave the documents out.
        let own = encoded(schema["name"].as_str().unwrap_or_default());
        let schema = self
            .client
            .get(&format!("{list}/{own}"), API_VERSION)
            .await?;
        schema.as_ref().and_then(value).map(Some).ok_or_else(|| {
            let text =
                format!("API Management returned no text for the schema of the API `{name}`");
            ServiceError::new(ErrorKind::Protocol, text)
        })
    }

    fn path(&self, api: &str) -> String {
        format!("{}/apis/{}", self.id, encoded(api))
    }
}

impl ArmService {
    /// Copies APIs of API Management into this service, by the service itself, and waits for the end.
    /// The ids end with `/apis/NAME`, or with `/apis/*` for all of an instance.
    ///
    /// # Errors
    /// As described by [`ErrorKind`]; [`ErrorKind::OperationFailed`] if the service gave up.
    pub async fn import_from_api_management(&self, ids: &[String]) -> Result<(), ServiceError> {
        let service = Address::top(&kinds::SERVICE.info, "");
        let path = format!("{}/importFromApim", self.path(&service));
        let body = json!({ "sourceResourceIds": ids });
        let effect = Effect::Once;
        let client = self.client();
        client
            .post(&path, IMPORT_VERSION, Some(&body), effect)
            .await
            .map(drop)
    }
}

fn missing(what: &str) -> ServiceError {
    ServiceError::new(ErrorKind::NotFound, format!("{what} does not exist"))
}

/// A name as one segment of a path: names in API Management may contain blanks and more.
fn encoded(name: &str) -> String {
    let mut step = String::with_capacity(name.len());
    for byte in name.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~;=".contains(&byte) {
            step.push(char::from(byte));
        } else {
            step.push_str(&format!("%{byte:02X}"));
        }
    }
    step
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str =
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service/gw";

    #[test]
    fn ids_name_an_instance_a_workspace_or_an_api() {
        for (text, id, api) in [
            (ID.to_owned(), ID.to_owned(), None),
            (format!("{ID}/"), ID.to_owned(), None),
            (ID[1..].to_lowercase(), ID.to_lowercase(), None),
            (format!("{ID}/apis/echo"), ID.to_owned(), Some("echo")),
            (
                format!("{ID}/workspaces/w"),
                format!("{ID}/workspaces/w"),
                None,
            ),
            (
                format!("{ID}/workspaces/w/apis/echo"),
                format!("{ID}/workspaces/w"),
                Some("echo"),
            ),
        ] {
            let (found, name) = InstanceId::parse(&text).unwrap();
            assert_eq!(found.to_string(), id, "{text}");
            assert_eq!(name.as_deref(), api, "{text}");
            assert_eq!(found.name(), "gw");
        }
        for bad in [
            "",
            "gw",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/x",
            "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiManagement/service",
            "/subscriptions//resourceGroups/g/providers/Microsoft.ApiManagement/service/gw",
        ] {
            let error = InstanceId::parse(bad).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Configuration, "{bad}");
        }
        assert!(InstanceId::parse(&format!("{ID}/products/x")).is_err());
    }

    #[test]
    fn names_stay_one_step() {
        assert_eq!(encoded("a b/c%ü"), "a%20b%2Fc%25%C3%BC");
        assert_eq!(encoded("echo-api;rev=2"), "echo-api;rev=2");
    }
}
