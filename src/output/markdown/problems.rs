//! Warnings and errors of the manifests, with the help for each.

use super::context::MarkdownContext;
use super::escaper::{MarkdownEscaper, count, fence};
use super::links::{line_of_file, link};
use super::part::{Part, Priority};
use crate::model::Diagnostic;
use crate::output::grave::is_grave;
use crate::output::help::{help_words, manifest_lines};
use crate::output::review::Review;
use crate::output::text::cut;

/// Problems that are shown without a click.
const FEW_WARNINGS: usize = 3;

/// Lines of a manifest in a help, and characters of each; those of ours are far fewer.
const MOST_MANIFEST_LINES: usize = 40;
const LONGEST_MANIFEST_LINE: usize = 400;

pub(super) fn warnings(context: MarkdownContext<'_>) -> Option<Part> {
    let MarkdownContext {
        plan,
        review,
        escaper,
        ..
    } = context;
    let all = review.diagnostics.iter().chain(&plan.diagnostics);
    let (grave, others): (Vec<&Diagnostic>, Vec<&Diagnostic>) =
        all.partition(|diagnostic| is_grave(diagnostic));
    let elsewhere = review.elsewhere.map_or(String::new(), |words| {
        format!("{}.\n", escaper.prose(words))
    });
    if grave.is_empty() && others.is_empty() && elsewhere.is_empty() {
        return None;
    }
    let list = |all: &[&Diagnostic]| -> String {
        all.iter()
            .map(|d| problem(d, review, escaper) + &manifest(d, escaper))
            .collect()
    };
    // What is said of other files is below the warnings.
    let titled = |lines: String| match (lines.is_empty(), elsewhere.is_empty()) {
        (true, _) => elsewhere.clone(),
        (false, true) => format!("### Warnings\n\n{lines}"),
        (false, false) => format!("### Warnings\n\n{lines}\n{elsewhere}"),
    };
    let (grave, lines) = (list(&grave), list(&others));
    let few = titled(grave.clone());
    let visible = match others.len() <= FEW_WARNINGS {
        true => vec![titled(format!("{grave}{lines}")), few],
        false => vec![few],
    };
    let words = count(others.len(), "warning");
    let folded = match others.is_empty() {
        true => Vec::new(),
        false => vec![collapsed(&words, &lines), format!("{words} left out.\n")],
    };
    let is_partial = others.len() > FEW_WARNINGS;
    Some(Part::new(Priority::Warnings, others.len(), visible).folding(folded, is_partial))
}

/// All problems, never collapsed: they are what the comment is about.
pub(super) fn problems(
    all: &[Diagnostic],
    review: &Review<'_>,
    escaper: MarkdownEscaper<'_>,
) -> Part {
    let lines: String = all.iter().map(|d| problem(d, review, escaper)).collect();
    Part::new(
        Priority::Refusals,
        all.len(),
        [format!("### Problems\n\n{lines}")],
    )
}

fn problem(diagnostic: &Diagnostic, review: &Review<'_>, escaper: MarkdownEscaper<'_>) -> String {
    let place = diagnostic.primary.as_ref().map_or(String::new(), |label| {
        let place = escaper.code(&review.place(label.span));
        format!("{} ", link(place, line_of_file(review, label.span)))
    });
    let help = help_words(diagnostic).map_or(String::new(), |words| {
        format!("\n  - {}", as_sentence(escaper, &words))
    });
    format!(
        "- {place}**{}** {}: {}{help}\n",
        diagnostic.severity.word(),
        escaper.code(&diagnostic.code.id),
        escaper.prose(&diagnostic.message)
    )
}

/// The suggested manifest, as code below the help.
fn manifest(diagnostic: &Diagnostic, escaper: MarkdownEscaper<'_>) -> String {
    let Some(suggestion) = &diagnostic.suggestion else {
        return String::new();
    };
    let lines: Vec<String> = manifest_lines(suggestion)
        .iter()
        .take(MOST_MANIFEST_LINES)
        .map(|line| cut(&escaper.line(line), LONGEST_MANIFEST_LINE).into_owned())
        .collect();
    let block = fence("yaml", &lines);
    let indented: Vec<String> = block.lines().map(|line| format!("    {line}")).collect();
    format!("\n{}\n", indented.join("\n"))
}

/// Prose at the beginning of a line, where a number or a sign could begin a list of its own.
pub(super) fn as_sentence(escaper: MarkdownEscaper<'_>, text: &str) -> String {
    format!("Help: {}", escaper.prose(text))
}

/// A list behind a click. `words` are ours and hold no markup.
pub(super) fn collapsed(words: &str, lines: &str) -> String {
    format!("<details><summary>{words}</summary>\n\n{lines}\n</details>\n")
}
