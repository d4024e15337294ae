//! Output to stdout, status to stderr, and when to use colours.

use std::borrow::Cow;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::{LazyLock, OnceLock};

use regex::Regex;

use super::global::{ColorChoice, GlobalArgs};
use crate::config::Environment;
use crate::output::Styles;

/// Why writing to stdout failed first.
static LOST_OUTPUT: OnceLock<String> = OnceLock::new();

/// The two streams and how they may be written to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    output_color: bool,
    status_color: bool,
    status_is_terminal: bool,
    quiet: bool,
    in_pipeline: bool,
}

impl Console {
    pub(super) fn new(global: &GlobalArgs, environment: &Environment) -> Self {
        let color = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !environment.no_color,
        };
        let status_is_terminal = io::stderr().is_terminal();
        Self {
            output_color: color(io::stdout().is_terminal()),
            status_color: color(status_is_terminal),
            status_is_terminal: status_is_terminal || global.color == ColorChoice::Always,
            quiet: global.quiet,
            in_pipeline: environment.pipeline.interprets_log_commands(),
        }
    }

    /// Colours of stdout.
    pub(super) fn styles(&self) -> Styles {
        Styles {
            color: self.output_color,
        }
    }

    /// Colours of stderr.
    pub(super) fn status_styles(&self) -> Styles {
        Styles {
            color: self.status_color,
        }
    }

    /// Whether stderr is shown as a terminal.
    pub(super) fn is_interactive(&self) -> bool {
        self.status_is_terminal
    }

    /// Whether there is a terminal for questions.
    pub(super) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether progress bars can move.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Writes to stdout. If that fails, as on a full disk or a closed pipe, the end of the run reports it.
    pub(super) fn output(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        let text = self.neutralize_ci_commands(text);
        Self::note_written(
            stdout
                .write_all(text.as_bytes())
                .and_then(|()| stdout.flush()),
        );
    }

    /// Remembers that writing to stdout failed.
    pub(super) fn note_written(written: io::Result<()>) {
        if let Err(error) = written {
            LOST_OUTPUT.get_or_init(|| error.to_string());
        }
    }

    /// Whether some output could not be written.
    pub(super) fn has_lost_output() -> bool {
        LOST_OUTPUT.get().is_some()
    }

    /// Says on stderr why some output could not be written; whether that is so.
    pub(super) fn report_lost_output() -> bool {
        let Some(error) = LOST_OUTPUT.get() else {
            return false;
        };
        let mut stderr = io::stderr().lock();
        let _ = writeln!(
            stderr,
            "error: stdout cannot be written to, so the output is incomplete: {error}"
        );
        true
    }

    /// Writes a line to stderr.
    pub(super) fn status(&self, text: &str) {
        self.ci_command(&self.neutralize_ci_commands(text));
    }

    /// Writes a command for the pipeline's agent.
    pub(super) fn ci_command(&self, line: &str) {
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "{line}");
    }

    /// In a pipeline, the text without anything that the agent would interpret as a command.
    fn neutralize_ci_commands<'a>(&self, text: &'a str) -> Cow<'a, str> {
        if self.in_pipeline {
            without_commands(text)
        } else {
            Cow::Borrowed(text)
        }
    }

    /// Writes a line to stderr, unless `--quiet` is given.
    pub(super) fn hint(&self, text: &str) {
        if !self.quiet {
            self.status(text);
        }
    }

    /// Asks a question; true only for the wanted answer. The answer is read on a thread, so that the caller
    /// can stop waiting for it.
    pub(super) async fn confirms(&self, question: &str, wanted: &str) -> bool {
        let wanted = wanted.to_owned();
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
        drop(stderr);
        let (answered, answer) = tokio::sync::oneshot::channel();
        std::thread::spawn(move || {
            let mut text = String::new();
            let said_yes = io::stdin().read_line(&mut text).is_ok() && text.trim() == wanted;
            // After an interrupt, nobody receives the answer.
            let _ = answered.send(said_yes);
        });
        answer.await.unwrap_or(false)
    }
}

/// What agents interpret as commands: `##[…]` and `##vso[…]` anywhere in a line (Azure Pipelines),
/// `::…::` at its start (GitHub).
static COMMAND: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"(?im)(?<before>#)(?<after>#(?:vso)?\[)|(?<blank>^\s*)(?<colons>::)")
        .expect("the pattern is a constant")
});

/// Breaks up commands with an invisible character.
fn without_commands(text: &str) -> Cow<'_, str> {
    COMMAND.replace_all(text, "$before$blank\u{200b}$after$colons")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_broken_up_and_other_text_is_not_touched() {
        assert!(matches!(without_commands("a: b\n## c"), Cow::Borrowed(_)));
        let broken =
            without_commands("x ##vso[task.setvariable]y\n  ::set-output::z\na::b ##[group]");
        assert_eq!(
            broken,
            "x #\u{200b}#vso[task.setvariable]y\n  \u{200b}::set-output::z\na::b #\u{200b}#[group]"
        );
    }
}
