//! What is seen of an apply while it runs: a bar on a terminal, a line per resource elsewhere.

use indicatif::{ProgressBar, ProgressStyle};
use tokio::sync::mpsc::UnboundedReceiver;

use super::console::Console;
use crate::apply::Event;
use crate::output::event_line;
use crate::plan::Plan;

/// Shows events until the apply has ended.
pub(super) async fn show(plan: &Plan, console: Console, mut events: UnboundedReceiver<Event>) {
    let total = plan
        .changes
        .iter()
        .filter(|change| change.writes() > 0)
        .count()
        + plan.preparations.len();
    let bar = console.shows_progress().then(|| {
        let bar = ProgressBar::new(total as u64);
        let style = ProgressStyle::with_template("[{pos}/{len}] {bar:30} {elapsed} {msg}");
        bar.set_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
        bar
    });
    while let Some(event) = events.recv().await {
        let line = event_line(plan, &event, console.status_styles());
        match &bar {
            Some(bar) => {
                if let Some(line) = line {
                    bar.println(line);
                    bar.inc(1);
                } else if let Event::Started { change } = event {
                    bar.set_message(plan.changes[change].address.to_string());
                }
            }
            None => {
                if let Some(line) = line {
                    console.hint(&line);
                }
            }
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}
