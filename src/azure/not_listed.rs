//! Types of resources that cannot be listed, where that is not an error.

use std::collections::BTreeMap;
use std::sync::Mutex;

use crate::kinds::Kind;
use crate::live::{ErrorKind, ServiceError};
use crate::model::NotListed;

/// The types that could not be listed, by their paths, and why.
#[derive(Debug, Default)]
pub struct NotListedTypes(Mutex<BTreeMap<String, NotListed>>);

impl NotListedTypes {
    /// What was listed of a type; nothing if the service does not offer it, or keeps it from these credentials, which is
    /// remembered.
    ///
    /// # Errors
    /// Those of the list, for every other reason.
    pub fn or_none<T>(
        &self,
        kind: &Kind,
        type_path: Option<String>,
        listed: Result<Vec<T>, ServiceError>,
    ) -> Result<Vec<T>, ServiceError> {
        let error = match listed {
            Ok(items) => return Ok(items),
            Err(error) => error,
        };
        let Some(why) = why_not_listed(kind, &error) else {
            return Err(error);
        };
        tracing::info!(%error, "a type of resources is not looked at");
        self.extend(type_path.map(|path| (path, why)));
        Ok(Vec::new())
    }

    /// Remembers more of them.
    pub fn extend(&self, more: impl IntoIterator<Item = (String, NotListed)>) {
        if let Ok(mut all) = self.0.lock() {
            all.extend(more);
        }
    }

    /// Why a type could not be listed, if it could not.
    #[must_use]
    pub fn why(&self, type_path: &str) -> Option<NotListed> {
        self.0.lock().ok()?.get(type_path).copied()
    }

    /// All of them.
    #[must_use]
    pub fn into_inner(self) -> BTreeMap<String, NotListed> {
        self.0.into_inner().unwrap_or_default()
    }
}

/// Why a type cannot be listed, where that means that there is none of it or that it is out of reach: a cloud or
/// a region does not have a preview type at all (documented: the codes of the resource manager for that), a
/// service does not have one of the types that nobody published, or a role does not include it.
fn why_not_listed(kind: &Kind, error: &ServiceError) -> Option<NotListed> {
    let is_unknown = matches!(
        error.code(),
        Some("InvalidResourceType" | "NoRegisteredProviderFound")
    );
    if is_unknown && kind.api_version.ends_with("-preview") {
        return Some(NotListed::NotOffered);
    }
    match error.kind() {
        _ if !kind.may_be_missing => None,
        ErrorKind::NotFound => Some(NotListed::NotOffered),
        ErrorKind::Refused if matches!(error.status(), Some(400 | 405)) => {
            Some(NotListed::NotOffered)
        }
        ErrorKind::Authorization => Some(NotListed::Forbidden),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::kinds;

    #[test]
    fn only_preview_kinds_may_be_unknown() {
        let error = |kind, code: &str, status| {
            let error = ServiceError::new(kind, "no").with_code(Some(code));
            error.with_status(status)
        };
        let unknown = error(ErrorKind::NotFound, "InvalidResourceType", 404);
        let absent = error(ErrorKind::NotFound, "ResourceGroupNotFound", 404);
        let forbidden = error(ErrorKind::Authorization, "AuthorizationFailed", 403);
        let unsupported = error(ErrorKind::Refused, "UnsupportedApiVersion", 400);
        let conflict = error(ErrorKind::Refused, "Conflict", 409);
        let offered = Some(NotListed::NotOffered);
        for (kind, error, expected) in [
            (&kinds::INTEGRATION, &unknown, offered),
            (&kinds::INTEGRATION, &absent, None),
            (&kinds::INTEGRATION, &forbidden, None),
            (&kinds::API, &unknown, None),
            (&kinds::SKILL, &unknown, offered),
            (&kinds::SKILL, &absent, offered),
            (&kinds::SKILL, &unsupported, offered),
            (&kinds::RESOURCE, &forbidden, Some(NotListed::Forbidden)),
            (&kinds::RESOURCE, &conflict, None),
        ] {
            assert_eq!(why_not_listed(kind, error), expected, "{error}");
        }
    }
}
