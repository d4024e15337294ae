//! What is deleted, and all that goes with it.

use std::collections::BTreeMap;

use super::changes;
use super::context::MarkdownContext;
use super::escaper::count;
use super::part::{Part, Priority};
use super::problems::collapsed;
use crate::model::{Address, unmodelled_paths};
use crate::output::outline::{Delete, caption_for_name, condition, deletes, tally};
use crate::plan::{Action, Change};

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let changes = context.plan.changes.iter();
    let gone = changes.filter(|c| c.action() == Action::Delete).count();
    if gone == 0 {
        return None;
    }
    let verb = if gone == 1 { "vanishes" } else { "vanish" };
    let title = format!("### ⚠️ Deletes: {} {verb}\n\n", count(gone, "resource"));
    let deletes = deletes(context.plan);
    let list: String = deletes.iter().map(|one| line(context, one)).collect();
    let named = by_reason(context, &deletes);
    let counted = counted(context);
    let visible = [&list, &named, &counted].map(|text| format!("{title}{text}"));
    let fold = |lines: &str| collapsed("What is deleted, by name", lines);
    let folded = [fold(&list), fold(&named), String::new()];
    Some(Part::new(Priority::Deletes, gone, visible).folding(folded, false))
}

/// A delete and all that goes with it, on one line.
fn line(context: MarkdownContext<'_>, delete: &Delete<'_>) -> String {
    let escaper = context.escaper;
    let top = delete.top;
    let mut out = match delete.is_change() {
        true => {
            let what = match top.after() {
                Some(_) => "the change",
                None => "the blocked delete",
            };
            format!("- **delete** with {what} of {}", context.resource(top))
        }
        false => format!(
            "- **delete** {}: {}{}",
            context.resource(top),
            escaper.prose(&top.reason),
            lost_fields(context, top)
        ),
    };
    for (root, all) in delete.families() {
        let is_own = root == top.address.root();
        let lead = match is_own {
            true if delete.is_change() => ": ",
            true => ", with ",
            false => "; ",
        };
        let above = if is_own { &top.address } else { &root };
        out.push_str(&format!("{lead}{}", family(context, above, &all)));
    }
    out.push('\n');
    out.push_str(&changes::steps(context, top, "  "));
    out
}

/// What goes with a delete: the topmost resource, and what is below it without its address.
fn family(context: MarkdownContext<'_>, above: &Address, all: &[&Change]) -> String {
    let named = |change: &&Change| {
        let lost = lost_fields(context, change);
        match change.address.is_below(above) {
            true => format!("{}{lost}", name_below(context, change, above)),
            false => format!("{}{lost}", context.resource(change)),
        }
    };
    let (below, own): (Vec<&Change>, Vec<&Change>) = all
        .iter()
        .partition(|change| change.address.is_below(above));
    let names = |all: &[&Change]| all.iter().map(named).collect::<Vec<_>>().join(", ");
    let words = match (own.is_empty(), below.is_empty()) {
        (true, _) => names(&below),
        (_, true) => names(&own),
        _ => format!("{} with {}", names(&own), names(&below)),
    };
    match condition(all[0]) {
        Some(condition) if all.iter().all(|one| one.reason == all[0].reason) => {
            format!("{words}, unless {}", context.escaper.prose(condition))
        }
        _ => words,
    }
}

/// A resource without the address of one above it.
fn name_below(context: MarkdownContext<'_>, change: &Change, above: &Address) -> String {
    let escaper = context.escaper;
    let whole = escaper.bare_address(&change.address);
    let above = escaper.bare_address(above);
    let below = whole.strip_prefix(above.as_str());
    let below = below.map_or(whole.as_str(), |rest| rest.trim_start_matches('/'));
    match caption_for_name(change) {
        None => escaper.code(below),
        Some(caption) => format!("{} {}", escaper.code(below), escaper.title(&caption)),
    }
}

fn lost_fields(context: MarkdownContext<'_>, change: &Change) -> String {
    let lost = unmodelled_paths(&change.unmodelled);
    if lost.is_empty() {
        return String::new();
    }
    let lost: Vec<String> = lost.iter().map(|path| context.escaper.code(path)).collect();
    format!(
        " (lost, though not known to this program: {})",
        lost.join(", ")
    )
}

/// Only names, behind each reason that they have in common.
fn by_reason(context: MarkdownContext<'_>, deletes: &[Delete<'_>]) -> String {
    let mut reasons: BTreeMap<&str, Vec<&Address>> = BTreeMap::new();
    for delete in deletes {
        let own = (!delete.is_change()).then_some(&delete.top.address);
        let taken = delete.taken.iter().map(|change| &change.address);
        let all = reasons.entry(delete.top.reason.as_str()).or_default();
        all.extend(own.into_iter().chain(taken));
    }
    let line = |(reason, all): (&&str, &Vec<&Address>)| {
        let names: Vec<String> = all
            .iter()
            .map(|address| context.escaper.address(address))
            .collect();
        format!(
            "- **delete** {}: {}\n",
            context.escaper.prose(reason),
            names.join(", ")
        )
    };
    reasons.iter().map(line).collect()
}

/// How many of each kind.
fn counted(context: MarkdownContext<'_>) -> String {
    let deleted = tally(context.plan).into_iter().filter_map(|row| {
        let many = row.count(Action::Delete);
        (many > 0).then(|| count(many, row.noun))
    });
    let words: Vec<String> = deleted.collect();
    format!("- **delete** {}\n", words.join(", "))
}
