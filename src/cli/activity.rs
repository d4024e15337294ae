//! Something that takes a while: on a terminal a line that moves, elsewhere a line when it begins.

use std::time::{Duration, Instant};

use super::bar::MovingLine;
use super::console::Console;
use crate::workflow::RequestMeter;

/// Something that is under way.
#[derive(Debug)]
pub(super) struct Activity {
    start: Instant,
    line: Option<MovingLine>,
}

impl Activity {
    /// Something that is only known to be under way.
    pub(super) fn start(console: &Console, words: &str) -> Self {
        Self::with(console, words, String::new)
    }

    /// Something whose requests are counted.
    pub(super) fn counted(console: &Console, words: &str, meter: &RequestMeter) -> Self {
        let meter = meter.clone();
        Self::with(console, words, move || match meter.sent() {
            // Nothing is known yet.
            0 => String::new(),
            sent => format!("  {sent} of about {} requests", meter.expected()),
        })
    }

    fn with(
        console: &Console,
        words: &str,
        progress: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> Self {
        let line = console.moving_line(words, progress);
        if line.is_none() {
            console.hint(words);
        }
        let start = Instant::now();
        Self { start, line }
    }

    /// Changes what the moving line says.
    pub(super) fn show(&self, words: &str) {
        if let Some(line) = &self.line {
            line.show(words);
        }
    }

    /// Ends it, and says how long it took.
    pub(super) fn end(self) -> String {
        seconds(self.start.elapsed())
    }
}

/// A duration for people.
pub(super) fn seconds(duration: Duration) -> String {
    format!("{:.1} s", duration.as_secs_f64())
}
