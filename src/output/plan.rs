//! A plan as text, for a terminal of about a hundred columns.

use std::fmt::Write as _;

use super::breaking;
use super::help::help_text;
use super::migration;
use super::shown::{MOST_PRINTED, Shown};
use super::styles::Styles;
use super::text::escape_control_chars;
use super::unmodelled::unmodelled;
use super::value::{long_texts, short, structures};
use crate::document::{DiffLineKind, DiffOptions, unified_diff};
use crate::model::{Address, Severity, Sources};
use crate::plan::{Action, Change, FieldChange, Plan, Step};

/// How a plan is shown.
#[derive(Debug, Clone, Copy)]
pub struct PlanView<'a> {
    /// The files, so that places can be named.
    pub sources: &'a Sources,
    /// Colours.
    pub styles: Styles,
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

/// Writes a plan for people. Ends with a line break.
#[must_use]
pub fn render_plan(plan: &Plan, view: &PlanView<'_>) -> String {
    let mut out = String::new();
    let styles = view.styles;
    line(
        &mut out,
        &format!("{} {}", styles.strong("Target"), view.target),
    );
    for (i, change) in plan.changes.iter().enumerate() {
        out.push('\n');
        render_change(&mut out, change, view);
        if let Some(migration) = plan.migration(i) {
            line(&mut out, &format!("    {}", migration::title(migration)));
            for (n, step) in migration::steps(change, migration).iter().enumerate() {
                line(&mut out, &format!("      {}. {step}", n + 1));
            }
        }
    }
    if view.show_unchanged && !plan.unchanged.is_empty() {
        out.push('\n');
        for address in &plan.unchanged {
            line(&mut out, &styles.faint(&format!("= {address}")));
        }
    }
    render_unmanaged(&mut out, plan, view);
    render_notes(&mut out, plan, view);
    out.push('\n');
    render_verdict(&mut out, plan, styles);
    out
}

fn render_change(out: &mut String, change: &Change, view: &PlanView<'_>) {
    let styles = view.styles;
    let action = change.action();
    let heading = format!("{} {}", action.symbol(), change.address);
    let heading = match action {
        Action::Create => styles.added(&heading),
        Action::Update | Action::Replace => styles.changed(&heading),
        Action::Delete => styles.removed(&heading),
        Action::Blocked => styles.blocked(&heading),
    };
    let reason = match &change.blocked {
        Some(rule) => format!("({}; blocked: {rule})", change.reason),
        None => format!("({})", change.reason),
    };
    let place = change
        .place
        .map_or(String::new(), |span| view.sources.display(span));
    let width = heading_width(change) + reason.chars().count() + place.chars().count() + 4;
    let gap = if width > COLUMNS { "\n    " } else { "  " };
    let place = if place.is_empty() {
        place
    } else {
        format!("{gap}{}", styles.faint(&place))
    };
    line(
        out,
        &format!(
            "{}  {}{place}",
            styles.strong(&heading),
            styles.faint(&reason)
        ),
    );
    if !matches!(change.step, Step::Delete { .. }) {
        render_fields(out, change, view);
    }
    for text in unmodelled(change) {
        line(out, &styles.faint(&format!("    {text}")));
    }
}

fn heading_width(change: &Change) -> usize {
    change.address.to_string().chars().count() + 2
}

fn render_fields(out: &mut String, change: &Change, view: &PlanView<'_>) {
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
    out: &mut String,
    field: &FieldChange,
    width: usize,
    is_update: bool,
    view: &PlanView<'_>,
) {
    let styles = view.styles;
    let name = format!("{:width$}", escape_control_chars(&field.path));
    let structures = structures(field.before.as_ref(), field.after.as_ref());
    if let (false, Some((_, after))) = (is_update, &structures) {
        line(out, &format!("    {}", name.trim_end()));
        for text in after.lines() {
            line(out, &styles.added(&format!("      {}", spread(text))));
        }
        return;
    }
    if !is_update {
        line(
            out,
            &format!("    {name}  {}", styles.added(&short(field.after.as_ref()))),
        );
        return;
    }
    let place = field.place.map_or(String::new(), |span| {
        format!("  {}", styles.faint(&view.sources.display(span)))
    });
    let texts = long_texts(field.before.as_ref(), field.after.as_ref());
    if let Some((before, after)) = texts.or(structures) {
        line(out, &format!("    {name}{place}"));
        render_text_diff(out, &before, &after, view);
        return;
    }
    line(
        out,
        &format!(
            "    {name}  {} -> {}{place}",
            styles.removed(&short(field.before.as_ref())),
            styles.added(&short(field.after.as_ref())),
        ),
    );
}

fn render_document(
    out: &mut String,
    change: &Change,
    field: &FieldChange,
    width: usize,
    view: &PlanView<'_>,
) {
    let Some(text) = &change.text else { return };
    let styles = view.styles;
    let name = format!("{:width$}", field.path);
    let lines = text.after.text.lines().count();
    match (&text.before, &field.before) {
        (Some(before), Some(_)) => {
            let place = field.place.map_or(String::new(), |span| {
                format!("  {}", styles.faint(&view.sources.display(span)))
            });
            line(
                out,
                &format!(
                    "    {name}  {} -> {}{place}",
                    styles.removed(&short(field.before.as_ref())),
                    styles.added(&short(field.after.as_ref()))
                ),
            );
            render_breaks(out, change, styles);
            render_text_diff(out, before, &text.after.text, view);
        }
        _ => {
            let size = format!("{} ({lines} lines)", short(field.after.as_ref()));
            line(out, &format!("    {name}  {}", styles.added(&size)));
        }
    }
}

fn render_breaks(out: &mut String, change: &Change, styles: Styles) {
    let found = change.breaking();
    let breaks = breaking::count(found);
    for (i, text) in breaking::lines(found).iter().enumerate() {
        let text = format!("      {}", escape_control_chars(text));
        if i < breaks {
            line(out, &styles.removed(&text));
        } else {
            line(out, &styles.changed(&text));
        }
    }
}

fn render_text_diff(out: &mut String, before: &str, after: &str, view: &PlanView<'_>) {
    let options = DiffOptions {
        max_lines: view.diff_lines,
        ..DiffOptions::default()
    };
    let diff = unified_diff(before, after, options);
    let styles = view.styles;
    for diff_line in &diff.lines {
        let text = spread(&diff_line.text);
        let text = match diff_line.kind {
            DiffLineKind::Context => format!("  {text}"),
            DiffLineKind::Added => styles.added(&format!("+ {text}")),
            DiffLineKind::Removed => styles.removed(&format!("- {text}")),
            DiffLineKind::Hunk => styles.location(&text),
            DiffLineKind::Note => styles.changed(&text),
        };
        line(out, format!("      {text}").trim_end());
    }
    if diff.omitted > 0 {
        let text = format!(
            "      … {} more lines differ (in all {} added, {} removed)",
            diff.omitted, diff.added, diff.removed
        );
        line(out, &styles.faint(&text));
    }
}

/// A line of a text as it may be shown: tabs as spaces, and nothing that hides or moves what is shown.
fn spread(text: &str) -> String {
    escape_control_chars(&text.replace('\t', "    ")).into_owned()
}

fn render_unmanaged(out: &mut String, plan: &Plan, view: &PlanView<'_>) {
    if plan.unmanaged.is_empty() {
        return;
    }
    let styles = view.styles;
    out.push('\n');
    let shown: Vec<&Address> = if view.show_unmanaged || plan.unmanaged.len() <= FEW_UNMANAGED {
        plan.unmanaged.iter().collect()
    } else {
        plan.unmanaged.iter().take(FEW_UNMANAGED).collect()
    };
    line(
        out,
        &styles.faint("Unmanaged (in the service, not in the manifests; not changed):"),
    );
    for address in &shown {
        line(out, &styles.faint(&format!("    {address}")));
    }
    if shown.len() < plan.unmanaged.len() {
        let more = plan.unmanaged.len() - shown.len();
        line(
            out,
            &styles.faint(&format!("    and {more} more: --show-unmanaged lists them")),
        );
    }
}

fn render_notes(out: &mut String, plan: &Plan, view: &PlanView<'_>) {
    let shown = Shown::of(&plan.diagnostics, MOST_PRINTED);
    for diagnostic in &shown.diagnostics {
        let place = diagnostic.primary.as_ref().map_or(String::new(), |label| {
            format!("  {}", view.styles.faint(&view.sources.display(label.span)))
        });
        let word = match diagnostic.severity {
            Severity::Error => view.styles.removed("error"),
            Severity::Warning => view.styles.changed("warning"),
        };
        line(out, &format!("\n{word}: {}{place}", diagnostic.message));
        if let Some(help) = help_text(diagnostic) {
            render_help(out, &help);
        }
    }
    if let Some(omission) = shown.omission() {
        line(out, &format!("\n{omission}"));
    }
    for refusal in &plan.refusals {
        let place = refusal.place.map_or(String::new(), |span| {
            format!("  {}", view.styles.faint(&view.sources.display(span)))
        });
        line(
            out,
            &format!(
                "\n{}: {}{place}",
                view.styles.removed("refused"),
                refusal.message
            ),
        );
        render_help(out, &refusal.help);
    }
}

/// A help, whose lines keep their places to each other.
fn render_help(out: &mut String, help: &str) {
    for text in help.lines() {
        line(out, format!("    {text}").trim_end());
    }
}

fn render_verdict(out: &mut String, plan: &Plan, styles: Styles) {
    let summary = plan.summary();
    if !plan.has_changes() && summary.blocked == 0 {
        let text = format!(
            "{} The service is as declared ({} {}).",
            styles.strong(&styles.added("No changes.")),
            summary.unchanged,
            if summary.unchanged == 1 {
                "resource"
            } else {
                "resources"
            }
        );
        line(out, &text);
        return;
    }
    let mut text = format!(
        "{} {} to add, {} to change, {} to destroy.",
        styles.strong("Plan:"),
        summary.create,
        summary.update + summary.replace,
        summary.delete + summary.replace
    );
    if summary.blocked > 0 {
        let _ = write!(text, " {} blocked.", summary.blocked);
    }
    line(out, &text);
    line(out, &styles.faint(&format!("Plan ID: {}", plan.id)));
}

fn line(out: &mut String, text: &str) {
    out.push_str(text);
    out.push('\n');
}
