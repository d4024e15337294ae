//! How a text that is not well-formed is put right: candidates that are only taken if the document then can be read.

use granit_parser::{ErrorKind, Parser};
use serde_json::Value;

use crate::model::{Certainty, Deed, Diagnostic, Fix, SourceId, Span, TextEdit, code};

/// Largest text that is tried, in bytes (chosen here: each try reads it once).
const MOST_BYTES: usize = 64 * 1024;

/// Most problems of a file that are tried (chosen here).
pub(super) const MOST_TRIES: usize = 20;

/// A problem of the syntax.
pub(super) struct Broken<'a> {
    pub(super) source: SourceId,
    pub(super) text: &'a str,
    /// Where it was noticed.
    pub(super) offset: usize,
    pub(super) kind: &'a ErrorKind,
    /// Where the innermost bracket is that is open.
    pub(super) open: Option<usize>,
}

/// A text in the place of a range of bytes, and what that does.
struct Candidate {
    start: usize,
    end: usize,
    text: String,
    deed: Deed,
    object: String,
}

/// An alias to nothing, which may be a text that starts with `*`.
pub(super) fn dangling_alias(name: &str, span: Span) -> Diagnostic {
    let message = format!("`*{name}` stands for nothing");
    let text = Value::from(format!("*{name}")).to_string();
    Diagnostic::error(code::YAML_ALIAS, message)
        .at(span, "no such anchor before this place")
        .help(format!(
            "put `&{name}` before the value that it refers to, in the same document; for a text that starts with \
             `*`, write `{text}`"
        ))
        .fix(Fix::write(Certainty::Suggested, span, text))
}

/// What puts it right, if the document can be read then.
fn fix(broken: &Broken<'_>) -> Option<Fix> {
    if broken.text.len() > MOST_BYTES {
        return None;
    }
    let candidates = [
        broken.without_tabs(),
        broken.closed_bracket(),
        broken.closed_quote(),
        broken.spaced_key(),
        broken.quoted_value(),
        broken.requoted(),
    ];
    candidates
        .into_iter()
        .flatten()
        .find(|candidate| broken.is_repaired_by(candidate))
        .map(|candidate| {
            let span = Span {
                source: broken.source,
                start: candidate.start,
                end: candidate.end,
            };
            let edits = vec![TextEdit {
                span,
                text: candidate.text,
            }];
            Fix::new(Certainty::Certain, candidate.deed, candidate.object, edits)
        })
}

impl Broken<'_> {
    /// The problem with what puts it right, if that is looked for and found, and with what often helps.
    pub(super) fn helped(
        &self,
        mut diagnostic: Diagnostic,
        help: Option<&str>,
        is_tried: bool,
    ) -> Diagnostic {
        let fix = is_tried.then(|| fix(self)).flatten();
        diagnostic.help = match (&fix, help) {
            (Some(fix), Some(help)) => Some(format!("{fix}; {help}")),
            (None, Some(help)) => Some(help.to_owned()),
            (_, None) => None,
        };
        diagnostic.fix_opt(fix)
    }

    fn is_repaired_by(&self, candidate: &Candidate) -> bool {
        let (before, after) = (&self.text[..candidate.start], &self.text[candidate.end..]);
        let text = format!("{before}{}{after}", candidate.text);
        let changed = candidate.start + candidate.text.len();
        // What is wrong in later documents is another problem.
        let next = text[changed..].find("\n---").map(|at| changed + at);
        first_error(&text).is_none_or(|at| next.is_some_and(|next| at > next))
    }

    /// Lines that are indented with tabs, with two spaces for each.
    fn without_tabs(&self) -> Option<Candidate> {
        let start = self.line_start(self.offset.min(self.text.len()));
        let is_tabbed = |line: &&str| line.trim_start_matches(' ').starts_with('\t');
        let lines: Vec<&str> = self.text[start..]
            .split_inclusive('\n')
            .take_while(is_tabbed)
            .collect();
        let length: usize = lines.iter().map(|line| line.len()).sum();
        let text = lines.iter().map(|line| {
            let content = line.trim_start_matches([' ', '\t']);
            let indent = &line[..line.len() - content.len()];
            format!("{}{content}", indent.replace('\t', "  "))
        });
        (!lines.is_empty()).then(|| Candidate {
            start,
            end: start + length,
            text: text.collect(),
            deed: Deed::Write,
            object: "two spaces for each tab".to_owned(),
        })
    }

    /// `[a` and then a line that is not indented more: `]` at the end of the line before it.
    fn closed_bracket(&self) -> Option<Candidate> {
        let open = self.open?;
        let (bracket, close) = match self.text.as_bytes().get(open)? {
            b'[' => ("[", "]"),
            b'{' => ("{", "}"),
            _ => return None,
        };
        let start = self.line_start(open);
        let indent = indent_of(&self.text[start..]);
        let mut end = start;
        for line in self.text[start..].split_inclusive('\n') {
            let is_blank = line.trim().is_empty();
            if end > start && !is_blank && indent_of(line) <= indent {
                break;
            }
            end += line.len();
        }
        let at = start + content_end(&self.text[start..end]);
        (at > open).then(|| Candidate {
            start: at,
            end: at,
            text: close.to_owned(),
            deed: Deed::Add,
            object: format!(
                "`{close}` at the end of line {}, for the `{bracket}`",
                self.line(at)
            ),
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
        let start = self.line_start(until.saturating_sub(1));
        let line = &self.text[start..until];
        let quote = line.chars().find(|c| matches!(c, '"' | '\''))?;
        let at = start + line.trim_end().len();
        (line.matches(quote).count() == 1).then(|| Candidate {
            start: at,
            end: at,
            text: quote.to_string(),
            deed: Deed::Add,
            object: format!("`{quote}` at the end of line {}", self.line(start)),
        })
    }

    /// `key:value` without the space, here or on the line above.
    fn spaced_key(&self) -> Option<Candidate> {
        let here = self.line_start(self.offset.min(self.text.len()));
        let above = self.text[..here].trim_end();
        let above = (!above.is_empty()).then(|| self.line_start(above.len() - 1));
        [above, Some(here)].into_iter().flatten().find_map(|start| {
            let line = self.text[start..].lines().next()?;
            let rest = line.trim_start_matches([' ', '-']);
            let (key, value) = rest.split_once(':')?;
            let is_key = !key.is_empty()
                && key
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
            let is_joined = !value.is_empty() && !value.starts_with([' ', '/', '\t', ':']);
            let at = start + (line.len() - rest.len()) + key.len() + 1;
            (is_key && is_joined).then(|| Candidate {
                start: at,
                end: at,
                text: " ".to_owned(),
                deed: Deed::Write,
                object: format!("`{key}: {}`", value.trim()),
            })
        })
    }

    /// `key: text: more` and `key: @text`, whose value needs quotes.
    fn quoted_value(&self) -> Option<Candidate> {
        let start = self.line_start(self.offset.min(self.text.len()));
        let line = self.text[start..].lines().next()?;
        let value_at = line
            .find(": ")
            .map(|at| at + 2)
            .or_else(|| line.find("- ").map(|at| at + 2))?;
        let value = &line[value_at..];
        let value_at = value_at + value.len() - value.trim_start().len();
        let value = value.trim_start();
        let value = &value[..content_end(value)];
        let is_plain =
            !value.is_empty() && !value.starts_with(['"', '\'', '[', '{', '|', '>', '&', '*', '!']);
        let text = Value::from(value).to_string();
        is_plain.then(|| Candidate {
            start: start + value_at,
            end: start + value_at + value.len(),
            object: format!("`{text}`"),
            text,
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
        let start = self.line_start(self.offset.min(self.text.len()));
        let line = self.text[start..].lines().next()?;
        let (first, last) = (line.find(quote)?, line.rfind(quote)?);
        let inner = line.get(first + 1..last)?;
        let text = match quote {
            '\'' => format!("'{}'", inner.replace('\'', "''")),
            _ => Value::from(inner).to_string(),
        };
        Some(Candidate {
            start: start + first,
            end: start + last + 1,
            object: format!("`{text}`"),
            text,
            deed: Deed::Write,
        })
    }

    fn line_start(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at];
        let newline = before.iter().rposition(|byte| *byte == b'\n');
        newline.map_or(0, |newline| newline + 1)
    }

    fn line(&self, at: usize) -> usize {
        self.text[..at].matches('\n').count() + 1
    }
}

fn indent_of(line: &str) -> usize {
    line.len() - line.trim_start_matches([' ', '-']).len()
}

/// Where a text ends, without blanks and a comment behind it.
fn content_end(text: &str) -> usize {
    let text = text.trim_end();
    let last = text.rfind('\n').map_or(0, |newline| newline + 1);
    let line = &text[last..];
    let content = line.find(" #").map_or(line, |comment| &line[..comment]);
    last + content.trim_end().len()
}

/// Where a text stops being well-formed.
fn first_error(text: &str) -> Option<usize> {
    let mut parser = Parser::new_from_str(text);
    while let Some(result) = parser.next_event() {
        match result {
            Ok((granit_parser::Event::StreamEnd, _)) => return None,
            Ok(_) => {}
            Err(error) => return Some(error.marker().byte_offset().unwrap_or(text.len())),
        }
    }
    None
}
