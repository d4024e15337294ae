//! Where words go: data to stdout, talk to stderr, colours only where they are wanted.

use std::io::{self, IsTerminal as _, Write as _};

use super::global::{ColorChoice, GlobalArgs};
use crate::output::Paint;

/// The two streams and how they may be written to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    data_color: bool,
    talk_color: bool,
    talk_terminal: bool,
    quiet: bool,
}

impl Console {
    pub(super) fn new(global: &GlobalArgs, no_color: bool) -> Self {
        let color = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && !no_color,
        };
        let talk_terminal = io::stderr().is_terminal();
        Self {
            data_color: color(io::stdout().is_terminal()),
            talk_color: color(talk_terminal),
            talk_terminal: talk_terminal || global.color == ColorChoice::Always,
            quiet: global.quiet,
        }
    }

    /// Colours of stdout.
    pub(super) fn paint(&self) -> Paint {
        Paint {
            color: self.data_color,
        }
    }

    /// Colours of stderr.
    pub(super) fn talk_paint(&self) -> Paint {
        Paint {
            color: self.talk_color,
        }
    }

    /// Whether stderr may be drawn on.
    pub(super) fn draws(&self) -> bool {
        self.talk_terminal
    }

    /// Whether someone sits at the terminal and can answer.
    pub(super) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether progress bars can move.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && io::stderr().is_terminal()
    }

    /// Writes data. A reader that has gone is no error: there is nobody left to tell.
    pub(super) fn data(&self, text: &str) {
        let mut stdout = io::stdout().lock();
        let _ = stdout
            .write_all(text.as_bytes())
            .and_then(|()| stdout.flush());
    }

    /// Says something, one line.
    pub(super) fn talk(&self, text: &str) {
        let mut stderr = io::stderr().lock();
        let _ = writeln!(stderr, "{text}");
    }

    /// Says something that can be done without.
    pub(super) fn chat(&self, text: &str) {
        if !self.quiet {
            self.talk(text);
        }
    }

    /// Asks a question; true only for the answer `yes`.
    pub(super) fn confirms(&self, question: &str) -> bool {
        let mut stderr = io::stderr().lock();
        let _ = write!(stderr, "{question} ").and_then(|()| stderr.flush());
        drop(stderr);
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).is_ok() && answer.trim() == "yes"
    }
}
