//! One description file, and what it says.

use std::sync::Arc;

use super::metadata_extraction::{self, Facts};
use super::path_facts;
use super::split;
use crate::document::{self, Description};
use crate::manifest::MOST_INLINE_BYTES;
use crate::model::{Code, Diagnostic, Sources, Span, code};

/// A file to import.
#[derive(Debug, Clone, Default)]
pub struct DescriptionFile {
    /// Its path or address as the user gave it, for messages.
    pub name: String,
    /// Its path relative to the project, with `/` between its parts; `None` for a text that is
    /// elsewhere and is copied.
    pub inside: Option<String>,
    /// Its content.
    pub text: Arc<str>,
    /// Whether the file has it in UTF-16, so that a manifest can only refer to a copy.
    pub is_utf16: bool,
    /// What the file contained earlier.
    pub earlier: EarlierTexts,
    /// Whether it was found in a folder, so that nobody said that it is a description.
    pub found: bool,
}

/// What a file contained earlier, as far as it is known.
#[derive(Debug, Clone, Default)]
pub struct EarlierTexts {
    /// At the last import on this machine.
    pub imported: Option<Arc<str>>,
    /// In the last commit.
    pub committed: Option<Arc<str>>,
}

/// How files are imported.
#[derive(Debug, Clone, Default)]
pub struct DescriptionOptions {
    /// The environment in which the servers of the files run; without one they are left out.
    pub environment: Option<String>,
    /// Stage of every new version, such as `design`.
    pub stage: String,
    /// Whether files of the project are copied too.
    pub copy: bool,
    /// Whether documents count for more than what was written by hand, and names for more than evidence.
    pub force: bool,
}

/// A file and what it says.
pub(super) struct Item<'a> {
    pub(super) file: &'a DescriptionFile,
    pub(super) description: Description,
    pub(super) facts: Facts,
    pub(super) title: String,
    pub(super) version: Option<String>,
    /// What the file contained earlier and no longer does, what is most likely in the manifests first.
    pub(super) earlier: Vec<&'a Arc<str>>,
    /// Whether the document differs from that of the last import, or of the last commit if there was none.
    pub(super) has_changed: bool,
    /// Whether it refers to other files, so that it cannot be copied by itself.
    pub(super) is_split: bool,
}

/// Why there is no [`Item`].
pub(super) enum NoItem {
    /// The file is not what it claims to be, or cannot be sent.
    Broken(Box<Diagnostic>),
    /// The file does not describe an API; the diagnostic is for those who said that it does.
    Other(Box<Diagnostic>),
}

impl DescriptionFile {
    /// The path to which its references are relative.
    pub(super) fn path(&self) -> &str {
        self.inside.as_deref().unwrap_or(&self.name)
    }
}

/// Why a description cannot be imported as a file.
struct Limit {
    code: Code,
    message: String,
    help: &'static str,
    place: Option<std::ops::Range<usize>>,
}

/// What prevents importing a description: its size, or files that it refers to and that would not be copied.
fn limit_of(file: &DescriptionFile, reference: Option<std::ops::Range<usize>>) -> Option<Limit> {
    if file.text.len() > MOST_INLINE_BYTES {
        return Some(Limit {
            code: code::DOCUMENT_TOO_LARGE,
            message: format!(
                "the file has {} bytes; the service takes at most {MOST_INLINE_BYTES} (3 MB)",
                file.text.len()
            ),
            help: "publish the document and name it in a manifest with `source: {url: …}`",
            place: None,
        });
    }
    // A file of the project stays where it is, and so do the files that it refers to.
    let place = reference.filter(|_| file.inside.is_none() || file.is_utf16)?;
    if file.inside.is_some() {
        return Some(Limit {
            code: code::FILE_ENCODING,
            message: "the file is in UTF-16, and refers to other files, which would not be copied"
                .to_owned(),
            help: "save the file as UTF-8",
            place: Some(place),
        });
    }
    Some(Limit {
        code: code::DOCUMENT_MISSING,
        message: "the file refers to other files, which would not be copied".to_owned(),
        help: "copy all of them into the project, and import this one from there",
        place: Some(place),
    })
}

/// The earlier texts of a file that are not the present one, and whether it was changed.
fn earlier(file: &DescriptionFile) -> (Vec<&Arc<str>>, bool) {
    let EarlierTexts {
        imported,
        committed,
    } = &file.earlier;
    let mut texts: Vec<&Arc<str>> = imported.iter().chain(committed).collect();
    if texts.is_empty() {
        return (texts, false);
    }
    let now = document::digest(&file.text);
    let differs = |text: &&Arc<str>| document::digest(text) != now;
    let has_changed = texts.first().is_some_and(differs);
    texts.retain(differs);
    (texts, has_changed)
}

impl<'a> Item<'a> {
    /// The stated version, or `1.0.0`.
    pub(super) fn version(&self) -> &str {
        self.version.as_deref().unwrap_or("1.0.0")
    }

    pub(super) fn format(&self) -> &str {
        &self.description.specification.name
    }

    /// The note about a copy of a file of the project that only its encoding keeps from staying where it is.
    pub(super) fn copy_note(&self) -> Option<String> {
        let is_copied = self.file.is_utf16 && self.file.inside.is_some();
        let name = &self.file.name;
        is_copied.then(|| {
            format!(
                "{name}: the file is in UTF-16, so the manifest refers to a copy of it in UTF-8"
            )
        })
    }

    /// The path at which a manifest can refer to the file; `None` if a copy is needed.
    pub(super) fn kept_at(&self, options: &DescriptionOptions) -> Option<&'a String> {
        let is_copied = (options.copy && !self.is_split) || self.file.is_utf16;
        self.file.inside.as_ref().filter(|_| !is_copied)
    }

    /// The note about a file that has the text of another one of its version.
    pub(super) fn same_text_note(&self, other: &str) -> String {
        format!(
            "{}: left out, as it says the same as {other}",
            self.file.name
        )
    }

    pub(super) fn new(file: &'a DescriptionFile, sources: &mut Sources) -> Result<Self, NoItem> {
        let mut problem = |code, message: String, place: Option<std::ops::Range<usize>>| {
            let source = sources.add(file.name.clone(), Arc::clone(&file.text));
            let place = place.unwrap_or(0..0);
            let span = Span {
                source,
                start: place.start,
                end: place.end,
            };
            Box::new(Diagnostic::error(code, message).at(span, "here"))
        };
        let description = match document::describe(Some(&file.name), &file.text) {
            Ok(description) => description,
            Err(error) => {
                let is_claimed = !file.found || document::claims_description(&file.text);
                let diagnostic = problem(code::DOCUMENT_INVALID, error.message, error.place);
                return Err(match is_claimed {
                    true => NoItem::Broken(diagnostic),
                    false => NoItem::Other(diagnostic),
                });
            }
        };
        if description.specification.name == "other" {
            let message = "not a description of an API".to_owned();
            let mut diagnostic = problem(code::DOCUMENT_INVALID, message, None);
            diagnostic.help = Some(
                "OpenAPI, AsyncAPI, GraphQL, WSDL, WADL, RAML and proto files can be imported"
                    .to_owned(),
            );
            return Err(NoItem::Other(diagnostic));
        }
        let reference = split::reference(file.path(), &file.text);
        let is_split = reference.is_some();
        if let Some(limit) = limit_of(file, reference) {
            let mut diagnostic = problem(limit.code, limit.message, limit.place);
            diagnostic.help = Some(limit.help.to_owned());
            return Err(NoItem::Broken(diagnostic));
        }
        let facts = metadata_extraction::facts(&description, &file.text);
        let (title, version) = path_facts::of_path(file.path());
        let title = facts.title.clone().or(title);
        let (earlier, has_changed) = earlier(file);
        Ok(Item {
            earlier,
            has_changed,
            is_split,
            version: facts.version.clone().or(version),
            file,
            description,
            facts,
            title: title.unwrap_or_else(|| "API".to_owned()),
        })
    }
}
