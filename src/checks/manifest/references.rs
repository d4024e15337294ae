//! What a resource names must be declared too.

use std::collections::BTreeSet;

use super::input::ManifestInput;
use crate::kinds::{self, Reference};
use crate::manifest::{NearSearches, list, meant, one_line};
use crate::model::{Address, Certainty, DesiredResource, Diagnostic, Diagnostics, Fix, code};

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    let left_out = context.desired.left_out.iter().map(|one| &one.address);
    let search = Search {
        context,
        left_out: left_out.collect(),
        near: NearSearches::default(),
    };
    for declared in context.desired.resources.values() {
        let resource = &declared.resource;
        let kind = kinds::of(&resource.address);
        for reference in (kind.references)(&resource.address, &resource.body) {
            let target = &reference.target;
            // Custom properties have a rule of their own.
            let checked = *target.kind() != kinds::METADATA_SCHEMA.info;
            let known = context.desired.resources.contains_key(target)
                || context.desired.may_declare(target)
                || context.elsewhere.contains(target);
            let is_settled = !checked || known || reference.is_found;
            if !is_settled && !context.external.covers(target) && !context.may_be_brought_in(target)
            {
                diagnostics.push(search.dangling(declared, &reference));
            }
        }
    }
}

/// What is declared instead of the name of a reference.
#[derive(Default)]
struct Meant {
    help: Option<String>,
    /// The name that may be meant.
    near: Option<String>,
}

/// The search for references that lead nowhere.
struct Search<'a> {
    context: &'a ManifestInput<'a>,
    /// What files declare that are not read as manifests.
    left_out: BTreeSet<&'a Address>,
    near: NearSearches,
}

impl Search<'_> {
    fn dangling(&self, declared: &DesiredResource, reference: &Reference) -> Diagnostic {
        let Reference { field, target, .. } = reference;
        let noun = target.kind().noun;
        let is_id = target.name().starts_with('/');
        let message = if is_id {
            format!(
                "`{field}` names `{}`, which manifests cannot declare",
                target.name()
            )
        } else {
            format!("no {noun} `{target}` is declared")
        };
        let mut diagnostic = Diagnostic::error(code::DANGLING_REFERENCE, message)
            .about(&declared.resource.address)
            .about(target);
        if let Some(span) = declared.place_of(field) {
            diagnostic = diagnostic.at(span, "not declared");
        }
        if is_id {
            return diagnostic.help(format!(
                "write the name of one of this service's own; a resource of another service or workspace \
                 has to be replaced (an id of this one: the last part of it is the name of the {noun})"
            ));
        }
        if self.left_out.contains(target) {
            return diagnostic.help(
                "a file that is not read as a manifest declares it; `apicenter validate -v` says why",
            );
        }
        let Meant { help, near } = self.meant(declared, reference);
        let span = declared.places.get(field);
        diagnostic
            .help(help.unwrap_or_else(|| {
                format!(
                    "declare it, or list `{target}` under spec.external in apicenter.yaml if another \
                     repository does"
                )
            }))
            .fix_opt(near.zip(span).map(|(near, span)| {
                Fix::write(Certainty::Suggested, span, one_line(&near))
            }))
    }

    /// What is declared instead: the name that may be meant, or all names if they are few.
    fn meant(&self, declared: &DesiredResource, reference: &Reference) -> Meant {
        let target = &reference.target;
        let count = self.context.desired.resources.len() + self.context.elsewhere.len();
        if !self.near.afford(count) {
            return Meant::default();
        }
        let mut candidates = siblings(self.context, &declared.resource.address, target);
        let is_elsewhere = target.root() != declared.resource.address.root();
        let mut written = written_form(target, is_elsewhere);
        if reference.is_address {
            let resources = self.context.desired.resources.keys();
            let all = resources.chain(self.context.elsewhere);
            let same_kind = all.filter(|other| other.kind() == target.kind());
            candidates = same_kind.map(ToString::to_string).collect();
            written = target.to_string();
        }
        let names: Vec<&str> = candidates.iter().map(String::as_str).collect();
        let near = meant(&written, &names).map(str::to_owned);
        let help = match (&near, names.as_slice()) {
            (Some(near), _) => Some(format!("did you mean `{near}`?")),
            (None, []) => None,
            (None, names) if names.len() <= 12 => {
                Some(format!("declared are {}", list(names, "and")))
            }
            (None, names) => Some(format!(
                "{} others are declared, none of this name",
                names.len()
            )),
        };
        Meant { help, near }
    }
}

/// How a manifest would name the declared resources of the same kind and place.
fn siblings(context: &ManifestInput<'_>, resource: &Address, target: &Address) -> Vec<String> {
    let root = target.root();
    let names_root = target.segments().len() > 1;
    // A topmost name that nobody declares is itself the mistake.
    let any_root = !names_root || !context.desired.resources.contains_key(&root);
    let all: BTreeSet<&Address> = context
        .desired
        .resources
        .keys()
        .chain(context.elsewhere)
        .collect();
    all.into_iter()
        .filter(|other| other.kind() == target.kind() && (any_root || other.root() == root))
        .map(|other| {
            let in_full = names_root && any_root || other.root() != resource.root();
            written_form(other, in_full)
        })
        .collect()
}

/// The names of a resource below its topmost one; with that in front if it is not the reader's own.
fn written_form(address: &Address, is_elsewhere: bool) -> String {
    let segments = match address.segments() {
        [_, rest @ ..] if !rest.is_empty() && !is_elsewhere => rest,
        all => all,
    };
    let names: Vec<&str> = segments.iter().map(|s| &*s.name).collect();
    names.join("/")
}
