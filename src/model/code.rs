//! Every diagnostic code, in one list: its stable name and what it means.

use std::borrow::Cow;
use std::fmt;

/// The stable name of a kind of problem, such as `unknown-field`. Rules over plans are called by theirs.
///
/// The program's own are the constants here; a rule that is made at run time owns its texts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Code {
    /// What is printed, and what tools may rely on.
    pub id: Cow<'static, str>,
    /// One sentence that says what the problem is and why it matters.
    pub meaning: Cow<'static, str>,
}

impl Code {
    /// A code that is made at run time, such as that of a rule from a file.
    #[must_use]
    pub fn new(id: impl Into<Cow<'static, str>>, meaning: impl Into<Cow<'static, str>>) -> Self {
        Self {
            id: id.into(),
            meaning: meaning.into(),
        }
    }
}

impl Code {
    /// Whether it is about YAML itself, so that the rest of the document was not read.
    #[must_use]
    pub fn is_of_yaml(&self) -> bool {
        [
            YAML_SYNTAX,
            YAML_DUPLICATE_KEY,
            YAML_ALIAS,
            YAML_DEPTH,
            YAML_SIZE,
        ]
        .contains(self)
    }
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.id)
    }
}

macro_rules! codes {
    ($($name:ident = $id:literal: $meaning:literal;)*) => {
        $(#[doc = $meaning] pub const $name: Code = Code { id: Cow::Borrowed($id), meaning: Cow::Borrowed($meaning) };)*

        /// All codes of the program itself: first those of manifests, then those of plans.
        pub static ALL: &[Code] = &[$($name),*];
    };
}

codes! {
    FILE_UNREADABLE = "file-unreadable": "A file of the project cannot be read.";
    OUTER_FOLDER = "outer-folder": "A link leads to a folder outside of the project; what is in that folder is not read.";
    FILE_ENCODING = "file-encoding": "A manifest is not UTF-8 text, or holds a NUL byte.";
    FILE_TOO_LARGE = "file-too-large": "A manifest is larger than any reasonable one.";
    YAML_SYNTAX = "yaml-syntax": "The text is not well-formed YAML.";
    YAML_DUPLICATE_KEY = "yaml-duplicate-key": "A mapping holds the same key twice; YAML readers differ in which one wins.";
    YAML_ALIAS = "yaml-alias": "An alias names no anchor, contains itself, or expands beyond any reasonable size.";
    YAML_DEPTH = "yaml-depth": "Values are nested too deeply.";
    YAML_SIZE = "yaml-size": "A file has more values than any reasonable one.";
    NOT_A_MANIFEST = "not-a-manifest": "A YAML document is neither a manifest nor a description file.";
    LEFT_OUT_MANIFEST = "left-out-manifest": "A file declares resources, but no pattern of spec.manifests matches it; a plan that would delete them is refused.";
    API_VERSION = "api-version": "The document's apiVersion is not one that this program knows.";
    UNKNOWN_KIND = "unknown-kind": "The document's kind is not one that this program knows.";
    MISPLACED_PROJECT = "misplaced-project": "A Project document is not in apicenter.yaml at the root.";
    PROJECT_SETTING = "project-setting": "A setting of the project file does not make sense.";
    UNTRUSTED_HOST = "untrusted-host": "An address of the project file that gets credentials only if the user allows its host.";
    FOREIGN_AUDIENCE = "foreign-audience": "A custom cloud would get tokens of a cloud of Microsoft, which is never allowed.";
    UNKNOWN_FIELD = "unknown-field": "A field that this kind does not have.";
    NOT_SETTABLE = "not-settable": "A field that the service shows but nobody can set.";
    MISPLACED_FIELD = "misplaced-field": "A property among the open ones of a resource that has a field of its own.";
    MISSING_FIELD = "missing-field": "A required field is missing.";
    WRONG_TYPE = "wrong-type": "A value is of another type than the field takes.";
    TOO_LONG = "too-long": "A text or a list is longer than the service takes.";
    TOO_SHORT = "too-short": "A text or a list is shorter than the service takes.";
    BAD_PATTERN = "bad-pattern": "A text does not have the form that the field asks for.";
    UNKNOWN_VALUE = "unknown-value": "A value that this program does not know; the service may.";
    BAD_NAME = "bad-name": "A resource name that the service refuses.";
    DOUBTFUL_NAME = "doubtful-name": "A new resource has a name that the service or one of its clients may refuse.";
    EXCLUSIVE_FIELDS = "exclusive-fields": "Fields of which only one may be set.";
    UNSET_VARIABLE = "unset-variable": "A variable that the chosen target does not set.";
    VARIABLES_TOO_LARGE = "variables-too-large": "The variables of the manifests expand beyond any reasonable size.";
    OVERLAY_UNMATCHED = "overlay-unmatched": "An overlay that matches no manifest.";
    SERVICE_NAME = "service-name": "A Service document whose name is not that of the target's service.";
    DUPLICATE_RESOURCE = "duplicate-resource": "The same resource is declared twice.";
    PREVIOUS_NAME = "previous-name": "A former name in `previously` that cannot be one: it is still declared, or claimed twice.";
    DANGLING_REFERENCE = "dangling-reference": "A reference to a resource that is not declared.";
    CUSTOM_PROPERTY_UNKNOWN = "custom-property-unknown": "A custom property without a metadata schema.";
    CUSTOM_PROPERTY_UNASSIGNED = "custom-property-unassigned": "A custom property whose metadata schema is not assigned to this kind of resource.";
    CUSTOM_PROPERTY_VALUE = "custom-property-value": "A custom property's value that its metadata schema refuses.";
    CUSTOM_PROPERTY_REQUIRED = "custom-property-required": "A custom property that is required and missing.";
    CUSTOM_PROPERTY_DEPRECATED = "custom-property-deprecated": "A custom property that its metadata schema marks as deprecated.";
    CUSTOM_PROPERTY_RESERVED = "custom-property-reserved": "The ownership marker is set by this program alone.";
    METADATA_SCHEMA_INVALID = "metadata-schema-invalid": "A metadata schema is not a valid JSON Schema, or the portal cannot edit it.";
    METADATA_VALUE_LACKING = "metadata-value-lacking": "A metadata schema becomes required, and live resources that this plan does not write have no value.";
    METADATA_ASSIGNMENT = "metadata-assignment": "A metadata schema's assignment names an entity twice or one that the service does not have.";
    SERVICE_LIMIT = "service-limit": "More resources than the service allows.";
    DOCUMENT_MISSING = "document-missing": "A description file that does not exist.";
    DOCUMENT_OUTSIDE = "document-outside": "A description file outside the project folder.";
    DOCUMENT_REFERENCE = "document-reference": "A reference of a description leads to something that a file does not have.";
    DOCUMENT_IMPORT = "document-import": "A description imports other files, which the service does not get with it.";
    DOCUMENT_TOO_LARGE = "document-too-large": "A description file larger than the service takes inline.";
    DOCUMENT_INVALID = "document-invalid": "A description file that cannot be parsed, or that is not what it is declared to be.";
    DOCUMENT_DUPLICATE_KEY = "document-duplicate-key": "A description file has the same key twice; its readers see only one of the two.";
    DOCUMENT_SCHEMA = "document-schema": "A description file that the official schema of its format refuses; not every reader of the catalogue will understand it.";
    RULESET_MISSING = "ruleset-missing": "A ruleset's folder that does not exist.";
    RULESET_OUTSIDE = "ruleset-outside": "A ruleset's folder, or a file in it, outside the project folder.";
    RULESET_TOO_LARGE = "ruleset-too-large": "A ruleset folder has too many files or bytes.";
    RULESET_INVALID = "ruleset-invalid": "A ruleset's folder without rules, or with rules that cannot be read.";
    RULESET_REFERENCE = "ruleset-reference": "A ruleset refers to a file that is not in its folder, or to a package, which the service cannot load.";
    SPECIFICATION_MISMATCH = "specification-mismatch": "The declared specification is not the one that the document states.";
    UNRESOLVED_EXPRESSION = "unresolved-expression": "An expression of a template has a value only when it is deployed, so that what has it is not imported.";
    VERSION_MISMATCH = "version-mismatch": "A document states another version than the one that it is filed under.";
    SPECIFICATION_ALONE = "specification-alone": "A definition states a specification and has no document, so nothing carries it to the service.";
    SECRET_LITERAL = "secret-literal": "A manifest contains a secret instead of the address of a key vault secret.";
    ROLE_UNKNOWN = "role-unknown": "A role is neither a built-in name nor a GUID.";
    NOT_SYNCHRONISED = "not-synchronised": "An API or a version that the integration has not brought in yet.";
    INTEGRATION_PREREQUISITE = "integration-prerequisite": "An integration lacks an identity or a role without which it cannot read its source.";
    INTEGRATION_LINK = "integration-link": "The service reports an error on the link of an integration.";
    CASCADE = "cascade": "Deleting a resource also removes other resources, which must be confirmed.";
    DEPENDENCY_NOT_SELECTED = "dependency-not-selected": "A planned change needs a resource that is neither in the service nor planned.";
    FOREIGN_OWNER = "foreign-owner": "A resource carries the marker of another owner, so this project does not change it.";
    KEPT_BY_INTEGRATION = "kept-by-integration": "A declared resource is synchronised by an integration, which would overwrite it.";
    PROTECTED = "protected": "A delete would remove a resource that safety.protect lists.";
    EXCLUDED = "excluded": "A delete would remove a resource that --exclude leaves out.";
    HIDDEN_BELOW = "hidden-below": "A resource would get another name, and what is below it cannot all be listed.";
    AMBIGUOUS_MATCH = "ambiguous-match": "A declaration of a synchronised API matches several APIs of its integration.";
    SCHEMA_IN_USE = "schema-in-use": "A metadata schema cannot change while resources keep values that the change invalidates.";
    RENAME_CONFLICT = "rename-conflict": "A resource exists under its present and its former name, and the two differ.";
    EDIT_CONFLICT = "edit-conflict": "A resource was edited in the portal and in the repository since both last agreed, in other ways.";
    POSSIBLE_RENAME = "possible-rename": "A plan creates a resource and deletes one that is nearly the same, which may be a rename.";
    IMMUTABLE_FIELD = "immutable-field": "A field cannot change once its resource exists.";
    RESOURCE_TYPE = "resource-type": "A resource that is declared by another kind than its own, or whose type, scope or parent do not fit each other.";
    UNKNOWN_RESOURCE_TYPE = "unknown-resource-type": "A type of resources that this program does not know; the service may.";
    ANONYMOUS_ACCESS = "anonymous-access": "A portal lets everybody read the catalogue without signing in; an apply that opens it requires --allow-public.";
    DANGLING_LINK = "dangling-link": "A resource in the service names another one that is not there or is deleted by the plan.";
    MCP_WITHOUT_ADDRESS = "mcp-without-address": "An MCP server without a deployment that has a runtime address, which registries do not show.";
    EXEMPTION_INVALID = "exemption-invalid": "An exemption names a code that does not exist or cannot be exempted, or something else that makes no sense.";
    EXEMPTION_DUPLICATE = "exemption-duplicate": "Two exemptions accept the same findings, so that it is not clear whose reason and date count.";
    EXEMPTION_UNUSED = "exemption-unused": "An exemption accepts no finding: what it accepted is fixed, or it names something else.";
    UNDO_MOVED = "undo-moved": "Something that an undo would overwrite, delete or need was changed since the apply.";
    UNDO_TARGET = "undo-target": "An undo file is of another target or another service than the one that is chosen.";
    UNDO_REMAINS = "undo-remains": "Something stays otherwise than it was before the apply that is undone.";
    UNDO_FILE_TAKEN = "undo-file-taken": "An undo file is of another apply, and is not overwritten.";
    TOO_MANY_DELETES = "too-many-deletes": "A plan deletes more resources than safety.maxDeletes allows.";
}

/// What metadata schemas decide about custom properties.
pub const BY_METADATA_SCHEMA: [Code; 3] = [
    CUSTOM_PROPERTY_VALUE,
    CUSTOM_PROPERTY_UNASSIGNED,
    CUSTOM_PROPERTY_DEPRECATED,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_yaml_are_known_by_their_names() {
        for code in ALL {
            assert_eq!(
                code.is_of_yaml(),
                code.id.starts_with("yaml-"),
                "{}",
                code.id
            );
        }
    }

    #[test]
    fn codes_are_unique_lower_case_and_explained() {
        let mut seen = std::collections::BTreeSet::new();
        for code in ALL {
            assert!(seen.insert(&code.id), "{} stands twice", code.id);
            assert!(
                code.id.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{}",
                code.id
            );
            assert!(
                code.meaning.ends_with('.') && code.meaning.len() > 20,
                "{}",
                code.id
            );
        }
    }
}
