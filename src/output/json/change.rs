//! One change of a plan in machine form.

use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

use super::breaking::BreakingJson;
use super::place::PlaceJson;
use super::spec_diff::SumJson;
use crate::document::Impact;
use crate::model::{Address, Sources, Span, unmodelled_paths};
use crate::output::breaking_places::PlacedChange;
use crate::output::migration;
use crate::output::renaming::Renaming;
use crate::plan::{Author, Change, Migration, Plan};

/// What happens to one resource.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(in crate::output) struct ChangeJson {
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
    /// Who made the difference: `repository`, `portal` or `both`; absent without `--base`, and where the fields have
    /// several authors.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'static str>,
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
    /// Who made the difference: `repository`, `portal` or `both`; absent without `--base`.
    #[serde(skip_serializing_if = "Option::is_none")]
    author: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<PlaceJson>,
}

impl ChangeJson {
    pub(super) fn new(plan: &Plan, i: usize, sources: &Sources) -> Self {
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
            author: change.author.map(Author::word),
            reason: change.reason.clone(),
            blocked_by: change.blocked.as_ref().map(|block| block.reason.clone()),
            fields: change
                .fields
                .iter()
                .map(|field| FieldJson {
                    path: field.path.clone(),
                    before: field.before.clone(),
                    after: field.after.clone(),
                    author: field.author.map(Author::word),
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
