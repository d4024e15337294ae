//! How a text that is not well-formed is put right: candidates that are only taken if the document then can be read.

use granit_parser::ErrorKind;
use serde_json::Value;

use super::lines;
use super::repaired::Repaired;
use crate::model::{Certainty, Deed, Diagnostic, Fix, SourceId, Span, TextEdit};

/// Largest text that is tried, in bytes (chosen here: each try reads it once).
const MOST_BYTES: usize = 64 * 1024;

/// Most problems of a file that are tried (chosen here).
pub(super) const MOST_TRIES: usize = 20;

/// What a tab may stand for, in spaces.
const TAB_WIDTHS: [usize; 3] = [2, 4, 8];

/// A problem of the syntax.
pub(super) struct Broken<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    /// Where it was noticed.
    pub(super) offset: usize,
    pub(super) kind: &'a ErrorKind,
    /// Where the brackets are that are open, the innermost first.
    pub(super) open: Vec<usize>,
}

/// A text in the place of a range of bytes, and what that does.
struct Candidate {
    start: usize,
    end: usize,
    text: String,
    certainty: Certainty,
    deed: Deed,
    object: String,
}

/// What puts it right, if the document can be read then. If several repairs do, none of them is certain. Where none
/// does, the one with which most can be read, and the text with it: there are more problems.
fn fix(broken: &Broken<'_>) -> Option<(Fix, Option<Repaired>)> {
    if broken.text.len() > MOST_BYTES {
        return None;
    }
    let others = [
        broken.closed_bracket(),
        broken.inserted_bracket(),
        broken.closed_quote(),
        broken.spaced_key(),
        broken.quoted_value(),
        broken.requoted(),
    ];
    let tabs = TAB_WIDTHS.map(|width| broken.without_tabs(width));
    let repairs: Vec<_> = tabs
        .into_iter()
        .chain(others)
        .flatten()
        .filter_map(|candidate| Some((broken.read_with(&candidate)?, candidate)))
        .collect();
    let (whole, partial): (Vec<_>, Vec<_>) = repairs
        .into_iter()
        .partition(|(reading, _)| reading.error.is_none());
    let is_clear = whole
        .windows(2)
        .all(|pair| pair[0].0.events == pair[1].0.events);
    let (reading, candidate) = match whole.into_iter().next() {
        Some(first) => first,
        // The first of those that lead as far.
        None => partial
            .into_iter()
            .rev()
            .max_by_key(|(reading, _)| reading.error)?,
    };
    let repaired = reading.error.map(|_| reading.repaired);
    let span = Span {
        source: broken.source,
        start: candidate.start,
        end: candidate.end,
    };
    let edits = vec![TextEdit {
        span,
        text: candidate.text,
    }];
    let certainty = match is_clear && repaired.is_none() {
        true => candidate.certainty,
        false => Certainty::Suggested,
    };
    let fix = Fix::new(certainty, candidate.deed, candidate.object, edits);
    Some((fix, repaired))
}

/// What a document says with a repair.
struct Reading {
    repaired: Repaired,
    events: Vec<String>,
    /// Where it stops being well-formed, if it does.
    error: Option<usize>,
}

impl Broken<'_> {
    /// A bracket that the parser points to is open too, though it is not in the tree.
    pub(super) fn with_unread_bracket(mut self) -> Self {
        let is_unclosed = matches!(self.kind, ErrorKind::UnclosedFlowCollection { .. });
        let is_bracket = self.text[self.offset..].starts_with(['[', '{']);
        if is_unclosed && is_bracket && self.open.iter().all(|open| *open < self.offset) {
            self.open.insert(0, self.offset);
        }
        self
    }

    /// The problem with what puts it right, if that is looked for and found, and with what often helps. If there are
    /// more problems then, the repaired text is there too.
    pub(super) fn helped(
        &self,
        mut diagnostic: Diagnostic,
        help: Option<&str>,
        is_tried: bool,
    ) -> (Diagnostic, Option<Repaired>) {
        let (fix, repaired) = is_tried.then(|| fix(self)).flatten().unzip();
        diagnostic.help = match (&fix, help) {
            (Some(fix), Some(help)) => Some(format!("{fix}; {help}")),
            (None, Some(help)) => Some(help.to_owned()),
            (_, None) => None,
        };
        (diagnostic.fix_opt(fix), repaired.flatten())
    }

    /// What the document says with the candidate, if more of it can be read then.
    fn read_with(&self, candidate: &Candidate) -> Option<Reading> {
        let range = (candidate.start, candidate.end);
        let repaired = Repaired::new(self.text, range, &candidate.text);
        let (events, error) = lines::events(&repaired.text);
        let is_farther = error.is_none_or(|at| repaired.is_below(at, self.offset));
        is_farther.then_some(Reading {
            repaired,
            events,
            error,
        })
    }

    /// Lines that are indented with tabs, with so many spaces for each.
    fn without_tabs(&self, width: usize) -> Option<Candidate> {
        let start = lines::start(self.text, self.offset.min(self.text.len()));
        let is_tabbed = |line: &&str| line.trim_start_matches(' ').starts_with('\t');
        let lines: Vec<&str> = self.text[start..]
            .split_inclusive('\n')
            .take_while(is_tabbed)
            .collect();
        let length: usize = lines.iter().map(|line| line.len()).sum();
        let spaces = " ".repeat(width);
        let text = lines.iter().map(|line| {
            let content = line.trim_start_matches([' ', '\t']);
            let indent = &line[..line.len() - content.len()];
            format!("{}{content}", indent.replace('\t', &spaces))
        });
        (!lines.is_empty()).then(|| Candidate {
            start,
            end: start + length,
            text: text.collect(),
            certainty: Certainty::Certain,
            deed: Deed::Write,
            object: format!("{width} spaces for each tab"),
        })
    }

    /// `[a` and then a line that is not indented more: `]` at the end of the line before it.
    fn closed_bracket(&self) -> Option<Candidate> {
        let outermost = *self.open.last()?;
        let brackets = self.open.iter().map(|at| &self.text[*at..=*at]);
        let closers: Option<String> = brackets
            .map(|bracket| match bracket {
                "[" => Some(']'),
                "{" => Some('}'),
                _ => None,
            })
            .collect();
        let closers = closers?;
        let start = lines::start(self.text, outermost);
        let indent = lines::indent(&self.text[start..]);
        let mut end = start;
        for line in self.text[start..].split_inclusive('\n') {
            let is_blank = line.trim().is_empty();
            let is_outside = lines::indent(line) <= indent || line.starts_with("---");
            if end > start && !is_blank && is_outside {
                break;
            }
            end += line.len();
        }
        let at = start + lines::content_end(&self.text[start..end]);
        let opened = match self.open.as_slice() {
            [only] => format!("the `{}`", &self.text[*only..=*only]),
            _ => "the brackets that are open".to_owned(),
        };
        (at > self.open[0]).then(|| Candidate {
            start: at,
            end: at,
            certainty: certainty_of_bracketed(&self.text[outermost..at]),
            deed: Deed::Add,
            object: format!(
                "`{closers}` at the end of line {}, for {opened}",
                lines::number(self.text, at)
            ),
            text: closers,
        })
    }

    /// `[{a]`: `}` before the `]` at the end of the line.
    fn inserted_bracket(&self) -> Option<Candidate> {
        let ErrorKind::MismatchedFlowCollectionEnd { open, close } = self.kind else {
            return None;
        };
        let missing = match open {
            '[' => ']',
            '{' => '}',
            _ => return None,
        };
        let start = lines::start(self.text, self.offset);
        let line = self.text[start..].lines().next()?;
        let content = &line[..lines::content_end(line)];
        let at = start + content.strip_suffix(*close)?.trim_end().len();
        let outermost = *self.open.last()?;
        Some(Candidate {
            start: at,
            end: at,
            text: missing.to_string(),
            certainty: certainty_of_bracketed(self.text.get(outermost..at)?),
            deed: Deed::Add,
            object: format!("`{missing}` before the `{close}` at the end of the line"),
        })
    }

    /// `"a` at the end of the line above the place where that was noticed.
    fn closed_quote(&self) -> Option<Candidate> {
        use ErrorKind as E;
        if !matches!(
            self.kind,
            E::InvalidQuotedScalarIndent
                | E::UnclosedQuotedScalar
                | E::DocumentIndicatorInQuotedScalar
        ) {
            return None;
        }
        let until = self.text[..self.offset.min(self.text.len())]
            .trim_end()
            .len();
        let until = match self.kind {
            // The parser points to the opening quote.
            E::UnclosedQuotedScalar => {
                self.offset
                    + self.text[self.offset..]
                        .find('\n')
                        .unwrap_or(self.text.len() - self.offset)
            }
            _ => until,
        };
        let start = lines::start(self.text, until.saturating_sub(1));
        let line = &self.text[start..until];
        let quote = line.chars().find(|c| matches!(c, '"' | '\''))?;
        let at = start + line.trim_end().len();
        // A text can begin with an apostrophe, and a comment may belong to the text.
        let is_clear = quote == '"' && !line.contains(" #");
        (line.matches(quote).count() == 1).then(|| Candidate {
            start: at,
            end: at,
            text: quote.to_string(),
            certainty: certain_if(is_clear),
            deed: Deed::Add,
            object: format!(
                "`{quote}` at the end of line {}",
                lines::number(self.text, start)
            ),
        })
    }

    /// `key:value` without the space, here or on the line above.
    fn spaced_key(&self) -> Option<Candidate> {
        let here = lines::start(self.text, self.offset.min(self.text.len()));
        let above = self.text[..here].trim_end();
        let above = (!above.is_empty()).then(|| lines::start(self.text, above.len() - 1));
        [above, Some(here)].into_iter().flatten().find_map(|start| {
            let line = self.text[start..].lines().next()?;
            let rest = line.trim_start_matches([' ', '-']);
            let (key, value) = rest.split_once(':')?;
            let is_key = key.starts_with(|c: char| c.is_ascii_alphabetic())
                && key
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            let is_joined = !value.is_empty() && !value.starts_with([' ', '/', '\t', ':']);
            // An item may be a text with a colon, above a line that is indented wrongly.
            let is_item = line.trim_start().starts_with('-');
            let at = start + (line.len() - rest.len()) + key.len() + 1;
            (is_key && is_joined).then(|| Candidate {
                start: at,
                end: at,
                text: " ".to_owned(),
                certainty: certain_if(!is_item),
                deed: Deed::Write,
                object: format!("`{key}: {}`", value.trim()),
            })
        })
    }

    /// `key: text: more` and `key: @text`, whose value needs quotes.
    fn quoted_value(&self) -> Option<Candidate> {
        let start = lines::start(self.text, self.offset.min(self.text.len()));
        let line = self.text[start..].lines().next()?;
        let value_at = line
            .find(": ")
            .map(|at| at + 2)
            .or_else(|| line.find("- ").map(|at| at + 2))?;
        let value = &line[value_at..];
        let value_at = value_at + value.len() - value.trim_start().len();
        let value = value.trim_start();
        let value = &value[..lines::content_end(value)];
        let is_plain = !value.is_empty()
            && !value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '*', '!'])
            && !["- ", "? "].iter().any(|start| value.starts_with(start));
        // `kind` in `title: Orders kind: rest` is a field. No field has a capital at its beginning.
        let mut keys = value.split(": ").collect::<Vec<_>>();
        keys.pop();
        let is_text = keys.iter().all(|before| {
            let word = before.rsplit(' ').next().unwrap_or_default();
            word.starts_with(char::is_uppercase)
        });
        let text = Value::from(value).to_string();
        is_plain.then(|| Candidate {
            start: start + value_at,
            end: start + value_at + value.len(),
            object: format!("`{text}`"),
            text,
            certainty: certain_if(is_text && !value.ends_with(':')),
            deed: Deed::Write,
        })
    }

    /// `'it's'`, in which a quote ends the text too early.
    fn requoted(&self) -> Option<Candidate> {
        use ErrorKind as E;
        let quote = match self.kind {
            E::InvalidTrailingSingleQuotedScalar => '\'',
            E::InvalidTrailingDoubleQuotedScalar => '"',
            _ => return None,
        };
        let start = lines::start(self.text, self.offset.min(self.text.len()));
        let line = self.text[start..].lines().next()?;
        let (first, last) = (line.find(quote)?, line.rfind(quote)?);
        let inner = line.get(first + 1..last)?;
        let text = match quote {
            '\'' => format!("'{}'", inner.replace('\'', "''")),
            _ => Value::from(inner).to_string(),
        };
        // Any other quotes inside may be those of several texts.
        let apostrophe = inner.split_once('\'').filter(|_| quote == '\'');
        let is_one = apostrophe.is_some_and(|(before, after)| {
            before.ends_with(char::is_alphabetic)
                && after.starts_with(char::is_alphabetic)
                && !after.contains('\'')
        });
        Some(Candidate {
            start: start + first,
            end: start + last + 1,
            object: format!("`{text}`"),
            text,
            certainty: certain_if(is_one),
            deed: Deed::Write,
        })
    }
}

/// How sure it is that brackets end behind this text, which starts with the outermost: commas may be missing as well,
/// and a few words may be a text that starts with a bracket.
fn certainty_of_bracketed(text: &str) -> Certainty {
    let mut lines: Vec<&str> = text
        .lines()
        .map(|line| &line[..lines::content_end(line)])
        .filter(|line| !line.trim().is_empty())
        .collect();
    lines.pop();
    let goes_on = lines.iter().all(|line| line.ends_with([',', '[', '{']));
    let inner = text[1..].trim();
    let is_collection = match text.starts_with('{') {
        true => inner.contains(": "),
        false => inner.contains([',', '{', '[', '"']) || !inner.contains(' '),
    };
    certain_if(goes_on && is_collection)
}

fn certain_if(is_certain: bool) -> Certainty {
    match is_certain {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    }
}
