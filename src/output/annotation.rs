//! What a pipeline's page shows beside the files: problems, deletes, changes; the worst first.

use super::breaking;
use super::breaking_places::{PlacedBreaking, PlacedChange};
use super::help::help_text;
use super::migration;
use super::scope::ScopeWords;
use super::text::escape_control_chars;
use crate::apply::{Outcome, Report};
use crate::document::Impact;
use crate::model::{Diagnostic, Severity, Sources, Span};
use crate::plan::{Action, Change, Plan};

/// How loud an annotation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// Something that stops the command.
    Error,
    /// Something to look at twice, a delete above all.
    Warning,
    /// Something to know.
    Notice,
}

impl Level {
    /// Every level, the loudest first.
    pub const ALL: [Self; 3] = [Self::Error, Self::Warning, Self::Notice];

    /// The word for it.
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Notice => "notice",
        }
    }
}

/// A place in a file, counted from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    /// Path relative to the repository.
    pub file: String,
    /// Line.
    pub line: usize,
    /// Column in characters.
    pub column: usize,
    /// The line on which it ends.
    pub end_line: usize,
    /// The column behind its last character.
    pub end_column: usize,
}

impl Region {
    /// The start of a file.
    pub(super) fn start(file: &str) -> Self {
        Self {
            file: file.to_owned(),
            line: 1,
            column: 1,
            end_line: 1,
            end_column: 1,
        }
    }

    /// The place of a span; `prefix` leads from the repository to the project: empty, or with `/` at
    /// its end.
    pub(super) fn new(span: Span, sources: &Sources, prefix: &str) -> Self {
        let (file, start) = sources.locate(span);
        let end = sources.get(span.source).position(span.end.max(span.start));
        Self {
            file: format!("{prefix}{file}"),
            line: start.line,
            column: start.column,
            end_line: end.line,
            end_column: end.column,
        }
    }
}

/// One thing to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How loud it is.
    pub level: Level,
    /// A few words.
    pub title: String,
    /// What there is to say, in one line or more.
    pub message: String,
    /// Where; `None` where no file is to blame.
    pub region: Option<Region>,
}

/// Problems as annotations.
#[must_use]
pub fn annotate_diagnostics<'a>(
    diagnostics: impl IntoIterator<Item = &'a Diagnostic>,
    sources: &Sources,
    prefix: &str,
) -> Vec<Annotation> {
    let one = |diagnostic: &Diagnostic| {
        let mut message = diagnostic.message.clone();
        for label in &diagnostic.related {
            let (file, at) = sources.locate(label.span);
            let (line, column) = (at.line, at.column);
            message.push_str(&format!("\n{prefix}{file}:{line}:{column}: {}", label.text));
        }
        if let Some(help) = help_text(diagnostic) {
            message.push_str(&format!("\nhelp: {help}"));
        }
        Annotation {
            level: match diagnostic.severity {
                Severity::Error => Level::Error,
                Severity::Warning => Level::Warning,
            },
            title: diagnostic.code.to_string(),
            message,
            region: diagnostic
                .primary
                .as_ref()
                .map(|label| Region::new(label.span, sources, prefix)),
        }
    };
    diagnostics.into_iter().map(one).collect()
}

/// A plan as annotations: what is refused, what goes away, and, if `notices`, all other changes.
#[must_use]
pub fn annotate_plan(
    plan: &Plan,
    sources: &Sources,
    prefix: &str,
    notices: bool,
) -> Vec<Annotation> {
    let place = |span: Option<Span>| span.map(|span| Region::new(span, sources, prefix));
    let mut all = annotate_diagnostics(&plan.diagnostics, sources, prefix);
    all.extend(plan.refusals.iter().map(|refusal| Annotation {
        level: Level::Error,
        title: "plan refused".to_owned(),
        message: format!("{}\nhelp: {}", refusal.message, refusal.help),
        region: place(refusal.place),
    }));
    let scope = plan.scope.as_ref().filter(|_| notices);
    all.extend(scope.map(|scope| Annotation {
        level: Level::Notice,
        title: "not everything was compared".to_owned(),
        message: ScopeWords::of(scope, plan).sentences(),
        region: None,
    }));
    let changes = plan.changes.iter().filter_map(|change| {
        let level = level_of(change.action());
        (notices || level != Level::Notice).then(|| Annotation {
            level,
            title: format!("{} {}", change.action().word(), change.address),
            message: message_of(change),
            region: place(change.place),
        })
    });
    all.extend(changes);
    for change in &plan.changes {
        let mut fields = change.fields.iter();
        let field = fields.find(|field| change.is_document(field));
        let source = place(field.and_then(|field| field.place).or(change.place));
        all.extend(broken_by(change, sources, prefix, source));
    }
    all
}

/// What a changed document breaks: one annotation for each finding with a line in a file, and one at the source for
/// all others.
fn broken_by(
    change: &Change,
    sources: &Sources,
    prefix: &str,
    source: Option<Region>,
) -> Vec<Annotation> {
    if breaking::count(change.breaking()) == 0 {
        return Vec::new();
    }
    let placed = PlacedChange::of(change, sources);
    let region = |finding: &PlacedBreaking<'_>| {
        let region = Region::new(finding.anchor?, &placed.after, prefix);
        (!placed.after.locate(finding.anchor?).0.is_empty()).then_some(region)
    };
    let mut all = Vec::new();
    let mut others = Vec::new();
    for finding in &placed.findings {
        let found = finding.found;
        match region(finding).filter(|_| found.impact == Impact::Break) {
            Some(region) => all.push(Annotation {
                level: Level::Warning,
                title: format!("breaking change in {}", change.address),
                message: escape_control_chars(&breaking::line(found)).into_owned(),
                region: Some(region),
            }),
            None => others.push(found.clone()),
        }
    }
    let title = match breaking::count(&others) {
        0 => return all,
        1 => format!("1 breaking change in {}", change.address),
        n => format!("{n} breaking changes in {}", change.address),
    };
    let lines = breaking::lines(&others, breaking::FEW_SHOWN);
    let lines = lines.iter().map(|line| escape_control_chars(line));
    let lines: Vec<_> = lines.collect();
    all.insert(
        0,
        Annotation {
            level: Level::Warning,
            title,
            message: lines.join("\n"),
            region: source,
        },
    );
    all
}

fn level_of(action: Action) -> Level {
    match action {
        Action::Delete | Action::Replace | Action::Blocked => Level::Warning,
        Action::Update | Action::Rename | Action::Create => Level::Notice,
    }
}

/// Fields that are named in a message, at most.
const MOST_FIELDS: usize = 8;

fn message_of(change: &Change) -> String {
    let mut message = format!("{} {}", change.action().symbol(), change.address);
    match &change.blocked {
        Some(rule) => message.push_str(&format!(" ({}; blocked: {rule})", change.reason)),
        None => message.push_str(&format!(" ({})", change.reason)),
    }
    if change.action() == Action::Update {
        let paths: Vec<&str> = change
            .fields
            .iter()
            .map(|field| field.path.as_str())
            .collect();
        let named = paths.len().min(MOST_FIELDS);
        message.push_str(&format!("\n{}", paths[..named].join(", ")));
        if named < paths.len() {
            message.push_str(&format!(" and {} more", paths.len() - named));
        }
    }
    message
}

/// What an apply did not do, as annotations.
#[must_use]
pub fn annotate_report(
    plan: &Plan,
    report: &Report,
    sources: &Sources,
    prefix: &str,
) -> Vec<Annotation> {
    let one = |(i, (change, outcome)): (usize, (&Change, &Outcome))| {
        let (level, message) = match outcome {
            Outcome::Done | Outcome::Blocked => return None,
            Outcome::Failed { error, .. } => (Level::Error, error.to_string()),
            Outcome::Skipped(because) => (
                Level::Warning,
                format!("not done: it needs {}", plan.changes[*because].address),
            ),
            Outcome::NotStarted => (Level::Warning, "not started".to_owned()),
            Outcome::Remains => (Level::Warning, "still in the service".to_owned()),
        };
        let left = report.left_by(plan, i).map_or(String::new(), |done| {
            format!("{}, then: ", migration::prepared(plan, done))
        });
        Some(Annotation {
            level,
            title: format!("{} {}", change.action().word(), change.address),
            message: left + &message,
            region: change.place.map(|span| Region::new(span, sources, prefix)),
        })
    };
    plan.changes
        .iter()
        .zip(&report.outcomes)
        .enumerate()
        .filter_map(one)
        .collect()
}

/// The annotations that are shown, and how many of each level are not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chosen {
    /// The loudest first, otherwise in their order.
    pub shown: Vec<Annotation>,
    /// Levels of which some are not shown, and how many.
    pub left_out: Vec<(Level, usize)>,
}

/// Chooses as many of each level as there is room for: pipelines drop the others without a word.
#[must_use]
pub fn choose(mut all: Vec<Annotation>, room: impl Fn(Level) -> usize) -> Chosen {
    all.sort_by_key(|annotation| annotation.level);
    let mut shown = Vec::new();
    let mut left_out = Vec::new();
    for level in Level::ALL {
        let most = room(level);
        let of_level = all.iter().filter(|annotation| annotation.level == level);
        let count = of_level.clone().count();
        shown.extend(of_level.take(most).cloned());
        if count > most {
            left_out.push((level, count - most));
        }
    }
    Chosen { shown, left_out }
}

impl Chosen {
    /// One sentence about what is not shown.
    #[must_use]
    pub fn remainder(&self) -> Option<String> {
        let parts: Vec<String> = self
            .left_out
            .iter()
            .map(|(level, count)| match count {
                1 => format!("1 more {}", level.word()),
                n => format!("{n} more {}s", level.word()),
            })
            .collect();
        (!parts.is_empty()).then(|| {
            format!(
                "{} without an annotation: the summary has them all",
                parts.join(", ")
            )
        })
    }
}

/// What later steps of a pipeline may ask for, by name.
#[must_use]
pub fn plan_outputs(plan: &Plan) -> Vec<(&'static str, String)> {
    let summary = plan.summary();
    vec![
        ("has-changes", plan.has_changes().to_string()),
        ("create", summary.create.to_string()),
        ("update", summary.update.to_string()),
        ("replace", summary.replace.to_string()),
        ("rename", summary.rename.to_string()),
        ("delete", summary.delete.to_string()),
        ("blocked", summary.blocked.to_string()),
        ("plan-id", plan.id.clone()),
    ]
}

/// A text as a block of Markdown that nothing in it can end.
#[must_use]
pub fn fenced(heading: &str, text: &str) -> String {
    let mut longest = 2;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    let fence = "`".repeat(longest + 1);
    format!(
        "## {heading}\n\n{fence}text\n{}\n{fence}\n",
        text.trim_end()
    )
}

/// Markdown that fits into so many bytes: cut at a line, with a block that is open there closed.
#[must_use]
pub fn cut_markdown(markdown: &str, budget: usize) -> String {
    if markdown.len() <= budget {
        return markdown.to_owned();
    }
    const NOTE: &str = "\n*Cut here: the whole text is in the log.*\n";
    let mut kept = String::new();
    let mut fence: Option<&str> = None;
    for line in markdown.split_inclusive('\n') {
        let closing = fence.map_or(0, |fence| fence.len() + 1);
        if kept.len() + line.len() + closing + NOTE.len() + 8 > budget {
            break;
        }
        kept.push_str(line);
        let ticks = line.len() - line.trim_start_matches('`').len();
        match fence {
            None if ticks >= 3 => fence = Some(&line[..ticks]),
            Some(open) if ticks >= open.len() && line[ticks..].trim().is_empty() => fence = None,
            _ => {}
        }
    }
    if let Some(fence) = fence {
        kept.push_str(fence);
        kept.push('\n');
    }
    if kept.len() + NOTE.len() <= budget {
        kept.push_str(NOTE);
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    fn annotation(level: Level, title: &str) -> Annotation {
        Annotation {
            level,
            title: title.to_owned(),
            message: String::new(),
            region: None,
        }
    }

    #[test]
    fn the_loudest_come_first_and_the_rest_is_counted() {
        let mut all: Vec<Annotation> = (0..12).map(|_| annotation(Level::Notice, "n")).collect();
        all.push(annotation(Level::Warning, "w"));
        all.push(annotation(Level::Error, "e1"));
        all.push(annotation(Level::Error, "e2"));
        let room = |level| if level == Level::Error { 1 } else { 10 };
        let chosen = choose(all, room);
        let titles: String = chosen.shown.iter().map(|a| a.title.as_str()).collect();
        assert_eq!(titles, format!("e1w{}", "n".repeat(10)));
        assert_eq!(
            chosen.remainder().unwrap(),
            "1 more error, 2 more notices without an annotation: the summary has them all"
        );
        assert_eq!(choose(Vec::new(), room).remainder(), None);
    }

    #[test]
    fn no_text_ends_its_own_block() {
        let text = fenced("Plan", "a\n````\nb");
        assert_eq!(text, "## Plan\n\n`````text\na\n````\nb\n`````\n");
    }

    #[test]
    fn a_summary_that_is_too_long_is_cut_at_a_line_and_closed() {
        let text = fenced("Plan", &"a line of some length\n".repeat(100));
        let cut = cut_markdown(&text, 300);
        assert!(cut.len() <= 300, "{}", cut.len());
        assert!(cut.contains("length\n```\n\n*Cut here"), "{cut}");
        assert_eq!(cut_markdown(&text, 10_000), text);
        assert!(cut_markdown(&text, 0).is_empty());
    }
}
