//! Azure resource ids and scopes, which compare ignoring case.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};

use serde::{Deserialize, Serialize};

/// A scope of Azure: the id of a resource, a resource group or a subscription.
///
/// Two scopes that differ only in case or in a trailing slash are equal; [`fmt::Display`] keeps the
/// text as it was written.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scope(String);

impl Scope {
    /// The scope with this id.
    #[must_use]
    pub fn new(id: impl Into<String>) -> Self {
        Self(id.into())
    }

    /// The id as it was written.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The same scope in the form that is compared: lower case, no trailing slash.
    #[must_use]
    pub fn normalised(&self) -> Self {
        Self(self.key().into_owned())
    }

    /// Whether a role at this scope also holds at `other`: it is the same scope or an ancestor.
    #[must_use]
    pub fn covers(&self, other: &Self) -> bool {
        other
            .key()
            .strip_prefix(&*self.key())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the id has this segment, such as `Microsoft.ApiManagement`.
    #[must_use]
    pub fn has_segment(&self, segment: &str) -> bool {
        self.0
            .split('/')
            .any(|own| own.eq_ignore_ascii_case(segment))
    }

    /// The last segment of the id: the name of the resource.
    #[must_use]
    pub fn name(&self) -> &str {
        let trimmed = self.0.trim_end_matches('/');
        trimmed.rsplit('/').next().unwrap_or(trimmed)
    }

    fn key(&self) -> Cow<'_, str> {
        let trimmed = self.0.trim_end_matches('/');
        if trimmed.bytes().any(|byte| byte.is_ascii_uppercase()) {
            Cow::Owned(trimmed.to_ascii_lowercase())
        } else {
            Cow::Borrowed(trimmed)
        }
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl PartialEq for Scope {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Scope {}

impl Ord for Scope {
    fn cmp(&self, other: &Self) -> Ordering {
        self.key().cmp(&other.key())
    }
}

impl PartialOrd for Scope {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Scope {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.key().hash(state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_compare_without_case_and_trailing_slash() {
        let scope = Scope::new("/Subscriptions/S/resourceGroups/g/");
        assert_eq!(scope, Scope::new("/subscriptions/s/resourcegroups/G"));
        assert_eq!(scope.to_string(), "/Subscriptions/S/resourceGroups/g/");
        assert_eq!(scope.name(), "g");
        assert!(scope.has_segment("ResourceGroups"));
    }

    #[test]
    fn a_scope_covers_itself_and_what_is_below_it() {
        let group = Scope::new("/subscriptions/s/resourceGroups/g");
        let below = Scope::new("/subscriptions/S/resourceGroups/G/providers/P/x/y");
        assert!(group.covers(&group) && group.covers(&below) && !below.covers(&group));
        assert!(!group.covers(&Scope::new("/subscriptions/s/resourceGroups/g2")));
    }
}
