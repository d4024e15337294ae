//! From a path to what it addresses.

/// What a path of the resource manager addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ManagerTarget {
    Tenants,
    Subscriptions,
    Subscription(String),
    Groups(String),
    Group {
        subscription: String,
        name: String,
    },
    Providers(String),
    Provider {
        subscription: String,
        namespace: String,
    },
    /// POST; every provider is registered from the start.
    Registration {
        subscription: String,
        namespace: String,
    },
    Resources {
        subscription: String,
        group: Option<String>,
    },
    /// How the deletion of a group went.
    OperationResult,
}

impl ManagerTarget {
    pub(super) fn resource_type(&self) -> &'static str {
        match self {
            Self::Tenants => "tenants",
            Self::Subscriptions | Self::Subscription(_) => "subscriptions",
            Self::Groups(_) | Self::Group { .. } => "resourceGroups",
            Self::Providers(_) | Self::Provider { .. } | Self::Registration { .. } => "providers",
            Self::Resources { .. } => "resources",
            Self::OperationResult => "operationResults",
        }
    }
}

/// What a path addresses, by its decoded segments.
pub(super) fn parse(segments: &[&str]) -> Option<ManagerTarget> {
    let (first, rest) = segments.split_first()?;
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    if is(first, "tenants") && rest.is_empty() {
        return Some(ManagerTarget::Tenants);
    }
    if !is(first, "subscriptions") {
        return None;
    }
    let subscription = || rest.first().map(|id| (*id).to_owned()).unwrap_or_default();
    let in_subscription = rest.get(1..).unwrap_or_default();
    Some(match in_subscription {
        [] if rest.is_empty() => ManagerTarget::Subscriptions,
        [] => ManagerTarget::Subscription(subscription()),
        [list] if is(list, "resourceGroups") => ManagerTarget::Groups(subscription()),
        [list] if is(list, "providers") => ManagerTarget::Providers(subscription()),
        [list] if is(list, "resources") => ManagerTarget::Resources {
            subscription: subscription(),
            group: None,
        },
        [list, name] if is(list, "resourceGroups") => ManagerTarget::Group {
            subscription: subscription(),
            name: (*name).to_owned(),
        },
        [list, group, last] if is(list, "resourceGroups") && is(last, "resources") => {
            ManagerTarget::Resources {
                subscription: subscription(),
                group: Some((*group).to_owned()),
            }
        }
        [list, namespace] if is(list, "providers") => ManagerTarget::Provider {
            subscription: subscription(),
            namespace: (*namespace).to_owned(),
        },
        [list, namespace, last] if is(list, "providers") && is(last, "register") => {
            ManagerTarget::Registration {
                subscription: subscription(),
                namespace: (*namespace).to_owned(),
            }
        }
        [list, _] if is(list, "operationResults") => ManagerTarget::OperationResult,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::{ManagerTarget, parse};

    #[test]
    fn paths_are_read_without_case() {
        let read = |path: &str| parse(&path.split('/').collect::<Vec<_>>());
        let s = || "S".to_owned();
        assert_eq!(read("tenants"), Some(ManagerTarget::Tenants));
        assert_eq!(read("subscriptions"), Some(ManagerTarget::Subscriptions));
        assert_eq!(
            read("Subscriptions/S"),
            Some(ManagerTarget::Subscription(s()))
        );
        assert_eq!(
            read("subscriptions/S/resourcegroups/G"),
            Some(ManagerTarget::Group {
                subscription: s(),
                name: "G".to_owned()
            })
        );
        assert_eq!(
            read("subscriptions/S/resources"),
            Some(ManagerTarget::Resources {
                subscription: s(),
                group: None
            })
        );
        assert_eq!(
            read("subscriptions/S/providers/Microsoft.ApiCenter"),
            Some(ManagerTarget::Provider {
                subscription: s(),
                namespace: "Microsoft.ApiCenter".to_owned()
            })
        );
        assert_eq!(read("subscriptions/S/providers/P/services"), None);
        assert_eq!(read("providers"), None);
    }
}
