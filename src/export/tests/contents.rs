//! Documents: where they go, and that they come back byte for byte.

use serde_json::{Value, json};

use super::service::{Service, assert_comes_back, definition, load_again};

const OPENAPI: &str = "openapi: 3.0.3\ninfo: {title: Orders, version: '1'}\npaths: {}\n";

fn with_document(specification: Value, text: &str) -> Service {
    let address = definition("orders", "1-0-0", "main");
    Service::default()
        .orders()
        .document(address, specification, text)
}

/// The file of the only document, and the manifest.
fn file_and_manifest(service: &Service) -> (String, String) {
    let export = service.export();
    let mut files = export.files.iter();
    let document = files.find(|file| file.path.contains("/main.")).unwrap();
    let manifest = export
        .files
        .iter()
        .find(|file| file.path.ends_with("/api.yaml"))
        .unwrap();
    (
        document.path.clone(),
        String::from_utf8(manifest.bytes.clone()).unwrap(),
    )
}

#[test]
fn documents_of_every_format_come_back_byte_for_byte() {
    let soap = "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\" name=\"Shop\"/>\r\n";
    let crlf = OPENAPI.replace('\n', "\r\n");
    let marked = format!("\u{feff}{OPENAPI}\n\n");
    for (specification, text, suffix) in [
        (
            json!({"name": "openapi", "version": "3.0.3"}),
            OPENAPI,
            "yaml",
        ),
        (
            json!({"name": "openapi", "version": "3-0-3"}),
            &crlf,
            "yaml",
        ),
        (
            json!({"name": "openapi", "version": "3.0.3"}),
            &marked,
            "yaml",
        ),
        (
            json!({"name": "openapi", "version": "2.0"}),
            "{ \"swagger\":\"2.0\", \"info\":{\"title\":\"${x}\"}}",
            "json",
        ),
        (
            json!({"name": "graphql"}),
            "type Query { a(x: Int = 1): [String!]! }\n",
            "graphql",
        ),
        (
            json!({"name": "grpc", "version": "proto3"}),
            "syntax = \"proto3\";\nmessage M { string s = 1; }\n",
            "proto",
        ),
        (json!({"name": "wsdl", "version": "1.1"}), soap, "wsdl"),
        (
            json!({"name": "raml", "version": "1.0"}),
            "#%RAML 1.0\ntitle: R\n",
            "raml",
        ),
        (
            json!({"name": "other"}),
            "# Title\n\nSome ${text}.\r\n",
            "md",
        ),
        (json!({"name": "other"}), "a: 1\nb: 2\n", "yaml"),
        (json!({"name": "other"}), "apicenter/\na: [", "txt"),
        (json!({"name": "mcp"}), "{\"a\": 1}", "json"),
    ] {
        let service = with_document(specification, text);
        let (path, _) = file_and_manifest(&service);
        assert_eq!(path, format!("apis/orders/1-0-0/main.{suffix}"), "{text}");
        let diagnostics = assert_comes_back(&service);
        assert!(!diagnostics.has_errors(), "{text}: {diagnostics:?}");
    }
}

#[test]
fn what_the_document_says_is_not_said_again() {
    let service = with_document(json!({"name": "openapi", "version": "3.0.3"}), OPENAPI);
    let (_, manifest) = file_and_manifest(&service);
    assert!(!manifest.contains("specification"), "{manifest}");
    assert!(manifest.contains("file: 1-0-0/main.yaml"), "{manifest}");
}

#[test]
fn a_document_that_is_not_what_it_is_called_is_kept_as_text() {
    for (specification, text) in [
        (json!({"name": "asyncapi", "version": "2.6.0"}), OPENAPI),
        (
            json!({"name": "openapi", "version": "3.0.0"}),
            "{\"openapi\": \"3.0.0\",",
        ),
        (json!({"name": "wsdl"}), "<html/>"),
    ] {
        let service = with_document(specification, text);
        let (path, _) = file_and_manifest(&service);
        assert_eq!(path, "apis/orders/1-0-0/main.txt", "{text}");
        assert_eq!(service.export().notes.len(), 1, "{text}");
        let diagnostics = assert_comes_back(&service);
        assert!(!diagnostics.has_errors(), "{text}: {diagnostics:?}");
    }
}

#[test]
fn documents_never_pass_for_manifests() {
    for text in [
        "openapi: 3.0.3\ninfo: {title: a}\npaths: {/apicenter/: {}}\nx: 1\nx: 2\n",
        "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: stray}\nspec: {}\n",
        "a: apicenter/\nb: 2\n",
    ] {
        let name = if text.starts_with("openapi") {
            "openapi"
        } else {
            "other"
        };
        let version = (name == "openapi").then_some("3.0.3");
        let service = with_document(json!({"name": name, "version": version}), text);
        let (path, _) = file_and_manifest(&service);
        assert_eq!(path, "apis/orders/1-0-0/main.txt", "{text}");
        let diagnostics = assert_comes_back(&service);
        assert!(!diagnostics.has_errors(), "{text}: {diagnostics:?}");
    }
}

#[test]
fn the_largest_document_comes_back_and_a_larger_one_is_written_but_not_declared() {
    let fill = |size: usize| format!("{OPENAPI}# {}", "x".repeat(size - OPENAPI.len() - 2));
    let largest = crate::manifest::MOST_INLINE_BYTES;
    let specification = json!({"name": "openapi", "version": "3.0.3"});
    let fits = with_document(specification.clone(), &fill(largest));
    assert!(!assert_comes_back(&fits).has_errors());

    let service = with_document(specification.clone(), &fill(largest + 1));
    let export = service.export();
    assert_eq!(export.notes.len(), 1);
    let (path, manifest) = file_and_manifest(&service);
    assert!(export.notes[0].contains(&path), "{:?}", export.notes);
    assert!(!manifest.contains("source"), "{manifest}");
    let loaded = load_again(&export);
    assert!(!loaded.diagnostics.has_errors(), "{:?}", loaded.diagnostics);
    let body = &loaded.desired.resources[&definition("orders", "1-0-0", "main")]
        .resource
        .body;
    assert_eq!(body["specification"], specification);
}

#[test]
fn a_definition_whose_document_was_not_read_is_declared_without_it() {
    let address = definition("orders", "1-0-0", "main");
    let mut service = with_document(json!({"name": "openapi", "version": "3.0.3"}), OPENAPI);
    service.0.resources.get_mut(&address).unwrap().text = None;
    let export = service.export();
    assert_eq!(
        export.notes,
        [format!(
            "{address}: its document was not read; the manifest leaves it as the service has it"
        )]
    );
    let loaded = load_again(&export);
    let body = &loaded.desired.resources[&address].resource.body;
    assert_eq!(body.get("source"), None);
    assert_eq!(
        body["specification"],
        json!({"name": "openapi", "version": "3.0.3"})
    );
}
