//! The project itself: its file, first manifests, editor settings.

use serde_json::Value;

use super::{File, Options, ServiceAt};

const SAMPLES: &[(&str, &str)] = &[
    ("apis/greetings/api.yaml", include_str!("project/api.yaml")),
    (
        "apis/greetings/openapi.yaml",
        include_str!("project/openapi.yaml"),
    ),
    (
        "environments/development.yaml",
        include_str!("project/development.yaml"),
    ),
    (
        "metadata-schemas/team.yaml",
        include_str!("project/team.yaml"),
    ),
];

const NO_PROD: &str = "    # The service in Azure. Fill this in and remove the number signs:
    # prod:
    #   subscriptionId: 00000000-0000-0000-0000-000000000000
    #   resourceGroup: rg-api-center
    #   service: my-api-center
";

/// Everything but the pipelines.
pub(super) fn files(options: &Options) -> Vec<File> {
    let mut files = vec![
        file(".gitignore", ".apicenter/\n"),
        file(
            ".vscode/settings.json",
            include_str!("project/settings.json"),
        ),
        file(".vscode/tasks.json", include_str!("project/tasks.json")),
        file("README.md", readme(options)),
        file("apicenter.yaml", project_file(options)),
    ];
    if options.samples {
        files.extend(SAMPLES.iter().map(|&(path, text)| file(path, text)));
    }
    files
}

fn file(path: &'static str, text: impl Into<String>) -> File {
    File {
        path,
        text: text.into(),
    }
}

fn readme(options: &Options) -> String {
    let mut text = include_str!("project/README.md").replace("@NAME@", &options.name);
    if options.ci.is_some() {
        text.push_str(
            "\n[PIPELINES.md](PIPELINES.md) explains how changes are applied to the service.\n",
        );
    }
    text
}

fn project_file(options: &Options) -> String {
    let prod = match &options.service {
        Some(at) => prod(at),
        None => NO_PROD.to_owned(),
    };
    format!(
        "\
# yaml-language-server: $schema=./schemas/apicenter.schema.json
apiVersion: apicenter/v1
kind: Project
metadata: {{name: {}}}
spec:
  defaultTarget: local
  targets:
    local: {{emulator: {{}}}} # on this machine; its state is under .apicenter/
{prod}",
        quoted(&options.name)
    )
}

fn prod(at: &ServiceAt) -> String {
    let cloud = match at.cloud.as_str() {
        "public" => String::new(),
        name @ ("usgovernment" | "china") => format!("      cloud: {name}\n"),
        address => format!("      cloud: {{resourceManager: {}}}\n", quoted(address)),
    };
    format!(
        "    prod:\n      subscriptionId: {}\n      resourceGroup: {}\n      service: {}\n{cloud}",
        quoted(&at.subscription_id),
        quoted(&at.resource_group),
        quoted(&at.service),
    )
}

/// A text that YAML takes for nothing else: JSON's strings are YAML's.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}
