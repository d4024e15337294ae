//! A plan as text, for a terminal of about a hundred columns.

use super::breaking;
use super::exempted::exempted_words;
use super::help::help_text;
use super::migration;
use super::shown::{MOST_PRINTED, Shown};
use super::styles::{Piece, added, blocked, changed, faint, location, removed, strong};
use super::text::{Line, Text, escape_control_chars, styled};
use super::unmodelled::unmodelled;
use super::value::{long_texts, short, structures};
use crate::document::{DiffLineKind, DiffOptions, unified_diff};
use crate::model::{Address, NotListed, Severity, Sources, Span, counted};
use crate::plan::{Action, Change, FieldChange, Plan, Step};

/// How a plan is shown.
#[derive(Debug, Clone, Copy)]
pub struct PlanView<'a> {
    /// The files, so that places can be named.
    pub sources: &'a Sources,
    /// Name of the target's service and where it is, for the first line.
    pub target: &'a str,
    /// Whether resources without changes are listed.
    pub show_unchanged: bool,
    /// Whether resources that nobody declares are listed one by one.
    pub show_unmanaged: bool,
    /// Most lines of one document's difference.
    pub diff_lines: usize,
}

/// Columns in which a field's name is padded, at most.
const WIDEST_FIELD: usize = 40;

/// Columns within which a heading keeps its place on the same line.
const COLUMNS: usize = 100;

/// How many unmanaged resources are named without being asked for.
const FEW_UNMANAGED: usize = 5;

/// Writes a plan for people.
#[must_use]
pub fn render_plan(plan: &Plan, view: &PlanView<'_>) -> Text {
    let mut out = Text::default();
    out.push(styled![strong("Target"), " ", view.target]);
    for (i, change) in plan.changes.iter().enumerate() {
        out.blank();
        render_change(&mut out, change, view);
        if let Some(migration) = plan.migration(i) {
            out.push(format!("    {}", migration::title(migration)));
            for (n, step) in migration::steps(change, migration).iter().enumerate() {
                out.push(format!("      {}. {step}", n + 1));
            }
        }
    }
    if view.show_unchanged && !plan.unchanged.is_empty() {
        out.blank();
        for address in &plan.unchanged {
            out.push(faint(format!("= {address}")));
        }
    }
    render_unmanaged(&mut out, plan, view);
    render_not_listed(&mut out, plan, view);
    render_notes(&mut out, plan, view);
    out.blank();
    render_verdict(&mut out, plan);
    out
}

fn render_change(out: &mut Text, change: &Change, view: &PlanView<'_>) {
    let action = change.action();
    let style: fn(String) -> Piece = match action {
        Action::Create => added,
        Action::Update | Action::Replace => changed,
        Action::Delete => removed,
        Action::Blocked => blocked,
    };
    let heading = style(format!("{} {}", action.symbol(), change.address)).strong();
    let reason = match &change.blocked {
        Some(rule) => format!("({}; blocked: {rule})", change.reason),
        None => format!("({})", change.reason),
    };
    let place = change
        .place
        .map_or(String::new(), |span| view.sources.display(span));
    let width = heading_width(change) + reason.chars().count() + place.chars().count() + 4;
    let heading = styled![heading, "  ", faint(reason)];
    if place.is_empty() {
        out.push(heading);
    } else if width > COLUMNS {
        out.push(heading);
        out.push(styled!["    ", faint(place)]);
    } else {
        out.push(styled![heading, "  ", faint(place)]);
    }
    if !matches!(change.step, Step::Delete { .. }) {
        render_fields(out, change, view);
    }
    for text in unmodelled(change) {
        out.push(faint(format!("    {text}")));
    }
}

fn heading_width(change: &Change) -> usize {
    change.address.to_string().chars().count() + 2
}

fn render_fields(out: &mut Text, change: &Change, view: &PlanView<'_>) {
    let width = change
        .fields
        .iter()
        .map(|field| field.path.chars().count())
        .filter(|width| *width <= WIDEST_FIELD)
        .max()
        .unwrap_or(0);
    for field in &change.fields {
        if change.is_document(field) {
            render_document(out, change, field, width, view);
        } else {
            render_field(out, field, width, change.before().is_some(), view);
        }
    }
}

fn render_field(
    out: &mut Text,
    field: &FieldChange,
    width: usize,
    is_update: bool,
    view: &PlanView<'_>,
) {
    let name = format!("{:width$}", escape_control_chars(&field.path));
    let structures = structures(field.before.as_ref(), field.after.as_ref());
    if let (false, Some((_, after))) = (is_update, &structures) {
        out.push(format!("    {}", name.trim_end()));
        for text in after.lines() {
            out.push(added(format!("      {}", spread(text))));
        }
        return;
    }
    if !is_update {
        out.push(styled![
            format!("    {name}  "),
            added(short(field.after.as_ref()))
        ]);
        return;
    }
    let place = field_place(field, view);
    let texts = long_texts(field.before.as_ref(), field.after.as_ref());
    if let Some((before, after)) = texts.or(structures) {
        out.push(styled![format!("    {name}"), place]);
        render_text_diff(out, &before, &after, view);
        return;
    }
    out.push(styled![format!("    {name}  "), update(field), place]);
}

fn render_document(
    out: &mut Text,
    change: &Change,
    field: &FieldChange,
    width: usize,
    view: &PlanView<'_>,
) {
    let Some(text) = &change.text else { return };
    let name = format!("{:width$}", field.path);
    let lines = text.after.text.lines().count();
    match (&text.before, &field.before) {
        (Some(before), Some(_)) => {
            let place = field_place(field, view);
            out.push(styled![format!("    {name}  "), update(field), place]);
            render_breaks(out, change);
            render_text_diff(out, before, &text.after.text, view);
        }
        _ => {
            let size = format!("{} ({lines} lines)", short(field.after.as_ref()));
            out.push(styled![format!("    {name}  "), added(size)]);
        }
    }
}

/// The value before and after.
fn update(field: &FieldChange) -> Line {
    styled![
        removed(short(field.before.as_ref())),
        " -> ",
        added(short(field.after.as_ref()))
    ]
}

fn field_place(field: &FieldChange, view: &PlanView<'_>) -> Line {
    match field.place {
        Some(span) => styled!["  ", faint(view.sources.display(span))],
        None => Line::default(),
    }
}

fn render_breaks(out: &mut Text, change: &Change) {
    let found = change.breaking();
    let breaks = breaking::count(found);
    for (i, text) in breaking::lines(found).iter().enumerate() {
        let text = format!("      {}", escape_control_chars(text));
        out.push(if i < breaks {
            removed(text)
        } else {
            changed(text)
        });
    }
}

fn render_text_diff(out: &mut Text, before: &str, after: &str, view: &PlanView<'_>) {
    let options = DiffOptions {
        max_lines: view.diff_lines,
        ..DiffOptions::default()
    };
    let diff = unified_diff(before, after, options);
    for diff_line in &diff.lines {
        let text = spread(&diff_line.text);
        let text = match diff_line.kind {
            DiffLineKind::Context => format!("  {text}").into(),
            DiffLineKind::Added => added(format!("+ {text}")),
            DiffLineKind::Removed => removed(format!("- {text}")),
            DiffLineKind::Hunk => location(text),
            DiffLineKind::Note => changed(text),
        };
        out.push(styled!["      ", text].trim_end());
    }
    if diff.omitted > 0 {
        let text = format!(
            "      … {} more lines differ (in all {} added, {} removed)",
            diff.omitted, diff.added, diff.removed
        );
        out.push(faint(text));
    }
}

/// A line of a text as it may be shown: tabs as spaces, and nothing that hides or moves what is shown.
fn spread(text: &str) -> String {
    escape_control_chars(&text.replace('\t', "    ")).into_owned()
}

/// The types that were not listed. That a service does not have one is only said where all is wanted.
fn render_not_listed(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    for why in [NotListed::Forbidden, NotListed::NotOffered] {
        let types = plan.not_listed.iter().filter(|(_, one)| **one == why);
        let types: Vec<&str> = types.map(|(path, _)| path.as_str()).collect();
        if types.is_empty() || why == NotListed::NotOffered && !view.show_unmanaged {
            continue;
        }
        let text = format!("Not looked at: {} ({})", types.join(", "), why.words());
        out.blank();
        out.push(faint(text));
    }
}

fn render_unmanaged(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    if plan.unmanaged.is_empty() {
        return;
    }
    out.blank();
    let shown: Vec<&Address> = if view.show_unmanaged || plan.unmanaged.len() <= FEW_UNMANAGED {
        plan.unmanaged.iter().collect()
    } else {
        plan.unmanaged.iter().take(FEW_UNMANAGED).collect()
    };
    out.push(faint(
        "Unmanaged (in the service, not in the manifests; not changed):",
    ));
    for address in &shown {
        out.push(faint(format!("    {address}")));
    }
    if shown.len() < plan.unmanaged.len() {
        let more = plan.unmanaged.len() - shown.len();
        out.push(faint(format!(
            "    and {more} more: --show-unmanaged lists them"
        )));
    }
}

fn render_notes(out: &mut Text, plan: &Plan, view: &PlanView<'_>) {
    let shown = Shown::of(&plan.diagnostics, MOST_PRINTED);
    for diagnostic in &shown.diagnostics {
        let span = diagnostic.primary.as_ref().map(|label| label.span);
        let word = match diagnostic.severity {
            Severity::Error => removed("error"),
            Severity::Warning => changed("warning"),
        };
        render_note(out, word, &diagnostic.message, span, view);
        if let Some(help) = help_text(diagnostic) {
            render_help(out, &help);
        }
    }
    if let Some(omission) = shown.omission() {
        out.blank();
        out.push(omission);
    }
    for refusal in &plan.refusals {
        let (word, message) = (removed("refused"), &refusal.message);
        render_note(out, word, message, refusal.place, view);
        render_help(out, &refusal.help);
    }
}

fn render_note(
    out: &mut Text,
    word: Piece,
    message: &str,
    span: Option<Span>,
    view: &PlanView<'_>,
) {
    out.blank();
    let note = styled![word, ": ", message];
    out.push(match span {
        Some(span) => styled![note, "  ", faint(view.sources.display(span))],
        None => note,
    });
}

/// A help, whose lines keep their places to each other.
fn render_help(out: &mut Text, help: &str) {
    for text in help.lines() {
        out.push(format!("    {text}").trim_end());
    }
}

fn render_verdict(out: &mut Text, plan: &Plan) {
    if let Some(words) = exempted_words(&plan.exempted) {
        out.push(faint(format!("{words}.")));
    }
    let summary = plan.summary();
    if !plan.has_changes() && summary.blocked == 0 {
        let resources = counted(summary.unchanged, "resource");
        out.push(styled![
            added("No changes.").strong(),
            format!(" The service is as declared ({resources}).")
        ]);
        return;
    }
    let mut counts = format!(
        " {} to add, {} to change, {} to destroy.",
        summary.create,
        summary.update + summary.replace,
        summary.delete + summary.replace
    );
    if summary.blocked > 0 {
        counts.push_str(&format!(" {} blocked.", summary.blocked));
    }
    out.push(styled![strong("Plan:"), counts]);
    out.push(faint(format!("Plan ID: {}", plan.id)));
}
