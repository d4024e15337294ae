//! Definitions of directives.

use super::inputs::{self, DIRECTIVE_ARGUMENT, Owner};
use super::model::{Directive, is_of_callers};
use super::pair::Pair;
use crate::document::breaking::findings::{Entry, Findings, Impact, Places, codes, plain};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    let (Some(before), Some(after)) = (&pair.before.directives, &pair.after.directives) else {
        return;
    };
    for (name, was) in before {
        let place = format!("directive @{}", plain(name));
        let impact = match was.is_of_callers() {
            true => Impact::Break,
            false => Impact::Caution,
        };
        let Some(now) = after.get(name) else {
            let words = match impact {
                Impact::Break => "directive removed",
                Impact::Caution => "directive removed, which only schemas used",
            };
            let entry = Entry::new("graphql-directive-removed", words);
            let entry = entry.within(Places::removed(&was.at, None));
            findings.add(&place, Entry { impact, ..entry });
            continue;
        };
        locations(&place, was, now, findings);
        if let (Some(true), Some(false)) = (was.is_repeatable, now.is_repeatable) {
            let entry = Entry::new("graphql-directive-repeatable", "is no longer repeatable");
            let entry = entry.within(Places::changed(&was.at, &now.at));
            findings.add(&place, Entry { impact, ..entry });
        }
        let owner = Owner {
            place: &place,
            rules: &DIRECTIVE_ARGUMENT,
            name: None,
            at: &now.at,
            impact,
        };
        let arguments = (&was.arguments, &now.arguments);
        inputs::compare(pair, &owner, arguments, findings);
    }
}

fn locations(place: &str, was: &Directive, now: &Directive, findings: &mut Findings) {
    let removed = was.locations.difference(&now.locations);
    let (callers, schemas): (Vec<&str>, Vec<&str>) = removed
        .map(String::as_str)
        .partition(|location| is_of_callers(location));
    for (impact, locations) in [(Impact::Break, callers), (Impact::Caution, schemas)] {
        if locations.is_empty() {
            continue;
        }
        let words = format!("is no longer allowed on {}", codes(locations));
        let entry = Entry::new("graphql-directive-location", words);
        let entry = entry.within(Places::changed(&was.at, &now.at));
        findings.add(place, Entry { impact, ..entry });
    }
}
