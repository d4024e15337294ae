//! Ctrl-C, SIGTERM and SIGHUP (the terminal was closed), and what Windows has instead of them: the first one lets
//! requests in flight finish, the second one ends at once.

use tokio::sync::watch;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

/// Turns `true` at the first signal that asks the program to end. At the second the process ends.
pub(super) fn watch(console: Console) -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    let mut signals = Signals::new();
    tokio::spawn(async move {
        signals.next().await;
        console.status(
            "Interrupted: finishing requests in flight. Press Ctrl-C again to stop immediately.",
        );
        let _ = stop.send(true);
        signals.next().await;
        console.status("Stopped: requests in flight may or may not have been completed.");
        end();
    });
    stopped
}

#[expect(
    clippy::exit,
    reason = "the user asked twice, so nothing is waited for"
)]
fn end() {
    std::process::exit(Exit::Interrupted as i32);
}

/// Runs work that only reads; Ctrl-C ends it.
pub(super) async fn or_interrupt<T>(
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    let interrupted = interrupt();
    tokio::select! {
        result = work => result,
        () = interrupted => Err(Failure::new(Exit::Interrupted, "interrupted; nothing was changed")),
    }
}

/// Waits for the next signal that asks the program to end. One that comes after this call counts, even if it comes
/// before the wait.
pub(super) fn interrupt() -> impl Future<Output = ()> {
    let mut signals = Signals::new();
    async move { signals.next().await }
}

/// The signals that ask the program to end, from the moment this is made.
struct Signals {
    #[cfg(unix)]
    streams: Vec<tokio::signal::unix::Signal>,
    #[cfg(windows)]
    events: Option<windows::Events>,
}

impl Signals {
    #[cfg(unix)]
    fn new() -> Self {
        use tokio::signal::unix::{SignalKind, signal};
        let mut kinds = vec![SignalKind::interrupt(), SignalKind::terminate()];
        if !ignores_hangup() {
            kinds.push(SignalKind::hangup());
        }
        let streams = kinds.into_iter().filter_map(|kind| signal(kind).ok());
        Self {
            streams: streams.collect(),
        }
    }

    #[cfg(windows)]
    fn new() -> Self {
        Self {
            events: windows::Events::new().ok(),
        }
    }

    #[cfg(not(any(unix, windows)))]
    fn new() -> Self {
        Self {}
    }

    async fn next(&mut self) {
        #[cfg(unix)]
        if !self.streams.is_empty() {
            let next = self
                .streams
                .iter_mut()
                .map(|stream| Box::pin(stream.recv()));
            futures::future::select_all(next).await;
            return;
        }
        #[cfg(windows)]
        if let Some(events) = &mut self.events {
            events.next().await;
            return;
        }
        // Without a handler the default action of the signal ends the program anyway.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}

/// Whether the program was started by `nohup` or the like, so that it outlives its terminal. Only Linux
/// says so.
#[cfg(unix)]
fn ignores_hangup() -> bool {
    let status = std::fs::read("/proc/self/status").unwrap_or_default();
    let status = String::from_utf8_lossy(&status);
    let mut lines = status.lines();
    let ignored = lines.find_map(|line| line.strip_prefix("SigIgn:"));
    // SIGHUP is the first signal.
    ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 != 0)
}

#[cfg(windows)]
mod windows {
    use std::io;

    use tokio::signal::windows::{
        CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
        ctrl_logoff, ctrl_shutdown,
    };

    /// What asks a program on Windows to end. The agents of pipelines send Ctrl-C and then Ctrl-Break; of the last
    /// three, the system ends the program a few seconds later (documented).
    pub(super) struct Events {
        interrupt: CtrlC,
        interrupt_again: CtrlBreak,
        window_closed: CtrlClose,
        logoff: CtrlLogoff,
        shutdown: CtrlShutdown,
    }

    impl Events {
        pub(super) fn new() -> io::Result<Self> {
            Ok(Self {
                interrupt: ctrl_c()?,
                interrupt_again: ctrl_break()?,
                window_closed: ctrl_close()?,
                logoff: ctrl_logoff()?,
                shutdown: ctrl_shutdown()?,
            })
        }

        pub(super) async fn next(&mut self) {
            tokio::select! {
                _ = self.interrupt.recv() => {}
                _ = self.interrupt_again.recv() => {}
                _ = self.window_closed.recv() => {}
                _ = self.logoff.recv() => {}
                _ = self.shutdown.recv() => {}
            }
        }
    }
}
