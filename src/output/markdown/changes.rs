//! What is created or changes, as a table: a row for each resource, or for all that change alike.

use std::collections::{BTreeMap, BTreeSet};

use super::context::MarkdownContext;
use super::escaper::{count, grouped};
use super::part::{Part, Priority};
use super::problems::collapsed;
use super::table::{BREAK, HEAD, row};
use super::values;
use crate::model::{Address, Role};
use crate::output::migration;
use crate::output::outline::{Alike, Brings, Likeness, group};
use crate::output::renaming::Renaming;
use crate::plan::{Action, Change};

/// New resources of one kind that have rows of their own where room is short.
const FEW_NEW: usize = 3;

/// Resources of a row that are named there.
const FEW_NAMES: usize = 4;

/// How much a table shows.
#[derive(Debug, Clone, Copy)]
struct Density {
    /// How alike the changes of one row are.
    likeness: Likeness,
    /// Whether values are shown, or only the names of fields.
    has_values: bool,
    /// What shares a row although it is not alike.
    shared: Shared,
}

/// What shares a row although it is not alike.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shared {
    Nothing,
    /// New resources of one kind, but for APIs; and definitions that break callers, which are named elsewhere.
    AllButApis,
    /// New APIs, too.
    All,
}

const fn density(likeness: Likeness, has_values: bool, shared: Shared) -> Density {
    Density {
        likeness,
        has_values,
        shared,
    }
}

/// From the most to the least; below that, changes are only counted.
const DENSITIES: [Density; 6] = [
    density(Likeness::Same, true, Shared::Nothing),
    density(Likeness::Same, true, Shared::AllButApis),
    density(Likeness::Same, true, Shared::All),
    density(Likeness::SameFields, true, Shared::All),
    density(Likeness::SameFields, false, Shared::All),
    density(Likeness::SameKind, false, Shared::All),
];

pub(super) fn part(context: MarkdownContext<'_>) -> Option<Part> {
    let written: Vec<&Change> = written(context).collect();
    if written.is_empty() {
        return None;
    }
    let title = "### Changes\n\n";
    let rows = Rows::of(context, &written);
    let tables = DENSITIES.map(|density| rows.table(density));
    let is_partial = tables[0].is_partial;
    let visible = tables.map(|table| format!("{title}{HEAD}{}", table.rows));
    let counted = format!("{title}{}", tally(&written));
    let part = Part::new(
        Priority::Changes,
        written.len(),
        visible.into_iter().chain([counted]),
    );
    let words = format!("All {}", count(written.len(), "change"));
    let folded = [list(context, &written), names(context, &written)];
    let folded = folded.map(|lines| collapsed(&words, &lines));
    let folded = folded.into_iter().chain([String::new()]);
    Some(part.folding(folded, is_partial))
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

/// The rows of a table, and whether resources are in it that it does not name.
#[derive(Debug, Default)]
struct Table {
    rows: String,
    is_partial: bool,
}

/// What tables are made from.
struct Rows<'a> {
    context: MarkdownContext<'a>,
    /// Changes of what was there before.
    changed: Vec<&'a Change>,
    /// The topmost new resources.
    new: Vec<&'a Change>,
    /// What each of these brings.
    brought: BTreeMap<Address, Vec<&'a Address>>,
    /// The topmost resources below which something breaks callers.
    broken: BTreeSet<Address>,
}

impl<'a> Rows<'a> {
    fn of(context: MarkdownContext<'a>, written: &[&'a Change]) -> Self {
        let mut sorted = written.to_vec();
        sorted.sort_by(|a, b| a.address.cmp(&b.address));
        let (all_new, changed): (Vec<&Change>, Vec<&Change>) = sorted
            .into_iter()
            .partition(|change| change.action() == Action::Create);
        let addresses: BTreeSet<&Address> = all_new.iter().map(|change| &change.address).collect();
        let (mut new, mut brought) = (Vec::new(), BTreeMap::<_, Vec<&Address>>::new());
        for change in all_new {
            let above = change.address.ancestors();
            match above.filter(|one| addresses.contains(one)).last() {
                Some(topmost) => brought.entry(topmost).or_default().push(&change.address),
                None => new.push(change),
            }
        }
        Self {
            context,
            changed,
            new,
            brought,
            broken: context.breaks.all().map(|(one, _)| one.root()).collect(),
        }
    }

    fn table(&self, density: Density) -> Table {
        let (mut alone, candidates): (Vec<&Change>, Vec<&Change>) = self
            .changed
            .iter()
            .partition(|change| has_steps(self.context, change));
        let (breaking, candidates): (Vec<&Change>, Vec<&Change>) = candidates
            .into_iter()
            .partition(|change| density.shared != Shared::Nothing && !change.breaking().is_empty());
        let (mut groups, rest) = group(&breaking, Likeness::SameKind);
        alone.extend(rest);
        let (others, rest) = group(&candidates, density.likeness);
        groups.extend(others);
        alone.extend(rest);
        // What hurts callers comes first, and what belongs together stays so.
        alone.sort_by(|a, b| {
            let is_harmless = |change: &Change| !self.broken.contains(&change.address.root());
            let order = |change: &Change| (!change.action().is_grave(), is_harmless(change));
            (order(a), &a.address).cmp(&(order(b), &b.address))
        });
        let mut table = Table::default();
        for change in alone {
            table.rows.push_str(&self.update(change, density));
        }
        for group in &groups {
            table.rows.push_str(&self.group(group, density));
            table.is_partial |= group.changes.len() > FEW_NAMES;
        }
        self.push_new(&mut table, density);
        table
    }

    fn update(&self, change: &Change, density: Density) -> String {
        let context = self.context;
        let mut lines = renaming_lines(context, change);
        match change.fields.as_slice() {
            [] if lines.is_empty() => lines.push(context.escaper.prose(&change.reason)),
            [] => {}
            _ if density.has_values => lines.extend(values::lines(context, change)),
            _ => lines.push(values::names(context, change)),
        }
        if change.action() == Action::Replace && !change.fields.is_empty() {
            lines.push(context.escaper.prose(&change.reason));
        }
        let lost = change.unmodelled_fields().dropped_paths;
        if !lost.is_empty() {
            let lost: Vec<String> = lost.iter().map(|path| context.escaper.code(path)).collect();
            let words = "**lost**, though not known to this program";
            lines.push(format!("{words}: {}", lost.join(", ")));
        }
        lines.extend(step_lines(context, change));
        row([
            action(change.action()),
            context.resource(change),
            with_place(context, change, &lines),
        ])
    }

    fn group(&self, group: &Alike<'_>, density: Density) -> String {
        let fields = match density {
            _ if group.changes[0].fields.is_empty() => {
                self.context.escaper.prose(&group.changes[0].reason)
            }
            Density {
                has_values: true, ..
            } => values::of_group(self.context, group),
            _ => values::names_of_group(self.context, group),
        };
        row([action(group.action), self.named(&group.changes), fields])
    }

    fn push_new(&self, table: &mut Table, density: Density) {
        let mut by_kind: BTreeMap<_, Vec<&Change>> = BTreeMap::new();
        for change in &self.new {
            let kind = change.address.kind();
            let depth = change.address.segments().len();
            let is_alone = has_steps(self.context, change);
            let key = (!is_alone, kind.rank, depth, kind.name);
            by_kind.entry(key).or_default().push(change);
        }
        for ((can_fold, ..), all) in by_kind {
            let is_shared = match density.shared {
                Shared::Nothing => false,
                Shared::AllButApis => !all[0].address.is(Role::Api),
                Shared::All => true,
            };
            if !(is_shared && can_fold) || all.len() <= FEW_NEW {
                for change in all {
                    table.rows.push_str(&self.create(change, density));
                }
                continue;
            }
            let brought = all.iter().filter_map(|one| self.brought.get(&one.address));
            let words = with(&Brings::of(brought.flatten().copied()));
            let cells = [action(Action::Create), self.named(&all), words];
            table.rows.push_str(&row(cells));
            table.is_partial = true;
        }
    }

    /// A new resource. Where room is short, its place is only in the list of all changes.
    fn create(&self, change: &Change, density: Density) -> String {
        let brought = self.brought.get(&change.address);
        let brings = Brings::of(brought.into_iter().flatten().copied());
        let mut lines = Vec::new();
        if !brings.is_empty() {
            lines.push(with(&brings));
        }
        lines.extend(step_lines(self.context, change));
        let words = match density.shared == Shared::Nothing || brings.is_empty() {
            true => with_place(self.context, change, &lines),
            false => lines.join(BREAK),
        };
        let resource = self.context.resource(change);
        row([action(Action::Create), resource, words])
    }

    /// How many there are and of which kind, and the names of the first.
    fn named(&self, changes: &[&Change]) -> String {
        let noun = changes[0].address.kind().noun;
        let names: Vec<String> = changes
            .iter()
            .take(FEW_NAMES)
            .map(|change| self.context.address(&change.address))
            .collect();
        let more = match changes.len() - names.len() {
            0 => String::new(),
            n => format!(" and {} more", grouped(n)),
        };
        let all = count(changes.len(), noun);
        format!("**{all}**: {}{more}", names.join(", "))
    }
}

fn action(action: Action) -> String {
    format!("**{}**", action.word())
}

fn with(brings: &Brings) -> String {
    match brings.is_empty() {
        true => String::new(),
        false => format!("with {brings}"),
    }
}

/// Lines, and where the resource is declared.
fn with_place(context: MarkdownContext<'_>, change: &Change, lines: &[String]) -> String {
    let words = lines.join(BREAK);
    let Some(place) = change.place.map(|place| context.place(place)) else {
        return words;
    };
    match lines.len() {
        0 => place,
        1 => format!("{words} ({place})"),
        _ => format!("{words}{BREAK}{place}"),
    }
}

fn has_steps(context: MarkdownContext<'_>, change: &Change) -> bool {
    let mut migrations = context.plan.migrations.iter();
    migrations.any(|m| context.plan.changes[m.change].address == change.address)
}

/// What a resource was called, and what it takes along, for a cell.
fn renaming_lines(context: MarkdownContext<'_>, change: &Change) -> Vec<String> {
    let Some(former) = change.former() else {
        return Vec::new();
    };
    let was = format!("was {}", context.address(former));
    let words = Renaming::of(context.plan, change).words();
    let words = words.iter().map(|words| context.escaper.prose(words));
    [was].into_iter().chain(words).collect()
}

/// The steps in which a metadata schema in use changes, for a cell.
fn step_lines(context: MarkdownContext<'_>, change: &Change) -> Vec<String> {
    let mut migrations = context.plan.migrations.iter();
    let own = migrations.find(|m| context.plan.changes[m.change].address == change.address);
    let Some(migration) = own else {
        return Vec::new();
    };
    let title = context.escaper.prose(&migration::title(migration));
    let steps = migration::steps(change, migration).into_iter();
    let steps = steps.enumerate().map(|(n, step)| {
        let step = context.escaper.prose(&step);
        format!("{}. {step}", n + 1)
    });
    [title].into_iter().chain(steps).collect()
}

/// The steps in which a metadata schema in use changes, as a list below its line.
pub(super) fn steps(context: MarkdownContext<'_>, change: &Change, indent: &str) -> String {
    let mut lines = step_lines(context, change).into_iter();
    let Some(title) = lines.next() else {
        return String::new();
    };
    let mut out = format!("{indent}- {title}\n");
    for step in lines {
        out.push_str(&format!("{indent}  {step}\n"));
    }
    out
}

/// All changes, one line each.
fn list(context: MarkdownContext<'_>, written: &[&Change]) -> String {
    let mut sorted = written.to_vec();
    sorted.sort_by(|a, b| a.address.cmp(&b.address));
    let line = |change: &&Change| {
        let names = match (change.action(), change.fields.as_slice()) {
            (Action::Create, _) => String::new(),
            (Action::Rename, _) => format!(", {}", renaming_lines(context, change).join("; ")),
            (_, []) => format!(": {}", context.escaper.prose(&change.reason)),
            _ => format!(": {}", values::names(context, change)),
        };
        let word = action(change.action());
        let line = format!("{word} {}{names}", context.address(&change.address));
        format!("- {}\n", with_place(context, change, &[line]))
    };
    sorted.iter().map(line).collect()
}

/// Only the names of the resources, by what happens to them.
fn names(context: MarkdownContext<'_>, written: &[&Change]) -> String {
    let mut by_action: BTreeMap<(Action, &str), Vec<&Address>> = BTreeMap::new();
    for change in written {
        let key = (change.action(), change.address.kind().noun);
        by_action.entry(key).or_default().push(&change.address);
    }
    let line = |((done, noun), mut all): ((Action, &str), Vec<&Address>)| {
        all.sort();
        let all: Vec<String> = all
            .into_iter()
            .map(|one| context.escaper.address(one))
            .collect();
        let count = count(all.len(), noun);
        format!("- {} {count}: {}\n", action(done), all.join(", "))
    };
    by_action.into_iter().map(line).collect()
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
