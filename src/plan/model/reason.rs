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

/// Why a resource with so many differing fields is changed to be as another service has it.
pub(in crate::plan) fn differing(fields: usize) -> String {
    match fields {
        1 => "1 field differs".to_owned(),
        count => format!("{count} fields differ"),
    }
}

/// Why a resource with so many differing fields is changed to be as it is declared.
pub(in crate::plan) fn differing_from_manifest(fields: usize) -> String {
    format!("{} from the manifest", differing(fields))
}

impl Change {
    /// What its reason says besides what the symbol and the fields of the change show.
    #[must_use]
    pub fn remark(&self) -> &str {
        let fields = self.fields.len();
        let (declared, other) = (differing_from_manifest(fields), differing(fields));
        let renamed = self.former().map_or(String::new(), renamed_from);
        let mut rest = self.reason.as_str();
        for routine in [&renamed, NOT_THERE, BY_DECLARED_FIELDS, &declared, &other] {
            if let Some(other) = rest.strip_prefix(routine) {
                rest = other.trim_start_matches([',', ';', ' ']);
            }
        }
        rest
    }
}
