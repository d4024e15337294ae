//! The texts that `import openapi` and `import arm` read: files, folders, standard input and addresses.

use std::collections::BTreeSet;
use std::io::Read as _;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use crate::config::Environment;
use crate::http::{HostPolicy, HttpClient, HttpRequest, HttpSettings, Method, USER_AGENT, Url};
use crate::import::{DescriptionFile, EarlierTexts};
use crate::manifest::MOST_INLINE_BYTES;
use crate::manifest::source::{ReadProblem, read_regular};
use crate::model::{Code, Diagnostic, Diagnostics, code, decoded};

/// Largest file, in bytes; the service takes smaller ones (chosen here).
const MOST_BYTES: u64 = 16 * 1024 * 1024;

/// The name of standard input.
const STANDARD_INPUT: &str = "-";

/// Folders in which nothing is looked for: they contain what others wrote.
const FOREIGN_FOLDERS: [&str; 1] = ["node_modules"];

/// Texts to import, and what could not be read.
#[derive(Debug, Default)]
pub struct ImportInputs {
    /// The texts, each once.
    pub files: Vec<DescriptionFile>,
    /// Files of folders that are not text or are too large, and so not descriptions.
    pub not_text: Vec<String>,
    /// What could not be read.
    pub problems: Diagnostics,
}

/// Reads everything that is named: files, folders, addresses, or `-` for standard input. `root` is the project's
/// folder, out of which no link in it may lead.
pub async fn read_inputs(root: &Path, names: &[String], environment: &Environment) -> ImportInputs {
    let mut reader = Reader {
        root,
        environment,
        inputs: ImportInputs::default(),
        read: BTreeSet::new(),
    };
    reader.add_all(names).await;
    reader.inputs
}

struct Reader<'a> {
    root: &'a Path,
    environment: &'a Environment,
    inputs: ImportInputs,
    /// Where the files that were read really are.
    read: BTreeSet<PathBuf>,
}

impl Reader<'_> {
    async fn add_all(&mut self, names: &[String]) {
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
        self.inputs.problems.push(Diagnostic::error(code, message));
    }

    fn add_standard_input(&mut self) {
        let mut bytes = Vec::new();
        match std::io::stdin()
            .lock()
            .take(MOST_BYTES)
            .read_to_end(&mut bytes)
        {
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
        let (real, bytes) = match read_file(path, self.root) {
            Ok(found) => found,
            Err(problem) => {
                let code = match problem {
                    ReadProblem::TooLarge { .. } if found => {
                        return self.inputs.not_text.push(name);
                    }
                    ReadProblem::TooLarge { .. } => code::DOCUMENT_TOO_LARGE,
                    _ => code::FILE_UNREADABLE,
                };
                return self.report(code, format!("cannot read `{name}`: {problem}"));
            }
        };
        let inside = real.strip_prefix(self.root).ok();
        let inside = inside.map(|path| path.to_string_lossy().replace('\\', "/"));
        if self.read.insert(real) {
            self.add_text(name, inside, bytes, found);
        }
    }

    async fn add_address(&mut self, address: &str) {
        match fetch(address, self.environment, MOST_INLINE_BYTES).await {
            Ok(bytes) => self.add_text(address.to_owned(), None, bytes, false),
            Err(error) => self.report(
                code::FILE_UNREADABLE,
                format!("cannot read `{address}`: {error}"),
            ),
        }
    }

    fn add_text(&mut self, name: String, inside: Option<String>, bytes: Vec<u8>, found: bool) {
        let decoded = match decoded(bytes) {
            Ok(decoded) => decoded,
            Err(_) if found => return self.inputs.not_text.push(name),
            Err(problem) => {
                return self.report(code::FILE_ENCODING, format!("`{name}` is {problem}"));
            }
        };
        if decoded.text.trim().is_empty() {
            if found {
                self.inputs.not_text.push(name);
            } else {
                self.report(code::DOCUMENT_INVALID, format!("`{name}` is empty"));
            }
            return;
        }
        self.inputs.files.push(DescriptionFile {
            name,
            inside,
            text: Arc::from(decoded.text),
            is_utf16: decoded.is_utf16,
            earlier: EarlierTexts::default(),
            found,
        });
    }
}

/// Reads an address without credentials.
pub(super) async fn fetch(
    address: &str,
    environment: &Environment,
    most_bytes: usize,
) -> Result<Vec<u8>, String> {
    let url = Url::parse(address).map_err(|error| error.to_string())?;
    let timeout = environment.http_timeout.unwrap_or(Duration::from_secs(60));
    let http = HttpClient::new(&HttpSettings {
        user_agent: USER_AGENT,
        timeout,
        connect_timeout: timeout.min(Duration::from_secs(10)),
        hosts: HostPolicy::of(&url),
        max_response_bytes: most_bytes,
        network: &environment.network,
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

/// Where a file really is, and its bytes. A path in the project may not lead out of it.
fn read_file(path: &Path, root: &Path) -> Result<(PathBuf, Vec<u8>), ReadProblem> {
    let real = path.canonicalize().map_err(ReadProblem::Unreadable)?;
    if !real.starts_with(root) && is_named_inside(path, root) {
        return Err(ReadProblem::Outside);
    }
    let bytes = read_regular(&real, MOST_BYTES)?;
    Ok((real, bytes))
}

/// Whether a path is that of something in the project, wherever its links lead.
fn is_named_inside(path: &Path, root: &Path) -> bool {
    let absolute = std::path::absolute(path).unwrap_or_default();
    let mut named = PathBuf::new();
    for component in absolute.components() {
        match component {
            Component::ParentDir => drop(named.pop()),
            component => named.push(component),
        }
    }
    let folder = path.parent().and_then(|folder| folder.canonicalize().ok());
    named.starts_with(root) || folder.is_some_and(|folder| folder.starts_with(root))
}
