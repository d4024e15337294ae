//! A progress bar, which shows only text that is safe for a terminal.

use indicatif::{ProgressBar, ProgressStyle};

use crate::output::{Line, Text};

/// A progress bar on stderr.
#[derive(Debug)]
pub(super) struct Bar {
    bar: ProgressBar,
    color: bool,
}

impl Bar {
    pub(super) fn new(steps: usize, color: bool) -> Self {
        let bar = ProgressBar::new(steps as u64);
        let style = ProgressStyle::with_template("[{pos}/{len}] {bar:30} {elapsed} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        Self { bar, color }
    }

    /// Writes a line above the bar and moves it by a step.
    pub(super) fn advance(&self, line: Line) {
        self.bar
            .println(Text::from(line).render(self.color).trim_end_matches('\n'));
        self.bar.inc(1);
    }

    /// Shows a text beside the bar.
    pub(super) fn show(&self, text: &str) {
        let shown = Text::from(text).to_string();
        self.bar
            .set_message(shown.trim_end_matches('\n').to_owned());
    }

    /// Removes the bar.
    pub(super) fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
