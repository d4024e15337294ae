//! Analyzers: the rules that descriptions are held against.

use schemars::JsonSchema;
use serde_json::{Value, json};

use super::content::{Content, ContentForm, FolderCodes, FolderRules, Presence};
use super::kind::{Kind, Snippet};
use super::location::{API_CENTER, Location};
use super::schema::{Known, meanings, schema_of, values};
use crate::model::{Address, Body, KindInfo, Prune, code};

/// The kind `Analyzer`.
///
/// In canonical form `ruleset` is the digest of the folder's files, so that a rule that differs is a
/// field that differs.
pub static ANALYZER: Kind = Kind {
    info: KindInfo {
        name: "Analyzer",
        slug: "analyzer",
        noun: "analyzer",
        rank: 9,
        // Observed: without a title the service takes the name.
        retained_when_absent: &["title", "ruleset"],
        content_fields: &["ruleset"],
        prune: Prune::OnlyAll,
        ..KindInfo::PLAIN
    },
    location: Location::Workspace(&API_CENTER),
    collection: "analyzerConfigs",
    api_version: "2024-06-01-preview",
    content: Some(Content {
        field: "ruleset",
        form: ContentForm::Folder(&RULESET),
        export_action: "exportRuleset",
        import_action: "importRuleset",
        // Observed: as long as it is `inactive`, it has no ruleset. Other states are not recorded.
        presence: |properties| match properties.get("state").and_then(Value::as_str) {
            Some(state) if state.eq_ignore_ascii_case("inactive") => Presence::Absent,
            Some(state) if state.eq_ignore_ascii_case("active") => Presence::Certain,
            _ => Presence::Unknown,
        },
        evidence: "its `state` is `active`",
        // Observed: an import does not change the time.
        changes_modified_time: false,
        // Documented: the reader role does not include this export.
        readers_may_export: false,
    }),
    server_owned: &["state"],
    schema: schema_of!(AnalyzerSpec),
    example: r#"{"title": "House rules", "description": "What every API has to obey.",
        "filter": {
            "apis": [{"property": "kind", "operator": "equals", "value": "rest"}],
            "apiVersions": [{"property": "lifecycleStage", "operator": "equals", "value": "production"}],
            "apiDefinitions": [{"property": "title", "operator": "contains", "value": "OpenAPI"}]}}"#,
    snippets: &[Snippet {
        label: "",
        description: "Spectral rules from a folder of this repository",
        spec: r#"{"title": "${2:House rules}", "ruleset": "${3:./ruleset}"}"#,
    }],
    normalise,
    read,
    write,
    ..Kind::PLAIN
};

/// The folder with the rules.
static RULESET: FolderRules = FolderRules {
    noun: "ruleset",
    // Observed: `ruleset.yml`; the others are chosen here.
    main_files: &["ruleset.yml", "ruleset.yaml", "ruleset.json"],
    lookalikes: &[".spectral.", "ruleset."],
    // Documented: Spectral refuses a ruleset with none of these.
    main_keys: &["rules", "extends", "overrides"],
    is_spectral: true,
    codes: FolderCodes {
        missing: code::RULESET_MISSING,
        outside: code::RULESET_OUTSIDE,
        too_large: code::RULESET_TOO_LARGE,
        invalid: code::RULESET_INVALID,
    },
};

/// The lists of a filter (observed: on the wire all three must be there).
const LISTS: [&str; 3] = ["apis", "apiVersions", "apiDefinitions"];

/// The engine behind every analyzer (observed: sent in lower case, it comes back as `Spectral`).
const ENGINE: &str = "spectral";

/// How a condition compares.
const OPERATORS: &Known = &[
    ("equals", "The property has this very value."),
    ("contains", "The property's text holds this text somewhere."),
];

/// An analyzer: Spectral rules that the service holds description files against.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AnalyzerSpec {
    /// Name shown on the portal's page for API analysis. Left out, the service takes the analyzer's
    /// name, and a title that is there stays.
    #[schemars(length(min = 1), extend("examples" = ["House rules"]))]
    pub title: Option<String>,
    /// What the rules are for, on the portal's page for API analysis.
    pub description: Option<String>,
    /// Path of a folder of this repository, relative to the manifest: `ruleset.yml` (or `.yaml`,
    /// `.json`) with Spectral rules, and JavaScript in `functions/` where rules need it; at most 3 MB.
    /// Without it the analyzer keeps the ruleset that others gave it. Files in the folder are never
    /// read as manifests.
    #[schemars(extend("examples" = ["./ruleset"]))]
    pub ruleset: Option<String>,
    /// Which description files are analyzed. Without it: all.
    pub filter: Option<AnalyzerFilter>,
}

/// Which description files are analyzed: those that meet the conditions.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AnalyzerFilter {
    /// Conditions on the API.
    pub apis: Option<Vec<AnalyzerCondition>>,
    /// Conditions on the version.
    pub api_versions: Option<Vec<AnalyzerCondition>>,
    /// Conditions on the definition.
    pub api_definitions: Option<Vec<AnalyzerCondition>>,
}

/// What a property must be for a description file to be analyzed.
#[derive(JsonSchema)]
#[schemars(rename_all = "camelCase", deny_unknown_fields)]
#[expect(dead_code, reason = "declares a schema; bodies stay JSON")]
pub(super) struct AnalyzerCondition {
    /// Name of the property, as manifests have it.
    #[schemars(extend("examples" = ["kind", "lifecycleStage", "title"]))]
    pub property: String,
    /// How the property's value and `value` compare.
    #[schemars(extend(
        "x-known-values" = values(OPERATORS), "x-known-descriptions" = meanings(OPERATORS)
    ))]
    pub operator: String,
    /// The value, or the part of it, that is asked for.
    #[schemars(extend("x-or-number" = true, "examples" = ["rest"]))]
    pub value: String,
}

/// The service's own entries may differ in the case of an operator.
fn normalise(_: &Address, body: &mut Body) {
    for list in LISTS {
        let conditions = body
            .get_mut("filter")
            .and_then(|filter| filter.get_mut(list)?.as_array_mut());
        for condition in conditions.into_iter().flatten() {
            if let Some(Value::String(operator)) = condition.get_mut("operator") {
                *operator = operator.to_ascii_lowercase();
            }
        }
    }
}

/// Another engine than the only one known stays, as a field that nobody modelled.
fn read(_: &Address, body: &mut Body) {
    let engine = body.get("analyzerType").and_then(Value::as_str);
    if engine.is_some_and(|engine| engine.eq_ignore_ascii_case(ENGINE)) {
        body.shift_remove("analyzerType");
    }
}

fn write(_: &Address, body: &mut Body) {
    body.insert("analyzerType".to_owned(), json!(ENGINE));
    if let Some(Value::Object(filter)) = body.get_mut("filter") {
        for list in LISTS {
            filter.entry(list).or_insert_with(|| json!([]));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn live(wire: Value) -> crate::kinds::Canonical {
        let address = Address::top(&ANALYZER.info, "default");
        ANALYZER.live(address, wire.as_object().unwrap())
    }

    #[test]
    fn what_the_service_fills_in_is_no_difference() {
        let answer = live(
            json!({"properties": {"title": "default", "analyzerType": "Spectral",
            "state": "active", "filter": {"apis": [
                {"property": "kind", "operator": "Equals", "value": "rest"}],
                "apiVersions": [], "apiDefinitions": []}}}),
        );
        assert_eq!(
            Value::Object(answer.resource.body),
            json!({"title": "default", "filter": {"apis": [
                {"property": "kind", "operator": "equals", "value": "rest"}]}})
        );
        assert!(answer.unmodelled.is_empty());
    }

    #[test]
    fn what_the_service_asks_for_is_always_sent() {
        let address = Address::top(&ANALYZER.info, "default");
        let spec = json!({"filter": {"apiVersions": [
            {"property": "title", "operator": "contains", "value": "v1"}]}});
        let declared = ANALYZER.declared(address, spec.as_object().unwrap().clone());
        let wire = ANALYZER.wire(&declared, &Body::new());
        assert_eq!(wire["properties"]["analyzerType"], "spectral");
        assert_eq!(wire["properties"]["filter"]["apis"], json!([]));
        assert_eq!(wire["properties"]["filter"]["apiDefinitions"], json!([]));
    }

    #[test]
    fn an_engine_that_nobody_knows_is_named() {
        let answer = live(json!({"properties": {"analyzerType": "Other"}}));
        assert_eq!(answer.unmodelled["analyzerType"], "Other");
    }
}
