//! A plan in machine form.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::breaking::BreakingJson;
use super::diagnostic::{DiagnosticJson, OmittedJson};
use super::exempted::ExemptedJson;
use super::not_looked_at::NotLookedAtJson;
use super::place::PlaceJson;
use super::scope::{ChangedSinceJson, ScopeJson};
use super::spec_diff::SumJson;
use crate::document::Impact;
use crate::model::{Address, Diagnostic, Sources, Span, unmodelled_paths};
use crate::output::breaking_places::PlacedChange;
use crate::output::migration;
use crate::output::renaming::Renaming;
use crate::plan::{Change, Migration, PLAN_FORMAT, Plan, Summary, Target, canonical_json};

/// A plan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanJson {
    /// Version of this form.
    format_version: &'static str,
    /// Equal plans, and only those, have equal ids; null where there is no plan.
    plan_id: Option<String>,
    /// The service.
    target: TargetJson,
    /// The service that `target` is compared with, in the output of `diff`; absent where manifests are.
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<TargetJson>,
    /// What was compared, if `--changed-since` limits it; the rest of the service was not.
    #[serde(skip_serializing_if = "Option::is_none")]
    scope: Option<ScopeJson>,
    /// The counts.
    summary: SummaryJson,
    /// Every change, deletes first.
    changes: Vec<ChangeJson>,
    /// Topmost live resources that nobody declares.
    unmanaged: Vec<String>,
    /// Types of resources that were not looked at, so that there may be more unmanaged ones.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    not_looked_at: Vec<NotLookedAtJson>,
    /// Declared resources that are as declared, where they were asked for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unchanged: Vec<String>,
    /// Rules that forbid the whole plan.
    refusals: Vec<RefusalJson>,
    /// Problems of the manifests and of the plan.
    diagnostics: Vec<DiagnosticJson>,
    /// How many problems are not in `diagnostics`, if there are very many.
    #[serde(skip_serializing_if = "Option::is_none")]
    omitted_diagnostics: Option<OmittedJson>,
    /// Findings that exemptions accept; they are not in `diagnostics`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    exempted: Vec<ExemptedJson>,
    /// What planning cost and what applying would.
    requests: Requests,
    /// What the plan was asked for; `apply PLANFILE` asks for the same.
    options: OptionsJson,
    /// `sha256:` and the hash of all other fields as JSON with sorted keys and no spaces; `apply PLANFILE`
    /// refuses a file that was altered. Null where there is no plan.
    digest: Option<String>,
}

/// The digest of a plan's other fields: the layout of the file and the order of keys do not matter.
#[must_use]
pub fn content_digest(mut document: Value) -> String {
    if let Some(fields) = document.as_object_mut() {
        fields.shift_remove("digest");
    }
    let hash = Sha256::digest(canonical_json(&document));
    let digits = hash.iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

/// The service of a plan.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct TargetJson {
    /// The entry of `spec.targets`.
    name: String,
    /// Azure subscription.
    subscription_id: String,
    /// Azure resource group.
    resource_group: String,
    /// Name of the service.
    service: String,
}

impl From<&Target> for TargetJson {
    fn from(target: &Target) -> Self {
        Self {
            name: target.name.clone(),
            subscription_id: target.service.subscription.clone(),
            resource_group: target.service.resource_group.clone(),
            service: target.service.name.clone(),
        }
    }
}

/// How many resources meet which fate.
#[derive(Debug, Default, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct SummaryJson {
    create: usize,
    update: usize,
    replace: usize,
    /// Resources that get another name; absent where there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    rename: Option<usize>,
    delete: usize,
    unchanged: usize,
    unmanaged: usize,
    blocked: usize,
}

impl From<Summary> for SummaryJson {
    fn from(summary: Summary) -> Self {
        let Summary {
            create,
            update,
            replace,
            rename,
            delete,
            unchanged,
            unmanaged,
            blocked,
        } = summary;
        Self {
            create,
            update,
            replace,
            rename: (rename > 0).then_some(rename),
            delete,
            unchanged,
            unmanaged,
            blocked,
        }
    }
}

/// Requests to the service.
#[derive(Debug, Clone, Copy, Default, Serialize, JsonSchema)]
pub struct Requests {
    /// Sent by this plan: reads, pages and exports.
    pub reads: u64,
    /// To be sent by its apply.
    pub writes: usize,
}

/// What a plan was asked for.
#[derive(Debug, Clone, Default, Serialize, serde::Deserialize, JsonSchema)]
#[serde(rename_all = "camelCase", default)]
pub struct OptionsJson {
    /// `--only`.
    pub only: Vec<String>,
    /// `--exclude`.
    pub exclude: Vec<String>,
    /// `--prune`.
    pub prune: bool,
    /// `--changed-since`, unless everything had to be planned after all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub changed_since: Option<ChangedSinceJson>,
}

/// A rule that forbids the whole plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RefusalJson {
    message: String,
    help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

/// What happens to one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct ChangeJson {
    /// The resource.
    address: String,
    /// Its kind.
    kind: &'static str,
    /// `create`, `update`, `replace`, `rename`, `delete` or `blocked`.
    action: &'static str,
    /// The address that it has in the service so far, where it gets another name.
    #[serde(skip_serializing_if = "Option::is_none")]
    was: Option<String>,
    /// What is below it and moves along, by its present address; copies that an interrupted apply has made already are
    /// not listed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    carried: Vec<String>,
    /// What refers to it by its former name, and is written again.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    referring: Vec<String>,
    /// Why.
    reason: String,
    /// The rule that forbids it.
    #[serde(skip_serializing_if = "Option::is_none")]
    blocked_by: Option<String>,
    /// What differs.
    fields: Vec<FieldJson>,
    /// What the new document breaks for callers of the API; absent where nothing is known to break.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    breaking: Vec<BreakingJson>,
    /// What the new document may break for some callers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    cautions: Vec<BreakingJson>,
    /// Parts of the API that the new document removes and adds, where there are any.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    parts: Vec<SumJson>,
    /// True where nobody knows what the new document breaks, because the text in the service was not read.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    breaking_unknown: bool,
    /// Live fields that nobody modelled; an update keeps them, except those in `unmodelledDropped`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmodelled: Vec<String>,
    /// Those of them that an update drops, because the item or field that holds them is removed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    unmodelled_dropped: Vec<String>,
    /// The live resources that hold a value of this metadata schema, where it changes in steps.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    used_by: Vec<String>,
    /// The steps in which this metadata schema changes, where others have to change in between.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    steps: Vec<StepJson>,
    /// Where the resource is declared.
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

/// One step in which a metadata schema changes while resources hold values of it, or lack them.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct StepJson {
    /// `relax` (stop requiring the value), `clear` (take the values away), `change`, `define` (change
    /// without requiring the value yet), `delete`, `set` (give the values) or `require`.
    action: &'static str,
    /// The same in words.
    description: String,
    /// The resources that it writes; none where it writes the schema.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    resources: Vec<String>,
}

impl StepJson {
    fn list(change: &Change, migration: &Migration) -> Vec<Self> {
        let steps = migration.steps.iter();
        let words = migration::steps(change, migration).into_iter();
        let pairs = steps.zip(words);
        pairs
            .map(|(step, description)| Self {
                action: step.action.word(),
                description,
                resources: step.resources.iter().map(ToString::to_string).collect(),
            })
            .collect()
    }
}

/// One field that differs. An absent side is null.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct FieldJson {
    path: String,
    before: Option<Value>,
    after: Option<Value>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

impl ChangeJson {
    fn new(plan: &Plan, i: usize, sources: &Sources) -> Self {
        let (change, migration) = (&plan.changes[i], plan.migration(i));
        let renaming = Renaming::of(plan, change);
        let texts = |all: &[&Address]| all.iter().map(ToString::to_string).collect();
        let placed = PlacedChange::of(change, sources);
        let users = migration.map(|migration| migration.users.iter());
        let place = |span: Option<Span>| span.map(|span| PlaceJson::new(span, sources));
        Self {
            address: change.address.to_string(),
            kind: change.address.kind().name,
            action: change.action().word(),
            was: change.former().map(ToString::to_string),
            carried: texts(&renaming.carried),
            referring: texts(&renaming.referring),
            reason: change.reason.clone(),
            blocked_by: change.blocked.as_ref().map(|block| block.reason.clone()),
            fields: change
                .fields
                .iter()
                .map(|field| FieldJson {
                    path: field.path.clone(),
                    before: field.before.clone(),
                    after: field.after.clone(),
                    source: place(field.place),
                })
                .collect(),
            breaking: BreakingJson::placed(&placed, Impact::Break),
            cautions: BreakingJson::placed(&placed, Impact::Caution),
            parts: SumJson::list_changed(change.sums()),
            breaking_unknown: change.is_unjudged(),
            unmodelled: unmodelled_paths(&change.unmodelled),
            unmodelled_dropped: change
                .after()
                .map(|_| change.unmodelled_fields().dropped_paths)
                .unwrap_or_default(),
            used_by: users
                .into_iter()
                .flatten()
                .map(ToString::to_string)
                .collect(),
            steps: migration.map_or_else(Vec::new, |m| StepJson::list(change, m)),
            source: place(change.place),
        }
    }
}

impl PlanJson {
    /// A plan in machine form; `diagnostics` are those of the manifests.
    #[must_use]
    pub fn new(
        plan: &Plan,
        diagnostics: &[Diagnostic],
        sources: &Sources,
        requests: Requests,
        options: OptionsJson,
        show_unchanged: bool,
    ) -> Self {
        let unchanged = plan.unchanged.iter().filter(|_| show_unchanged);
        let all = diagnostics.iter().chain(&plan.diagnostics);
        let (diagnostics, omitted_diagnostics) = DiagnosticJson::list(all, sources);
        let mut json = Self {
            format_version: PLAN_FORMAT,
            plan_id: Some(plan.id.clone()),
            target: TargetJson::from(&plan.target),
            from: plan.from.as_ref().map(TargetJson::from),
            scope: plan.scope.as_ref().map(|scope| ScopeJson::new(scope, plan)),
            summary: plan.summary().into(),
            changes: (0..plan.changes.len())
                .map(|i| ChangeJson::new(plan, i, sources))
                .collect(),
            unmanaged: plan.unmanaged.iter().map(ToString::to_string).collect(),
            not_looked_at: NotLookedAtJson::list(&plan.not_listed),
            unchanged: unchanged.map(ToString::to_string).collect(),
            refusals: plan
                .refusals
                .iter()
                .map(|refusal| RefusalJson {
                    message: refusal.message.clone(),
                    help: refusal.help.clone(),
                    source: refusal.place.map(|span| PlaceJson::new(span, sources)),
                })
                .collect(),
            diagnostics,
            omitted_diagnostics,
            exempted: ExemptedJson::list(&plan.exempted, sources),
            requests,
            options,
            digest: None,
        };
        let document = serde_json::to_value(&json).expect("output structs have string keys");
        json.digest = Some(content_digest(document));
        json
    }

    /// The form for manifests that are wrong: no plan, only diagnostics.
    #[must_use]
    pub fn invalid(diagnostics: &[Diagnostic], sources: &Sources) -> Self {
        let (diagnostics, omitted_diagnostics) = DiagnosticJson::list(diagnostics, sources);
        Self {
            format_version: PLAN_FORMAT,
            plan_id: None,
            target: TargetJson::default(),
            from: None,
            scope: None,
            summary: SummaryJson::default(),
            changes: Vec::new(),
            unmanaged: Vec::new(),
            not_looked_at: Vec::new(),
            unchanged: Vec::new(),
            refusals: Vec::new(),
            diagnostics,
            omitted_diagnostics,
            exempted: Vec::new(),
            requests: Requests::default(),
            options: OptionsJson::default(),
            digest: None,
        }
    }
}
