//! Content that is read and written by actions of its own, not with the resource.

use serde_json::{Map, Value, json};

use crate::model::Code;

/// The content of a kind: one document or a folder of files.
///
/// A manifest names it in a field; in canonical form that field has its digest.
#[derive(Debug)]
pub struct Content {
    /// The field in manifests and in canonical form.
    pub field: &'static str,
    /// What it consists of.
    pub form: ContentForm,
    /// Action that returns it, such as `exportSpecification`.
    pub export_action: &'static str,
    /// Action that replaces it, such as `importSpecification`.
    pub import_action: &'static str,
    /// Whether a resource has content, by its wire properties.
    pub presence: fn(&Map<String, Value>) -> Presence,
    /// What in the properties shows that there is content, as a clause: `its specification is set`.
    pub evidence: &'static str,
    /// Whether a change of it changes `systemData.lastModifiedAt`, so that its digest can be cached.
    pub changes_modified_time: bool,
    /// Whether the role of those who only read includes the export action. If not, content is read only
    /// when there is something to compare it with.
    pub readers_may_export: bool,
}

/// Whether a resource has content, as far as its properties show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presence {
    /// There is none; it is not read.
    Absent,
    /// Only the export can say.
    Unknown,
    /// There is some: an export that returns none has failed.
    Certain,
}

/// What content consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ContentForm {
    /// One text document, from one of the [`DocumentSource`]s.
    Document {
        /// The field with the document's format, which is imported together with it.
        format_field: &'static str,
    },
    /// The files of a folder, transferred as a zip archive in base64.
    Folder(&'static FolderRules),
}

/// What a folder must be for the service to take it.
#[derive(Debug, PartialEq, Eq)]
pub struct FolderRules {
    /// What it is in a sentence, such as `ruleset`.
    pub noun: &'static str,
    /// Names that the main file at the top of the folder may have; the first one is suggested.
    pub main_files: &'static [&'static str],
    /// How file names start that are mistaken for a main file, at the top or below.
    pub lookalikes: &'static [&'static str],
    /// Keys of the main file, a mapping in YAML or JSON; without all of them it has no effect. Empty for
    /// a main file of another form.
    pub main_keys: &'static [&'static str],
    /// Whether the main file is a Spectral ruleset, which names other files as `extends` and `functions`.
    pub is_spectral: bool,
    /// The codes of what is wrong with it.
    pub codes: FolderCodes,
}

/// The codes of diagnostics about a folder.
#[derive(Debug, PartialEq, Eq)]
pub struct FolderCodes {
    /// The folder does not exist.
    pub missing: Code,
    /// The folder, or a file in it, is outside the project.
    pub outside: Code,
    /// The folder has too many files or bytes.
    pub too_large: Code,
    /// The files are not what the service takes.
    pub invalid: Code,
}

impl Content {
    /// Whether it is a folder of files.
    #[must_use]
    pub fn is_folder(&self) -> bool {
        matches!(self.form, ContentForm::Folder(_))
    }
}

/// Where a manifest gets a document from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentSource<'a> {
    /// A file of the project.
    File(&'a str),
    /// The document itself.
    Inline(&'a str),
    /// An address from which the service fetches it.
    Url(&'a str),
    /// An API of Azure API Management, which exports it.
    ApiManagement {
        /// ARM id of the instance or of one of its workspaces.
        resource_id: &'a str,
        /// Name of the API.
        api: &'a str,
    },
}

impl<'a> DocumentSource<'a> {
    /// The field with the path of a file.
    pub const FILE: &'static str = "file";
    const INLINE: &'static str = "inline";
    /// The field with an address.
    pub const URL: &'static str = "url";
    const API_MANAGEMENT: &'static str = "apiManagement";
    /// The fields of a source, one of which it has.
    pub const FIELDS: [&'static str; 4] =
        [Self::FILE, Self::INLINE, Self::URL, Self::API_MANAGEMENT];
    const RESOURCE_ID: &'static str = "resourceId";
    const API: &'static str = "api";

    /// The field that a text belongs to: an address, or the path of a file.
    #[must_use]
    pub fn field_of(text: &str) -> &'static str {
        let lower = text.to_ascii_lowercase();
        match lower.starts_with("https://") || lower.starts_with("http://") {
            true => Self::URL,
            false => Self::FILE,
        }
    }

    /// Whether a text can be nothing but the value of that field; `contoso.com/openapi.yaml` may be an address
    /// without its scheme.
    #[must_use]
    pub fn is_clearly(text: &str) -> bool {
        let first = text.split_once('/').map_or("", |(first, _)| first);
        Self::field_of(text) == Self::URL || first.chars().all(|c| c == '.') || !first.contains('.')
    }

    /// The source that a mapping of a manifest names, if it is complete.
    #[must_use]
    pub fn of(source: &'a Map<String, Value>) -> Option<Self> {
        let text = |field: &str| source.get(field).and_then(Value::as_str);
        if let Some(path) = text(Self::FILE) {
            return Some(Self::File(path));
        }
        if let Some(document) = text(Self::INLINE) {
            return Some(Self::Inline(document));
        }
        if let Some(url) = text(Self::URL) {
            return Some(Self::Url(url));
        }
        let gateway = source.get(Self::API_MANAGEMENT)?;
        Some(Self::ApiManagement {
            resource_id: gateway.get(Self::RESOURCE_ID)?.as_str()?,
            api: gateway.get(Self::API)?.as_str()?,
        })
    }

    /// The field that names it.
    #[must_use]
    pub fn field(self) -> &'static str {
        match self {
            Self::File(_) => Self::FILE,
            Self::Inline(_) => Self::INLINE,
            Self::Url(_) => Self::URL,
            Self::ApiManagement { .. } => Self::API_MANAGEMENT,
        }
    }

    /// The mapping that names it in a manifest.
    #[must_use]
    pub fn to_value(self) -> Value {
        match self {
            Self::File(text) | Self::Inline(text) | Self::Url(text) => {
                json!({ self.field(): text })
            }
            Self::ApiManagement { resource_id, api } => {
                json!({ self.field(): { Self::RESOURCE_ID: resource_id, Self::API: api } })
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds::schema::property_of;
    use crate::kinds::{API_DEFINITION, KINDS};

    #[test]
    fn sources_come_back_from_their_mapping_and_are_all_in_the_schema() {
        let sources = [
            DocumentSource::File("a.yaml"),
            DocumentSource::Inline("a"),
            DocumentSource::Url("https://contoso.com/a"),
            DocumentSource::ApiManagement {
                resource_id: "/x",
                api: "a",
            },
        ];
        let schema = property_of((API_DEFINITION.schema)(), "source").unwrap();
        for source in sources {
            let value = source.to_value();
            let mapping = value.as_object().unwrap();
            assert_eq!(DocumentSource::of(mapping), Some(source));
            assert!(property_of(schema, source.field()).is_some());
        }
    }

    #[test]
    fn the_field_of_the_content_holds_the_digest() {
        for kind in KINDS {
            let field = kind.content.as_ref().map(|content| content.field);
            assert_eq!(kind.info.digest_field(), field, "{}", kind.info.name);
            if let Some(ContentForm::Document { format_field }) =
                kind.content.as_ref().map(|content| content.form)
            {
                assert!(kind.info.content_fields.contains(&format_field));
            }
        }
    }
}
