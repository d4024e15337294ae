//! A plan in machine form.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest as _, Sha256};

use super::change::ChangeJson;
use super::diagnostic::{DiagnosticJson, OmittedJson};
use super::exempted::ExemptedJson;
use super::not_looked_at::NotLookedAtJson;
use super::place::PlaceJson;
use super::scope::{ChangedSinceJson, ScopeJson};
use crate::model::{Diagnostic, Sources};
use crate::plan::{PLAN_FORMAT, Plan, Refusal, Summary, Target, canonical_json};

/// A plan.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlanJson<'a> {
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
    #[schemars(with = "Vec<ChangeJson>")]
    changes: ChangesJson<'a>,
    /// What both sides last agreed on, by the word of `--base`, if that was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    base: Option<String>,
    /// What stays as it is live although both sides differ from the base, by `--theirs`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    left_alone: Vec<String>,
    /// Topmost live resources that nobody declares.
    unmanaged: Vec<String>,
    /// Who made these: `portal` where the base lacks them, `repository` where the manifests no longer have them, `both`
    /// where they were edited besides; absent without `--base`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    unmanaged_authors: BTreeMap<String, &'static str>,
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
    digits(&Sha256::digest(canonical_json(&document)))
}

fn digits(hash: &[u8]) -> String {
    let digits = hash.iter().map(|byte| format!("{byte:02x}"));
    format!("sha256:{}", digits.collect::<String>())
}

/// The changes of a plan. Each is put together when it is written: all of them would take much more memory.
#[derive(Debug, Default)]
pub(in crate::output) struct ChangesJson<'a>(Option<(&'a Plan, &'a Sources)>);

/// The field with the changes.
pub(in crate::output) const CHANGES: &str = "changes";

impl ChangesJson<'_> {
    fn is_empty(&self) -> bool {
        self.0.is_none_or(|(plan, _)| plan.changes.is_empty())
    }

    /// The changes, one after the other.
    pub(in crate::output) fn iter(&self) -> impl Iterator<Item = ChangeJson> {
        self.0.into_iter().flat_map(|(plan, sources)| {
            (0..plan.changes.len()).map(move |i| ChangeJson::new(plan, i, sources))
        })
    }
}

impl Serialize for ChangesJson<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.iter())
    }
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
    /// `--base`: the commit, or the path of the snapshot.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// `--ours`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ours: Vec<String>,
    /// `--theirs`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub theirs: Vec<String>,
}

/// A rule that forbids the whole plan.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RefusalJson {
    /// The code of the rule.
    code: String,
    /// The live resource that is the cause, if it is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    address: Option<String>,
    message: String,
    help: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

impl RefusalJson {
    /// Refusals in machine form.
    pub(super) fn list(refusals: &[Refusal], sources: &Sources) -> Vec<Self> {
        let one = |refusal: &Refusal| Self {
            code: refusal.code.to_string(),
            address: refusal.address.as_ref().map(ToString::to_string),
            message: refusal.message.clone(),
            help: refusal.help.clone(),
            source: refusal.place.map(|span| PlaceJson::new(span, sources)),
        };
        refusals.iter().map(one).collect()
    }
}

impl<'a> PlanJson<'a> {
    /// A plan in machine form; `diagnostics` are those of the manifests.
    #[must_use]
    pub fn new(
        plan: &'a Plan,
        diagnostics: &[Diagnostic],
        sources: &'a Sources,
        requests: Requests,
        options: OptionsJson,
        show_unchanged: bool,
    ) -> Self {
        let unchanged = plan.unchanged.iter().filter(|_| show_unchanged);
        let all = diagnostics.iter().chain(&plan.diagnostics);
        let (diagnostics, omitted_diagnostics) = DiagnosticJson::list(all, sources);
        let mut json = Self {
            format_version: PLAN_FORMAT,
            plan_id: plan.is_made().then(|| plan.id.clone()),
            target: TargetJson::from(&plan.target),
            from: plan.from.as_ref().map(TargetJson::from),
            scope: plan.scope.as_ref().map(|scope| ScopeJson::new(scope, plan)),
            summary: plan.summary().into(),
            changes: ChangesJson::default(),
            base: plan.base.clone(),
            left_alone: plan.left_alone.iter().map(ToString::to_string).collect(),
            unmanaged: plan.unmanaged.iter().map(ToString::to_string).collect(),
            unmanaged_authors: plan
                .unmanaged_authors
                .iter()
                .map(|(address, author)| (address.to_string(), author.word()))
                .collect(),
            not_looked_at: NotLookedAtJson::list(&plan.not_listed),
            unchanged: unchanged.map(ToString::to_string).collect(),
            refusals: RefusalJson::list(&plan.refusals, sources),
            diagnostics,
            omitted_diagnostics,
            exempted: ExemptedJson::list(&plan.exempted, sources),
            requests,
            options,
            digest: None,
        };
        let frame = json.frame();
        json.changes = ChangesJson(Some((plan, sources)));
        json.digest = plan.is_made().then(|| json.digest_with(frame));
        json
    }

    /// All fields as a value, without changes where there are none yet.
    fn frame(&self) -> Value {
        serde_json::to_value(self).expect("output structs have string keys")
    }

    /// The plan without its changes, as a value, and the changes.
    pub(in crate::output) fn into_parts(mut self) -> (Value, ChangesJson<'a>) {
        let changes = std::mem::take(&mut self.changes);
        (self.frame(), changes)
    }

    /// As [`content_digest`] of everything, of which only one change at a time is in memory.
    fn digest_with(&self, frame: Value) -> String {
        let Value::Object(mut fields) = frame else {
            return content_digest(frame);
        };
        fields.shift_remove("digest");
        fields.sort_keys();
        let mut hash = Sha256::new();
        for (i, (key, value)) in fields.iter().enumerate() {
            hash.update(if i == 0 { "{" } else { "," });
            hash.update(canonical_json(&Value::from(key.as_str())));
            hash.update(":");
            if key != CHANGES {
                hash.update(canonical_json(value));
                continue;
            }
            for (i, change) in self.changes.iter().enumerate() {
                hash.update(if i == 0 { "[" } else { "," });
                let change = serde_json::to_value(change);
                hash.update(canonical_json(
                    &change.expect("output structs have string keys"),
                ));
            }
            hash.update(if self.changes.is_empty() { "[]" } else { "]" });
        }
        hash.update("}");
        digits(&hash.finalize())
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
            changes: ChangesJson::default(),
            base: None,
            left_alone: Vec::new(),
            unmanaged: Vec::new(),
            unmanaged_authors: BTreeMap::new(),
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
