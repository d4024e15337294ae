//! How fast the language server shows the problems of a file that is typed in, and how much memory it needs.
//!
//! ```sh
//! cargo bench --bench editor                # 1000 APIs
//! cargo bench --bench editor -- 10000       # a full service of the plan Standard
//! ```
//!
//! The program runs as an editor runs it, over stdin and stdout. Each row types the same characters, one after the other:
//! the time is that from the change of a text to the problems of this text. `cargo test --benches` runs it with five
//! APIs, to see that it still works.

#![expect(clippy::print_stdout, reason = "a table for people")]

mod catalogue;
mod process;
mod program;
mod sizes;

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, ExitCode, Stdio};
use std::time::{Duration, Instant};

use process::{memory, peak_of, watch};
use program::{PROGRAM, Result};
use serde_json::{Value, json};
use sizes::for_each_size;

/// What is typed: most of the time, the manifest is not valid, and often not even YAML.
const TYPED: &str = "  description: \"Orders of all shops, by number.\"\n  termsOfService: {url: https://contoso.com/terms}\n  \
                     externalDocumentation: [{title: Guide, url: https://contoso.com/guide, description: How to begin}]\n";

/// What is typed in a description.
const TAGS: &str = "tags: [{name: orders, description: Orders of all shops}, {name: parcels, description: What is sent}]\n\
                    externalDocs: {url: https://contoso.com/guide, description: How to begin}\n";

/// A title, and a name: with each letter, another environment is declared, and one that is in use is not.
const LETTERS: &str = "abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
                       abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyzabcdefghijklmnopqrstuvwxyz\
                       abcdefghijklmnopqrstuvwxyzabcdefghijklmnopqr";

/// The manifest of one API, its description, and the file of the environments that all APIs refer to.
const MANIFEST: &str = "apis/00/api-00000/api.yaml";
const DESCRIPTION: &str = "apis/00/api-00000/openapi.yaml";
const PLATFORM: &str = "platform.yaml";

fn main() -> ExitCode {
    for_each_size(&[1000], measure)
}

fn measure(size: usize) -> Result<()> {
    let folder = tempfile::tempdir()?;
    let root = folder.path().canonicalize()?.join("project");
    let cache = folder.path().join("cache");
    catalogue::write(&root, size, "http://127.0.0.1:9")?;
    let validate = validate(&root, &cache)?;

    println!("\n{size} APIs");
    println!("{:<44} {:>9} {:>9} {:>9}", "", "p50", "p99", "longest");
    let mut editor = Editor::start(&root, &cache)?;
    editor.open(MANIFEST)?;
    editor.open(PLATFORM)?;
    editor.open(DESCRIPTION)?;
    let cases = [
        ("fields of a manifest", MANIFEST, "  kind: rest\n", TYPED),
        (
            "fields of a description",
            DESCRIPTION,
            "openapi: 3.0.3\n",
            TAGS,
        ),
        (
            "the title of an environment",
            PLATFORM,
            "title: Environment 0",
            LETTERS,
        ),
        (
            "the name of an environment",
            PLATFORM,
            "name: env-0",
            LETTERS,
        ),
    ];
    for (name, path, after, typed) in cases {
        let times = editor.keystrokes(path, after, typed)?;
        print(name, times);
    }
    let queued = editor.queued(MANIFEST, "  kind: rest\n", TYPED)?;
    print("fields of a manifest, all at once", vec![queued]);
    let peak = peak_of(editor.process.id());
    let times = match (peak, validate) {
        (Some(peak), Some(base)) => format!("{:.2} times", peak as f64 / base as f64),
        _ => "n/a times".to_owned(),
    };
    println!(
        "(peak memory: {}, {times} that of `validate`)",
        memory(peak)
    );
    editor.end()
}

fn print(name: &str, mut times: Vec<Duration>) {
    times.sort();
    let at = |percent: usize| times[(times.len() * percent / 100).min(times.len() - 1)];
    let shown = |time: Duration| format!("{:.1} ms", time.as_secs_f64() * 1000.0);
    println!(
        "{name:<44} {:>9} {:>9} {:>9}",
        shown(at(50)),
        shown(at(99)),
        shown(at(100))
    );
}

/// The peak memory of `validate`, in KiB.
fn validate(root: &Path, cache: &Path) -> Result<Option<u64>> {
    let mut process = command(root, cache, "validate")
        .stdout(Stdio::null())
        .spawn()?;
    let (status, peak) = watch(&mut process)?;
    match status.success() {
        true => Ok(peak),
        false => Err(format!("apicenter validate: {status}").into()),
    }
}

fn command(root: &Path, cache: &Path, name: &str) -> Command {
    let mut command = Command::new(PROGRAM);
    command
        .arg(name)
        .current_dir(root)
        .env("APICENTER_CACHE_DIR", cache)
        .stderr(Stdio::null());
    command
}

/// An editor with a project.
struct Editor {
    root: PathBuf,
    process: Child,
    stdin: ChildStdin,
    stdout: BufReader<ChildStdout>,
    version: i64,
}

impl Editor {
    fn start(root: &Path, cache: &Path) -> Result<Self> {
        let mut command = command(root, cache, "lsp");
        let mut process = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let stdin = process.stdin.take().ok_or("no stdin")?;
        let stdout = BufReader::new(process.stdout.take().ok_or("no stdout")?);
        let mut editor = Self {
            root: root.to_owned(),
            process,
            stdin,
            stdout,
            version: 0,
        };
        let params = json!({"processId": null, "rootUri": editor.uri(""), "capabilities": {}});
        editor
            .send(&json!({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}))?;
        editor.notify("initialized", json!({}))?;
        Ok(editor)
    }

    fn uri(&self, path: &str) -> String {
        format!("file://{}", self.root.join(path).display())
    }

    /// Opens a file, and waits until it was checked.
    fn open(&mut self, path: &str) -> Result<()> {
        let text = fs::read(self.root.join(path))?;
        let text = String::from_utf8(text)?;
        self.version += 1;
        let document = json!({"uri": self.uri(path), "languageId": "yaml", "version": self.version, "text": text});
        self.notify("textDocument/didOpen", json!({"textDocument": document}))?;
        self.wait(path)
    }

    /// Types behind a piece of a file, and takes all of it back: the times until the problems of each text are shown.
    fn keystrokes(&mut self, path: &str, after: &str, typed: &str) -> Result<Vec<Duration>> {
        let mut times = Vec::new();
        let mut at = self.place(path, after)?;
        for letter in typed.chars() {
            let began = Instant::now();
            at = self.insert(path, at, letter)?;
            self.wait(path)?;
            times.push(began.elapsed());
        }
        self.reset(path)?;
        Ok(times)
    }

    /// Types as [`keystrokes`](Self::keystrokes) without waiting: the time from the last one to its problems.
    fn queued(&mut self, path: &str, after: &str, typed: &str) -> Result<Duration> {
        let mut at = self.place(path, after)?;
        for letter in typed.chars() {
            at = self.insert(path, at, letter)?;
        }
        let began = Instant::now();
        self.wait(path)?;
        let time = began.elapsed();
        self.reset(path)?;
        Ok(time)
    }

    /// Where a piece of a file ends, as line and character.
    fn place(&self, path: &str, piece: &str) -> Result<(usize, usize)> {
        let text = String::from_utf8(fs::read(self.root.join(path))?)?;
        let end = text.find(piece).ok_or("the piece is not there")? + piece.len();
        let line_start = text[..end].rfind('\n').map_or(0, |at| at + 1);
        Ok((text[..end].matches('\n').count(), end - line_start))
    }

    /// Inserts a letter; where the next one goes.
    fn insert(
        &mut self,
        path: &str,
        (line, character): (usize, usize),
        letter: char,
    ) -> Result<(usize, usize)> {
        let place = json!({"line": line, "character": character});
        let change = json!([{"range": {"start": place, "end": place}, "text": letter}]);
        self.change(path, change)?;
        Ok(match letter {
            '\n' => (line + 1, 0),
            _ => (line, character + 1),
        })
    }

    /// Goes back to the text of the file.
    fn reset(&mut self, path: &str) -> Result<()> {
        let text = String::from_utf8(fs::read(self.root.join(path))?)?;
        self.change(path, json!([{"text": text}]))?;
        self.wait(path)
    }

    fn change(&mut self, path: &str, changes: Value) -> Result<()> {
        self.version += 1;
        let document = json!({"uri": self.uri(path), "version": self.version});
        let params = json!({"textDocument": document, "contentChanges": changes});
        self.notify("textDocument/didChange", params)
    }

    /// Waits for the problems of the present text of a document.
    fn wait(&mut self, path: &str) -> Result<()> {
        let uri = self.uri(path);
        loop {
            let message = self.receive()?;
            let params = &message["params"];
            if params["uri"] == uri && params["version"] == self.version {
                return Ok(());
            }
        }
    }

    fn end(mut self) -> Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "id": 2, "method": "shutdown"}))?;
        while self.receive()?["id"] != 2 {}
        self.notify("exit", Value::Null)?;
        let status = self.process.wait()?;
        match status.success() {
            true => Ok(()),
            false => Err(format!("apicenter lsp: {status}").into()),
        }
    }

    fn notify(&mut self, method: &str, params: Value) -> Result<()> {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}))
    }

    fn send(&mut self, message: &Value) -> Result<()> {
        let body = message.to_string();
        write!(self.stdin, "Content-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(self.stdin.flush()?)
    }

    fn receive(&mut self) -> Result<Value> {
        let mut length = 0;
        loop {
            let mut line = String::new();
            if self.stdout.read_line(&mut line)? == 0 {
                return Err("the server ended".into());
            }
            match line.trim_end() {
                "" => break,
                line => {
                    if let Some(number) = line.strip_prefix("Content-Length: ") {
                        length = number.parse()?;
                    }
                }
            }
        }
        let mut body = vec![0; length];
        self.stdout.read_exact(&mut body)?;
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ended = self.process.kill();
        let _reaped = self.process.wait();
    }
}
