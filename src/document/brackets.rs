//! Brackets that must come in pairs.

use super::description::DocumentError;

/// The brackets that are open.
#[derive(Default)]
pub(super) struct Brackets {
    open: Vec<(char, usize)>,
}

impl Brackets {
    /// Takes the character at an offset, if it is a bracket.
    pub(super) fn take(&mut self, bracket: char, at: usize) -> Result<(), DocumentError> {
        let wanted = match bracket {
            '(' | '[' | '{' => {
                self.open.push((bracket, at));
                return Ok(());
            }
            ')' => '(',
            ']' => '[',
            '}' => '{',
            _ => return Ok(()),
        };
        let message = match self.open.pop() {
            Some((open, _)) if open == wanted => return Ok(()),
            Some((open, _)) => format!("`{open}` is closed by `{bracket}`"),
            None => format!("`{bracket}` closes nothing"),
        };
        Err(DocumentError::at(message, at..at + 1))
    }

    /// The end of the text: every bracket must be closed.
    pub(super) fn end(self) -> Result<(), DocumentError> {
        match self.open.last() {
            Some(&(open, at)) => {
                let message = format!("`{open}` is never closed");
                Err(DocumentError::at(message, at..at + 1))
            }
            None => Ok(()),
        }
    }
}
