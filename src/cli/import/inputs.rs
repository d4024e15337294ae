//! The texts that `import openapi` reads: files, folders, standard input and addresses.

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::earlier::EarlierTexts;
use crate::config::Environment;
use crate::http::{HostPolicy, HttpClient, HttpRequest, HttpSettings, Method, USER_AGENT, Url};
use crate::import::DescriptionFile;
use crate::manifest::MOST_INLINE_BYTES;
use crate::model::{Code, Diagnostic, Diagnostics, code};

/// What stands for standard input.
const STANDARD_INPUT: &str = "-";

/// Folders in which nothing is looked for: they contain what others wrote.
const FOREIGN_FOLDERS: [&str; 1] = ["node_modules"];

/// Collects the texts, each once.
pub(super) struct Inputs<'a> {
    pub(super) root: &'a Path,
    pub(super) environment: &'a Environment,
    pub(super) earlier: &'a EarlierTexts,
    pub(super) files: Vec<DescriptionFile>,
    /// Files of folders that are not text, and so no descriptions.
    pub(super) not_text: Vec<String>,
    pub(super) problems: Diagnostics,
    read: Vec<PathBuf>,
}

impl<'a> Inputs<'a> {
    pub(super) fn new(
        root: &'a Path,
        environment: &'a Environment,
        earlier: &'a EarlierTexts,
    ) -> Self {
        Self {
            root,
            environment,
            earlier,
            files: Vec::new(),
            not_text: Vec::new(),
            problems: Diagnostics::default(),
            read: Vec::new(),
        }
    }

    pub(super) async fn add_all(&mut self, names: &[String]) {
        let mut has_read_standard_input = false;
        for name in names {
            if name == STANDARD_INPUT {
                if !std::mem::replace(&mut has_read_standard_input, true) {
                    self.add_standard_input();
                }
            } else if name.starts_with("https://") || name.starts_with("http://") {
                self.add_address(name).await;
            } else if Path::new(name).is_dir() {
                self.add_folder(Path::new(name));
            } else {
                self.add_file(Path::new(name), false);
            }
        }
    }

    fn report(&mut self, code: Code, message: String) {
        self.problems.push(Diagnostic::error(code, message));
    }

    fn add_standard_input(&mut self) {
        let mut bytes = Vec::new();
        match std::io::stdin().lock().read_to_end(&mut bytes) {
            Ok(_) => self.add_text("standard input".to_owned(), None, bytes, false),
            Err(error) => self.report(
                code::FILE_UNREADABLE,
                format!("cannot read standard input: {error}"),
            ),
        }
    }

    fn add_folder(&mut self, folder: &Path) {
        let entries = match std::fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let message = format!("cannot read `{}`: {error}", folder.display());
                return self.report(code::FILE_UNREADABLE, message);
            }
        };
        let mut paths: Vec<PathBuf> = entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if name.starts_with('.') || FOREIGN_FOLDERS.contains(&&*name) {
                continue;
            }
            // A link to a folder may lead back to it.
            if path.is_dir() && !path.is_symlink() {
                self.add_folder(&path);
            } else if path.is_file() {
                self.add_file(&path, true);
            }
        }
    }

    fn add_file(&mut self, path: &Path, found: bool) {
        let name = path.to_string_lossy().replace('\\', "/");
        let name = name.strip_prefix("./").unwrap_or(&name).to_owned();
        let read = path
            .canonicalize()
            .and_then(|real| Ok((std::fs::read(&real)?, real)));
        let (bytes, real) = match read {
            Ok(read) => read,
            Err(error) => {
                let message = format!("cannot read `{name}`: {error}");
                return self.report(code::FILE_UNREADABLE, message);
            }
        };
        if self.read.contains(&real) {
            return;
        }
        let inside = real.strip_prefix(self.root).ok();
        let inside = inside.map(|path| path.to_string_lossy().replace('\\', "/"));
        self.read.push(real);
        self.add_text(name, inside, bytes, found);
    }

    async fn add_address(&mut self, address: &str) {
        match fetch(address, self.environment.http_timeout).await {
            Ok(bytes) => self.add_text(address.to_owned(), None, bytes, false),
            Err(error) => self.report(
                code::FILE_UNREADABLE,
                format!("cannot read `{address}`: {error}"),
            ),
        }
    }

    fn add_text(&mut self, name: String, inside: Option<String>, bytes: Vec<u8>, found: bool) {
        let text = match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) if found => return self.not_text.push(name),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let message = format!("`{name}` is not UTF-8 text (byte {at})");
                return self.report(code::FILE_ENCODING, message);
            }
        };
        if text.trim().is_empty() {
            if found {
                self.not_text.push(name);
            } else {
                self.report(code::DOCUMENT_INVALID, format!("`{name}` is empty"));
            }
            return;
        }
        let earlier = inside
            .as_ref()
            .and_then(|path| self.earlier.of(path, &text));
        self.files.push(DescriptionFile {
            name,
            inside,
            text: Arc::from(text),
            earlier,
            found,
        });
    }
}

/// Reads an address without credentials.
async fn fetch(address: &str, timeout: Option<Duration>) -> Result<Vec<u8>, String> {
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    let timeout = timeout.unwrap_or(Duration::from_secs(60));
    let http = HttpClient::new(&HttpSettings {
        user_agent: USER_AGENT,
        timeout,
        connect_timeout: timeout.min(Duration::from_secs(10)),
        hosts: HostPolicy::of(&url),
        max_response_bytes: MOST_INLINE_BYTES,
    });
    let http = http.map_err(|error| error.to_string())?;
    let response = http
        .send_once(&HttpRequest::new(Method::GET, url))
        .await
        .map_err(|error| error.to_string())?;
    match (response.status, response.header("location")) {
        (status, _) if status.is_success() => Ok(response.body),
        (status, Some(to)) if status.is_redirection() => Err(format!(
            "it leads to another address, which may be given instead: {to}"
        )),
        (status, _) => Err(format!("the server reports {status}")),
    }
}
