//! Changes to make outlines of.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde_json::Value;

use crate::model::{Address, Body, KindInfo, Resource, Role};
use crate::plan::{Change, FieldChange, Plan, Step, Target};

const fn kind(slug: &'static str, noun: &'static str, rank: u8, role: Role) -> KindInfo {
    KindInfo {
        name: noun,
        slug,
        noun,
        rank,
        role,
        ..KindInfo::PLAIN
    }
}

/// The kinds of these changes, which are like real ones.
static KINDS: [KindInfo; 7] = [
    kind(
        "metadata-schema",
        "metadata schema",
        1,
        Role::MetadataSchema,
    ),
    kind("environment", "environment", 2, Role::Environment),
    kind("integration", "integration", 4, Role::Integration),
    kind("api", "API", 5, Role::Api),
    kind("version", "API version", 0, Role::ApiVersion),
    kind("definition", "API definition", 0, Role::Plain),
    kind("deployment", "deployment", 1, Role::Plain),
];

pub(super) fn address(text: &str) -> Address {
    let parts: Vec<&str> = text.split('/').collect();
    let mut found: Option<Address> = None;
    for pair in parts.chunks(2) {
        let kind = KINDS.iter().find(|kind| kind.slug == pair[0]).unwrap();
        found = Some(match found {
            None => Address::top(kind, pair[1]),
            Some(above) => above.child(kind, pair[1]),
        });
    }
    found.unwrap()
}

fn resource(text: &str) -> Resource {
    Resource {
        address: address(text),
        body: Body::new(),
        references: BTreeSet::new(),
        within: None,
        id: None,
    }
}

fn change(text: &str, step: Step) -> Change {
    Change {
        address: address(text),
        step,
        blocked: None,
        reason: String::new(),
        fields: Vec::new(),
        unmodelled: Body::new(),
        text: None,
        place: None,
        restored: None,
        waits_for: Vec::new(),
        author: None,
    }
}

pub(super) fn create(text: &str) -> Change {
    let after = Arc::new(resource(text));
    change(text, Step::Create { after })
}

pub(super) fn update(text: &str) -> Change {
    let before = Arc::new(resource(text));
    let after = Arc::clone(&before);
    change(text, Step::Update { before, after })
}

pub(super) fn update_with(text: &str, fields: &[(&str, Value, Value)]) -> Change {
    let fields = fields.iter().map(|(path, before, after)| FieldChange {
        path: (*path).to_owned(),
        before: Some(before.clone()),
        after: Some(after.clone()),
        place: None,
        author: None,
    });
    Change {
        fields: fields.collect(),
        ..update(text)
    }
}

pub(super) fn delete(text: &str) -> Change {
    let before = Arc::new(resource(text));
    change(text, Step::Delete { before, with: None })
}

pub(super) fn vanish(text: &str, with: &str) -> Change {
    let (before, with) = (Arc::new(resource(text)), Some(address(with)));
    change(text, Step::Delete { before, with })
}

pub(super) fn plan(changes: Vec<Change>) -> Plan {
    Plan {
        undoes: false,
        scope: None,
        id: String::new(),
        target: Target::default(),
        from: None,
        changes,
        preparations: Vec::new(),
        resynchronised: std::collections::BTreeMap::new(),
        migrations: Vec::new(),
        unchanged: Vec::new(),
        unmanaged: Vec::new(),
        unmanaged_below: [].into(),
        base: None,
        unmanaged_authors: BTreeMap::new(),
        left_alone: Vec::new(),
        matched: [].into(),
        taken_declared: [].into(),
        not_listed: [].into(),
        refusals: Vec::new(),
        diagnostics: Vec::new(),
        exempted: Vec::new(),
    }
}
