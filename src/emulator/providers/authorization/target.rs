//! From a path to what it addresses, at any scope.

/// The namespace.
pub(super) const NAMESPACE: &str = "Microsoft.Authorization";

/// What a path below the provider addresses, at the scope before it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum AuthorizationTarget {
    Assignments { scope: String },
    Assignment { scope: String, name: String },
    Definitions { scope: String },
    Definition { scope: String, name: String },
}

impl AuthorizationTarget {
    pub(super) fn resource_type(&self) -> &'static str {
        match self {
            Self::Assignments { .. } | Self::Assignment { .. } => "roleAssignments",
            Self::Definitions { .. } | Self::Definition { .. } => "roleDefinitions",
        }
    }
}

/// What a path addresses, by its decoded segments.
pub(super) fn parse(segments: &[&str]) -> Option<AuthorizationTarget> {
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    let at = segments
        .windows(2)
        .rposition(|pair| is(pair[0], "providers") && is(pair[1], NAMESPACE))?;
    let scope = format!("/{}", segments[..at].join("/"));
    match &segments[at + 2..] {
        [kind] if is(kind, "roleAssignments") => Some(AuthorizationTarget::Assignments { scope }),
        [kind] if is(kind, "roleDefinitions") => Some(AuthorizationTarget::Definitions { scope }),
        [kind, name] if is(kind, "roleAssignments") => Some(AuthorizationTarget::Assignment {
            scope,
            name: (*name).to_owned(),
        }),
        [kind, name] if is(kind, "roleDefinitions") => Some(AuthorizationTarget::Definition {
            scope,
            name: (*name).to_owned(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{AuthorizationTarget, parse};

    fn read(path: &str) -> Option<AuthorizationTarget> {
        let segments: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        parse(&segments)
    }

    #[test]
    fn any_prefix_is_a_scope() {
        let vault = "/subscriptions/S/resourceGroups/g/providers/Microsoft.KeyVault/vaults/v";
        for (scope, prefix) in [
            ("/", ""),
            ("/subscriptions/S", "/subscriptions/S"),
            (vault, vault),
        ] {
            let list = format!("{prefix}/Providers/microsoft.authorization/roleassignments");
            let scope = scope.to_owned();
            assert_eq!(
                read(&list),
                Some(AuthorizationTarget::Assignments {
                    scope: scope.clone()
                })
            );
            let one = format!("{list}/N");
            let name = "N".to_owned();
            assert_eq!(
                read(&one),
                Some(AuthorizationTarget::Assignment { scope, name })
            );
        }
        assert_eq!(read("/providers/Microsoft.Authorization/locks"), None);
        assert_eq!(read("/subscriptions/S"), None);
    }
}
