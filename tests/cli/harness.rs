//! The real program, run in a temporary folder with nothing from outside.

use std::ffi::OsString;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Output, Stdio};

use serde_json::Value;

use super::service_fixture::ServiceFixture;

/// A bearer token that may show up nowhere.
pub(crate) const TOKEN: &str = "a-very-secret-token";

/// A folder with a project, and the environment in which the program runs there.
pub(crate) struct Project {
    folder: tempfile::TempDir,
    cache: tempfile::TempDir,
    environment: Vec<(&'static str, String)>,
}

impl Project {
    /// A folder without a project file.
    pub(crate) fn empty() -> Self {
        let cache = tempfile::tempdir().expect("a temporary folder");
        let path = cache.path().display().to_string();
        Self {
            folder: tempfile::tempdir().expect("a temporary folder"),
            cache,
            environment: vec![("APICENTER_CACHE_DIR", path)],
        }
    }

    /// A project whose only target is the embedded emulator.
    pub(crate) fn local() -> Self {
        Self::with_spec("targets: {local: {emulator: {}}}")
    }

    /// A project whose file has this `spec`.
    pub(crate) fn with_spec(spec: &str) -> Self {
        let project = Self::empty();
        project.write("apicenter.yaml", project_file(spec));
        project
    }

    /// A project whose only target is a service over HTTP.
    pub(crate) fn of(center: &ServiceFixture) -> Self {
        Self::of_with(center, "")
    }

    /// The same with more settings.
    pub(crate) fn of_with(center: &ServiceFixture, more: &str) -> Self {
        let targets = format!("targets:\n  live:\n    {}\n{more}", center.target());
        Self::with_spec(&targets).env("APICENTER_ACCESS_TOKEN", TOKEN)
    }

    /// The same project with a variable in the environment.
    pub(crate) fn env(mut self, name: &'static str, value: &str) -> Self {
        self.environment.retain(|(other, _)| *other != name);
        if !value.is_empty() {
            self.environment.push((name, value.to_owned()));
        }
        self
    }

    /// The same project with one more file.
    pub(crate) fn file(self, path: &str, text: &str) -> Self {
        self.write(path, text);
        self
    }

    pub(crate) fn write(&self, path: &str, content: impl AsRef<[u8]>) {
        let path = self.path(path);
        let parent = path.parent().expect("a file has a folder");
        std::fs::create_dir_all(parent).expect("folders are made");
        std::fs::write(path, content).expect("the file is written");
    }

    pub(crate) fn read(&self, path: &str) -> String {
        let bytes = std::fs::read(self.path(path)).expect("the file is there");
        String::from_utf8(bytes).expect("the file is text")
    }

    /// Lets the project's target be at another address, such as `127.0.0.1:80`.
    pub(crate) fn aim_at(&self, address: &str) {
        let text = self.read("apicenter.yaml");
        let old = regex::Regex::new(r"127\.0\.0\.1:\d+").expect("a constant");
        self.write("apicenter.yaml", old.replace(&text, address).as_bytes());
    }

    pub(crate) fn remove(&self, path: &str) {
        std::fs::remove_file(self.path(path)).expect("the file was there");
    }

    /// Replaces a text that stands once in a file.
    #[track_caller]
    pub(crate) fn edit(&self, path: &str, old: &str, new: &str) {
        let text = self.read(path);
        assert_eq!(text.matches(old).count(), 1, "`{old}` in {path}");
        self.write(path, text.replace(old, new));
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.root().join(path)
    }

    /// The folder of the digest cache.
    pub(crate) fn cache(&self) -> &Path {
        self.cache.path()
    }

    /// The files of the digest cache.
    pub(crate) fn cache_files(&self) -> Vec<PathBuf> {
        let entries = std::fs::read_dir(self.cache()).into_iter().flatten();
        entries
            .map(|entry| entry.expect("an entry").path())
            .collect()
    }

    /// Deletes the digest cache.
    pub(crate) fn forget(&self) {
        for file in self.cache_files() {
            std::fs::remove_file(file).expect("the file can be deleted");
        }
    }

    pub(crate) fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The program with these words as arguments, ready to be run.
    pub(crate) fn command(&self, arguments: &str) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_apicenter"));
        command
            .args(arguments.split_whitespace())
            .current_dir(self.root())
            .env_clear()
            .envs(system_variables())
            .env("HOME", self.root())
            .envs(self.environment.iter().map(|(name, value)| (name, value)))
            .stdin(Stdio::null());
        command
    }

    /// Runs the program to its end.
    pub(crate) fn run(&self, arguments: &str) -> Outcome {
        let output = self.command(arguments).output().expect("the program runs");
        self.outcome(arguments, output)
    }

    /// Runs the program to its end with both streams in one, as on a terminal: whether it succeeds, and what it prints.
    pub(crate) fn run_on_one_stream(&self, arguments: &str) -> (bool, String) {
        let (mut reader, writer) = std::io::pipe().expect("a pipe");
        let mut command = self.command(arguments);
        command
            .stdout(writer.try_clone().expect("another end of the pipe"))
            .stderr(writer);
        let mut child = command.spawn().expect("the program starts");
        // Its ends of the pipe would keep it open.
        drop(command);
        let mut said = String::new();
        reader
            .read_to_string(&mut said)
            .expect("the output is UTF-8");
        let status = child.wait().expect("the program ends");
        assert!(!said.contains("panicked"), "{said}");
        assert!(!said.contains(TOKEN), "a secret: {said}");
        (status.success(), said)
    }

    /// Starts the program.
    pub(crate) fn start(&self, arguments: &str) -> Running<'_> {
        let child = self
            .command(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        Running {
            project: self,
            arguments: arguments.to_owned(),
            child: Some(child),
        }
    }

    fn outcome(&self, arguments: &str, output: Output) -> Outcome {
        let text = |bytes| String::from_utf8(bytes).expect("the output is UTF-8");
        let outcome = Outcome {
            arguments: arguments.to_owned(),
            status: output.status,
            stdout: text(output.stdout),
            stderr: text(output.stderr),
            root: self.root().display().to_string(),
        };
        for stream in [&outcome.stdout, &outcome.stderr] {
            assert!(!stream.contains("panicked"), "{outcome}");
            assert!(!stream.contains(TOKEN), "a secret: {outcome}");
        }
        outcome
    }
}

/// A project file with this `spec`.
pub(crate) fn project_file(spec: &str) -> String {
    let spec: String = spec.lines().map(|line| format!("  {line}\n")).collect();
    format!("apiVersion: apicenter/v1\nkind: Project\nmetadata: {{name: contoso}}\nspec:\n{spec}")
}

/// The program while it runs; killed when dropped.
pub(crate) struct Running<'a> {
    project: &'a Project,
    arguments: String,
    child: Option<Child>,
}

impl Running<'_> {
    pub(crate) fn child(&mut self) -> &mut Child {
        self.child.as_mut().expect("it was not waited for")
    }

    /// Sends a signal by its name, such as `INT`.
    #[cfg(unix)]
    pub(crate) fn signal(&mut self, name: &str) {
        let id = self.child().id().to_string();
        let sent = Command::new("kill").args(["-s", name, &id]).status();
        assert!(sent.expect("kill runs").success());
    }

    /// Waits for the end.
    pub(crate) fn finish(mut self) -> Outcome {
        let child = self.child.take().expect("it was not waited for");
        let output = child.wait_with_output().expect("the program ends");
        self.project.outcome(&self.arguments, output)
    }
}

impl Drop for Running<'_> {
    fn drop(&mut self) {
        if let Some(mut child) = self.child.take() {
            // It may have ended by itself.
            let _ended = child.kill();
            let _reaped = child.wait();
        }
    }
}

/// What the program said, and how it ended.
#[must_use = "say how it should have ended: success() or exit(n)"]
pub(crate) struct Outcome {
    arguments: String,
    status: ExitStatus,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    root: String,
}

impl std::fmt::Display for Outcome {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self {
            arguments,
            status,
            stdout,
            stderr,
            ..
        } = self;
        write!(
            f,
            "apicenter {arguments}: {status}\n--- stdout\n{stdout}--- stderr\n{stderr}"
        )
    }
}

impl Outcome {
    pub(crate) fn is_success(&self) -> bool {
        self.status.success()
    }

    /// How it ended, if it was not killed.
    pub(crate) fn code(&self) -> Option<i32> {
        self.status.code()
    }

    /// It ended with 0.
    #[track_caller]
    pub(crate) fn success(self) -> Ended {
        self.exit(0)
    }

    /// It ended with this code.
    #[track_caller]
    pub(crate) fn exit(self, code: i32) -> Ended {
        assert_eq!(self.status.code(), Some(code), "{self}");
        Ended(self)
    }

    /// It was killed.
    #[track_caller]
    pub(crate) fn killed(self) {
        // Windows has no signals, and ends a process with a code.
        let code = cfg!(windows).then_some(1);
        assert_eq!(self.status.code(), code, "{self}");
    }
}

/// What the program said, once it is known that it ended as it should.
pub(crate) struct Ended(Outcome);

impl Ended {
    pub(crate) fn stdout(&self) -> &str {
        &self.0.stdout
    }

    pub(crate) fn stderr(&self) -> &str {
        &self.0.stderr
    }

    /// All of stdout as one JSON document.
    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.0.stdout)
            .unwrap_or_else(|error| panic!("stdout is not JSON: {error}\n{}", self.0))
    }

    /// These texts stand in stdout, in this order.
    #[track_caller]
    pub(crate) fn says(self, texts: &[&str]) -> Self {
        in_order("stdout", &self.0.stdout, texts, &self.0);
        self
    }

    /// These texts stand in stderr, in this order.
    #[track_caller]
    pub(crate) fn talks(self, texts: &[&str]) -> Self {
        in_order("stderr", &self.0.stderr, texts, &self.0);
        self
    }

    /// Neither stream holds this text.
    #[track_caller]
    pub(crate) fn never_says(self, text: &str) -> Self {
        assert!(!self.0.stdout.contains(text), "`{text}` in {}", self.0);
        assert!(!self.0.stderr.contains(text), "`{text}` in {}", self.0);
        self
    }

    /// Stdout without what differs from run to run.
    pub(crate) fn scrubbed(&self) -> String {
        scrub(&self.0.stdout, &self.0.root)
    }

    /// Fails unless a page of the documentation shows the only change of this plan as it was printed, without its lines.
    #[track_caller]
    #[expect(
        clippy::disallowed_methods,
        reason = "the page is part of this repository"
    )]
    pub(crate) fn is_shown_on(&self, page: &str) {
        let path = format!("{}/docs/{page}", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).expect("the page is there");
        let change = |line: &&str| !line.is_empty() && !line.trim_start().starts_with("@@");
        let lines = self
            .stdout()
            .lines()
            .skip_while(|line| !line.starts_with('~'));
        let shown: Vec<&str> = lines.take_while(change).collect();
        assert!(shown.len() > 2, "{}", self.stdout());
        let shown = shown.join("\n");
        assert!(
            text.contains(&format!("```text\n{shown}\n```\n")),
            "{page} does not show:\n{shown}"
        );
    }

    /// Stderr without what differs from run to run.
    pub(crate) fn scrubbed_stderr(&self) -> String {
        scrub(&self.0.stderr, &self.0.root)
    }
}

#[track_caller]
fn in_order(name: &str, stream: &str, texts: &[&str], whole: &Outcome) {
    let mut rest = stream;
    for text in texts {
        match rest.split_once(text) {
            Some((_, after)) => rest = after,
            None => panic!("`{text}` is not in {name} (or not in this order): {whole}"),
        }
    }
}

/// The variables without which no program runs on Windows: where its sockets and its temporary files are.
#[expect(
    clippy::disallowed_methods,
    reason = "a program of the tests inherits them"
)]
pub(crate) fn system_variables() -> impl Iterator<Item = (&'static str, OsString)> {
    let names = ["SystemRoot", "TEMP", "TMP"].into_iter();
    let is_needed = |_: &&str| cfg!(windows);
    names
        .filter(is_needed)
        .filter_map(|name| Some((name, std::env::var_os(name)?)))
}

/// A text without ports, durations, request ids, plan ids, the temporary folder and words of one system.
fn scrub(text: &str, root: &str) -> String {
    let mut text = text.replace(root, "[ROOT]");
    for (pattern, by) in [
        (r"127\.0\.0\.1:\d+", "127.0.0.1:[PORT]"),
        (r"\(\d+\.\d+s\)", "([TIME])"),
        (r"\b\d+\.\d s\b", "[TIME]"),
        (r"request id [0-9a-f-]{36}", "request id [ID]"),
        (r"p2-[0-9a-f]{32}", "[PLAN]"),
        (
            r"[A-Z][a-z ]+\.? \(os error 2\)",
            "No such file or directory (os error 2)",
        ),
    ] {
        let pattern = regex::Regex::new(pattern).expect("the pattern is a constant");
        text = pattern.replace_all(&text, by).into_owned();
    }
    text
}
