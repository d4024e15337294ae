//! Diagnostics: drawn by miette on a terminal, in the form of a compiler's log elsewhere.

use std::borrow::Cow;
use std::fmt;

use miette::{
    GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteError, MietteSpanContents,
    SourceCode, SourceSpan, SpanContents,
};

use super::help::help_text;
use super::shown::{MOST_PRINTED, Shown};
use super::text::{Text, escape_control_chars};
use crate::model::{Diagnostic, Diagnostics, Label, Severity, Source, Sources};

/// Columns of a drawing.
const WIDTH: usize = 100;

/// The longest line that is drawn whole, in bytes; part of a longer one is printed.
const LONGEST_DRAWN: usize = 1000;

/// Writes the diagnostics, each followed by an empty line; of too many, the first and how many more there are.
#[must_use]
pub fn render_diagnostics(diagnostics: &Diagnostics, sources: &Sources, is_terminal: bool) -> Text {
    let mut out = Text::default();
    let shown = Shown::of(diagnostics, MOST_PRINTED);
    for diagnostic in &shown.diagnostics {
        if is_terminal && is_drawable(diagnostic, sources) {
            draw(&mut out, diagnostic, sources);
        } else {
            log(&mut out, diagnostic, sources);
        }
        out.blank();
    }
    if let Some(omission) = shown.omission() {
        out.push(format!(
            "{omission}: fix what is shown above and run the command again"
        ));
        out.blank();
    }
    out
}

/// Whether nothing in the lines to be drawn hides or moves what is shown on a terminal.
fn is_drawable(diagnostic: &Diagnostic, sources: &Sources) -> bool {
    let is_plain = |text: &str| escape_control_chars(text) == text;
    let help = help_text(diagnostic).unwrap_or_default();
    let mut labels = diagnostic.primary.iter().chain(&diagnostic.related);
    is_plain(&diagnostic.message)
        && help.lines().all(is_plain)
        && labels.all(|label| {
            if !is_plain(&label.text) || !is_plain(&sources.get(label.span.source).name) {
                return false;
            }
            let source = sources.get(label.span.source);
            let line = source.position(label.span.start).line;
            // One line more on each side is drawn.
            (line.saturating_sub(1)..=line + 1)
                .filter_map(|near| source.line(near))
                .all(|text| text.len() <= LONGEST_DRAWN && is_plain(&text.replace('\t', " ")))
        })
}

/// "2 errors, 1 warning".
#[must_use]
pub fn summary_line(diagnostics: &Diagnostics) -> String {
    let count = |severity: Severity| match diagnostics.count(severity) {
        0 => None,
        1 => Some(format!("1 {}", severity.word())),
        n => Some(format!("{n} {}s", severity.word())),
    };
    let parts: Vec<String> = [Severity::Error, Severity::Warning]
        .into_iter()
        .filter_map(count)
        .collect();
    parts.join(", ")
}

/// `file:line:column: error[code]: message`, the line with the place marked, and what helps.
fn log(out: &mut Text, diagnostic: &Diagnostic, sources: &Sources) {
    let what = format!(
        "{}[{}]: {}",
        diagnostic.severity.word(),
        diagnostic.code,
        diagnostic.message
    );
    match &diagnostic.primary {
        None => push_line(out, &what),
        Some(label) => {
            push_line(out, &format!("{}: {what}", place(label, sources)));
            excerpt(out, label, sources);
        }
    }
    for label in &diagnostic.related {
        push_line(
            out,
            &format!("    {}: {}", place(label, sources), label.text),
        );
    }
    if let Some(help) = help_text(diagnostic) {
        push_line(out, &format!("    help: {help}"));
    }
}

fn place(label: &Label, sources: &Sources) -> String {
    sources.display(label.span)
}

fn excerpt(out: &mut Text, label: &Label, sources: &Sources) {
    let source = sources.get(label.span.source);
    let position = source.position(label.span.start);
    let Some(text) = source.line(position.line) else {
        return;
    };
    let line_start = source.line_range(position.line).unwrap_or_default().start;
    let (before, after) = text.split_at(text.floor_char_boundary(label.span.start - line_start));
    // A place far to the right is shown with what is before it, not with the line's start.
    let most_before = if position.column > WIDTH {
        WIDTH / 2 - 1
    } else {
        WIDTH
    };
    let start = before.char_indices().rev().take(most_before).last();
    let before = &before[start.map_or(before.len(), |(start, _)| start)..];
    let lead = if position.column > WIDTH { "…" } else { "" };
    let shown: String = before.chars().chain(after.chars()).take(WIDTH).collect();
    let pad: String = before
        .chars()
        .map(|c| if c == '\t' { '\t' } else { ' ' })
        .collect();
    let covered = sources
        .text(label.span)
        .chars()
        .take(WIDTH)
        .take_while(|c| *c != '\n')
        .count();
    let room = shown.chars().count().saturating_sub(pad.chars().count());
    let marks = "^".repeat(covered.min(room).max(1));
    let number = position.line.to_string();
    let gutter = " ".repeat(number.len());
    let indent = " ".repeat(lead.chars().count());
    push_line(out, &format!("    {number} | {lead}{}", shown.trim_end()));
    push_line(
        out,
        &format!("    {gutter} | {indent}{pad}{marks} {}", label.text),
    );
}

fn push_line(out: &mut Text, text: &str) {
    out.push(text.trim_end().replace('\t', " "));
}

fn draw(out: &mut Text, diagnostic: &Diagnostic, sources: &Sources) {
    let handler = GraphicalReportHandler::new_themed(GraphicalTheme::unicode())
        .with_links(false)
        .with_width(WIDTH)
        .with_context_lines(1);
    let mut drawn = String::new();
    match handler.render_report(&mut drawn, &Drawing::new(diagnostic, sources)) {
        Ok(()) => out.append(Text::of_terminal(&drawn)),
        Err(fmt::Error) => return log(out, diagnostic, sources),
    }
    let mut others = elsewhere(diagnostic).peekable();
    if others.peek().is_none() {
        return;
    }
    for label in others {
        push_line(out, &format!("  {}: {}", place(label, sources), label.text));
        let unlabelled = Label {
            text: String::new(),
            ..label.clone()
        };
        excerpt(out, &unlabelled, sources);
    }
    if let Some(help) = help_text(diagnostic) {
        push_line(out, &format!("  help: {help}"));
    }
}

/// The places in other files than that of the problem: they are shown below the drawing of that file.
fn elsewhere(diagnostic: &Diagnostic) -> impl Iterator<Item = &Label> {
    let file = diagnostic.primary.as_ref().map(|label| label.span.source);
    let related = diagnostic.related.iter();
    related.filter(move |label| Some(label.span.source) != file)
}

/// A diagnostic in miette's terms, with the labels in the primary file. Its code is behind the message, which is what
/// people look for first.
#[derive(Debug)]
struct Drawing<'a> {
    message: String,
    severity: miette::Severity,
    source: Option<Named<'a>>,
    labels: Vec<LabeledSpan>,
    help: Option<Cow<'a, str>>,
}

impl<'a> Drawing<'a> {
    fn new(diagnostic: &'a Diagnostic, sources: &'a Sources) -> Self {
        let primary = diagnostic.primary.as_ref();
        let is_whole = elsewhere(diagnostic).next().is_none();
        let help = is_whole.then(|| help_text(diagnostic));
        let dim = anstyle::Style::new().dimmed();
        let file = primary.map(|label| label.span.source);
        let mut labels = Vec::new();
        if let Some(label) = primary {
            labels.push(LabeledSpan::new_primary_with_span(
                text_of(label),
                span_of(label, sources),
            ));
        }
        for label in &diagnostic.related {
            if Some(label.span.source) == file {
                labels.push(LabeledSpan::new_with_span(
                    text_of(label),
                    span_of(label, sources),
                ));
            }
        }
        Self {
            message: format!("{} {dim}[{}]{dim:#}", diagnostic.message, diagnostic.code),
            severity: match diagnostic.severity {
                Severity::Error => miette::Severity::Error,
                Severity::Warning => miette::Severity::Warning,
            },
            source: primary.map(|label| Named(sources.get(label.span.source))),
            labels,
            help: help.flatten(),
        }
    }
}

fn text_of(label: &Label) -> Option<String> {
    Some(label.text.clone()).filter(|text| !text.is_empty())
}

/// The span on its first line: a label over many lines would draw them all.
fn span_of(label: &Label, sources: &Sources) -> SourceSpan {
    let text = sources.text(label.span);
    let first_line = text.lines().next().unwrap_or_default();
    SourceSpan::new(label.span.start.into(), first_line.trim_end().len())
}

impl fmt::Display for Drawing<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Drawing<'_> {}

impl miette::Diagnostic for Drawing<'_> {
    fn severity(&self) -> Option<miette::Severity> {
        Some(self.severity)
    }

    fn help<'s>(&'s self) -> Option<Box<dyn fmt::Display + 's>> {
        self.help
            .as_deref()
            .map(|help| Box::new(help) as Box<dyn fmt::Display>)
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        self.source.as_ref().map(|source| source as &dyn SourceCode)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        (!self.labels.is_empty())
            .then(|| Box::new(self.labels.iter().cloned()) as Box<dyn Iterator<Item = _>>)
    }
}

/// A file under its name, with columns counted in characters (miette counts bytes).
#[derive(Debug)]
struct Named<'a>(&'a Source);

impl SourceCode for Named<'_> {
    fn read_span<'s>(
        &'s self,
        span: &SourceSpan,
        before: usize,
        after: usize,
    ) -> Result<Box<dyn SpanContents<'s> + 's>, MietteError> {
        let source = self.0;
        let line_of = |offset| source.position(offset).line;
        let first = line_of(span.offset()).saturating_sub(before).max(1);
        let last = line_of(span.offset() + span.len().saturating_sub(1)) + after;
        let whole_lines = source.line_range(first).ok_or(MietteError::OutOfBounds)?;
        // Without context, what is wanted is the place itself.
        let (start, column) = match before {
            0 => (span.offset(), source.position(span.offset()).column - 1),
            _ => (whole_lines.start, 0),
        };
        let end = source.line_range(last).map_or(source.text.len(), |range| {
            let end_length =
                source.text[range.clone()].len() - source.line(last).map_or(0, str::len);
            start.max(range.end - end_length)
        });
        let data = source
            .text
            .get(start..end)
            .ok_or(MietteError::OutOfBounds)?;
        Ok(Box::new(MietteSpanContents::new_named(
            source.name.clone(),
            data.as_bytes(),
            (start, data.len()).into(),
            first - 1,
            column,
            line_of(end) - first + 1,
        )))
    }
}
