//! An editor: speaks the protocol with the real program, over its stdin and stdout.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::wire::Wire;
use crate::cli::harness::Project;

/// An editor with a project.
pub(super) struct Client<'a> {
    project: &'a Project,
    wire: Wire,
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
        let mut client = Self {
            project,
            wire: Wire::start(project, arguments),
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
                    "workspace": {
                        "didChangeWatchedFiles": {"dynamicRegistration": true},
                        "codeLens": {"refreshSupport": true},
                    },
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

    /// Waits for a message of the server by this method that is not about problems, and takes it.
    pub(super) fn wait_for_other(&mut self, method: &str) -> Value {
        loop {
            let mut others = self.others.iter();
            if let Some(at) = others.position(|other| other["method"] == method) {
                return self.others.remove(at);
            }
            self.receive();
        }
    }

    /// Ends the server, and returns its exit code.
    pub(super) fn end(mut self) -> Option<i32> {
        self.request("shutdown", Value::Null);
        self.notify("exit", Value::Null);
        self.wire.exit_code()
    }

    /// Closes the connection without a word, and returns the exit code.
    pub(super) fn vanish(mut self) -> Option<i32> {
        self.wire.close();
        self.wire.exit_code()
    }

    fn send(&mut self, message: &Value) {
        self.wire.send(message);
    }

    /// The next message; what it says about problems is kept.
    #[track_caller]
    fn receive(&mut self) -> Value {
        let message = self.wire.receive();
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
