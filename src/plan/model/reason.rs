//! Why a change happens, in words.

use super::change::Change;
use crate::model::Address;

/// Why a resource is created.
pub(in crate::plan) const NOT_THERE: &str = "not in the service yet";

/// Why a resource is deleted that an apply created.
pub(in crate::plan) const CREATED_BY_APPLY: &str = "created by the apply that is undone";

/// Why a resource is created that an apply deleted.
pub(in crate::plan) const DELETED_BY_APPLY: &str = "deleted by the apply that is undone";

/// Why a resource is deleted and created again that an apply gave content.
pub(in crate::plan) const EMPTIED: &str =
    "had no content, which cannot be removed, so it is deleted and created again";

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

/// Why a resource with so many differing fields is changed to be as it was before an apply.
pub(in crate::plan) fn differing_from_before(fields: usize) -> String {
    format!("{} from before the apply", differing(fields))
}

impl Change {
    /// What its reason says besides what the symbol and the fields of the change show.
    #[must_use]
    pub fn remark(&self) -> &str {
        let fields = self.fields.len();
        let (declared, other) = (differing_from_manifest(fields), differing(fields));
        let before = differing_from_before(fields);
        let renamed = self.former().map_or(String::new(), renamed_from);
        let routine = [
            renamed.as_str(),
            NOT_THERE,
            DELETED_BY_APPLY,
            BY_DECLARED_FIELDS,
            &declared,
            &before,
            &other,
        ];
        let mut rest = self.reason.as_str();
        for routine in routine {
            if let Some(other) = rest.strip_prefix(routine) {
                rest = other.trim_start_matches([',', ';', ' ']);
            }
        }
        rest
    }
}
