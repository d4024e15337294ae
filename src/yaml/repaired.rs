//! A document with the repair of its first syntax error, in which the next one is looked for.

use super::lines;
use crate::model::{Certainty, Diagnostic, Span};

/// The text of a file as far as one of its documents goes, with a change in it. What is above the document is blanked, so
/// that places are the same.
pub(super) struct Repaired {
    pub(super) text: String,
    /// Where the change ends in this text.
    changed: usize,
    /// How many bytes it removed.
    removed: usize,
    /// How many bytes it added.
    added: usize,
}

impl Repaired {
    /// Writes `new` in the place of a range of bytes.
    pub(super) fn new(text: &str, (start, end): (usize, usize), new: &str) -> Self {
        let document = text[..start].rfind("\n---").map_or(0, |at| at + 1);
        let next = text[end..]
            .find("\n---")
            .map_or(text.len(), |at| end + at + 1);
        let above = text[..document].bytes().map(|byte| match byte {
            b'\n' => '\n',
            _ => '#',
        });
        let mut repaired: String = above.collect();
        repaired.push_str(&text[document..start]);
        repaired.push_str(new);
        repaired.push_str(&text[end..next]);
        Self {
            text: repaired,
            changed: start + new.len(),
            removed: end - start,
            added: new.len(),
        }
    }

    /// Whether a place of this text is below the line of the change, and behind another place of the file.
    pub(super) fn is_below(&self, at: usize, noticed: usize) -> bool {
        let noticed = match noticed + self.added >= self.changed + self.removed {
            true => noticed + self.added - self.removed,
            false => noticed,
        };
        at > noticed && lines::start(&self.text, at.min(self.text.len())) > self.changed
    }

    /// A problem of this text, as one of the file. Its repair relies on another one, so it is a suggestion.
    pub(super) fn in_file(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let labels = diagnostic.primary.iter_mut().chain(&mut diagnostic.related);
        labels.for_each(|label| self.shift(&mut label.span));
        if let Some(fix) = &mut diagnostic.fix {
            fix.certainty = Certainty::Suggested;
            fix.edits
                .iter_mut()
                .for_each(|edit| self.shift(&mut edit.span));
        }
        diagnostic
    }

    /// Whether a problem is behind the change.
    pub(super) fn is_behind(&self, diagnostic: &Diagnostic) -> bool {
        let place = diagnostic.primary.as_ref().map(|label| label.span.start);
        place.is_some_and(|at| at >= self.changed)
    }

    fn shift(&self, span: &mut Span) {
        for at in [&mut span.start, &mut span.end] {
            if *at >= self.changed {
                *at = *at + self.removed - self.added;
            }
        }
    }
}
