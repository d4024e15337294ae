//! What stays otherwise than it was before an apply, because the service offers no way back.

use std::collections::BTreeMap;

use super::file::{Record, UndoFile};
use super::linked::is_linked;
use crate::model::view::IntegrationView;
use crate::model::{Address, Body, Diagnostic, LiveState, Role, code, counted};

/// What the plan that undoes an apply cannot restore, as warnings.
pub(super) fn found(file: &UndoFile, live: Option<&LiveState>) -> Vec<Diagnostic> {
    let service = file.records.iter().filter(|(address, record)| {
        address.is(Role::Service) && record.before.is_none() && record.after.is_some()
    });
    let mut found: Vec<Diagnostic> = service
        .map(|(address, _)| warning("the service itself stays".to_owned()).of(address))
        .collect();
    found.extend(brought_in(file, live));
    found.extend(imported(file));
    found.extend(live.into_iter().flat_map(|live| younger(file, live)));
    found
}

fn warning(message: String) -> Diagnostic {
    Diagnostic::warning(code::UNDO_REMAINS, message)
}

/// What an integration brings in again.
fn brought_in(file: &UndoFile, live: Option<&LiveState>) -> Option<Diagnostic> {
    let records = file.records.iter();
    let left = records.filter(|(address, record)| {
        file.is_left_to_integration(address, live)
            && !is_linked(file, address)
            && record.is_brought_in()
    });
    let (count, are) = match left.count() {
        0 => return None,
        1 => (counted(1, "resource"), "is"),
        left => (counted(left, "resource"), "are"),
    };
    Some(warning(format!(
        "{count} that an integration brought in {are} not written: the integration brings in its APIs again, under other names"
    )))
}

/// Descriptions that an integration imported only because of the apply.
fn imported(file: &UndoFile) -> impl Iterator<Item = Diagnostic> {
    let imports = |body: &Body| IntegrationView::of(body).imports_descriptions();
    let records = file.records.iter();
    let began = records.filter(move |(address, record)| {
        let Record { before, after, .. } = record;
        address.is(Role::Integration)
            && before.as_ref().is_some_and(|held| !imports(&held.body))
            && after.as_ref().is_some_and(imports)
    });
    began.map(|(address, _)| {
        let message = format!("descriptions that {address} imported since the apply stay");
        warning(message).of(address).help(
            "the service removes no description from an API that an integration keeps; an integration that is deleted and \
             created again brings in its APIs without them",
        )
    })
}

/// APIs some of whose versions are created again: the service lists versions in the order of creation.
fn younger(file: &UndoFile, live: &LiveState) -> Vec<Diagnostic> {
    let mut versions: BTreeMap<Address, (usize, usize)> = BTreeMap::new();
    let is_there = |address: &Address| live.resources.contains_key(address);
    for (address, record) in &file.records {
        let is_restored = address.is(Role::ApiVersion) && record.before.is_some();
        if is_restored
            && !is_there(address)
            && !file.is_left_to_integration(address, Some(live))
            && let Some(api) = address.parent()
        {
            versions.entry(api).or_default().0 += 1;
        }
    }
    for (api, (_, others)) in &mut versions {
        let below = live.resources.keys();
        *others = below
            .filter(|address| {
                address.is(Role::ApiVersion) && address.parent().as_ref() == Some(api)
            })
            .filter(|address| {
                file.records
                    .get(address)
                    .is_none_or(|record| record.before.is_some())
            })
            .count();
    }
    let several = versions
        .into_iter()
        .filter(|(_, (again, others))| again + others > 1);
    several
        .map(|(api, (again, _))| {
            let versions = counted(again, "version");
            warning(format!("{api} gets {versions} again with a new date of creation")).of(&api).help(
                "the service lists versions in the order of creation, and may derive another stage of the API from it",
            )
        })
        .collect()
}
