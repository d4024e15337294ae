//! Which renames a plan is of.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::{Address, DesiredState, Span};
use crate::plan::model::PlanOptions;

/// A former address and the present one.
#[derive(Debug, Clone)]
pub(super) struct Pair {
    pub(super) former: Address,
    pub(super) present: Address,
    /// Where the former name is declared.
    pub(super) place: Span,
}

/// The declared renames that options select, and the options under which a resource is selected or left out
/// under both of its names.
pub(super) fn selected<'a>(
    desired: &DesiredState,
    options: &'a PlanOptions,
) -> (Vec<Pair>, Cow<'a, PlanOptions>) {
    let mut options = Cow::Borrowed(options);
    let mut pairs = Vec::new();
    for (present, formers) in &desired.former_names {
        let names = || {
            formers
                .iter()
                .map(|former| &former.address)
                .chain([present])
        };
        if names().any(|name| options.exclude.covers(name)) {
            let exclude = &mut options.to_mut().exclude;
            names().for_each(|name| exclude.add(name));
            continue;
        }
        if !names().any(|name| options.selects(name)) {
            // What is deleted or listed must not be what only has another name.
            let exclude = &mut options.to_mut().exclude;
            formers
                .iter()
                .for_each(|former| exclude.add(&former.address));
            continue;
        }
        if names().any(|name| !options.selects(name)) {
            let both = options.to_mut();
            if !both.only.is_empty() {
                names().for_each(|name| both.only.add(name));
            }
            if let Some(changed) = &mut both.changed {
                let addresses = &mut Arc::make_mut(changed).addresses;
                names().for_each(|name| addresses.insert(name.clone()));
            }
        }
        pairs.extend(formers.iter().map(|former| Pair {
            former: former.address.clone(),
            present: present.clone(),
            place: former.place,
        }));
    }
    (pairs, options)
}
