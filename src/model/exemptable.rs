//! Which findings of this program an exemption can accept.

use super::code::{self, Code};
use super::diagnostic::{Diagnostic, Severity};

/// Findings about what is declared, with which a service can live. Whatever keeps a manifest from being read,
/// and every rule that refuses a plan or blocks a change, is not among them.
static EXEMPTABLE: &[Code] = &[
    code::MISSING_FIELD,
    code::WRONG_TYPE,
    code::TOO_LONG,
    code::TOO_SHORT,
    code::BAD_PATTERN,
    code::UNKNOWN_VALUE,
    code::DOUBTFUL_NAME,
    code::DANGLING_REFERENCE,
    code::SERVICE_LIMIT,
    code::CUSTOM_PROPERTY_UNKNOWN,
    code::CUSTOM_PROPERTY_UNASSIGNED,
    code::CUSTOM_PROPERTY_VALUE,
    code::CUSTOM_PROPERTY_REQUIRED,
    code::CUSTOM_PROPERTY_DEPRECATED,
    code::METADATA_SCHEMA_INVALID,
    code::METADATA_VALUE_LACKING,
    code::METADATA_ASSIGNMENT,
    code::DOCUMENT_INVALID,
    code::DOCUMENT_DUPLICATE_KEY,
    code::DOCUMENT_IMPORT,
    code::DOCUMENT_SCHEMA,
    code::RULESET_INVALID,
    code::RULESET_REFERENCE,
    code::SPECIFICATION_MISMATCH,
    code::SPECIFICATION_ALONE,
    code::VERSION_MISMATCH,
    code::NOT_SYNCHRONISED,
    code::INTEGRATION_PREREQUISITE,
    code::INTEGRATION_LINK,
    code::UNKNOWN_RESOURCE_TYPE,
    code::ANONYMOUS_ACCESS,
    code::DANGLING_LINK,
    code::POSSIBLE_RENAME,
    code::MCP_WITHOUT_ADDRESS,
];

impl Code {
    /// Whether an exemption can accept findings of this code. Those of rules that were made at run time always
    /// can be.
    #[must_use]
    pub fn is_exemptable(&self) -> bool {
        EXEMPTABLE.contains(self) || !code::ALL.contains(self)
    }
}

impl Diagnostic {
    /// Whether an exemption can accept this finding: not if it is an error about a value that was dropped,
    /// because nothing can go on without the value.
    #[must_use]
    pub fn is_acceptable(&self) -> bool {
        let is_kept = self.severity == Severity::Warning || !self.about.is_empty();
        self.code.is_exemptable() && (is_kept || !code::ALL.contains(&self.code))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_refuses_a_plan_or_hides_a_manifest_is_not_exemptable() {
        for code in [
            code::TOO_MANY_DELETES,
            code::FOREIGN_OWNER,
            code::IMMUTABLE_FIELD,
            code::PROTECTED,
            code::CASCADE,
            code::YAML_SYNTAX,
            code::UNKNOWN_FIELD,
            code::SECRET_LITERAL,
        ] {
            assert!(!code.is_exemptable(), "{code}");
        }
        assert!(code::TOO_LONG.is_exemptable());
        assert!(Code::new("team-owner", "Every API has an owner.").is_exemptable());
    }
}
