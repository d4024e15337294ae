//! Why a change happens, in words.

use super::change::Change;
use crate::model::Address;

/// Why a resource is created.
pub(in crate::plan) const NOT_THERE: &str = "not in the service yet";

/// Why a resource is changed of which only what is declared is compared.
pub(in crate::plan) const BY_DECLARED_FIELDS: &str = "by its declared fields";

/// Why a resource is written that gets another name.
pub(in crate::plan) fn renamed_from(former: &Address) -> String {
    format!("renamed from {former}")
}

/// Why a resource with so many differing fields is changed.
pub(in crate::plan) fn differing(fields: usize) -> String {
    match fields {
        1 => "1 field differs from the manifest".to_owned(),
        count => format!("{count} fields differ from the manifest"),
    }
}

impl Change {
    /// What its reason says besides what the symbol and the fields of the change show.
    #[must_use]
    pub fn remark(&self) -> &str {
        let differing = differing(self.fields.len());
        let renamed = self.former().map_or(String::new(), renamed_from);
        let mut rest = self.reason.as_str();
        for routine in [&renamed, NOT_THERE, BY_DECLARED_FIELDS, &differing] {
            if let Some(other) = rest.strip_prefix(routine) {
                rest = other.trim_start_matches([',', ';', ' ']);
            }
        }
        rest
    }
}
