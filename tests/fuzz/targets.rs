//! What is fed, and what must hold for every input.

use apicenter::document::{self, DiffOptions};
use apicenter::import::{self, DescriptionFile};
use apicenter::live::snapshot::Snapshot;
use apicenter::model::{Diagnostics, Sources};
use apicenter::output::{SavedPlan, Text, content_digest, render_diagnostics};
use apicenter::project::{LoadOptions, LoadedProject};
use apicenter::yaml;
use serde_json::Value;

/// A reader of foreign input.
pub(super) struct Target {
    pub(super) name: &'static str,
    /// Valid inputs, to be damaged.
    pub(super) seeds: &'static [&'static str],
    /// It gets one of so many inputs: more than one if each takes long.
    pub(super) share: u64,
    pub(super) run: fn(&[u8]),
}

const API: &str = "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: orders, previously: [old]}\nspec:\n  title: Orders\n  kind: rest\n  \
    contacts: [{name: Ann, email: a@b.example}]\n  customProperties: {team: a}\n  versions:\n    - name: 1-0-0\n      title: v1\n      \
    lifecycleStage: design\n      definitions:\n        - {name: openapi, title: o, specification: {name: openapi}, source: {inline: \"openapi: 3.0.3\"}}\n  \
    deployments:\n    - {name: prod, title: p, environment: production, definition: 1-0-0/openapi, server: {runtimeUri: [https://x.example]}}\n";
const SCHEMA: &str = "apiVersion: apicenter/v1\nkind: MetadataSchema\nmetadata: {name: team}\nspec:\n  schema: {type: string, enum: [a, b]}\n  \
    assignedTo: [{entity: api, required: true}]\n---\napiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\nspec: {title: P, kind: rest}\n";

pub(super) const MANIFESTS: Target = Target {
    name: "manifests",
    seeds: &[API, SCHEMA],
    share: 1,
    run: |input| {
        let text = String::from_utf8_lossy(input);
        let mut sources = Sources::default();
        let source = sources.add("a.yaml", &*text);
        let documents = yaml::parse(source, &text, &mut Diagnostics::default());
        for root in documents.into_iter().filter_map(|document| document.root) {
            let _ = yaml::emit(&root.to_json());
        }
        let folder = tempfile::tempdir().expect("a folder");
        let project = "apiVersion: apicenter/v1\nkind: Project\nmetadata: {name: a}\nspec: {targets: {local: {emulator: {}}}}\n";
        std::fs::write(folder.path().join("apicenter.yaml"), project).expect("written");
        std::fs::write(folder.path().join("a.yaml"), input).expect("written");
        let project =
            LoadedProject::open(folder.path(), LoadOptions::default()).expect("a project");
        let diagnostics: Diagnostics = project.diagnostics.iter().cloned().collect();
        for is_terminal in [false, true] {
            let _ = render_diagnostics(&diagnostics, &project.sources, is_terminal).render(true);
        }
        let light = LoadOptions {
            settings_only: true,
            ..LoadOptions::default()
        };
        let light = LoadedProject::open(folder.path(), light).expect("a project");
        let (found, expected) = (light.declared().0, project.declared().0);
        assert_eq!(
            (&found.resources, &found.unread),
            (&expected.resources, &expected.unread)
        );
    },
};

const DOCUMENT_SEEDS: &[&str] = &[
    "openapi: 3.0.3\ninfo: {title: a, version: '1'}\npaths:\n  /a/{id}:\n    get:\n      parameters: [{name: id, in: path, required: true, schema: {$ref: '#/components/schemas/A'}}]\n      \
     responses: {'200': {description: ok}}\ncomponents: {schemas: {A: {type: object, properties: {a: {$ref: '#/components/schemas/A'}}}}}\n",
    r##"{"swagger": "2.0", "info": {"title": "a", "version": "1"}, "paths": {"/a": {"get": {"responses": {"200": {"description": "ok", "schema": {"$ref": "#/definitions/A"}}}}}}, "definitions": {"A": {"type": "string"}}}"##,
    "asyncapi: 2.6.0\ninfo: {title: a, version: '1'}\nchannels: {a: {publish: {message: {payload: {type: string}}}}}\n",
    "type Query { a(b: Int! = 1, c: [String!]): String @deprecated(reason: \"x\") }\nenum E { A B }\nunion U = Query\n",
    "syntax = \"proto3\";\npackage a.b;\nimport \"x.proto\";\nmessage A { oneof k { string b = 1; } repeated A c = 2; }\nservice S { rpc R (A) returns (stream A); }\n",
    "<?xml version=\"1.0\"?><definitions name=\"a\" xmlns=\"http://schemas.xmlsoap.org/wsdl/\"><message name=\"m\"><part name=\"p\" type=\"x\"/></message><portType name=\"t\"><operation name=\"o\"/></portType></definitions>",
    "<?xml version=\"1.0\"?><application xmlns=\"http://wadl.dev.java.net/2009/02\"><doc title=\"a\"/><resources base=\"http://a\"/></application>",
    "#%RAML 1.0\ntitle: a\nversion: 1\n/a:\n  get:\n    responses: {200: {}}\n",
    "{\"agentCard\": {\"name\": \"a\", \"version\": \"1\"}, \"mcp\": []}",
];

pub(super) const DOCUMENTS: Target = Target {
    name: "documents",
    seeds: DOCUMENT_SEEDS,
    share: 1,
    run: |input| {
        let text = String::from_utf8_lossy(input);
        for hint in [
            None,
            Some("openapi"),
            Some("wsdl"),
            Some("graphql"),
            Some("protobuf"),
        ] {
            let _ = document::describe(hint, &text);
        }
        let _ = document::digest(&text);
        let _ = document::strict_json(&text);
    },
};

pub(super) const PAIRS: Target = Target {
    name: "pairs of documents",
    seeds: DOCUMENT_SEEDS,
    share: 1,
    run: |input| {
        let text = String::from_utf8_lossy(input);
        for seed in DOCUMENT_SEEDS {
            let _ = document::effects(seed, &text);
            let _ = document::effects(&text, seed);
            let _ = document::look_alike(seed, &text);
        }
        let _ = document::unified_diff(DOCUMENT_SEEDS[0], &text, DiffOptions::default());
    },
};

pub(super) const TEMPLATES: Target = Target {
    name: "templates",
    seeds: &[
        r#"{"$schema": "https://schema.management.azure.com/schemas/2019-04-01/deploymentTemplate.json#", "parameters": {"svc": {"defaultValue": "contoso"}, "env": {"type": "string"}}, "variables": {"a": "[format('{0}/default/{1}', parameters('svc'), variables('names')[copyIndex()])]", "copy": [{"name": "names", "count": 2, "input": "[concat('n', copyIndex('names'))]"}]}, "resources": [{"type": "Microsoft.ApiCenter/services/workspaces/apis", "name": "[concat(parameters('svc'), '/default/a', copyIndex())]", "copy": {"name": "loop", "count": "[length(range(0, 3))]"}, "condition": "[not(equals(parameters('env'), 'x'))]", "properties": {"title": "[if(empty(''), toUpper('a'), reference('b').c)]", "kind": "rest", "id": "[resourceId('Microsoft.ApiCenter/services', 'x')]"}}, {"type": "Microsoft.Authorization/roleAssignments", "name": "x", "scope": "Microsoft.ApiCenter/services/contoso", "properties": {"roleDefinitionId": "r", "principalId": "p"}}]}"#,
        r#"{"resources": [{"type": "Microsoft.Resources/deployments", "name": "m", "properties": {"parameters": {"t": {"value": "a"}}, "template": {"resources": [{"type": "Microsoft.ApiCenter/services/workspaces/environments", "name": "c/default/prod", "properties": {"title": "[parameters('t')]", "kind": "/subscriptions/s/providers/Microsoft.ApiCenter/services/c/workspaces/default/a"}}]}}}]}"#,
        r#"{"format_version": "1.0", "values": {"root_module": {"resources": [{"address": "a", "mode": "managed", "type": "azapi_resource", "values": {"type": "Microsoft.ApiCenter/services/workspaces/apis@2024-03-01", "name": "a", "parent_id": "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/c/workspaces/default", "body": {"properties": {"title": "A", "kind": "rest"}}}}, {"type": "azurerm_role_assignment", "values": {"scope": "/providers/Microsoft.ApiCenter/services/c", "role_definition_name": "r", "principal_id": "p"}}]}}}"#,
    ],
    share: 1,
    run: |input| {
        let file = DescriptionFile {
            name: "a.json".to_owned(),
            text: String::from_utf8_lossy(input).into(),
            ..DescriptionFile::default()
        };
        let files = [file];
        for parameters in [&[][..], &files] {
            let mut sources = Sources::default();
            let (_, diagnostics) = import::arm(&files, parameters, &mut sources);
            let _ = render_diagnostics(&diagnostics, &sources, false).render(true);
        }
    },
};

pub(super) const SNAPSHOTS: Target = Target {
    name: "snapshots",
    seeds: &[
        r#"{"formatVersion": "1.0", "subscriptionId": "00000000-0000-0000-0000-000000000000", "resourceGroup": "g", "service": "s", "resources": [{"address": "api/orders", "body": {"title": "a", "kind": "rest"}}, {"address": "environment/prod", "body": {"title": "p"}, "synchronised": true}]}"#,
    ],
    share: 1,
    run: |input| {
        let text = String::from_utf8_lossy(input);
        if let Ok(snapshot) = Snapshot::parse(&text) {
            let _ = snapshot.live();
        }
    },
};

pub(super) const SAVED_PLANS: Target = Target {
    name: "saved plans",
    seeds: &[
        r#"{"formatVersion": "1.0", "planId": "p2-d4131b11e1487f4c775d7293ee64e98b", "target": {"name": "local", "subscriptionId": "00000000-0000-0000-0000-000000000000", "resourceGroup": "local", "service": "contoso"}, "summary": {"create": 1, "update": 0}, "changes": [{"address": "environment/production", "kind": "Environment", "action": "create", "reason": "r", "fields": [{"path": "title", "before": null, "after": "P", "source": {"file": "a.yaml", "line": 4, "column": 15}}], "source": {"file": "a.yaml", "line": 1, "column": 1}}], "unmanaged": ["api/swagger-petstore"], "diagnostics": [{"code": "a", "message": "b"}], "requests": {"reads": 12, "writes": 1}, "options": {"only": ["environment/*"], "prune": true}}"#,
    ],
    share: 1,
    run: |input| {
        for text in [Some(input.to_vec()), with_digest(input)].iter().flatten() {
            if let Err(problem) = SavedPlan::parse(text) {
                assert!(!problem.to_string().is_empty());
            }
        }
    },
};

/// A saved plan with the digest that fits.
pub(super) fn with_digest(input: &[u8]) -> Option<Vec<u8>> {
    let Ok(Value::Object(mut plan)) = serde_json::from_slice(input) else {
        return None;
    };
    plan.shift_remove("digest");
    let digest = content_digest(Value::Object(plan.clone()));
    plan.insert("digest".to_owned(), Value::String(digest));
    Some(Value::Object(plan).to_string().into_bytes())
}

pub(super) const TEXTS: Target = Target {
    name: "texts",
    seeds: &[
        "a\n::error::b\r##vso[task.complete]\u{1b}[31mred\u{1b}]0;t\u{7}section_end:1:a\u{202e}\u{85}::x",
    ],
    share: 1,
    run: |input| {
        let text = String::from_utf8_lossy(input);
        for shown in [
            Text::lines(&text),
            Text::from(&*text),
            Text::paragraph("error: ", &text, "    "),
        ] {
            let shown = shown.to_string();
            for line in shown.split('\n') {
                assert!(
                    !line.contains(|c: char| c.is_control() && c != '\t'),
                    "{line:?}"
                );
                assert!(!line.trim_start().starts_with("::"), "{line:?}");
                assert!(!line.to_lowercase().contains("##vso["), "{line:?}");
            }
        }
    },
};
