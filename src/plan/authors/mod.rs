//! Who made each difference, where it is known what both sides last agreed on.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::diff;
use super::matching::Matching;
use super::model::{Author, Change, FieldChange, PlanBase, PlanOptions, Step};
use crate::model::{Address, Body, KindInfo, LiveState};

/// Labels every change, and takes out those in conflict that are to stay as they are live (`--theirs`). Returns what was
/// taken out.
pub(super) fn settle(
    changes: &mut Vec<Change>,
    matching: &Matching<'_>,
    options: &PlanOptions,
) -> Vec<Address> {
    let Some(base) = options.base.as_deref() else {
        return Vec::new();
    };
    for change in changes.iter_mut() {
        let is_matched = matching.declared_by.contains_key(&change.address);
        label(change, is_matched, base);
    }
    pass_on_conflicts(changes);
    let is_left = |change: &Change| change.is_conflict() && options.theirs.covers(&change.address);
    let tops: BTreeSet<Address> = changes
        .iter()
        .filter(|change| is_left(change))
        .map(|change| change.address.clone())
        .collect();
    let goes_along = |change: &Change| {
        let is_written_whole = matches!(change.step, Step::Create { .. } | Step::Delete { .. });
        let mut above = change.address.ancestors();
        let is_below = above.any(|above| tops.contains(&above));
        let with = match &change.step {
            Step::Delete { with, .. } => with.as_ref(),
            _ => None,
        };
        is_written_whole && is_below || with.is_some_and(|with| tops.contains(with))
    };
    changes.retain(|change| !tops.contains(&change.address) && !goes_along(change));
    tops.into_iter().collect()
}

/// Who made live resources that nobody declares. Those that a snapshot has as they are do not differ from it.
pub(super) fn of_unmanaged(
    unmanaged: &[Address],
    live: &LiveState,
    options: &PlanOptions,
) -> BTreeMap<Address, Author> {
    let Some(base) = options.base.as_deref() else {
        return BTreeMap::new();
    };
    let label = |address: &Address| {
        let current = live.resources.get(address)?;
        let author = of_undeclared(
            base.bodies.get(address),
            &current.resource.body,
            address.kind(),
        );
        let is_unchanged = author == Author::Repository && !base.is_declared;
        (!is_unchanged).then(|| (address.clone(), author))
    };
    unmanaged.iter().filter_map(label).collect()
}

fn label(change: &mut Change, is_matched: bool, base: &PlanBase) {
    let former = change.former().and_then(|former| base.bodies.get(former));
    let known = base.bodies.get(&change.address).or(former);
    // The manifests of an earlier commit do not say which resource a declaration matched.
    if known.is_none() && is_matched {
        return;
    }
    let kind = change.address.kind();
    let author = match (&change.step, known) {
        (Step::Create { .. }, None) => Some(Author::Repository),
        (Step::Create { after }, Some(known)) => {
            let is_edited = !diff(known, &after.body, kind).is_empty();
            Some(if is_edited {
                Author::Both
            } else {
                Author::Portal
            })
        }
        (Step::Delete { before, .. }, known) => Some(of_undeclared(known, &before.body, kind)),
        (
            Step::Update { before, after }
            | Step::Rename { before, after, .. }
            | Step::Replace { before, after },
            known,
        ) => {
            let bodies = (&before.body, &after.body);
            label_fields(&mut change.fields, known, bodies, kind);
            of_fields(&change.fields)
        }
    };
    change.author = author;
    let remark = match (&change.step, author) {
        (Step::Create { .. }, Some(Author::Portal)) => "deleted in the portal",
        (Step::Create { .. }, Some(Author::Both)) => {
            "deleted in the portal and edited in the repository"
        }
        (Step::Delete { .. }, Some(Author::Portal)) => "created in the portal",
        (Step::Delete { .. }, Some(Author::Both)) => {
            "edited in the portal and removed from the repository"
        }
        _ => return,
    };
    change.reason = format!("{}; {remark}", change.reason);
}

/// Who made a resource undeclared that is live.
fn of_undeclared(known: Option<&Body>, live: &Body, kind: &KindInfo) -> Author {
    match known {
        None => Author::Portal,
        Some(known) if diff(known, live, kind).is_empty() => Author::Repository,
        Some(_) => Author::Both,
    }
}

fn label_fields(
    fields: &mut [FieldChange],
    known: Option<&Body>,
    (before, after): (&Body, &Body),
    kind: &KindInfo,
) {
    let nothing = Body::new();
    let base = known.unwrap_or(&nothing);
    let (in_portal, in_repository) = (diff(base, before, kind), diff(base, after, kind));
    let differs = |changes: &[FieldChange], path: &str| {
        let mut changes = changes.iter();
        changes.any(|change| leads(&change.path, path) || leads(path, &change.path))
    };
    for field in fields {
        let (portal, repository) = (
            differs(&in_portal, &field.path),
            differs(&in_repository, &field.path),
        );
        field.author = Some(match (portal, repository) {
            (true, true) => Author::Both,
            (true, false) => Author::Portal,
            (false, _) => Author::Repository,
        });
    }
}

/// The author of all fields; `None` where they have several, and a conflict if one of them is in conflict.
fn of_fields(fields: &[FieldChange]) -> Option<Author> {
    let authors: BTreeSet<Author> = fields.iter().filter_map(|field| field.author).collect();
    match (authors.contains(&Author::Both), authors.len()) {
        (true, _) => Some(Author::Both),
        (false, 1) => authors.first().copied(),
        _ => None,
    }
}

/// A delete is in conflict if anything that goes with it is.
fn pass_on_conflicts(changes: &mut [Change]) {
    let tops: BTreeSet<Address> = changes
        .iter()
        .filter(|change| change.is_conflict())
        .filter_map(|change| match &change.step {
            Step::Delete { with, .. } => with.clone(),
            _ => None,
        })
        .collect();
    for change in changes.iter_mut() {
        if tops.contains(&change.address) {
            change.author = Some(Author::Both);
        }
    }
}

/// Whether a path is another one or above it.
fn leads(above: &str, below: &str) -> bool {
    let rest = below.strip_prefix(above);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use serde_json::{Value, json};

    use super::*;
    use crate::model::Patterns;
    use crate::plan::tests::{address, desired, live};
    use crate::plan::{Plan, PlanRules, PruneOptions, PruneScope, plan_with};

    type State<'a> = &'a [(&'a str, Value)];

    fn plan(base: State<'_>, ours: State<'_>, theirs: State<'_>, settled: [&[&str]; 2]) -> Plan {
        let bodies = live(base).resources.into_iter();
        let bodies = bodies.map(|(address, current)| (address, current.resource.body));
        let options = PlanOptions {
            base: Some(Arc::new(PlanBase {
                is_declared: true,
                name: "main".to_owned(),
                source: "main".to_owned(),
                bodies: bodies.collect(),
            })),
            ours: Patterns::new(settled[0]).unwrap(),
            theirs: Patterns::new(settled[1]).unwrap(),
            prune: PruneOptions {
                enabled: true,
                scope: PruneScope::All,
            },
            ..PlanOptions::default()
        };
        plan_with(
            &desired(ours),
            &live(theirs),
            &options,
            &PlanRules::built_in(),
        )
    }

    fn authors(plan: &Plan) -> Vec<String> {
        let word = |author: Option<Author>| author.map_or("-", Author::word);
        let changes = plan.changes.iter().map(|change| {
            let fields = change.fields.iter();
            let fields = fields.filter(|field| field.author.is_some());
            let fields: String = fields
                .map(|field| format!(" {}={}", field.path, word(field.author)))
                .collect();
            format!("{} {}{fields}", change.address, word(change.author))
        });
        changes.collect()
    }

    #[test]
    fn each_field_has_an_author() {
        let base = [
            (
                "api/a",
                json!({"title": "1", "summary": "1", "kind": "rest"}),
            ),
            ("api/b", json!({"title": "1"})),
            ("api/c", json!({"title": "1"})),
        ];
        let ours = [
            (
                "api/a",
                json!({"title": "2", "summary": "1", "kind": "rest"}),
            ),
            ("api/b", json!({"title": "2"})),
            ("api/c", json!({"title": "1"})),
            ("api/d", json!({"title": "2"})),
        ];
        let theirs = [
            (
                "api/a",
                json!({"title": "1", "summary": "3", "kind": "rest"}),
            ),
            ("api/b", json!({"title": "3"})),
            ("api/c", json!({"title": "3"})),
            ("api/d", json!({"title": "3"})),
        ];
        let plan = plan(&base, &ours, &theirs, [&[], &[]]);
        assert_eq!(
            authors(&plan),
            [
                "api/a - title=repository summary=portal",
                "api/b both title=both",
                "api/c portal title=portal",
                "api/d both title=both",
            ]
        );
        let refused: Vec<&str> = plan.refusals.iter().map(|one| &*one.code).collect();
        assert_eq!(refused, ["edit-conflict", "edit-conflict"]);
    }

    #[test]
    fn deletes_and_creates_have_an_author() {
        let base = [
            ("api/deleted", json!({"title": "1"})),
            ("api/deleted-and-edited", json!({"title": "1"})),
            ("api/removed", json!({"title": "1"})),
            ("api/removed-and-edited", json!({"title": "1"})),
            ("api/removed-and-edited/version/1", json!({"title": "1"})),
        ];
        let ours = [
            ("api/deleted", json!({"title": "1"})),
            ("api/deleted-and-edited", json!({"title": "2"})),
            ("api/new", json!({"title": "2"})),
        ];
        let theirs = [
            ("api/created", json!({"title": "3"})),
            ("api/removed", json!({"title": "1"})),
            ("api/removed-and-edited", json!({"title": "1"})),
            ("api/removed-and-edited/version/1", json!({"title": "3"})),
        ];
        let all = plan(&base, &ours, &theirs, [&[], &[]]);
        assert_eq!(
            authors(&all),
            [
                "api/created portal",
                "api/removed repository",
                "api/removed-and-edited both",
                "api/removed-and-edited/version/1 both",
                "api/deleted portal",
                "api/deleted-and-edited both",
                "api/new repository",
            ]
        );
        let settled = plan(
            &base,
            &ours,
            &theirs,
            [&["api/deleted*"], &["api/removed*"]],
        );
        assert!(settled.refusals.is_empty(), "{:?}", settled.refusals);
        assert_eq!(
            authors(&settled),
            [
                "api/created portal",
                "api/removed repository",
                "api/deleted portal",
                "api/deleted-and-edited both",
                "api/new repository",
            ]
        );
        assert_eq!(
            settled.left_alone,
            ["api/removed-and-edited", "api/removed-and-edited/version/1"].map(address)
        );
        assert_ne!(settled.id, all.id);
    }
}
