//! Ctrl-C: the first one lets requests in flight finish, the second one ends at once.

use tokio::sync::watch;

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;

/// Turns `true` at the first Ctrl-C (or SIGTERM). At the second the process ends.
pub(super) fn watch(console: Console) -> watch::Receiver<bool> {
    let (stop, stopped) = watch::channel(false);
    tokio::spawn(async move {
        interrupt().await;
        console.status(
            "Interrupted: finishing requests in flight. Press Ctrl-C again to stop immediately.",
        );
        let _ = stop.send(true);
        interrupt().await;
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
    tokio::select! {
        result = work => result,
        () = interrupt() => Err(Failure::new(Exit::Interrupted, "interrupted; nothing was changed")),
    }
}

/// Waits for the next signal that asks the program to end.
pub(super) async fn interrupt() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminate) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = tokio::signal::ctrl_c() => {}
                _ = terminate.recv() => {}
            }
            return;
        }
    }
    // Without a handler the default action of the signal ends the program anyway.
    if tokio::signal::ctrl_c().await.is_err() {
        std::future::pending::<()>().await;
    }
}
