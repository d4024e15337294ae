//! A command for the agent of a pipeline.

use std::fmt;

use crate::model::foreign;

/// A line that the agent of a pipeline obeys. Only the modules of the pipelines make one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CiCommand(String);

impl CiCommand {
    /// The values in the line must be escaped as the pipeline demands.
    pub(super) fn new(line: String) -> Self {
        Self(line)
    }
}

impl fmt::Display for CiCommand {
    /// The line; no second command is in it, and nothing hidden.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut breaks = foreign::command_breaks(&self.0);
        if !breaks.is_empty() {
            breaks.remove(0);
        }
        let mut out = String::with_capacity(self.0.len() + 1);
        for (at, c) in self.0.char_indices() {
            if foreign::is_hidden(c) || breaks.binary_search(&at).is_ok() {
                foreign::spell(&mut out, c);
            } else {
                out.push(c);
            }
        }
        f.write_str(&out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_holds_no_second_one() {
        let command =
            CiCommand::new("##vso[task.logissue]a ##vso[task.complete]\u{85}b".to_owned());
        let line = "##vso[task.logissue]a #\\u{23}vso[task.complete]\\u{85}b";
        assert_eq!(command.to_string(), line);
        let command = CiCommand::new("::error::a\n::set-output::".to_owned());
        assert_eq!(command.to_string(), "::error::a\\n::set-output::");
    }
}
