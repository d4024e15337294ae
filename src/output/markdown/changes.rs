//! One line per resource that is created or updated, grouped by the API that it belongs to.

use std::collections::BTreeMap;

use super::context::MarkdownContext;
use super::escaper::{count, grouped};
use super::grouping::by_root;
use super::truncation::{Part, Priority};
use crate::model::Address;
use crate::output::migration;
use crate::plan::{Action, Change};

/// Fields that are named on the line of an update.
const FEW_FIELDS: usize = 4;

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let written: Vec<&Change> = written(context).collect();
    if written.is_empty() {
        return None;
    }
    let (creates, updates): (Vec<&Change>, Vec<&Change>) = written
        .iter()
        .copied()
        .partition(|c| c.action() == Action::Create);
    let title = "### Changes\n\n";
    let all = format!("{title}{}", lines(context, &by_root(&written)));
    let updates_only = format!(
        "{title}{}{}",
        lines(context, &by_root(&updates)),
        tally(&creates)
    );
    let counted = format!("{title}{}{}", tally(&updates), tally(&creates));
    Some(Part::new(
        Priority::Changes,
        written.len(),
        [all, updates_only, counted],
    ))
}

/// What is, or but for a rule would be, written: all that has fields to show.
pub(super) fn declared(context: MarkdownContext<'_>) -> impl Iterator<Item = &Change> {
    let changes = context.plan.changes.iter();
    changes.filter(|change| {
        change.after().is_some() && !(change.blocked.is_some() && change.fields.is_empty())
    })
}

/// Everything but what has a section of its own.
fn written(context: MarkdownContext<'_>) -> impl Iterator<Item = &Change> {
    let has_own_section = |c: &&Change| matches!(c.action(), Action::Delete | Action::Blocked);
    context
        .plan
        .changes
        .iter()
        .filter(move |c| !has_own_section(c))
}

fn lines(context: MarkdownContext<'_>, groups: &BTreeMap<Address, Vec<&Change>>) -> String {
    let mut out = String::new();
    for (root, group) in groups {
        let mut group = group.clone();
        group.sort_by(|a, b| a.address.cmp(&b.address));
        let has_root = group.iter().any(|change| change.address == *root);
        if !has_root {
            out.push_str(&format!("- {}\n", context.escaper.address(root)));
        }
        for change in group {
            let indent = if change.address == *root { "" } else { "  " };
            out.push_str(&format!("{indent}- {}\n", line(context, change)));
            out.push_str(&steps(context, change, &format!("{indent}  ")));
        }
    }
    out
}

/// The steps in which a metadata schema in use changes, as a list below its line.
pub(super) fn steps(context: MarkdownContext<'_>, change: &Change, indent: &str) -> String {
    let mut positions = context.plan.migrations.iter();
    let own = positions.find(|m| context.plan.changes[m.change].address == change.address);
    let Some(migration) = own else {
        return String::new();
    };
    let mut out = format!(
        "{indent}- {}\n",
        context.escaper.prose(&migration::title(migration))
    );
    for (n, step) in migration::steps(change, migration).iter().enumerate() {
        out.push_str(&format!(
            "{indent}  {}. {}\n",
            n + 1,
            context.escaper.prose(step)
        ));
    }
    out
}

fn line(context: MarkdownContext<'_>, change: &Change) -> String {
    let MarkdownContext {
        review, escaper, ..
    } = context;
    let action = change.action();
    let mut out = format!("**{}** {}", action.word(), escaper.address(&change.address));
    if action != Action::Create {
        out.push_str(": ");
        out.push_str(&match change.fields.as_slice() {
            [] => escaper.prose(&change.reason),
            _ if action == Action::Replace => {
                format!(
                    "{}; {}",
                    fields(context, change),
                    escaper.prose(&change.reason)
                )
            }
            _ => fields(context, change),
        });
    }
    if let Some(place) = change.place {
        out.push_str(&format!(" ({})", escaper.code(&review.place(place))));
    }
    out
}

fn fields(context: MarkdownContext<'_>, change: &Change) -> String {
    let (few, more) = change.fields.split_at(change.fields.len().min(FEW_FIELDS));
    let name = |field: &crate::plan::FieldChange| {
        if change.is_document(field) {
            match context.breaks.count_of(&change.address) {
                0 => "its document".to_owned(),
                n => format!("its document (**{}**)", count(n, "breaking change")),
            }
        } else {
            context.escaper.code(&field.path)
        }
    };
    let mut names: Vec<String> = few.iter().map(name).collect();
    if !more.is_empty() {
        names.push(count(more.len(), "more field"));
    }
    names.join(", ")
}

/// Changes counted by what they do to which kind.
fn tally(changes: &[&Change]) -> String {
    let mut counts: BTreeMap<(Action, &str), usize> = BTreeMap::new();
    for change in changes {
        *counts
            .entry((change.action(), change.address.kind().name))
            .or_default() += 1;
    }
    let line = |((action, kind), n): (&(Action, &str), &usize)| {
        format!("- **{}** {} × `{kind}`\n", action.word(), grouped(*n))
    };
    counts.iter().map(line).collect()
}
