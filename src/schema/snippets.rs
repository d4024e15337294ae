//! Snippets: whole documents with tab stops, one for every kind and some more for the common cases.

use serde_json::{Map, Value, json};

use crate::kinds;
use crate::manifest;

/// The snippets, in the form that yaml-language-server takes (`${1:name}` is a tab stop).
pub(super) fn all() -> Vec<Value> {
    let mut all = common();
    let mut schemas = vec![("Project", manifest::project_schema())];
    schemas.extend(kinds::declarable().map(|kind| (kind.info.name, (kind.schema)())));
    for (kind, schema) in schemas {
        if !all.iter().any(|snippet| snippet["body"]["kind"] == kind) {
            all.push(smallest(kind, schema));
        }
    }
    all
}

fn snippet(label: &str, description: &str, kind: &str, spec: &Value) -> Value {
    json!({
        "label": label,
        "description": description,
        "body": {
            "apiVersion": "apicenter/v1",
            "kind": kind,
            "metadata": {"name": "${1:name}"},
            "spec": spec,
        },
    })
}

/// What people write most, with more than the fields that must be there.
fn common() -> Vec<Value> {
    let mut all = apis();
    all.extend(metadata_schemas());
    all.extend(gateways());
    all.push(snippet(
        "Analyzer",
        "Spectral rules from a folder of this repository",
        "Analyzer",
        &json!({"title": "${2:House rules}", "ruleset": "${3:./ruleset}"}),
    ));
    all.extend([
        snippet(
            "Environment",
            "A place where APIs run, with the steps to get access",
            "Environment",
            &json!({
                "title": "${2:Production}",
                "kind": "${3|development,testing,staging,production|}",
                "server": {"type": "${4:Azure API Management}"},
                "onboarding": {"instructions": "${5:Ask the platform team for a key.}"},
            }),
        ),
        snippet(
            "Project",
            "The project file apicenter.yaml: an emulator to try things, and the real service",
            "Project",
            &json!({
                "defaultTarget": "local",
                "targets": {
                    "local": {"emulator": "{}"},
                    "${2:prod}": {
                        "subscriptionId": "${3:00000000-0000-0000-0000-000000000000}",
                        "resourceGroup": "${4:rg-apis}",
                        "service": "${5:my-api-center}",
                    },
                },
            }),
        ),
    ]);
    all
}

/// Links to gateways, the roles that they need, and what is added to their APIs.
fn gateways() -> [Value; 4] {
    let instance = "${2:/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/rg-gateways\
                    /providers/Microsoft.ApiManagement/service/contoso-apim}";
    [
        snippet(
            "Integration: API Management",
            "Brings the APIs of an Azure API Management instance in and keeps them in step",
            "Integration",
            &json!({"source": {"apiManagement": {"resourceId": instance}}}),
        ),
        snippet(
            "Integration: Amazon API Gateway",
            "Brings the APIs of Amazon API Gateway in, with keys from a key vault",
            "Integration",
            &json!({"source": {"amazonApiGateway": {
                "accessKey": "${2:https://contoso-vault.vault.azure.net/secrets/aws-access-key}",
                "secretAccessKey":
                    "${3:https://contoso-vault.vault.azure.net/secrets/aws-secret-access-key}",
                "region": "${4:eu-central-1}",
            }}}),
        ),
        snippet(
            "RoleAssignment",
            "A role for the service's own identity, such as reading a gateway",
            "RoleAssignment",
            &json!({
                "role": "${3:API Management Service Reader Role}",
                "scope": instance,
                "principal": {"serviceIdentity": "${4|true|}"},
            }),
        ),
        snippet(
            "SyncedApi",
            "What the catalogue adds to an API that an integration keeps",
            "SyncedApi",
            &json!({
                "match": {"integration": "${2:contoso-apim}", "title": "${3:Orders}"},
                "summary": "${4:What the API is for.}",
            }),
        ),
    ]
}

fn metadata_schemas() -> [Value; 2] {
    [
        snippet(
            "MetadataSchema: choices",
            "A property of your own with a list of values",
            "MetadataSchema",
            &json!({
                "schema": {
                    "type": "string",
                    "title": "${2:Line of business}",
                    "oneOf": [
                        {"const": "${3:retail}", "description": "${4:Shops and customers}"},
                        {"const": "${5:finance}", "description": "${6:Money}"},
                    ],
                },
                "assignedTo": [
                    {"entity": "${7|api,environment,deployment|}", "required": "${8|true,false|}"}
                ],
            }),
        ),
        snippet(
            "MetadataSchema: text",
            "A property of your own with any text, or one that matches a pattern",
            "MetadataSchema",
            &json!({
                "schema": {
                    "type": "string",
                    "title": "${2:Owning team}",
                    "pattern": "${3:^[a-z][a-z0-9-]+\\$}",
                },
                "assignedTo": [
                    {"entity": "${4|api,environment,deployment|}", "required": "${5|true,false|}"}
                ],
            }),
        ),
    ]
}

fn apis() -> Vec<Value> {
    let version = json!({
        "name": "${5:1-0-0}",
        "title": "${6:v1}",
        "lifecycleStage":
            "${7|design,development,testing,preview,production,deprecated,retired|}",
        "definitions": [{
            "name": "${8:openapi}",
            "title": "${9:OpenAPI}",
            "source": {"file": "${10:./openapi.yaml}"},
        }],
    });
    let api = |more: Value| {
        let mut spec = json!({
            "title": "${2:Title}",
            "kind": "${3|rest,graphql,grpc,soap,webhook,websocket,mcp|}",
            "summary": "${4:What it is for.}",
            "versions": [version],
        });
        if let (Value::Object(spec), Value::Object(more)) = (&mut spec, more) {
            spec.extend(more);
        }
        spec
    };
    vec![
        snippet(
            "Api",
            "An API with a version and its description file",
            "Api",
            &api(json!({})),
        ),
        snippet(
            "Api: deployed",
            "An API with a version, its description file, and where it runs",
            "Api",
            &api(json!({"deployments": [{
                "name": "${11:production}",
                "title": "${12:Production}",
                "environment": "${13:production}",
                "definition": "${5:1-0-0}/${8:openapi}",
                "server": {"runtimeUri": ["${14:https://api.example.com}"]},
            }]})),
        ),
    ]
}

/// A document with the fields that must be there, for a kind without a snippet of its own.
fn smallest(kind: &str, schema: &Value) -> Value {
    let description = schema["description"].as_str().unwrap_or_default();
    let mut stop = 1;
    let spec = placeholder("", schema, &mut stop);
    snippet(kind, description, kind, &spec)
}

fn placeholder(name: &str, schema: &Value, stop: &mut usize) -> Value {
    if let Some(field) = schema.get("x-shorthand").and_then(Value::as_str) {
        return placeholder(field, &schema["properties"][field], stop);
    }
    match schema["type"].as_str() {
        Some("object") => Value::Object(fields(schema, stop)),
        Some("array") => json!([placeholder(name, &schema["items"], stop)]),
        Some("boolean") => choice(&["true", "false"], stop),
        _ => {
            let known: Vec<&str> = texts(&schema["x-known-values"]);
            let example = texts(&schema["examples"]).first().copied();
            if known.is_empty() {
                *stop += 1;
                json!(format!("${{{stop}:{}}}", example.unwrap_or(name)))
            } else {
                choice(&known, stop)
            }
        }
    }
}

fn texts(list: &Value) -> Vec<&str> {
    let items = list.as_array().into_iter().flatten();
    items.filter_map(Value::as_str).collect()
}

fn choice(values: &[&str], stop: &mut usize) -> Value {
    *stop += 1;
    let values: Vec<String> = values.iter().map(|v| v.replace(',', "\\,")).collect();
    json!(format!("${{{stop}|{}|}}", values.join(",")))
}

fn fields(schema: &Value, stop: &mut usize) -> Map<String, Value> {
    let properties = schema.get("properties").and_then(Value::as_object);
    let mut wanted = texts(&schema["required"]);
    if wanted.is_empty() && schema.get("x-one-required").is_some() {
        wanted.extend(texts(&schema["x-exclusive"]).first());
    }
    wanted
        .into_iter()
        .filter_map(|name| {
            let schema = properties?.get(name)?;
            Some((name.to_owned(), placeholder(name, schema, stop)))
        })
        .collect()
}
