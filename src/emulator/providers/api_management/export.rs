//! Exports: a response with a link to the description, valid for five minutes (documented).

use axum::http::StatusCode;
use serde_json::{Value, json};

use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::provider::HandlerContext;
use crate::emulator::core::request::HandlerRequest;
use crate::emulator::core::response::HandlerResponse;
use crate::emulator::providers::api_management::path::ApimPath;
use crate::emulator::providers::api_management::{openapi, records};
use crate::emulator::store::{StoreError, StoredResource, View};

/// An export format: the parameter, and its name in the response (documented).
struct Format {
    parameter: &'static str,
    response_name: &'static str,
    write: Write,
}

/// How a description is written; `None` when the API has none of the kind.
type Write = fn(&ApiDescription) -> Option<String>;

static FORMATS: &[Format] = &[
    Format {
        parameter: "openapi-link",
        response_name: "openapi-link",
        write: ApiDescription::yaml,
    },
    Format {
        parameter: "openapi+json-link",
        response_name: "openapi+json-link",
        write: ApiDescription::json,
    },
    Format {
        parameter: "swagger-link",
        response_name: "swagger-link-json",
        write: ApiDescription::swagger,
    },
    Format {
        parameter: "wsdl-link",
        response_name: "wsdl-link+xml",
        write: ApiDescription::wsdl,
    },
    Format {
        parameter: "wadl-link",
        response_name: "wadl-link-json",
        write: ApiDescription::wadl,
    },
];

/// What is known about an API: the imported document, if there is one, and its operations.
pub(in crate::emulator) struct ApiDescription {
    /// The form of the imported document (`openapi`, `openapi+json`, `wsdl`, …) and its text.
    imported: Option<(String, String)>,
    /// Made of the operations.
    made: Value,
    soap: bool,
}

impl ApiDescription {
    pub(super) fn of(
        view: View<'_>,
        place: &ApimPath,
        api: &StoredResource,
    ) -> Result<Self, StoreError> {
        let form = api
            .record
            .owned
            .get("documentFormat")
            .and_then(Value::as_str);
        let text = view.content(&api.key)?;
        let operations = records::operations(view, api)?;
        let gateway = runtime_uri(view, place, api)?;
        Ok(Self {
            imported: form.map(str::to_owned).zip(text),
            made: openapi::described(&api.record, &operations, &gateway),
            soap: kind(api) == "soap",
        })
    }

    fn imported_as(&self, form: &str) -> Option<&str> {
        let found = self
            .imported
            .as_ref()
            .filter(|(imported, _)| imported == form);
        found.map(|(_, text)| text.as_str())
    }

    /// An imported document in another form is turned into this one; without, one is made.
    fn openapi(&self) -> Value {
        let imported = self
            .imported
            .as_ref()
            .and_then(|(_, text)| openapi::parsed(text));
        imported.unwrap_or_else(|| self.made.clone())
    }

    /// OpenAPI in YAML, byte for byte as imported if it was imported so (chosen here).
    fn yaml(&self) -> Option<String> {
        let as_imported = self.imported_as("openapi").map(str::to_owned);
        let written = || serde_yaml::to_string(&self.openapi()).ok();
        (!self.soap).then(|| as_imported.or_else(written)).flatten()
    }

    fn json(&self) -> Option<String> {
        let as_imported = self.imported_as("openapi+json").map(str::to_owned);
        let written = || serde_json::to_string_pretty(&self.openapi()).ok();
        (!self.soap).then(|| as_imported.or_else(written)).flatten()
    }

    fn swagger(&self) -> Option<String> {
        let written = || serde_json::to_string_pretty(&openapi::as_swagger(&self.openapi())).ok();
        (!self.soap).then(written).flatten()
    }

    fn wsdl(&self) -> Option<String> {
        self.soap
            .then(|| self.imported_as("wsdl").unwrap_or(EMPTY_WSDL).to_owned())
    }

    fn wadl(&self) -> Option<String> {
        (!self.soap).then(|| {
            self.imported_as("wadl-xml")
                .unwrap_or(EMPTY_WADL)
                .to_owned()
        })
    }

    /// The description as an API center takes it over: name and version of the specification, and
    /// the text.
    pub(in crate::emulator) fn native(&self) -> Option<(&'static str, String, String)> {
        if self.soap {
            return Some(("wsdl", "1.1".to_owned(), self.wsdl()?));
        }
        let version = self
            .openapi()
            .get("openapi")
            .and_then(Value::as_str)
            .unwrap_or("3.0.1")
            .to_owned();
        Some(("openapi", version, self.json()?))
    }
}

const EMPTY_WSDL: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<wsdl:definitions xmlns:wsdl=\"http://schemas.xmlsoap.org/wsdl/\" />\n";
const EMPTY_WADL: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<application xmlns=\"http://wadl.dev.java.net/2009/02\" />\n";

/// The API's type: `http`, `soap`, `graphql`, `websocket`, …
pub(super) fn kind(api: &StoredResource) -> &str {
    api.record
        .properties
        .get("type")
        .and_then(Value::as_str)
        .unwrap_or("http")
}

/// Whether APIs of this type can be exported (documented for HTTP and SOAP; that the others are
/// refused is chosen here).
pub(super) fn is_exportable(api: &StoredResource) -> bool {
    matches!(kind(api), "http" | "soap" | "odata")
}

/// Where the gateway serves an API: the version is in the path only where its set says so.
/// Observed for MCP servers: it ends in `/mcp/messages`.
pub(super) fn runtime_uri(
    view: View<'_>,
    place: &ApimPath,
    api: &StoredResource,
) -> Result<String, StoreError> {
    let text = |name: &str| api.record.properties.get(name).and_then(Value::as_str);
    let scheme = if kind(api) == "websocket" {
        "wss"
    } else {
        "https"
    };
    let mut uri = format!(
        "{scheme}://{}.azure-api.net",
        place.name.to_ascii_lowercase()
    );
    let version = match text("apiVersionSetId") {
        Some(set) if records::is_segment(view, place, set)? => text("apiVersion"),
        _ => None,
    };
    let segments = [text("path"), version];
    for segment in segments
        .into_iter()
        .flatten()
        .filter(|segment| !segment.is_empty())
    {
        uri.push('/');
        uri.push_str(segment);
    }
    if kind(api) == "mcp" {
        uri.push_str("/mcp/messages");
    }
    Ok(uri)
}

/// Handles `?export=true&format=…`.
pub(super) fn link(
    context: &HandlerContext,
    view: View<'_>,
    request: &HandlerRequest,
    place: &ApimPath,
    id: &str,
) -> HandlerResult {
    let api = records::api(view, place, id)?;
    let wanted = request.query.get("format").unwrap_or_default();
    let Some(format) = FORMATS
        .iter()
        .find(|one| one.parameter.eq_ignore_ascii_case(wanted))
    else {
        let known: Vec<&str> = FORMATS.iter().map(|one| one.parameter).collect();
        let message = format!(
            "Invalid export format '{wanted}'. Supported: {}.",
            known.join(", ")
        );
        return Err(refused(&message).into());
    };
    let text = if is_exportable(&api) {
        (format.write)(&ApiDescription::of(view, place, &api)?)
    } else {
        None
    };
    let text = text.ok_or_else(|| {
        refused(&format!(
            "APIs of type '{}' cannot be exported as '{wanted}'.",
            kind(&api)
        ))
    })?;
    let link = format!("{}{}", request.base, context.links.issue_text(text));
    let id = format!("{}/apis/{}", place.instance_id(), api.record.name);
    let result = json!({"format": format.response_name, "value": {"link": link}});
    let version = request.query.get("api-version").unwrap_or_default();
    let mut body = json!({"id": id});
    if version >= "2022-08-01" {
        body["properties"] = result;
    } else {
        body["format"] = result["format"].clone();
        body["value"] = result["value"].clone();
    }
    Ok(HandlerResponse::ok(body))
}

fn refused(message: &str) -> HandlerResponse {
    let error = json!({"code": "ValidationError", "message": message, "details": null});
    HandlerResponse::json(StatusCode::BAD_REQUEST, json!({"error": error}))
}
