//! A progress bar, which shows only text that is safe for a terminal.

use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

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

/// How often a moving line is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A line on stderr that says what is under way, how far it is and how long it has taken.
#[derive(Debug)]
pub(super) struct MovingLine(ProgressBar);

impl MovingLine {
    pub(super) fn new(
        words: &str,
        progress: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> Self {
        let bar = ProgressBar::new_spinner();
        let style = ProgressStyle::with_template("{spinner} {msg}{progress}  {seconds}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let style = style
            .with_key(
                "progress",
                move |_: &ProgressState, out: &mut dyn std::fmt::Write| {
                    // There is no other place to report that a line could not be drawn.
                    let _ = out.write_str(&progress());
                },
            )
            .with_key(
                "seconds",
                |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                    let _ = write!(out, "{:.1} s", state.elapsed().as_secs_f64());
                },
            );
        bar.set_style(style);
        let line = Self(bar);
        line.show(words);
        line.0.enable_steady_tick(TICK);
        line
    }

    /// Changes what it says is under way.
    pub(super) fn show(&self, words: &str) {
        let shown = Text::from(words).to_string();
        self.0.set_message(shown.trim_end_matches('\n').to_owned());
    }
}

impl Drop for MovingLine {
    fn drop(&mut self) {
        self.0.finish_and_clear();
    }
}
