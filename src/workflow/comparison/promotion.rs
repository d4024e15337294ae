//! The manifests and overlays that bring one service in line with another one.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use serde_json::Value;

use super::centre::Centre;
use super::compare::ServiceComparison;
use super::overlay::{Overlay, can_be_overlaid};
use crate::export::{self, ExportFile, ExportOptions, file_name};
use crate::kinds::{self, Location};
use crate::manifest::PROJECT_FILE;
use crate::model::{
    Address, Body, DesiredResource, DesiredState, LiveResource, LiveState, Resource,
};
use crate::plan::{Action, Change};
use crate::project::LoadedProject;
use crate::workflow::export::{ExportRequest, NewProject, options};

/// What would bring a service in line, as files.
#[derive(Debug, Default)]
pub struct Promotion {
    /// The files, sorted by path.
    pub files: Vec<ExportFile>,
    /// The patterns that the target's overlays must have, if overlays are among the files.
    pub overlays: Option<String>,
    /// What files cannot say, or need not, one sentence each.
    pub notes: Vec<String>,
}

/// The files that bring `to` in line: within its project (`is_inside`) those that the project lacks, elsewhere a project
/// of their own with all of what differs.
#[must_use]
pub fn promotion(comparison: &ServiceComparison, to: &Centre, is_inside: bool) -> Promotion {
    let declared = to.project.as_ref().filter(|_| is_inside);
    let nothing = DesiredState::default();
    let declared = declared.map_or(&nothing, |project| &project.desired);
    let mut promotion = Promotion::default();
    let mut whole = BTreeSet::new();
    let mut overlays = BTreeMap::new();
    for top in changed_tops(comparison) {
        if !comparison.wanted.resources.contains_key(&top) {
            promotion.note_delete(&top, declared, to);
        } else if !declared.resources.contains_key(&top) {
            whole.insert(top);
        } else if can_be_overlaid(&top) {
            let overlay = overlay(&top, (declared, &comparison.wanted), to);
            overlays.insert(top, overlay);
        } else {
            promotion.notes.push(format!(
                "{top}: change its manifest; overlays do not merge schemas"
            ));
        }
    }
    add_referenced(&mut whole, &comparison.wanted, declared);
    promotion.add_manifests(&whole, &comparison.wanted, to, is_inside);
    for (top, overlay) in overlays {
        promotion.add_overlay(&top, overlay, to);
    }
    promotion.files.sort_by(|a, b| a.path.cmp(&b.path));
    promotion
}

/// The resources whose manifests have what changes.
fn changed_tops(comparison: &ServiceComparison) -> BTreeSet<Address> {
    let plan = &comparison.plan;
    let is_written = |change: &&Change| change.action() != Action::Blocked;
    let changes = plan.changes.iter().filter(is_written);
    let declared_by = |change: &Change| {
        let declaration = plan.matched.get(&change.address);
        declaration
            .cloned()
            .unwrap_or_else(|| change.address.root())
    };
    changes.map(declared_by).collect()
}

/// Adds what the resources refer to and nobody declares.
fn add_referenced(whole: &mut BTreeSet<Address>, wanted: &DesiredState, declared: &DesiredState) {
    let mut open: Vec<Address> = whole.iter().cloned().collect();
    while let Some(top) = open.pop() {
        let family = family(wanted, &top);
        let references = family.flat_map(|one| &one.resource.references);
        let missing: Vec<Address> = references
            .map(Address::root)
            .filter(|root| wanted.resources.contains_key(root))
            .filter(|root| !declared.resources.contains_key(root) && !whole.contains(root))
            .collect();
        for root in missing {
            whole.insert(root.clone());
            open.push(root);
        }
    }
}

fn family<'a>(
    state: &'a DesiredState,
    top: &'a Address,
) -> impl Iterator<Item = &'a DesiredResource> {
    let resources = state.resources.range(top..);
    resources
        .take_while(move |(address, _)| *address == top || address.is_below(top))
        .map(|(_, resource)| resource)
}

/// Where the overlays of a target are.
fn overlay_folder(target: &str) -> String {
    format!("overlays/{}", file_name(target))
}

fn overlay_name(top: &Address) -> String {
    let name = file_name(&top.name().replace('/', "-"));
    format!("{}-{name}", top.kind().slug)
}

fn overlay(top: &Address, states: (&DesiredState, &DesiredState), to: &Centre) -> Overlay {
    let name = overlay_name(top);
    let from_project = format!("{}/{name}", overlay_folder(&to.target.name));
    Overlay::new(top, states, (&from_project, &name))
}

impl Promotion {
    fn note_delete(&mut self, top: &Address, declared: &DesiredState, to: &Centre) {
        let place = declared.resources.get(top).and_then(|one| one.place);
        let project = to.project.as_ref();
        let note = match (place, project) {
            (Some(place), Some(project)) => format!(
                "{top}: to delete it, remove {} and apply with --prune",
                project.sources.display(place)
            ),
            _ => {
                format!("{top}: no manifest deletes it; apply --prune deletes what is not declared")
            }
        };
        self.notes.push(note);
    }

    fn add_manifests(
        &mut self,
        whole: &BTreeSet<Address>,
        wanted: &DesiredState,
        to: &Centre,
        is_inside: bool,
    ) {
        if whole.is_empty() {
            return;
        }
        let mut live = LiveState::default();
        for resource in whole.iter().flat_map(|top| family(wanted, top)) {
            live.resources
                .insert(resource.resource.address.clone(), as_live(resource));
        }
        let options = match (&to.project, is_inside) {
            (Some(project), false) => new_project(project),
            _ => ExportOptions::default(),
        };
        let options = ExportOptions {
            ownership_property: None,
            synced: false,
            roles: false,
            ..options
        };
        let export = export::export(&live, &options);
        self.files.extend(export.files);
        self.notes.extend(export.notes);
    }

    fn add_overlay(&mut self, top: &Address, overlay: Overlay, to: &Centre) {
        self.notes.extend(overlay.notes);
        let name = &to.target.name;
        if overlay.spec.is_empty() {
            self.notes.push(format!(
                "{top}: the project declares it so already; `apicenter apply -t {name}` brings it"
            ));
            return;
        }
        let kind = kinds::of(top);
        let own_name = match kind.location {
            Location::Path(_) => kinds::wire_name(top.name()),
            _ => top.name(),
        };
        let folder = overlay_folder(name);
        self.files.push(ExportFile {
            path: format!("{folder}/{}.yaml", overlay_name(top)),
            bytes: export::manifest(kind, own_name, Value::Object(overlay.spec)),
        });
        self.files.extend(overlay.files);
        self.overlays = Some(format!("{folder}/*.yaml"));
    }
}

/// The settings of a project that consists of what is written.
fn new_project(project: &LoadedProject) -> ExportOptions {
    let request = ExportRequest {
        adopt: true,
        new_project: Some(NewProject {
            folder: PathBuf::new(),
            file: PROJECT_FILE.to_owned(),
        }),
    };
    let mut options = options(project, &request);
    if let Some(file) = &mut options.project {
        file.spec
            .ownership
            .clone_from(&project.settings.spec.ownership);
    }
    options
}

fn as_live(wanted: &DesiredResource) -> LiveResource {
    let document = wanted.document.as_deref();
    LiveResource {
        resource: Resource::clone(&wanted.resource),
        unmodelled: Body::new(),
        synchronised: false,
        text: document.map(|document| document.text.clone()),
        files: document.and_then(|document| document.files.clone()),
        created_at: None,
    }
}
