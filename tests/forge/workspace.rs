//! The real program in a temporary folder, with no variables but those of the test.

use std::path::PathBuf;
use std::process::{Command, Stdio};

/// A token that may show up nowhere.
pub(super) const TOKEN: &str = "ghs_a-very-secret-token";

/// A folder, and the environment in which the program runs there.
pub(super) struct Workspace {
    folder: tempfile::TempDir,
    variables: Vec<(&'static str, String)>,
}

/// What the program said.
pub(super) struct Said {
    pub(super) code: i32,
    pub(super) out: String,
    pub(super) err: String,
}

impl Said {
    /// Demands an exit code, and that no token was printed.
    #[track_caller]
    pub(super) fn expect(self, code: i32) -> Self {
        let Self { out, err, .. } = &self;
        assert_eq!(self.code, code, "stdout:\n{out}\nstderr:\n{err}");
        assert!(!out.contains(TOKEN) && !err.contains(TOKEN), "{out}\n{err}");
        self
    }

    #[track_caller]
    pub(super) fn tells(self, words: &str) -> Self {
        assert!(self.err.contains(words), "no `{words}` in:\n{}", self.err);
        self
    }

    /// The lines on stderr that begin like this.
    pub(super) fn lines(&self, start: &str) -> Vec<&str> {
        let lines = self.err.lines();
        lines.filter(|line| line.starts_with(start)).collect()
    }
}

impl Workspace {
    pub(super) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            variables: Vec::new(),
        }
    }

    pub(super) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.set(name, value);
        self
    }

    pub(super) fn set(&mut self, name: &'static str, value: impl Into<String>) {
        self.unset(name);
        self.variables.push((name, value.into()));
    }

    pub(super) fn unset(&mut self, name: &'static str) {
        self.variables.retain(|(other, _)| *other != name);
    }

    pub(super) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    pub(super) fn write(&self, path: &str, text: &str) {
        let path = self.path(path);
        let folder = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(folder).expect("folders are made");
        std::fs::write(path, text).expect("the file is written");
    }

    pub(super) fn read(&self, path: &str) -> String {
        let bytes = std::fs::read(self.path(path)).expect("the file is there");
        String::from_utf8(bytes).expect("the file is text")
    }

    /// Runs the program with these words as arguments; blocks the thread.
    pub(super) fn run(&self, arguments: &[&str]) -> Said {
        tokio::task::block_in_place(|| self.run_plainly(arguments))
    }

    /// The same outside a runtime.
    pub(super) fn run_plainly(&self, arguments: &[&str]) -> Said {
        let output = Command::new(env!("CARGO_BIN_EXE_apicenter"))
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .envs(crate::cli::harness::system_variables())
            .env("HOME", self.folder.path())
            .envs(self.variables.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null())
            .output()
            .expect("the program runs");
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
        Said {
            code: output.status.code().expect("no signal"),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}
