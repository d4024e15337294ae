//! An editor: speaks the protocol with the real program, over its stdin and stdout.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use serde_json::{Value, json};

use crate::cli::harness::Project;

/// Long enough for a slow machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(300);

/// An editor with a project.
pub(super) struct Client<'a> {
    project: &'a Project,
    child: Child,
    stdin: Option<ChildStdin>,
    messages: Receiver<Value>,
    next_id: i64,
    /// The versions of open documents, by their paths.
    versions: BTreeMap<String, i64>,
    /// What is shown, by path: the version that it is about, and the problems.
    shown: BTreeMap<String, (Option<i64>, Value)>,
    /// What the server answered to `initialize`.
    pub(super) capabilities: Value,
    /// Requests and notifications of the server that are not diagnostics.
    pub(super) others: Vec<Value>,
}

impl<'a> Client<'a> {
    /// Starts the program in the project's folder, which the editor has open.
    pub(super) fn start(project: &'a Project) -> Self {
        Self::start_with(project, "lsp")
    }

    pub(super) fn start_with(project: &'a Project, arguments: &str) -> Self {
        let mut command = project.command(arguments);
        let streams = command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = streams.spawn().expect("the program starts");
        let stdin = child.stdin.take();
        let stdout = child.stdout.take().expect("a pipe");
        let (sender, messages) = channel();
        std::thread::spawn(move || {
            let mut stdout = BufReader::new(stdout);
            while let Some(message) = read(&mut stdout) {
                if sender.send(message).is_err() {
                    return;
                }
            }
        });
        let mut client = Self {
            project,
            child,
            stdin,
            messages,
            next_id: 0,
            versions: BTreeMap::new(),
            shown: BTreeMap::new(),
            capabilities: Value::Null,
            others: Vec::new(),
        };
        let root = client.uri("");
        let result = client.request(
            "initialize",
            json!({
                "processId": null,
                "rootUri": root,
                "capabilities": {
                    "workspace": {"didChangeWatchedFiles": {"dynamicRegistration": true}},
                },
            }),
        );
        client.capabilities = result["capabilities"].clone();
        client.notify("initialized", json!({}));
        client
    }

    /// The address of a file of the project.
    pub(super) fn uri(&self, path: &str) -> String {
        let root = self.project.root().canonicalize().expect("a folder");
        let url = url::Url::from_file_path(root.join(path)).expect("an absolute path");
        url.as_str().trim_end_matches('/').to_owned()
    }

    /// The path of a file within the project.
    pub(super) fn path(&self, uri: &str) -> String {
        let root = self.uri("");
        let path = uri.strip_prefix(&root).unwrap_or(uri);
        path.trim_start_matches('/').to_owned()
    }

    pub(super) fn notify(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    /// The whole response to a request.
    pub(super) fn response(&mut self, method: &str, params: Value) -> Value {
        self.next_id += 1;
        let id = self.next_id;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.receive();
            if message["id"] == json!(id) && message.get("method").is_none() {
                return message;
            }
        }
    }

    /// The result of a request.
    #[track_caller]
    pub(super) fn request(&mut self, method: &str, params: Value) -> Value {
        let mut response = self.response(method, params);
        assert!(response.get("error").is_none(), "{method}: {response}");
        response["result"].take()
    }

    /// Opens a file as it is on disk.
    pub(super) fn open(&mut self, path: &str) {
        let text = self.project.read(path);
        self.open_text(path, &text);
    }

    /// Opens a document with this text.
    pub(super) fn open_text(&mut self, path: &str, text: &str) {
        self.versions.insert(path.to_owned(), 1);
        let uri = self.uri(path);
        let document = json!({"uri": uri, "languageId": "yaml", "version": 1, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Makes changes, as the protocol has them.
    pub(super) fn change(&mut self, path: &str, changes: Value) {
        let version = self.versions.get_mut(path).expect("it is open");
        *version += 1;
        let document = json!({"uri": self.uri(path), "version": self.versions[path]});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params);
    }

    /// Replaces the whole text.
    pub(super) fn replace(&mut self, path: &str, text: &str) {
        self.change(path, json!([{"text": text}]));
    }

    pub(super) fn close(&mut self, path: &str) {
        self.versions.remove(path);
        let uri = self.uri(path);
        self.notify(
            "textDocument/didClose",
            json!({"textDocument": {"uri": uri}}),
        );
    }

    /// Reports that files changed on disk.
    pub(super) fn changed_on_disk(&mut self, paths: &[&str]) {
        let changes: Vec<Value> = paths
            .iter()
            .map(|path| json!({"uri": self.uri(path), "type": 2}))
            .collect();
        self.notify(
            "workspace/didChangeWatchedFiles",
            json!({"changes": changes}),
        );
    }

    /// The problems of an open document, once they are about its present text; those of all other files are then known
    /// too.
    pub(super) fn diagnostics(&mut self, path: &str) -> Value {
        let version = self.versions[path];
        while self
            .shown
            .get(path)
            .is_none_or(|(of, _)| *of != Some(version))
        {
            self.receive();
        }
        // What was sent together with them arrives before a response.
        self.response("apicenter/nothing", json!({}));
        self.shown[path].1.clone()
    }

    /// What is shown of a file now.
    pub(super) fn shown(&self, path: &str) -> Value {
        self.shown
            .get(path)
            .map_or_else(|| json!([]), |(_, shown)| shown.clone())
    }

    /// Waits until something is shown of a file that fits.
    pub(super) fn wait_for(&mut self, path: &str, fits: impl Fn(&Value) -> bool) {
        while !self.shown.get(path).is_some_and(|(_, shown)| fits(shown)) {
            self.receive();
        }
    }

    /// The files of which problems are shown.
    pub(super) fn files_with_problems(&self) -> Vec<String> {
        let shown = self.shown.iter();
        shown
            .filter(|(_, (_, shown))| *shown != json!([]))
            .map(|(path, _)| path.clone())
            .collect()
    }

    /// Ends the server, and returns its exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.child.wait().expect("the program ends").code()
    }

    /// Closes the connection without a word, and returns the exit code.
    pub(super) fn vanish(mut self) -> Option<i32> {
        self.stdin = None;
        self.child.wait().expect("the program ends").code()
    }

    fn send(&mut self, message: &Value) {
        let body = message.to_string();
        let stdin = self.stdin.as_mut().expect("the connection is open");
        write!(stdin, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
        stdin.flush().expect("the server reads");
    }

    /// The next message; what it says about problems is kept.
    #[track_caller]
    fn receive(&mut self) -> Value {
        let message = self.messages.recv_timeout(PATIENCE);
        let message = message.expect("the server says something");
        match message["method"].as_str() {
            Some("textDocument/publishDiagnostics") => {
                let params = &message["params"];
                let path = self.path(params["uri"].as_str().expect("an address"));
                let shown = (params["version"].as_i64(), params["diagnostics"].clone());
                self.shown.insert(path, shown);
            }
            Some(_) if message.get("id").is_some() => {
                self.others.push(message.clone());
                let id = message["id"].clone();
                self.send(&json!({"jsonrpc": "2.0", "id": id, "result": null}));
            }
            Some(_) => self.others.push(message.clone()),
            None => {}
        }
        message
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.child.kill();
        let _reaped = self.child.wait();
    }
}

/// One message; `None` at the end.
fn read(stdout: &mut BufReader<ChildStdout>) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stdout.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => {
                if let Some(number) = line.strip_prefix("Content-Length: ") {
                    length = number.parse().ok()?;
                }
            }
        }
    }
    let mut body = vec![0; length];
    stdout.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}
