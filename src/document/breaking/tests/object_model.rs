//! Every field of the official schemas of OpenAPI is judged, or left out for a reason.

use std::collections::BTreeSet;

use serde_json::Value;

/// Fields, and what judges a change of them, or why nothing does.
const FIELDS: &[(&str, &str)] = &[
    (
        "inclusion of schemas",
        "additionalProperties allOf anyOf enum exclusiveMaximum exclusiveMinimum format items maxItems maxLength maxProperties maximum minItems minLength minProperties minimum multipleOf not nullable oneOf pattern properties readOnly writeOnly type uniqueItems schema",
    ),
    (
        "inclusion of schemas, parameter-required, body-required, header-optional",
        "required",
    ),
    ("schema-default", "default"),
    ("discriminator", "discriminator propertyName mapping"),
    ("path-removed", "paths pathItems"),
    (
        "operation-removed",
        "get put post delete options head patch trace query additionalOperations",
    ),
    ("parameter-removed", "parameters in name"),
    (
        "parameter-style",
        "style explode allowReserved collectionFormat",
    ),
    ("parameter-empty", "allowEmptyValue"),
    (
        "body-removed, content-removed",
        "requestBody requestBodies content body",
    ),
    ("media-type-removed", "consumes produces"),
    ("response-removed", "responses"),
    ("header-removed", "headers"),
    ("link-removed", "links"),
    ("callback-removed", "callbacks"),
    ("webhook-removed", "webhooks"),
    (
        "security",
        "security securityDefinitions securitySchemes scopes scheme",
    ),
    (
        "security-flow",
        "flow flows implicit password clientCredentials authorizationCode deviceAuthorization",
    ),
    (
        "security-address",
        "authorizationUrl tokenUrl openIdConnectUrl deviceAuthorizationUrl",
    ),
    (
        "server-removed",
        "servers url variables host basePath schemes",
    ),
    (
        "followed where they are used",
        "$ref $self components definitions schemas",
    ),
    ("the dialect", "openapi swagger jsonSchemaDialect"),
    (
        "says nothing about what is sent",
        "title summary description info contact license termsOfService version email identifier externalDocs tags kind parent example examples externalValue value dataValue serializedValue bearerFormat operationId",
    ),
    (
        "how XML is written: not compared",
        "xml attribute namespace prefix wrapped nodeType",
    ),
    (
        "how parts of a form are written: not compared",
        "encoding contentType itemEncoding prefixEncoding",
    ),
    (
        "a stream of items, or a media type to refer to: not compared yet",
        "itemSchema mediaTypes defaultMapping",
    ),
    (
        "what a link leads to: not compared, links are hints",
        "operationRef server",
    ),
    (
        "announces a removal and breaks nothing by itself",
        "deprecated",
    ),
    ("clients do without it", "refreshUrl oauth2MetadataUrl"),
];

/// The fields of the objects of a schema of the format.
fn fields(value: &Value, found: &mut BTreeSet<String>) {
    if let Some(properties) = value.get("properties").and_then(Value::as_object) {
        found.extend(properties.keys().cloned());
    }
    match value {
        Value::Object(map) => map.values().for_each(|value| fields(value, found)),
        Value::Array(items) => items.iter().for_each(|value| fields(value, found)),
        _ => {}
    }
}

#[test]
fn no_field_is_forgotten() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/document/schemas");
    let mut found = BTreeSet::new();
    for name in [
        "openapi-2.0",
        "openapi-3.0",
        "openapi-3.1",
        "openapi-3.2",
        "openapi-3.1-vocabulary",
        "openapi-3.2-vocabulary",
    ] {
        let text = std::fs::read(format!("{folder}/{name}.json")).unwrap();
        fields(&serde_json::from_slice(&text).unwrap(), &mut found);
    }
    assert!(found.len() > 100, "{found:?}");
    let known: BTreeSet<&str> = FIELDS
        .iter()
        .flat_map(|(_, fields)| fields.split(' '))
        .collect();
    let forgotten: Vec<&String> = found
        .iter()
        .filter(|field| !known.contains(field.as_str()))
        .collect();
    assert!(forgotten.is_empty(), "{forgotten:?}");
}

#[test]
fn every_rule_is_in_the_documentation() {
    let read = |name: &str| {
        let bytes = std::fs::read(format!("{}/{name}", env!("CARGO_MANIFEST_DIR"))).unwrap();
        String::from_utf8(bytes).unwrap()
    };
    let page = read("docs/breaking-changes.md");
    let rule =
        regex::Regex::new(r#"(?:Entry::(?:new|caution)\(\s*|entry\(|=> )"([a-z]+(?:-[a-z]+)+)""#)
            .unwrap();
    let mut count = 0;
    for name in [
        "words.rs",
        "openapi/compare.rs",
        "openapi/parameters.rs",
        "openapi/responses.rs",
        "openapi/contents.rs",
        "openapi/servers.rs",
        "credentials.rs",
        "asyncapi/bindings.rs",
        "asyncapi/compare.rs",
        "asyncapi/messages.rs",
        "asyncapi/parameters.rs",
        "asyncapi/payloads.rs",
        "asyncapi/replies.rs",
        "asyncapi/servers.rs",
        "openapi/operation.rs",
    ] {
        for found in rule.captures_iter(&read(&format!("src/document/breaking/{name}"))) {
            count += 1;
            let rule = &found[1];
            let is_internal = rule == "property-described";
            assert!(
                is_internal || page.contains(&format!("`{rule}`")),
                "{rule} of {name}"
            );
        }
    }
    assert!(count > 25, "{count}");
}
