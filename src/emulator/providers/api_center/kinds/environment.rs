//! Environments.

use axum::http::StatusCode;
use serde_json::json;

use crate::emulator::core::field::{
    DefaultValue, FieldRule, Form, TEXT, TITLE, defaulted, optional, required,
};
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::providers::api_center::kind::ResourceKind;

pub(in crate::emulator) struct EnvironmentKind;

static FIELDS: &[FieldRule] = &[
    required("title", TITLE),
    required("kind", TEXT),
    optional("description", TEXT),
    optional("server", Form::Object(SERVER)),
    optional("onboarding", Form::Object(ONBOARDING)),
    defaulted("customProperties", Form::Any, DefaultValue::EmptyObject),
];
static SERVER: &[FieldRule] = &[
    optional("type", TEXT),
    optional("managementPortalUri", ONE_TEXT),
];
static ONBOARDING: &[FieldRule] = &[
    optional("instructions", TEXT),
    optional("developerPortalUri", ONE_TEXT),
];
const ONE_TEXT: Form = Form::List {
    most: 1,
    item: &TEXT,
};

/// Chosen here, not recorded: an environment that deployments name may be deleted; they keep naming
/// it.
impl ResourceKind for EnvironmentKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/environments"
    }

    fn name_parameter(&self) -> &'static str {
        "EnvironmentName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["server/type"]
    }

    fn most(&self) -> (u64, u64) {
        (20, 20)
    }

    fn entity(&self) -> Option<&'static str> {
        Some("environment")
    }

    fn modified_when_new(&self) -> bool {
        false
    }

    fn missing(&self) -> HandlerResponse {
        let message = "The environment with the specified ID does not exist.";
        HandlerResponse::json(
            StatusCode::NOT_FOUND,
            json!({"code": "404", "message": message}),
        )
    }
}
