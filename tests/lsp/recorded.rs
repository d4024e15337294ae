//! Recorded sessions: `sessions/*.jsonl`, replayed against the program.
//!
//! The first line of a file has the files of the project. Each other line is a message of the client, or one of the
//! server that must come: a response, or the problems of a version of a document. `UPDATE_SESSIONS=1` writes down what
//! comes instead.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::wire::Wire;
use crate::cli::harness::Project;

/// What a file has in place of the address of the project.
const ROOT: &str = "file:///project";

#[test]
fn recorded_sessions_are_as_they_were() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/lsp/sessions");
    let files = std::fs::read_dir(folder).expect("the folder of sessions");
    let mut files: Vec<PathBuf> = files.map(|file| file.expect("a file").path()).collect();
    files.sort();
    assert!(files.len() >= 6, "{files:?}");
    let is_update = std::env::vars().any(|it| it == ("UPDATE_SESSIONS".into(), "1".into()));
    let mut different = Vec::new();
    for file in files {
        let recorded = std::fs::read(&file).expect("a readable file");
        let recorded = String::from_utf8(recorded).expect("text");
        let replayed = replay(&recorded);
        if is_update {
            std::fs::write(&file, &replayed).expect("a writable file");
        } else if replayed != recorded.replace("\r\n", "\n") {
            let mut lines = recorded.lines().zip(replayed.lines());
            let (old, new) = lines.find(|(old, new)| old != new).unwrap_or_default();
            different.push(format!("{}:\n- {old}\n+ {new}", file.display()));
        }
    }
    assert!(
        different.is_empty(),
        "{}\n\nIf that is intended, run UPDATE_SESSIONS=1 cargo test --test integration lsp::recorded and read what changes",
        different.join("\n")
    );
}

/// The session with the messages that the server sends now.
fn replay(recorded: &str) -> String {
    let mut lines = recorded.lines().map(|line| {
        let value: Value = serde_json::from_str(line).expect("a line of JSON");
        value
    });
    let first = lines.next().expect("the files of the project");
    let mut project = Project::local();
    for (path, text) in first["project"].as_object().expect("files") {
        project = project.file(path, text.as_str().expect("a text"));
    }
    let mut session = Session::start(&project);
    let mut replayed = vec![first];
    for line in lines {
        if let Some(message) = line.get("client") {
            session.wire.send(&session.with_root(message));
            replayed.push(line);
        } else {
            let wanted = line.get("server").expect("a message of either side");
            let message = session.next(wanted);
            replayed.push(json!({"server": message}));
        }
    }
    session.end();
    let lines = replayed.into_iter().map(|line| format!("{line}\n"));
    lines.collect()
}

struct Session {
    wire: Wire,
    root: String,
    /// Messages that nobody asked for yet.
    waiting: Vec<Value>,
}

impl Session {
    fn start(project: &Project) -> Self {
        let root = project.root().canonicalize().expect("a folder");
        let url = url::Url::from_file_path(root).expect("an absolute path");
        Self {
            wire: Wire::start(project, "lsp"),
            root: url.as_str().trim_end_matches('/').to_owned(),
            waiting: Vec::new(),
        }
    }

    /// The next message that is what a recorded one is: the response to the same request, the problems of the same
    /// version of a document, or another notification or request of the same method.
    fn next(&mut self, wanted: &Value) -> Value {
        let wanted = identity(wanted);
        loop {
            let mut waiting = self.waiting.iter();
            if let Some(at) = waiting.position(|message| identity(message) == wanted) {
                return self.waiting.remove(at);
            }
            let message = self.wire.receive();
            self.waiting.push(self.without_root(&message));
        }
    }

    /// Every response was asked for, and the server ended without an error.
    fn end(mut self) {
        let rest = self.wire.rest();
        self.waiting.extend(rest);
        let responses = self.waiting.iter().filter(|it| it.get("method").is_none());
        let responses: Vec<&Value> = responses.collect();
        assert!(responses.is_empty(), "{responses:?}");
        assert_eq!(self.wire.exit_code(), Some(0));
    }

    fn with_root(&self, message: &Value) -> Value {
        let text = message.to_string().replace(ROOT, &self.root);
        serde_json::from_str(&text).expect("JSON")
    }

    fn without_root(&self, message: &Value) -> Value {
        let text = message.to_string().replace(&self.root, ROOT);
        let version = format!(r#""version":"{}""#, env!("CARGO_PKG_VERSION"));
        let text = text.replace(&version, r#""version":"VERSION""#);
        serde_json::from_str(&text).expect("JSON")
    }
}

/// What a message is, whatever it says.
fn identity(message: &Value) -> BTreeMap<&'static str, Value> {
    let method = message.get("method").cloned();
    let id = message.get("id").cloned().filter(|_| method.is_none());
    let params = message
        .get("params")
        .filter(|params| params["diagnostics"].is_array());
    let of = |key: &str| params.and_then(|params| params.get(key).cloned());
    let parts = [
        ("method", method),
        ("id", id),
        ("uri", of("uri")),
        ("version", of("version")),
    ];
    let known = parts.into_iter();
    known
        .filter_map(|(name, value)| Some((name, value?)))
        .collect()
}
