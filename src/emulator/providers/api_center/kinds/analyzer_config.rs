//! Analyzer configurations: which ruleset definitions are held against. The ruleset goes through
//! `importRuleset` and `exportRuleset`; nothing is analysed here.

use serde_json::{Map, Value, json};

use crate::emulator::base::clock::Ticks;
use crate::emulator::core::field::{FieldRule, Form, TEXT, TITLE, optional, required};
use crate::emulator::core::handler::HandlerResult;
use crate::emulator::core::response::{HandlerResponse, problem_not_found, refused};
use crate::emulator::providers::api_center::kind::ResourceKind;
use crate::emulator::providers::api_center::namespace::NEWEST;
use crate::emulator::store::{Record, ServiceRecord};

pub(in crate::emulator) struct AnalyzerConfigKind;

static FIELDS: &[FieldRule] = &[
    optional("title", TITLE),
    optional("description", TEXT),
    required("analyzerType", TEXT),
    optional("filter", Form::Object(FILTER)),
];
/// Documented by clients: each list is required.
static FILTER: &[FieldRule] = &[
    required("apis", CONDITIONS),
    required("apiVersions", CONDITIONS),
    required("apiDefinitions", CONDITIONS),
];
const CONDITIONS: Form = Form::List {
    most: usize::MAX,
    item: &Form::Object(CONDITION),
};
static CONDITION: &[FieldRule] = &[
    required("property", TEXT),
    required("operator", TEXT),
    required("value", TEXT),
];

/// What the main file of a ruleset may be called, at the top of the archive (observed:
/// `ruleset.yml`; the others are Spectral's own names).
const MAIN_FILES: [&str; 9] = [
    "ruleset.yml",
    "ruleset.yaml",
    "ruleset.json",
    "ruleset.js",
    "ruleset.mjs",
    ".spectral.yml",
    ".spectral.yaml",
    ".spectral.json",
    ".spectral.js",
];

impl ResourceKind for AnalyzerConfigKind {
    fn type_path(&self) -> &'static str {
        "services/workspaces/analyzerConfigs"
    }

    fn name_parameter(&self) -> &'static str {
        "AnalyzerConfigName"
    }

    fn fields(&self) -> &'static [FieldRule] {
        FIELDS
    }

    /// No number is documented.
    fn most(&self) -> (u64, u64) {
        (u64::MAX, u64::MAX)
    }

    fn api_versions(&self) -> &'static [&'static str] {
        NEWEST
    }

    /// Observed: neither etag nor `systemData`.
    fn stamped(&self) -> bool {
        false
    }

    fn missing(&self) -> HandlerResponse {
        problem_not_found()
    }

    /// Observed: without a title it gets its name, and `spectral` becomes `Spectral`. That other
    /// types are refused is chosen here.
    fn complete(
        &self,
        _service: &ServiceRecord,
        name: &str,
        properties: &mut Map<String, Value>,
    ) -> HandlerResult<()> {
        let kind = properties.get("analyzerType").and_then(Value::as_str);
        if !kind.is_some_and(|kind| kind.eq_ignore_ascii_case("Spectral")) {
            return Err(refused("The field AnalyzerType must be one of: Spectral.").into());
        }
        properties.insert("analyzerType".to_owned(), json!("Spectral"));
        if !properties.contains_key("title") {
            properties.shift_insert(0, "title".to_owned(), json!(name));
        }
        Ok(())
    }

    /// Observed: inactive at first.
    fn owned(&self, old: Option<&Record>, _now: Ticks) -> Map<String, Value> {
        let inactive = || Map::from_iter([("state".to_owned(), json!("inactive"))]);
        old.map_or_else(inactive, |old| old.owned.clone())
    }

    /// Chosen here: active after an import; `inactive` is observed before one, nothing after it.
    fn import_archive(
        &self,
        names: &[String],
        owned: &mut Map<String, Value>,
    ) -> Result<(), String> {
        if !names.iter().any(|name| MAIN_FILES.contains(&name.as_str())) {
            return Err("Error: Ruleset file not found in the unzipped folder.".to_owned());
        }
        owned.insert("state".to_owned(), json!("active"));
        Ok(())
    }
}
