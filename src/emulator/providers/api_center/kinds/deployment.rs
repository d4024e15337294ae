//! Deployments of an API.

use serde_json::{Map, Value, json};

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::field::{
    DefaultValue, FieldRule, Form, TITLE, defaulted, optional, up_to,
};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::invalid;
use crate::emulator::providers::api_center::kind::{PutRequest, ResourceKind};
use crate::emulator::store::Record;

pub(in crate::emulator) struct DeploymentKind;

/// `state` is missing on purpose: sent in recordings, never returned.
static FIELDS: &[FieldRule] = &[
    optional("title", TITLE),
    optional("description", up_to(500)),
    optional("environmentId", up_to(usize::MAX)),
    optional("definitionId", up_to(usize::MAX)),
    optional("server", Form::Object(SERVER)),
    defaulted("customProperties", Form::Any, DefaultValue::EmptyObject),
];
static SERVER: &[FieldRule] = &[optional(
    "runtimeUri",
    Form::List {
        most: usize::MAX,
        item: &up_to(200),
    },
)];

/// A reference: the property, its form, and the form as the service's messages write it.
struct Reference {
    property: &'static str,
    segments: &'static [&'static str],
    form: &'static str,
}

static REFERENCES: &[Reference] = &[
    Reference {
        property: "environmentId",
        segments: &["workspaces", "environments"],
        form: "/workspaces/{0}/environments/{1}",
    },
    Reference {
        property: "definitionId",
        segments: &["workspaces", "apis", "versions", "definitions"],
        form: "/workspaces/{0}/apis/{1}/versions/{2}/definitions/{3}",
    },
];

impl ResourceKind for DeploymentKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/apis/deployments"
    }

    fn name_parameter(&self) -> &'static str {
        "DeploymentName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    fn most(&self) -> (u64, u64) {
        (10, 10)
    }

    fn entity(&self) -> Option<&'static str> {
        Some("deployment")
    }

    fn owned(&self, _old: Option<&Record>, _now: Ticks) -> Map<String, Value> {
        Map::from_iter([("recommended".to_owned(), json!(false))])
    }

    fn source_owned(&self) -> &'static [&'static str] {
        &["server/runtimeUri"]
    }

    /// References are relative to the service (observed) and must exist (chosen here; the form's
    /// message is the observed one of another property).
    fn check(&self, put: &PutRequest<'_>) -> HandlerResult<()> {
        let mut problems = Vec::new();
        for reference in REFERENCES {
            let Some(id) = put
                .properties
                .get(reference.property)
                .and_then(Value::as_str)
            else {
                continue;
            };
            if !has_form(id, reference.segments) {
                problems.push(format!(
                    "The '{}' is in an incorrect format. The correct format is: '{}'",
                    reference.property, reference.form
                ));
                continue;
            }
            let key = format!("{}{}", put.service.as_str(), id.to_ascii_lowercase());
            if put.view.resource(&key)?.is_none() {
                problems.push(format!(
                    "The resource '{id}' referenced by '{}' does not exist.",
                    reference.property
                ));
            }
        }
        if problems.is_empty() {
            Ok(())
        } else {
            Err(invalid(problems).into())
        }
    }
}

/// Whether the id is `/{segment}/{name}` for each of these segments, and nothing else.
fn has_form(id: &str, segments: &[&str]) -> bool {
    let mut parts = id.split('/');
    parts.next() == Some("")
        && segments.iter().all(|segment| {
            parts
                .next()
                .is_some_and(|part| part.eq_ignore_ascii_case(segment))
                && parts.next().is_some_and(|name| !name.is_empty())
        })
        && parts.next().is_none()
}
