//! The project file `apicenter.yaml`.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::read::{self, Header};
use super::schema_check;
use super::schema_check_context::SchemaCheckContext;
use super::wording::did_you_mean;
use crate::kinds::{Known, meanings, values};
use crate::model::{Diagnostic, Diagnostics, SourceId, Sources, Span, code};
use crate::yaml::{self, Node};

/// Clouds that are known by name.
const CLOUDS: &Known = &[
    ("public", "Azure for everyone; the default."),
    ("usgovernment", "Azure Government of the United States."),
    ("china", "Azure in China."),
];

/// How far pruning reaches.
const SCOPES: &Known = &[
    (
        "owned",
        "What carries this repository's marker, and children of declared APIs; the default.",
    ),
    (
        "all",
        "Everything that is not declared: this repository is the service's only owner.",
    ),
];

/// Settings of a repository, in `apicenter.yaml` at its root.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ProjectSpec {
    /// Which files are manifests, as globs relative to this file; `!` in front leaves files out.
    /// Default: `**/*.yaml` and `**/*.yml`, in any case. Descriptions such as OpenAPI files are recognised
    /// and left alone.
    #[schemars(extend("examples" = [["**/*.yaml", "**/*.yml"]]))]
    pub manifests: Option<Vec<String>>,
    /// The target that commands use when `--target` is not given: a name under `targets`.
    #[schemars(extend("x-reference" = "target"))]
    pub default_target: Option<String>,
    /// The services that this repository describes, by a name of your own such as `prod`.
    #[schemars(extend("x-declares" = "target"))]
    pub targets: Option<BTreeMap<String, TargetSpec>>,
    /// A marker in custom metadata that shows which resources are this repository's.
    pub ownership: Option<OwnershipSpec>,
    /// Whether undeclared resources are deleted. Default: never.
    pub prune: Option<PruneSpec>,
    /// Limits on what one plan may destroy.
    pub safety: Option<SafetySpec>,
    /// Fields that are left to others: never compared, never written.
    pub ignore: Option<Vec<IgnoreSpec>>,
    /// Addresses, with globs, of resources that another repository declares, such as
    /// `environment/*`: references to them are not checked offline.
    #[schemars(extend("examples" = [["environment/*"], ["metadata-schema/*"]]))]
    pub external: Option<Vec<String>>,
    /// Limits of the service that were raised for it, by name, such as `environments: 40`.
    pub limits: Option<BTreeMap<String, usize>>,
}

/// A service: the embedded emulator, or an Azure API Center.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct TargetSpec {
    /// The embedded emulator; its service is named after the project.
    pub emulator: Option<EmulatorSpec>,
    /// Azure subscription of the service, as a GUID.
    #[schemars(extend("examples" = ["00000000-0000-0000-0000-000000000000"]))]
    pub subscription_id: Option<String>,
    /// Azure resource group of the service.
    #[schemars(extend("examples" = ["rg-apis"]))]
    pub resource_group: Option<String>,
    /// Name of the service, unique in all of Azure.
    #[schemars(extend("examples" = ["contoso-apic"]))]
    pub service: Option<String>,
    /// Azure cloud: `public` (the default), `usgovernment`, `china`, or endpoints of your own.
    pub cloud: Option<CloudSpec>,
    /// Values for `${name}` in manifests, by name; `$${` is a plain `${`.
    #[schemars(extend("x-declares" = "variable"))]
    pub variables: Option<BTreeMap<String, String>>,
    /// Partial manifests that are merged into the others for this target, as globs.
    /// They are read for the targets that list them, and never as manifests.
    #[schemars(extend("examples" = [["overlays/prod/*.yaml"]]))]
    pub overlays: Option<Vec<String>>,
}

/// The embedded emulator.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct EmulatorSpec {
    /// File that holds its state, relative to this file. Default: `.apicenter/emulator.redb`.
    pub data: Option<String>,
}

/// An Azure cloud.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schemars(extend("x-shorthand" = "name"))]
pub struct CloudSpec {
    /// A cloud that is known by name. Alone it may be written without `name`: `cloud: public`.
    #[schemars(extend("x-suggestions" = values(CLOUDS), "x-known-descriptions" = meanings(CLOUDS)))]
    pub name: Option<String>,
    /// Address of the resource manager, for a cloud of your own.
    #[schemars(extend("examples" = ["https://management.azure.com"]))]
    pub resource_manager: Option<String>,
    /// Address of the authority that issues tokens.
    #[schemars(extend("examples" = ["https://login.microsoftonline.com"]))]
    pub authority: Option<String>,
    /// Audience of the tokens.
    #[schemars(extend("examples" = ["https://management.azure.com"]))]
    pub audience: Option<String>,
}

/// The ownership marker.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OwnershipSpec {
    /// This repository's name in the marker: what the custom property is set to.
    #[schemars(length(min = 1), extend("examples" = ["contoso-catalog"]))]
    pub owner: String,
    /// The custom property that carries the marker. The program declares and sets it by itself, on
    /// everything that can carry custom metadata.
    #[schemars(extend(
        "x-resource-name" = true, "x-reference" = "metadata-schema", "examples" = ["managed-by"]
    ))]
    pub property: String,
}

/// Deleting what is not declared.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PruneSpec {
    /// Whether undeclared resources are deleted without `--prune`.
    pub enabled: Option<bool>,
    /// How far pruning reaches: `owned` (the default) or `all`.
    #[schemars(extend("x-known-values" = values(SCOPES), "x-known-descriptions" = meanings(SCOPES)))]
    pub scope: Option<String>,
}

/// Limits on what one plan may destroy.
#[derive(Debug, Clone, Default, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct SafetySpec {
    /// Most deletes of one plan: a number, or a share such as `30%` (the default) of what could be
    /// deleted.
    #[schemars(extend("x-or-number" = true, "examples" = ["30%", 10]))]
    pub max_deletes: Option<String>,
    /// The limit holds from this many deletable resources on. Default: 10.
    pub min_existing: Option<usize>,
    /// Addresses, with globs, of resources that are never deleted.
    #[schemars(extend("examples" = [["environment/prod*"]]))]
    pub protect: Option<Vec<String>>,
}

/// A field that is left to others.
#[derive(Debug, Clone, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct IgnoreSpec {
    /// Kind of resource, such as `Api` or `ApiVersion`.
    #[schemars(extend("x-reference" = "kind"))]
    pub kind: String,
    /// Path of the field, such as `customProperties.compliance-status`.
    #[schemars(extend("x-reference" = "field", "examples" = ["customProperties.compliance-status"]))]
    pub field: String,
}

/// A project file that was read.
#[derive(Debug, Clone)]
pub struct Project {
    /// The project's name.
    pub name: String,
    /// Its settings.
    pub spec: ProjectSpec,
    /// The file.
    pub source: SourceId,
    root: Option<std::sync::Arc<Node>>,
}

impl Project {
    /// Reads a project file's text. Problems go to `diagnostics`; with errors among them the
    /// settings are incomplete.
    #[must_use]
    pub fn parse(source: SourceId, sources: &Sources, diagnostics: &mut Diagnostics) -> Self {
        let text = std::sync::Arc::clone(&sources.get(source).text);
        let documents = yaml::parse(source, &text, diagnostics);
        let mut project = Self {
            name: String::new(),
            spec: ProjectSpec::default(),
            source,
            root: None,
        };
        let mut headers = documents.iter().filter_map(|document| {
            let root = document.root.as_ref()?;
            (root.get("kind")?.scalar_text()? == "Project").then_some(root)
        });
        match headers.next() {
            Some(root) => project.read(root, sources, diagnostics),
            None if diagnostics.has_errors() => {}
            None => diagnostics.push(
                Diagnostic::error(code::PROJECT_SETTING, "no document of kind Project")
                    .at(
                        Span {
                            source,
                            start: 0,
                            end: 0,
                        },
                        "expected in this file",
                    )
                    .help(
                        "start with: apiVersion: apicenter/v1, kind: Project, metadata: {name: …}",
                    ),
            ),
        }
        project
    }

    fn read(
        &mut self,
        root: &std::sync::Arc<Node>,
        sources: &Sources,
        diagnostics: &mut Diagnostics,
    ) {
        self.root = Some(std::sync::Arc::clone(root));
        let Header { name, spec, .. } =
            read::header(root, sources, |_| Some(schema()), diagnostics);
        self.name = name.map(|(name, _)| name).unwrap_or_default();
        let Some(spec) = spec else { return };
        let metadata = BTreeMap::new();
        let mut cx = SchemaCheckContext {
            sources,
            diagnostics,
            metadata: &metadata,
            about: None,
        };
        let Some(value) = schema_check::check(schema(), &spec, &mut cx) else {
            return;
        };
        match serde_json::from_value(value) {
            Ok(spec) => self.spec = spec,
            Err(_) if diagnostics.has_errors() => {}
            Err(error) => diagnostics.push(
                Diagnostic::error(code::PROJECT_SETTING, error.to_string())
                    .at(spec.first_span(), "in this mapping"),
            ),
        }
        self.check_default_target(diagnostics);
    }

    fn check_default_target(&self, diagnostics: &mut Diagnostics) {
        let (Some(name), Some(targets)) = (&self.spec.default_target, &self.spec.targets) else {
            return;
        };
        if !targets.contains_key(name) {
            let known: Vec<&str> = targets.keys().map(String::as_str).collect();
            let mut diagnostic = Diagnostic::error(
                code::PROJECT_SETTING,
                format!("defaultTarget names `{name}`, which is not under targets"),
            );
            if let Some(span) = self.place(&["defaultTarget"]) {
                diagnostic = diagnostic.at(span, "no such target");
            }
            diagnostics.push(
                diagnostic.help(
                    did_you_mean(name, &known).unwrap_or_else(|| {
                        format!("the targets are {}", super::list(&known, "and"))
                    }),
                ),
            );
        }
    }

    /// Where a setting is written, by its path below `spec`.
    #[must_use]
    pub fn place(&self, path: &[&str]) -> Option<Span> {
        let mut node = self.root.as_ref()?.get("spec")?;
        for step in path {
            node = match step.parse::<usize>() {
                Ok(index) => node.items()?.get(index)?,
                Err(_) => node.get(step)?,
            };
        }
        Some(node.span)
    }
}

/// JSON Schema of the project file's `spec`.
pub(crate) fn schema() -> &'static Value {
    static SCHEMA: std::sync::LazyLock<Value> =
        std::sync::LazyLock::new(crate::kinds::plain_schema::<ProjectSpec>);
    &SCHEMA
}
