//! The types where operations begin.

use super::pair::Pair;
use crate::document::breaking::findings::{Entry, Findings, Places, code};

pub(super) fn compare<'a>(pair: &Pair<'a>, findings: &mut Findings) {
    let (before, after) = (pair.before, pair.after);
    for (word, was) in &before.roots {
        let Some(now) = after.roots.get(word) else {
            let words = format!("{} removed", code(word));
            let entry = Entry::new("graphql-root-type", words);
            findings.add("schema", entry.within(Places::removed(&was.at, None)));
            continue;
        };
        if was.name == now.name {
            continue;
        }
        let names = format!("{} now, and was {}", code(&now.name), code(&was.name));
        let entry = match pair.new_name(&was.name) == now.name {
            true => Entry::caution(
                "graphql-root-renamed",
                format!("the type of {} is called {names}", code(word)),
            ),
            false => Entry::new(
                "graphql-root-type",
                format!("the type of {} is {names}", code(word)),
            ),
        };
        findings.add("schema", entry.within(Places::changed(&was.at, &now.at)));
    }
}
