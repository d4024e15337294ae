//! Whatever a description says of itself, its manifest is valid, and importing again changes nothing.

use proptest::prelude::*;
use proptest::test_runner::FileFailurePersistence;
use serde_json::{Value, json};

use super::repeats;
use crate::cli::harness::Project;

const ENVIRONMENT: &str = "apiVersion: apicenter/v1\nkind: Environment\nmetadata: {name: production}\n\
                           spec: {title: Production, kind: production}\n";

/// Texts that YAML, variables or the service could stumble over, and any others.
fn text() -> impl Strategy<Value = String> {
    let odd = [
        "",
        " ",
        "no",
        "1.10",
        "~",
        "- a",
        "a: b",
        "#a",
        "${x}",
        "$${",
        "{{ x }}",
        "\"",
        "'",
        "|",
        "---",
        "a\n---\nb",
        "apicenter/v1",
        "\tx",
        "a\r\nb",
        "nul\0",
        "\u{85}",
        "\u{2028}",
        "\u{feff}x",
        "../..",
        "\u{202e}",
        "e\u{301}",
        "# T\n\n```\nx\n```\n",
    ];
    prop_oneof![
        prop::sample::select(odd.to_vec()).prop_map(str::to_owned),
        "\\PC{1,8}",
        "[a-z\u{e4}\u{1f680} \n]{0,1200}",
    ]
}

fn maybe() -> impl Strategy<Value = Value> {
    prop_oneof![
        1 => Just(Value::Null),
        6 => text().prop_map(Value::from),
        1 => Just(json!(7)),
        1 => Just(json!(["x"])),
        1 => Just(json!({"x": {"default": null}})),
    ]
}

prop_compose! {
    fn document()(
        [title, version, summary, description, terms] in [maybe(), maybe(), maybe(), maybe(), maybe()],
        [name, url, email, page, words] in [maybe(), maybe(), maybe(), maybe(), maybe()],
        servers in prop::collection::vec((maybe(), maybe()), 0..4),
        is_swagger in any::<bool>(),
    ) -> Value {
        let servers: Vec<Value> = servers
            .into_iter()
            .map(|(path, description)| {
                let path = path.as_str().map_or(path.clone(), |path| json!(format!("https://{path}")));
                json!({"url": path, "description": description, "variables": {"x": {"default": name}}})
            })
            .collect();
        let key = if is_swagger { "swagger" } else { "openapi" };
        json!({
            key: if is_swagger { "2.0" } else { "3.1.0" },
            "info": {
                "title": title, "version": version, "summary": summary, "description": description,
                "termsOfService": terms, "contact": {"name": name, "url": url, "email": email},
                "license": {"name": name, "identifier": email, "url": url},
            },
            "externalDocs": {"url": page, "description": words},
            "servers": servers, "host": name, "basePath": url, "schemes": [page],
        })
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        failure_persistence: Some(Box::new(FileFailurePersistence::SourceParallel("tests/proptest-regressions"))),
        max_shrink_iters: 200,
        ..ProptestConfig::with_cases(24)
    })]

    #[test]
    fn every_manifest_is_valid(documents in prop::collection::vec(document(), 1..4)) {
        let project = Project::local().file("environment.yaml", ENVIRONMENT);
        let mut import = "import openapi --environment production".to_owned();
        for (i, document) in documents.iter().enumerate() {
            project.write(&format!("specs/file-{i}.json"), document.to_string());
            import.push_str(&format!(" specs/file-{i}.json"));
        }
        project.run(&import).success();
        project.run("validate").success();
        repeats(&project, &import);
    }
}
