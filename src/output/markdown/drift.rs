//! What was edited in the portal, as the text of a pull request.

use serde_json::Value;

use super::escaper::{MarkdownEscaper, count, grouped};
use super::values::line_counts;
use crate::document::{DiffOptions, unified_diff};
use crate::model::{Address, Span};
use crate::output::drift::DriftView;
use crate::output::outline::{Shown, ShownField, fields_of_portal};
use crate::output::redactor::Redactor;
use crate::output::spelling::spelled;
use crate::output::text::cut;
use crate::output::value::texts_by_line;
use crate::plan::Change;

/// The least that the text may be limited to, in characters.
pub const MIN_DRIFT_BUDGET: usize = 1000;

/// Fields of a resource that have a line.
const FEW_FIELDS: usize = 20;

/// Longest value, in characters.
const LONGEST: usize = 120;

/// Characters that the line about the rest may take.
const ROOM_FOR_REST: usize = 40;

/// What was not written although it differs.
#[derive(Debug, Clone, Copy)]
pub struct NotWrittenView<'a> {
    /// The resource.
    pub address: &'a Address,
    /// The field; empty for all of it.
    pub field: &'a str,
    /// Why, as a clause.
    pub reason: &'a str,
}

/// What was done, as the text of a pull request.
#[derive(Debug, Clone)]
pub struct DriftMarkdown {
    head: String,
    items: Vec<String>,
    subscription: String,
}

impl DriftMarkdown {
    /// What was done, with the values from the manifests on the left and the live ones on the right.
    #[must_use]
    pub fn new(view: &DriftView<'_>) -> Self {
        let escaper = escaper(view.subscription);
        Self {
            head: format!("## {}\n\n{}\n", verdict(view), escaper.prose(view.target)),
            items: items(view, escaper),
            subscription: view.subscription.to_owned(),
        }
    }

    /// Lists it and what was not written, in at most `budget` characters, which must be at least
    /// [`MIN_DRIFT_BUDGET`]. What was not written has up to half of them.
    #[must_use]
    pub fn text(&self, not_written: &[NotWrittenView<'_>], budget: usize) -> String {
        let escaper = escaper(&self.subscription);
        let reasons = not_written.iter().map(|one| reason(*one, escaper));
        let reasons: Vec<String> = reasons.collect();
        let mut left = budget.saturating_sub(self.head.chars().count() + HEADINGS);
        let reasons = listed("### Not written", &reasons, left / 2);
        left = left.saturating_sub(reasons.chars().count());
        let edits = listed("### Edits", &self.items, left);
        format!("{}{edits}{reasons}", self.head)
    }
}

fn escaper(subscription: &str) -> MarkdownEscaper<'_> {
    MarkdownEscaper {
        redactor: Redactor { subscription },
    }
}

/// Characters of the headings of both lists.
const HEADINGS: usize = 40;

fn verdict(view: &DriftView<'_>) -> String {
    let counts = [
        (view.edited.len(), "edited"),
        (view.deleted.len(), "deleted"),
        (view.created.len(), "created"),
        (view.in_conflict.len(), "in conflict"),
    ];
    let words = counts.iter().filter(|(n, _)| *n > 0);
    let words = words.map(|(n, word)| format!("{} {word}", grouped(*n)));
    let words: Vec<String> = words.collect();
    match words.is_empty() {
        true => "Portal: no edits".to_owned(),
        false => format!("Portal: {}", words.join(", ")),
    }
}

/// A resource each, with its fields below.
fn items(view: &DriftView<'_>, escaper: MarkdownEscaper<'_>) -> Vec<String> {
    let name = |address: &Address| escaper.address(address);
    let at = |place: Option<Span>| {
        place.map_or(String::new(), |place| {
            format!(" ({})", escaper.code(&view.sources.display(place)))
        })
    };
    let edited = view.edited.iter().map(|change| {
        let head = format!("- edited {}{}\n", name(&change.address), at(change.place));
        head + &fields(change, escaper)
    });
    let deleted = view.deleted.iter();
    let deleted =
        deleted.map(|change| format!("- deleted {}{}\n", name(&change.address), at(change.place)));
    let created = view.created.iter();
    let created = created.map(|address| format!("- created {}\n", name(address)));
    let in_conflict = view.in_conflict.iter().map(|address| {
        format!(
            "- {}: edited in the portal and in the repository\n",
            name(address)
        )
    });
    let all = edited.chain(deleted).chain(created).chain(in_conflict);
    all.collect()
}

fn fields(change: &Change, escaper: MarkdownEscaper<'_>) -> String {
    let fields = fields_of_portal(change);
    let lines = fields.iter().take(FEW_FIELDS);
    let mut out: String = lines.map(|field| line(field, escaper)).collect();
    if fields.len() > FEW_FIELDS {
        let rest = count(fields.len() - FEW_FIELDS, "more field");
        out.push_str(&format!("  - {rest}\n"));
    }
    out
}

/// A field, with the value of the manifests on the left and the live one on the right.
fn line(field: &ShownField<'_>, escaper: MarkdownEscaper<'_>) -> String {
    let code = |value: Option<&Value>| escaper.code(&cut(&spelled(value), LONGEST));
    let words = match &field.shown {
        Shown::Document { .. } => "another document".to_owned(),
        // Seen from the manifests, what a plan would bring is what there was.
        Shown::Choices { removed, added } => {
            let gone = added.iter().map(|value| format!("− {}", code(Some(value))));
            let new = removed
                .iter()
                .map(|value| format!("+ {}", code(Some(value))));
            gone.chain(new).collect::<Vec<_>>().join(", ")
        }
        Shown::Value { before, after, .. } => {
            match texts_by_line(after.as_deref(), before.as_deref(), LONGEST) {
                Some((old, new)) => line_counts(&unified_diff(&old, &new, DiffOptions::default())),
                None => format!("{} → {}", code(after.as_deref()), code(before.as_deref())),
            }
        }
    };
    format!("  - {}: {words}\n", escaper.code(&field.label))
}

fn reason(one: NotWrittenView<'_>, escaper: MarkdownEscaper<'_>) -> String {
    let field = match one.field {
        "" => String::new(),
        field => format!(" {}", escaper.code(field)),
    };
    let address = escaper.address(one.address);
    format!("- {address}{field}: {}\n", escaper.prose(one.reason))
}

/// A heading and as many items as there is room for; nothing without an item.
fn listed(heading: &str, items: &[String], room: usize) -> String {
    if items.is_empty() {
        return String::new();
    }
    let mut out = format!("\n{heading}\n\n");
    let mut left = room;
    for (shown, item) in items.iter().enumerate() {
        let length = item.chars().count();
        if length + ROOM_FOR_REST > left {
            let rest = grouped(items.len() - shown);
            out.push_str(&format!("- … and {rest} more\n"));
            break;
        }
        left -= length;
        out.push_str(item);
    }
    out
}
