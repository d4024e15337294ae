//! Which resources a project declares differently than it did earlier.

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::{Map, Value};

use super::loaded::LoadedProject;
use crate::model::view::{CustomProperties, SyncedApiView};
use crate::model::{Address, AddressSet, DesiredResource, DesiredState, Exemption, Origin, Role};

/// Settings of a project whose effects show in what is declared, or in the target.
const SHOWN: [&str; 3] = ["manifests", "defaultTarget", "targets"];

/// The same of a target.
const SHOWN_OF_TARGETS: [&str; 2] = ["variables", "overlays"];

/// What a project declares differently than it did earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// These resources; those that are no longer declared with everything below them.
    Resources(AddressSet),
    /// Something that may concern every resource, in words.
    Everything(String),
}

impl LoadedProject {
    /// Compares what is declared with what was declared in an earlier state of the same project, for the same target.
    /// `is_unknown` says of which files nobody knows the earlier content: what is read from them may have changed.
    #[must_use]
    pub fn changes_since(&self, earlier: &Self, is_unknown: impl Fn(&str) -> bool) -> Changes {
        if let Some(reason) = self.differs_as_a_whole(earlier) {
            return Changes::Everything(reason);
        }
        let (before, after) = (&earlier.desired, &self.desired);
        let mut changed = AddressSet::default();
        for (address, declared) in &after.resources {
            let is_same = before.resources.get(address).is_some_and(|known| {
                is_same_resource(declared, known)
                    && link_of(after, address) == link_of(before, address)
                    && former_names(after, address).eq(former_names(before, address))
            });
            if !is_same || self.is_read_from(declared, &is_unknown) {
                changed.insert(address.clone());
            }
        }
        let removed = before.resources.keys();
        for address in removed.filter(|address| !after.resources.contains_key(address)) {
            changed.insert_family(address.clone());
        }
        self.add_exempted(earlier, &mut changed);
        add_dependent(after, &mut changed);
        Changes::Resources(changed)
    }

    /// Why everything may have changed; `None` if it has not.
    fn differs_as_a_whole(&self, earlier: &Self) -> Option<String> {
        if !earlier.is_plannable() {
            let error = earlier.errors().find(|error| error.about.is_empty());
            let (place, message) = error.map_or(("".to_owned(), ""), |error| {
                let label = error.primary.as_ref();
                let place = label.map(|label| earlier.sources.display(label.span));
                (
                    place.map_or_else(String::new, |place| format!("{place}: ")),
                    &*error.message,
                )
            });
            return Some(format!("the manifests had errors then ({place}{message})"));
        }
        let (spec, former) = (&self.target.spec, &earlier.target.spec);
        let is_same_service = self.options.target == earlier.options.target
            && changed_setting(spec, former, &SHOWN_OF_TARGETS).is_none();
        if !is_same_service {
            return Some("the target was another service then".to_owned());
        }
        let (now, then) = (&self.settings.spec, &earlier.settings.spec);
        let setting = changed_setting(now, then, &SHOWN)?;
        Some(format!("`{setting}` of the project file differs"))
    }

    /// Whether a resource is read from one of these files, as far as that is known.
    fn is_read_from(&self, declared: &DesiredResource, is_one: &impl Fn(&str) -> bool) -> bool {
        let fields = declared.places.iter().map(|(_, span)| span);
        let places = fields.chain(declared.place);
        let sources: BTreeSet<_> = places.map(|span| span.source).collect();
        let document = declared.document.as_deref();
        let parts = document.into_iter().flat_map(|document| &document.parts);
        let mut files = sources
            .into_iter()
            .chain(parts.map(|part| part.source))
            .map(|source| self.sources.get(source).name.as_str())
            .chain(document.and_then(|document| document.file.as_deref()));
        files.any(is_one)
    }

    /// What an exemption is for that was added, changed or removed.
    fn add_exempted(&self, earlier: &Self, changed: &mut AddressSet) {
        let now: BTreeSet<Entry<'_>> = self.exemptions().iter().map(entry_of).collect();
        let then: BTreeSet<Entry<'_>> = earlier.exemptions().iter().map(entry_of).collect();
        let all = self.exemptions().iter().chain(earlier.exemptions().iter());
        for exemption in all {
            let entry = entry_of(exemption);
            if now.contains(&entry) && then.contains(&entry) {
                continue;
            }
            let declared = self.desired.resources.keys();
            let concerned = declared.filter(|address| exemption.pattern.matches(address));
            concerned.for_each(|address| changed.insert(address.clone()));
        }
    }
}

/// Adds what is judged together with a resource that changed: the users of metadata schemas, and the APIs that an
/// integration brings in.
fn add_dependent(declared: &DesiredState, changed: &mut AddressSet) {
    let names = |role: Role| -> BTreeSet<String> {
        let all = changed.single().chain(changed.families());
        let of_role = all.filter(|address| address.is(role));
        of_role
            .map(|address| address.name().to_ascii_lowercase())
            .collect()
    };
    let (schemas, integrations) = (names(Role::MetadataSchema), names(Role::Integration));
    if schemas.is_empty() && integrations.is_empty() {
        return;
    }
    for (address, resource) in &declared.resources {
        let body = &resource.resource.body;
        let uses_schema = CustomProperties::of(body).has_any_of(&schemas);
        let is_brought_in = address.is(Role::SyncedApi)
            && integrations.contains(&SyncedApiView::of(body).integration().to_ascii_lowercase());
        if uses_schema || is_brought_in {
            changed.insert(address.clone());
        }
    }
}

fn is_same_resource(one: &DesiredResource, other: &DesiredResource) -> bool {
    let (one, other) = (&one.resource, &other.resource);
    // Names differ in case only, and a new resource gets the one that is declared.
    one.address.to_string() == other.address.to_string() && one == other
}

fn former_names<'a>(
    state: &'a DesiredState,
    address: &Address,
) -> impl Iterator<Item = &'a Address> {
    let formers = state.former_names.get(address).into_iter().flatten();
    formers.map(|former| &former.address)
}

fn link_of<'a>(state: &'a DesiredState, address: &Address) -> Option<&'a Origin> {
    state.links.get(address).map(|link| &link.origin)
}

type Entry<'a> = (
    &'a str,
    &'a str,
    Option<&'a str>,
    &'a str,
    Option<&'a str>,
    Option<String>,
);

/// What an exemption says, without where.
fn entry_of(exemption: &Exemption) -> Entry<'_> {
    let acceptance = &exemption.acceptance;
    (
        &exemption.code,
        &exemption.address,
        exemption.path.as_deref(),
        &acceptance.reason,
        acceptance.by.as_deref(),
        acceptance.until.map(|until| until.to_string()),
    )
}

/// The first setting that differs, except for those that show in what is declared.
fn changed_setting<T: Serialize>(now: &T, then: &T, shown: &[&str]) -> Option<String> {
    let (now, then) = (settings(now), settings(then));
    let mut names = now.keys().chain(then.keys());
    names
        .find(|name| !shown.contains(&name.as_str()) && now.get(*name) != then.get(*name))
        .cloned()
}

fn settings(spec: &impl Serialize) -> Map<String, Value> {
    match serde_json::to_value(spec) {
        Ok(Value::Object(settings)) => settings,
        _ => Map::new(),
    }
}
