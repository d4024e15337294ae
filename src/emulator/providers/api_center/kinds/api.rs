//! APIs.

use serde_json::{Map, Value};

use crate::emulator::core::field::{
    self, DefaultValue, FieldRule, Form, TEXT, TITLE, defaulted, optional, required, up_to,
};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::store::{StoreError, View};

pub(in crate::emulator) struct ApiKind;

static FIELDS: &[FieldRule] = &[
    required("title", TITLE),
    optional("summary", up_to(200)),
    optional("description", up_to(1000)),
    required("kind", TEXT),
    // Documented with a required `url`, but observed to be kept as `{}`.
    optional("termsOfService", Form::Object(TERMS)),
    optional("license", Form::Object(LICENSE)),
    defaulted(
        "externalDocumentation",
        Form::List {
            most: 20,
            item: &Form::Object(DOCUMENTATION),
        },
        DefaultValue::EmptyList,
    ),
    defaulted(
        "contacts",
        Form::List {
            most: usize::MAX,
            item: &Form::Object(CONTACT),
        },
        DefaultValue::EmptyList,
    ),
    defaulted("customProperties", Form::Any, DefaultValue::EmptyObject),
];
static TERMS: &[FieldRule] = &[optional("url", up_to(200))];
static LICENSE: &[FieldRule] = &[
    optional("name", up_to(100)),
    optional("url", up_to(200)),
    optional("identifier", up_to(50)),
];
static DOCUMENTATION: &[FieldRule] = &[
    optional("title", up_to(50)),
    optional("description", up_to(500)),
    required("url", up_to(200)),
];
static CONTACT: &[FieldRule] = &[
    optional("name", up_to(100)),
    optional("url", up_to(200)),
    optional("email", up_to(100)),
];

/// Properties of MCP servers that public deployments send; no description has them.
const OF_MCP_SERVERS: [&str; 11] = [
    "packages",
    "remote",
    "remoteType",
    "vendor",
    "icon",
    "useCases",
    "categories",
    "supportContactInfo",
    "securitySchemes",
    "authSchemas",
    "audience",
];

impl ResourceKind for ApiKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/apis"
    }

    fn name_parameter(&self) -> &'static str {
        "ApiName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    /// Observed: properties that are not known are dropped. Chosen here: those that clients send for MCP servers
    /// are kept.
    fn accepted(&self, sent: &Map<String, Value>) -> Result<Map<String, Value>, Vec<String>> {
        let mut kept = field::read(FIELDS, sent)?;
        let passed = OF_MCP_SERVERS.iter().filter_map(|name| {
            let value = sent.get(*name).filter(|value| !value.is_null())?;
            Some(((*name).to_owned(), value.clone()))
        });
        kept.extend(passed);
        Ok(kept)
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["title", "description", "kind"]
    }

    fn most(&self) -> (u64, u64) {
        (200, 10_000)
    }

    fn entity(&self) -> Option<&'static str> {
        Some("api")
    }

    /// `lifecycleStage` is read-only: absent without versions, else a version's stage (observed for
    /// one version). Chosen here for several: the one created last.
    fn derive(
        &self,
        view: View<'_>,
        key: &str,
        properties: &mut Map<String, Value>,
    ) -> Result<(), StoreError> {
        let newest = view.last_child(key, "versions")?;
        let stage =
            newest.and_then(|version| version.record.properties.get("lifecycleStage").cloned());
        if let Some(stage) = stage {
            let after_kind = properties
                .keys()
                .position(|name| name == "kind")
                .map_or(0, |at| at + 1);
            properties.shift_insert(after_kind, "lifecycleStage".to_owned(), stage);
        }
        Ok(())
    }
}
