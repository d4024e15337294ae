//! The only place from which the program writes to a terminal or to the log of a pipeline.
//!
//! It takes text, data and commands of a pipeline by their types, which see to it that nothing foreign in them
//! controls whoever reads. `tests/architecture.rs` holds that nothing else writes to stdout or stderr.

use std::io::{self, BufWriter, IsTerminal as _, Write as _};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use super::bar::{Bar, MovingLine, beside_bar};
use super::exit::Exit;
use super::global::{ColorChoice, GlobalArgs};
use crate::config::Environment;
use crate::output::{CiCommand, Data, Text};

/// Which streams were closed (`>&-`) when the program was started. This is made before `main`, because Rust opens
/// `/dev/null` in place of a closed stream before it calls `main`.
#[cfg_attr(unix, static_init::dynamic)]
static CLOSED: Closed = Closed::now();

/// Why writing to stdout failed first.
static LOST_OUTPUT: OnceLock<String> = OnceLock::new();

/// Whether stderr lacks a message.
static LOST_STATUS: AtomicBool = AtomicBool::new(false);

/// Which streams are closed.
#[derive(Debug, Clone, Copy)]
struct Closed {
    stdout: bool,
    stderr: bool,
}

impl Closed {
    #[cfg(unix)]
    fn now() -> Self {
        let is_closed = |stream| rustix::io::fcntl_getfd(stream).is_err();
        Self {
            stdout: is_closed(rustix::stdio::stdout()),
            stderr: is_closed(rustix::stdio::stderr()),
        }
    }

    /// Elsewhere no shell closes a stream.
    #[cfg(not(unix))]
    const fn now() -> Self {
        Self {
            stdout: false,
            stderr: false,
        }
    }
}

/// The two streams and how they may be written to.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Console {
    output_color: bool,
    status_color: bool,
    status_is_terminal: bool,
    /// Whether lines on stderr can be drawn again.
    can_redraw: bool,
    quiet: bool,
    /// Whether stderr has the lines of a log too.
    logs: bool,
    width: usize,
}

/// Bytes that are written at once (chosen here).
const BUFFER: usize = 64 * 1024;

/// The columns that are assumed where there is no terminal, as in the log of a pipeline (chosen here).
const COLUMNS: usize = 100;

/// The fewest columns that lines are made for.
const FEWEST_COLUMNS: usize = 40;

/// Whether a terminal may get colours.
fn has_colors(environment: &Environment) -> bool {
    !environment.no_color && !environment.is_dumb_terminal
}

/// Something to write to stdout.
#[derive(Debug)]
pub(super) enum Output<'a> {
    /// For people.
    Text(Text),
    /// For programs.
    Data(Data<'a>),
}

impl From<Text> for Output<'_> {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl<'a> From<Data<'a>> for Output<'a> {
    fn from(data: Data<'a>) -> Self {
        Self::Data(data)
    }
}

impl Console {
    pub(super) fn new(global: &GlobalArgs, environment: &Environment) -> Self {
        let color = |terminal: bool| match global.color {
            ColorChoice::Always => true,
            ColorChoice::Never => false,
            ColorChoice::Auto => terminal && has_colors(environment),
        };
        let status_is_terminal = io::stderr().is_terminal();
        Self {
            output_color: color(io::stdout().is_terminal()),
            status_color: color(status_is_terminal),
            status_is_terminal: status_is_terminal || global.color == ColorChoice::Always,
            can_redraw: status_is_terminal && !environment.is_dumb_terminal,
            quiet: global.quiet,
            logs: global.verbose > 0,
            width: width(environment),
        }
    }

    /// The console before the flags are known.
    pub(super) fn without_flags(environment: &Environment) -> Self {
        let color = |terminal: bool| terminal && has_colors(environment);
        let status_is_terminal = io::stderr().is_terminal();
        Self {
            output_color: color(io::stdout().is_terminal()),
            status_color: color(status_is_terminal),
            status_is_terminal,
            can_redraw: status_is_terminal && !environment.is_dumb_terminal,
            quiet: false,
            logs: false,
            width: width(environment),
        }
    }

    /// Whether stdout is a terminal, which breaks what is longer than its lines.
    pub(super) fn is_terminal(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// The columns of the terminal that stdout is.
    pub(super) fn width(&self) -> usize {
        self.width
    }

    /// Whether stderr is shown as a terminal.
    pub(super) fn is_interactive(&self) -> bool {
        self.status_is_terminal
    }

    /// Whether there is a terminal for questions.
    pub(super) fn can_ask(&self) -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Whether progress bars can move: lines of a log in between would leave copies of them.
    pub(super) fn shows_progress(&self) -> bool {
        !self.quiet && !self.logs && self.can_redraw
    }

    /// A progress bar of so many steps on stderr.
    pub(super) fn bar(&self, steps: usize) -> Bar {
        Bar::new(steps, self.status_color)
    }

    /// A line on stderr that moves while something is under way, if stderr is a terminal for it.
    pub(super) fn moving_line(
        &self,
        words: &str,
        progress: impl Fn() -> String + Clone + Send + Sync + 'static,
    ) -> Option<MovingLine> {
        self.shows_progress()
            .then(|| MovingLine::new(words, progress, status_columns))
    }

    /// Writes text or data to stdout.
    pub(super) fn print(&self, output: &Output<'_>) {
        match output {
            Output::Text(text) => write_output(&text.render(self.output_color)),
            Output::Data(data) => self.data(data),
        }
    }

    /// Writes text or data to stderr, where stdout is for a file.
    pub(super) fn print_beside(&self, output: &Output<'_>) {
        match output {
            Output::Text(text) => self.status(text.clone()),
            Output::Data(data) => note_status(try_status(|out| data.write_to(out))),
        }
    }

    /// Writes lines to stdout. If that fails, as on a full disk or a closed pipe, the end of the run reports it.
    pub(super) fn output(&self, text: impl Into<Text>) {
        write_output(&text.into().render(self.output_color));
    }

    /// Writes data to stdout.
    pub(super) fn data(&self, data: &Data<'_>) {
        note_output(try_output(|out| data.write_to(out)));
    }

    /// Whether some output or a message could not be written.
    pub(super) fn has_lost_output() -> bool {
        LOST_OUTPUT.get().is_some() || LOST_STATUS.load(Ordering::Relaxed)
    }

    /// The exit code of a run that would end with this one. If some output or a message could not be written, the
    /// run is not a success. Stderr gets the reason; what it cannot take has no other place.
    pub(super) fn ends_with(&self, exit: Exit) -> Exit {
        if let Some(error) = LOST_OUTPUT.get() {
            self.status(format!(
                "error: stdout cannot be written to, so the output is incomplete: {error}"
            ));
        }
        match Self::has_lost_output() {
            true => exit.without_output(),
            false => exit,
        }
    }

    /// Writes lines to stderr.
    pub(super) fn status(&self, text: impl Into<Text>) {
        write_status(&text.into().render(self.status_color));
    }

    /// Writes a command for the pipeline's agent to stderr.
    pub(super) fn ci_command(&self, command: &CiCommand) {
        write_status(&format!("{command}\n"));
    }

    /// Writes lines to stderr that nobody has to read, unless `--quiet` is given.
    pub(super) fn hint(&self, text: impl Into<Text>) {
        if !self.quiet {
            // A run is complete without it.
            let text = text.into().render(self.status_color);
            let _ = try_status(|out| out.write_all(text.as_bytes()));
        }
    }

    /// Asks a question; true only for the wanted answer. The answer is read on a thread, so that the caller
    /// can stop waiting for it.
    pub(super) async fn confirms(&self, question: impl Into<Text>, wanted: &str) -> bool {
        let wanted = wanted.to_owned();
        let question = question.into().render(self.status_color);
        write_status(&format!("{} ", question.trim_end_matches('\n')));
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

fn width(environment: &Environment) -> usize {
    let of_terminal = || {
        let (columns, _) = terminal_size::terminal_size_of(io::stdout())?;
        Some(usize::from(columns.0))
    };
    let declared = environment.columns.filter(|columns| *columns > 0);
    let columns = of_terminal().or(declared).unwrap_or(COLUMNS);
    columns.max(FEWEST_COLUMNS)
}

/// The columns of the terminal that stderr is, at this moment.
fn status_columns() -> usize {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(COLUMNS, |(columns, _)| usize::from(columns.0))
}

fn write_output(text: &str) {
    note_output(try_output(|out| out.write_all(text.as_bytes())));
}

fn write_status(text: &str) {
    note_status(try_status(|out| out.write_all(text.as_bytes())));
}

fn note_output(written: io::Result<()>) {
    if let Err(error) = written {
        LOST_OUTPUT.get_or_init(|| error.to_string());
    }
}

fn note_status(written: io::Result<()>) {
    if written.is_err() {
        LOST_STATUS.store(true, Ordering::Relaxed);
    }
}

/// Writes to stdout, which may be the terminal on which a bar is.
fn try_output(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    beside_bar(|| match CLOSED.stdout {
        true => write(&mut ClosedStream),
        false => buffered(io::stdout().lock(), write),
    })
}

fn try_status(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    beside_bar(|| status_directly(write))
}

fn status_directly(write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>) -> io::Result<()> {
    match CLOSED.stderr {
        true => write(&mut ClosedStream),
        false => buffered(io::stderr().lock(), write),
    }
}

/// Writes to a stream in few pieces, however small those are that come.
fn buffered(
    stream: impl io::Write,
    write: impl FnOnce(&mut dyn io::Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut stream = BufWriter::with_capacity(BUFFER, stream);
    write(&mut stream)?;
    stream.flush()
}

/// In place of a stream that was closed.
struct ClosedStream;

impl io::Write for ClosedStream {
    fn write(&mut self, _bytes: &[u8]) -> io::Result<usize> {
        Err(io::Error::other("it was closed before the program started"))
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes what the log and a panic say to stderr.
#[derive(Debug, Clone, Copy)]
pub(super) struct LogWriter;

impl io::Write for LogWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        // Not beside a bar: the panic may have come while it was drawn.
        let text = Text::from(text.trim_end_matches('\n')).render(false);
        note_status(status_directly(|out| out.write_all(text.as_bytes())));
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
