//! Names that resources had before: `previously`.

use std::collections::BTreeMap;

use super::name;
use crate::kinds::{self, PREVIOUSLY};
use crate::model::{
    Address, Certainty, DesiredResource, DesiredState, Diagnostic, Diagnostics, Fix, FormerName,
    Span, code,
};
use crate::yaml::{Node, scalar_on_one_line};

/// Former names as they are written, with their places.
pub(super) type WrittenNames = Vec<(String, Span)>;

/// The list in a document's `metadata`; what is wrong with its form is reported.
pub(super) fn read(list: &Node, diagnostics: &mut Diagnostics) -> WrittenNames {
    if let Some(items) = list.items() {
        let (names, others): (Vec<_>, Vec<_>) = items
            .iter()
            .map(|item| (item.scalar_text(), item))
            .partition(|(name, item)| name.is_some() && !item.is_null());
        for (_, item) in others {
            diagnostics.push(
                Diagnostic::error(code::WRONG_TYPE, "a former name is not a text")
                    .at(item.first_span(), "a name is expected"),
            );
        }
        let names = names.into_iter();
        return names
            .filter_map(|(name, item)| Some((name?.to_owned(), item.span)))
            .collect();
    }
    let written = scalar_on_one_line(list).filter(|_| !list.is_null());
    let message = format!("`{PREVIOUSLY}` is not a list");
    diagnostics.push(
        Diagnostic::error(code::WRONG_TYPE, message)
            .at(list.first_span(), "a list of names is expected")
            .fix_opt(
                written.map(|name| Fix::write(Certainty::Certain, list.span, format!("[{name}]"))),
            ),
    );
    Vec::new()
}

/// The list of an item that has been checked against its schema.
pub(super) fn of_item(item: &Node) -> WrittenNames {
    let items = item.get(PREVIOUSLY).and_then(|list| list.items());
    let items = items.unwrap_or_default().iter();
    items
        .filter_map(|item| Some((item.scalar_text()?.to_owned(), item.span)))
        .collect()
}

/// Adds the former names of a resource.
pub(super) fn declare(present: &Address, names: WrittenNames, desired: &mut DesiredState) {
    if names.is_empty() {
        return;
    }
    let formers = names.into_iter();
    let formers = formers.map(|(name, place)| FormerName {
        address: present.sibling(name),
        place,
    });
    desired.redirect = kinds::REDIRECT;
    let all = &mut desired.former_names;
    all.insert(present.clone(), formers.collect());
}

/// Keeps the former names that can be some, and reports the others.
pub(super) fn check(desired: &mut DesiredState, diagnostics: &mut Diagnostics) {
    let mut claims: BTreeMap<Address, (Address, Span)> = BTreeMap::new();
    for (present, formers) in &mut desired.former_names {
        formers.retain(|former| {
            name::check(former.address.own_name(), former.place, diagnostics);
            let declared = desired.resources.get(&former.address);
            let problem = problem(present, former, declared, claims.get(&former.address));
            let is_right = problem.is_none();
            diagnostics.extend(problem);
            if is_right {
                let claim = (present.clone(), former.place);
                claims.insert(former.address.clone(), claim);
            }
            is_right
        });
    }
    desired
        .former_names
        .retain(|_, formers| !formers.is_empty());
}

fn problem(
    present: &Address,
    former: &FormerName,
    declared: Option<&DesiredResource>,
    claim: Option<&(Address, Span)>,
) -> Option<Diagnostic> {
    let address = &former.address;
    let error = |message: String| Diagnostic::error(code::PREVIOUS_NAME, message);
    if address == present {
        let diagnostic = error(format!("{present} has the former name that it has now"))
            .at(former.place, "the present name")
            .help("names are compared without case; remove it from the list");
        return Some(diagnostic);
    }
    if let Some(declared) = declared {
        let mut diagnostic = error(format!("{address} is still declared"))
            .at(former.place, format!("cannot be what {present} was before"))
            .help(format!(
                "remove the declaration of {address} if it is renamed to {present}, or remove the former name"
            ));
        if let Some(place) = declared.place_of("name") {
            diagnostic = diagnostic.related(place, "declared here");
        }
        return Some(diagnostic);
    }
    let (other, place) = claim?;
    let message = match other == present {
        true => format!("{address} is listed twice"),
        false => format!("{address} is the former name of {other} and of {present}"),
    };
    Some(
        error(message)
            .at(former.place, "claimed again here")
            .related(*place, "first claimed here")
            .help("a resource can become only one other: remove one of the two"),
    )
}
