//! What a rule stops.

use std::collections::BTreeMap;

use super::context::MarkdownContext;
use super::escaper::count;
use super::part::{Part, Priority};
use super::problems::collapsed;
use crate::plan::{Action, Change, Step};

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let changes = context.plan.changes.iter();
    let stopped: Vec<&Change> = changes.filter(|c| c.action() == Action::Blocked).collect();
    if stopped.is_empty() {
        return None;
    }
    let title = format!(
        "### Blocked: a rule stops {}\n\n",
        count(stopped.len(), "change")
    );
    let list: String = stopped.iter().map(|change| line(context, change)).collect();
    let mut rules: BTreeMap<(&str, &str), Vec<&Change>> = BTreeMap::new();
    for change in &stopped {
        rules
            .entry((rule(change), verb(change)))
            .or_default()
            .push(change);
    }
    let lines = |is_named: bool| -> String {
        let line = |((rule, verb), all): (&(&str, &str), &Vec<&Change>)| {
            let rule = context.escaper.prose(rule);
            let all: Vec<String> = match is_named {
                true => {
                    let addresses = all.iter().map(|change| &change.address);
                    addresses.map(|one| context.escaper.address(one)).collect()
                }
                false => vec![count(all.len(), "resource")],
            };
            format!("- **blocked** no {verb}: {rule}: {}\n", all.join(", "))
        };
        rules.iter().map(line).collect()
    };
    let (named, counted) = (lines(true), lines(false));
    let visible = [&list, &named, &counted].map(|text| format!("{title}{text}"));
    let fold = |lines: &str| collapsed("What is blocked, by name", lines);
    let folded = [fold(&list), fold(&named), String::new()];
    Some(Part::new(Priority::Blocked, stopped.len(), visible).folding(folded, false))
}

fn line(context: MarkdownContext<'_>, change: &Change) -> String {
    let place = change.place.map_or(String::new(), |place| {
        format!(" ({})", context.place(place))
    });
    let rule = context.escaper.prose(rule(change));
    let (resource, verb) = (context.resource(change), verb(change));
    format!("- **blocked** {resource}, no {verb}: {rule}{place}\n")
}

fn rule(change: &Change) -> &str {
    change.blocked.as_ref().map_or("", |block| &block.reason)
}

fn verb(change: &Change) -> &'static str {
    match change.step {
        Step::Create { .. } => "create",
        Step::Update { .. } => "update",
        Step::Replace { .. } => "replace",
        Step::Rename { .. } => "rename",
        Step::Delete { .. } => "delete",
    }
}
