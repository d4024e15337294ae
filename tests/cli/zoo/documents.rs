//! Definitions and rulesets: documents that are missing, split, or not what they are said to be.

use serde_json::json;

use super::{Center, ServiceFixture};

fn document(center: &ServiceFixture, name: &str, of: &str, version: Option<&str>, text: &str) {
    center.put("apis/shop", json!({"title": "Shop", "kind": "rest"}));
    center.put(
        "apis/shop/versions/v1",
        json!({"title": "v1", "lifecycleStage": "design"}),
    );
    let definition = format!("apis/shop/versions/v1/definitions/{name}");
    center.put(&definition, json!({"title": name}));
    let mut specification = json!({"name": of});
    if let Some(version) = version {
        specification["version"] = json!(version);
    }
    center.post(
        &format!("{definition}/importSpecification"),
        json!({"format": "inline", "value": text, "specification": specification}),
    );
}

fn openapi(center: &ServiceFixture, name: &str, text: &str) {
    document(center, name, "openapi", Some("3.0.3"), text);
}

pub(super) static CENTERS: &[Center] = &[
    Center::new("definitions without a document", |center| {
        document(
            center,
            "with",
            "openapi",
            Some("3.0.3"),
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
        );
        for name in ["without", "specification"] {
            center.put(
                &format!("apis/shop/versions/v1/definitions/{name}"),
                json!({"title": "T", "description": "D"}),
            );
        }
    }),
    Center::new("a torso of a split description", |center| {
        openapi(
            center,
            "torso",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths:\n  /a: {$ref: paths/a.yaml}\n  /b: {$ref: '../b.yaml#/b'}\n\
             components:\n  schemas:\n    C: {$ref: ../../../../../outside.yaml}\n    D: {$ref: 'file:///etc/passwd'}\n    E: {$ref: '#/components/schemas/F'}\n",
        );
        document(
            center,
            "events",
            "asyncapi",
            Some("2.6.0"),
            "{\"asyncapi\": \"2.6.0\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"channels\": {\"a\": {\"$ref\": \"./a.json\"}}}",
        );
    }).accepting(&["specification-mismatch"]),
    Center::new("imports of other formats", |center| {
        document(
            center,
            "proto",
            "proto",
            None,
            "syntax = \"proto3\";\nimport \"common.proto\";\nmessage A { Common c = 1; }\n",
        );
        document(
            center,
            "wsdl",
            "wsdl",
            Some("1.1"),
            "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"><types><schema xmlns=\"http://www.w3.org/2001/XMLSchema\"><include schemaLocation=\"types.xsd\"/></schema></types></definitions>",
        );
        document(
            center,
            "raml",
            "raml",
            Some("1.0"),
            "#%RAML 1.0\ntitle: T\nuses: {common: common.raml}\n/a: !include a.raml\n",
        );
    }).accepting(&["document-import", "unknown-value"]),
    Center::new("documents that are not what the service says", |center| {
        openapi(
            center,
            "asyncapi",
            "asyncapi: 2.6.0\ninfo: {title: T, version: '1'}\nchannels: {}\n",
        );
        openapi(
            center,
            "older",
            "swagger: '2.0'\ninfo: {title: T, version: '1'}\npaths: {}\n",
        );
        openapi(center, "prose", "This will be written soon.\n");
        openapi(center, "broken", "openapi: 3.0.3\n  info: [\n");
        openapi(center, "broken-json", "{\"openapi\": \"3.0.3\", ");
        openapi(
            center,
            "html",
            "<!doctype html><html><body>Sign in</body></html>",
        );
        document(center, "other", "other", None, "{\"a\": 1}");
        document(
            center,
            "novel",
            "typespec",
            Some("0.60"),
            "import \"@typespec/http\";\nop a(): void;\n",
        );
        document(
            center,
            "graphql",
            "graphql",
            None,
            "type Query { a: Int }\n",
        );
    }).accepting(&["service-limit", "specification-mismatch", "unknown-value"]),
    Center::new("documents that look like manifests", |center| {
        openapi(
            center,
            "manifest",
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: evil}\nspec: {title: Evil, kind: rest}\n",
        );
        openapi(
            center,
            "project",
            "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: evil}\nspec: {}\n",
        );
        openapi(
            center,
            "both",
            "openapi: 3.0.3\napiVersion: apicenter/v1\ninfo: {title: T, version: '1'}\npaths: {}\n",
        );
        openapi(
            center,
            "two",
            "---\nopenapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n---\na: 1\n",
        );
    }).accepting(&["specification-mismatch"]),
    Center::new("documents that are exported as links", |center| {
        openapi(
            center,
            "long",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n",
        );
        openapi(center, "prose", "This will be written soon, and it is long.\n");
    })
    .with(|options| options.export_link_above = 10)
    .accepting(&["specification-mismatch"]),
    Center::new("documents with odd bytes", |center| {
        let plain = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\n";
        openapi(center, "mark", &format!("\u{feff}{plain}"));
        openapi(center, "crlf", &plain.replace('\n', "\r\n"));
        openapi(
            center,
            "tabs",
            "{\n\t\"openapi\": \"3.0.3\",\n\t\"info\": {\"title\": \"T\", \"version\": \"1\"},\n\t\"paths\": {}\n}",
        );
        openapi(center, "line", plain.trim_end());
        openapi(
            center,
            "variable",
            &format!("{plain}x-a: ${{stage}} $${{x}}\n"),
        );
    }),
    Center::new("documents that break rules of their format", |center| {
        openapi(
            center,
            "twice",
            "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npaths: {}\npaths: {}\n",
        );
        openapi(
            center,
            "numbers",
            "{\"openapi\": \"3.0.3\", \"info\": {\"title\": \"T\", \"version\": \"1\"}, \"paths\": {}, \"x-a\": 18446744073709551617, \"x-b\": 1e400}",
        );
        openapi(
            center,
            "schema",
            "openapi: 3.0.3\ninfo: {titel: T}\npaths: []\n",
        );
        let deep = format!("{}1{}", "[".repeat(300), "]".repeat(300));
        openapi(
            center,
            "deep",
            &format!(
                "{{\"openapi\": \"3.0.3\", \"info\": {{\"title\": \"T\", \"version\": \"1\"}}, \"paths\": {{}}, \"x-a\": {deep}}}"
            ),
        );
        openapi(
            center,
            "aliases",
            "openapi: 3.0.3\ninfo: &a {title: T, version: '1'}\npaths: {}\nx-a: *a\n",
        );
    }).accepting(&["document-duplicate-key", "document-schema"]),
    Center::new(
        "a version in the document that is another than its own",
        |center| {
            openapi(
                center,
                "openapi",
                "openapi: 3.0.3\ninfo: {title: Shop, version: 7.3.1}\npaths: {}\n",
            );
        },
    ).accepting(&["version-mismatch"]),
    Center::new("analyzers with and without rules", |center| {
        center.put("analyzerConfigs/bare", json!({"analyzerType": "spectral"}));
        let condition = json!({"property": "kind", "operator": "equals", "value": "rest"});
        center.put(
            "analyzerConfigs/filtered",
            json!({"title": "T", "analyzerType": "Spectral", "filter": {"apis": [condition], "apiVersions": [], "apiDefinitions": []}}),
        );
        center.put(
            "analyzerConfigs/open",
            json!({"title": "T", "analyzerType": "SPECTRAL", "filter": {"apis": [], "apiVersions": [], "apiDefinitions": []}}),
        );
    }),
];
