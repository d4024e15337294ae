//! `--watch`: doing the same again whenever a file of the project changes.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::pin::pin;
use std::time::Duration;

use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher as _};
use tokio::sync::mpsc::{self, UnboundedReceiver};

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::signals;

/// How long no file may change before the project is read again (chosen here): an editor writes a file in several steps,
/// and a checkout writes many.
const QUIET: Duration = Duration::from_millis(150);

/// Reports changes below the folder of a project.
struct Changes {
    root: PathBuf,
    events: UnboundedReceiver<notify::Event>,
    /// It reports as long as it exists.
    _watcher: RecommendedWatcher,
}

impl Changes {
    fn watch(root: &Path) -> Result<Self, Failure> {
        let failed = |error: notify::Error| {
            Failure::error(format!("cannot watch {}: {error}", root.display())).help(
                "if the system's limit is reached, raise fs.inotify.max_user_watches, or run the command without --watch",
            )
        };
        let (sender, events) = mpsc::unbounded_channel();
        let mut watcher =
            notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
                if let Ok(event) = event {
                    // The program may be ending.
                    let _sent = sender.send(event);
                }
            })
            .map_err(failed)?;
        watcher
            .watch(root, RecursiveMode::Recursive)
            .map_err(failed)?;
        Ok(Self {
            root: root.to_owned(),
            events,
            _watcher: watcher,
        })
    }

    /// Waits for a change, and until no more follow; the paths of what changed.
    async fn next(&mut self) -> BTreeSet<String> {
        let mut changed = BTreeSet::new();
        loop {
            let event = match changed.is_empty() {
                true => self.events.recv().await,
                false => match tokio::time::timeout(QUIET, self.events.recv()).await {
                    Ok(event) => event,
                    Err(_) => return changed,
                },
            };
            let Some(event) = event else {
                return changed;
            };
            if matches!(event.kind, EventKind::Access(_)) {
                continue;
            }
            let paths = event.paths.iter();
            changed.extend(paths.filter_map(|path| relevant(&self.root, path)));
        }
    }
}

/// The path below the project of what may be a part of it. The state of the embedded emulator is not, nor is what is
/// hidden.
fn relevant(root: &Path, path: &Path) -> Option<String> {
    let below = path.strip_prefix(root).ok()?;
    let name = below.to_string_lossy().replace('\\', "/");
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    (!is_hidden && !name.is_empty() && !name.ends_with('~')).then_some(name)
}

/// Does something now and after each change below a folder, until Ctrl-C. What goes wrong is shown, and the next change is
/// waited for.
pub(super) async fn watch(
    root: &Path,
    console: &Console,
    mut work: impl AsyncFnMut() -> Result<Exit, Failure>,
) -> Result<Exit, Failure> {
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let mut changes = Changes::watch(&real)?;
    // One that comes at any moment from here on counts.
    let mut interrupted = pin!(signals::interrupt());
    loop {
        if let Err(failure) = work().await {
            if failure.exit() == Exit::Interrupted {
                return Err(failure);
            }
            failure.print(console);
        }
        console.status("Watching for changes; Ctrl-C ends it.");
        let changed = tokio::select! {
            changed = changes.next() => changed,
            () = &mut interrupted => return Ok(Exit::Interrupted),
        };
        let first = changed.first().map_or("a file", String::as_str);
        console.status(match changed.len() {
            0 | 1 => format!("{first} changed."),
            n => format!("{first} and {} more changed.", n - 1),
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_or_elsewhere_does_not_count() {
        let root = Path::new("/project");
        for (path, expected) in [
            ("/project/apis/a.yaml", Some("apis/a.yaml")),
            ("/project/.apicenter/emulator.redb", None),
            ("/project/.git/index", None),
            ("/project/apis/.a.yaml.swp", None),
            ("/project/apis/a.yaml~", None),
            ("/project", None),
            ("/other/a.yaml", None),
        ] {
            assert_eq!(
                relevant(root, Path::new(path)).as_deref(),
                expected,
                "{path}"
            );
        }
    }
}
