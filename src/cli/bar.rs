//! A progress bar, which shows only text that is safe for a terminal.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::output::{Line, Text};

/// What is drawn on stderr at this moment.
static DRAWN: Mutex<Option<ProgressBar>> = Mutex::new(None);

fn draws(bar: Option<&ProgressBar>) {
    *DRAWN.lock().unwrap_or_else(PoisonError::into_inner) = bar.cloned();
}

/// Writes something to the terminal while what is drawn there is out of the way. Without this, a copy of it would stay
/// in front of the text.
pub(super) fn beside_bar<T>(write: impl FnOnce() -> T) -> T {
    let drawn = DRAWN.lock().unwrap_or_else(PoisonError::into_inner).clone();
    match drawn {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}

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
        draws(Some(&bar));
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
}

impl Drop for Bar {
    fn drop(&mut self) {
        draws(None);
        self.bar.finish_and_clear();
    }
}

/// The sign that turns in front of a moving line.
const SIGN: &str = "⠁ ";

/// How often a moving line is drawn.
const TICK: Duration = Duration::from_millis(100);

/// A line on stderr that says what is under way, how far it is and how long it has taken.
#[derive(Debug)]
pub(super) struct MovingLine {
    bar: ProgressBar,
    words: Arc<Mutex<String>>,
}

impl MovingLine {
    /// `columns` says how wide the terminal is at any moment.
    pub(super) fn new(
        words: &str,
        progress: impl Fn() -> String + Clone + Send + Sync + 'static,
        columns: fn() -> usize,
    ) -> Self {
        let bar = ProgressBar::new_spinner();
        let words = Arc::new(Mutex::new(safe(words)));
        let shown = Arc::clone(&words);
        let style = ProgressStyle::with_template("{spinner} {line}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_spinner());
        let style = style.with_key(
            "line",
            move |state: &ProgressState, out: &mut dyn std::fmt::Write| {
                let words = shown.lock().unwrap_or_else(PoisonError::into_inner);
                let seconds = format!("  {:.1} s", state.elapsed().as_secs_f64());
                // There is no other place to report that a line could not be drawn.
                let room = columns().saturating_sub(SIGN.width());
                let _ = out.write_str(&fitted(&words, &progress(), &seconds, room));
            },
        );
        bar.set_style(style);
        draws(Some(&bar));
        bar.enable_steady_tick(TICK);
        Self { bar, words }
    }

    /// Changes what it says is under way.
    pub(super) fn show(&self, words: &str) {
        *self.words.lock().unwrap_or_else(PoisonError::into_inner) = safe(words);
        self.bar.tick();
    }
}

impl Drop for MovingLine {
    fn drop(&mut self) {
        draws(None);
        self.bar.finish_and_clear();
    }
}

/// A text as one line that cannot control a terminal.
fn safe(words: &str) -> String {
    let shown = Text::from(words).to_string();
    shown.trim_end_matches('\n').to_owned()
}

/// What fits into a row: a line that breaks could not be drawn again in its place. The words are cut, unless only few
/// of them would be left; then the progress is left out.
fn fitted(words: &str, progress: &str, seconds: &str, room: usize) -> String {
    for end in [format!("{progress}{seconds}"), seconds.to_owned()] {
        if words.width() + end.width() <= room {
            return format!("{words}{end}");
        }
        let left = room.saturating_sub(end.width());
        if left >= FEWEST_COLUMNS {
            return format!("{}{end}", cut(words, left));
        }
    }
    cut(words, room)
}

/// The beginning of words, in so many columns.
fn cut(words: &str, room: usize) -> String {
    let mut left = room.saturating_sub(1);
    let fits = |c: &char| {
        let width = c.width().unwrap_or(0);
        let is_in = width <= left;
        left = left.saturating_sub(width);
        is_in
    };
    format!("{}…", words.chars().take_while(fits).collect::<String>())
}

/// The fewest columns for words that are cut.
const FEWEST_COLUMNS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_never_takes_more_than_its_row() {
        let words = "reading contoso-catalogue-of-all-apis";
        let progress = "  312 of about 900 requests";
        let line = |room| fitted(words, progress, "  2.1 s", room);
        assert_eq!(line(100), format!("{words}{progress}  2.1 s"));
        assert_eq!(
            line(60),
            format!("reading contoso-catalogue…{progress}  2.1 s")
        );
        assert_eq!(line(44), format!("{words}  2.1 s"));
        assert_eq!(line(30), "reading contoso-catalo…  2.1 s");
        assert_eq!(line(10), "reading c…");
        for room in 1..100 {
            assert!(line(room).width() <= room, "{room}");
        }
    }
}
