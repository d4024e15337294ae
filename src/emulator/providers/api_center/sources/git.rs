//! What a Git source brings in: samples, because no repository is read here.

use serde_json::json;

use super::writing::{Wanted, Writing, generated, object, taken};
use crate::emulator::providers::api_center::kind::ResourceKind as _;
use crate::emulator::providers::api_center::kinds::opaque::{AGENT, OpaqueKind, SKILL};
use crate::emulator::store::{StoreError, StoredResource, child_key};

/// A sample: the name of its folder in the repository, its title and its summary.
type Sample = (&'static str, &'static str, &'static str);

const SKILLS: &[Sample] = &[
    (
        "release-notes",
        "Release notes",
        "Writes release notes from merged changes.",
    ),
    (
        "incident-report",
        "Incident report",
        "Summarises an incident for those who were not there.",
    ),
];
const AGENTS: &[Sample] = &[(
    "triage-agent",
    "Triage agent",
    "Sorts new issues by component.",
)];

/// The types that a Git source can bring in, and their samples.
static SAMPLES: [(&str, &OpaqueKind, &[Sample]); 2] =
    [("skill", &SKILL, SKILLS), ("agent", &AGENT, AGENTS)];

/// The types whose resources may come from a Git source.
pub(super) fn kinds() -> impl Iterator<Item = &'static OpaqueKind> {
    SAMPLES.iter().map(|(_, kind, _)| *kind)
}

impl Writing<'_> {
    /// Writes the samples of these types of assets, and removes those of the others.
    pub(super) fn assets(&self, repository: &str, types: &[String]) -> Result<(), StoreError> {
        let workspace = self.workspace();
        for (asset, kind, samples) in SAMPLES {
            let mut there = self.linked(&workspace, kind.collection())?;
            if types.iter().any(|one| one.eq_ignore_ascii_case(asset)) {
                for sample in samples {
                    self.asset(
                        &workspace,
                        kind,
                        repository,
                        taken(&mut there, sample.0),
                        sample,
                    )?;
                }
            }
            self.remove(kind, &workspace, &there)?;
        }
        Ok(())
    }

    fn asset(
        &self,
        workspace: &str,
        kind: &OpaqueKind,
        repository: &str,
        there: Option<StoredResource>,
        (folder, title, summary): &Sample,
    ) -> Result<(), StoreError> {
        let owned = object(json!({
            "title": title,
            "summary": summary,
            "sourceUrl": format!("{}/{folder}", repository.trim_end_matches('/')),
        }));
        let mut more = owned.clone();
        more.insert("lifecycleStage".to_owned(), json!(self.settings.stage));
        // Named after its folder; what somebody else made keeps its name.
        let key = child_key(workspace, kind.collection(), folder);
        let is_taken = there.is_none() && self.changes.view().resource(&key)?.is_some();
        let name = if is_taken {
            generated(&self.seed, kind.collection(), folder)
        } else {
            (*folder).to_owned()
        };
        let wanted = Wanted {
            origin: folder,
            name,
            owned: &owned,
            more: &more,
        };
        self.put(kind, workspace, there, wanted).map(drop)
    }
}
