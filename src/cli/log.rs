//! The log of `-v`, usage errors and panics: texts that libraries write, through the console.

use std::panic::PanicHookInfo;

use clap::error::ErrorKind;

use super::console::{Console, LogWriter};
use super::exit::Exit;
use crate::output::Text;

/// Starts the log on stderr, for `-v` and `-vv`.
pub(super) fn start(verbosity: u8) {
    let level = match verbosity {
        0 => return,
        1 => "apicenter=info",
        _ => "apicenter=debug",
    };
    let log = tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::new(level))
        .with_writer(|| LogWriter)
        .with_target(false)
        .with_ansi(false);
    // Only one log can be started; a second start is a test in the same process.
    let _ = log.try_init();
}

/// Reports panics on the console.
pub(super) fn report_panics(console: Console) {
    std::panic::set_hook(Box::new(move |panic| report(panic, console)));
}

fn report(panic: &PanicHookInfo<'_>, console: Console) {
    let message = panic.payload_as_str().unwrap_or("unknown cause");
    let place = panic.location().map(ToString::to_string);
    let place = place.unwrap_or_default();
    console.status(format!(
        "error: this is a bug of apicenter: {message} ({place})"
    ));
    console.status("  help: please report it with this line and the command that you ran");
    let trace = std::backtrace::Backtrace::capture();
    if trace.status() == std::backtrace::BacktraceStatus::Captured {
        console.status(Text::lines(&trace.to_string()));
    }
}

/// Shows help, or what is wrong with the arguments. The latter is foreign in part, and has no colours.
pub(super) fn show_usage(error: &clap::Error, console: Console) -> Exit {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            console.output(Text::of_terminal(&text.ansi().to_string()));
            console.ends_with(Exit::Done)
        }
        _ => {
            console.status(Text::lines(&text.to_string()));
            Exit::Usage
        }
    }
}
