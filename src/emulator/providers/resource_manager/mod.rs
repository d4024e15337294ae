//! What the resource manager itself answers around its providers: tenants, subscriptions, resource
//! groups, registrations, and the list of all resources.
//!
//! Chosen here: every subscription exists, and so does every resource group as soon as somebody makes
//! a service in it, so that nobody has to make either before the first service.

mod groups;
mod providers;
mod resources;
mod subscriptions;

use axum::http::{Method, StatusCode};

use crate::emulator::core::request::Call;
use crate::emulator::core::response::{Answer, Outcome};
use crate::emulator::providers::api_center::actions::Done;
use crate::emulator::providers::api_center::dispatch::not_allowed;
use crate::emulator::store::{Changes, View};

pub(in crate::emulator) use providers::is_version;

/// What a path of the resource manager addresses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emulator) enum Place {
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
    /// POST; every provider here is registered from the start.
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

impl Place {
    pub(in crate::emulator) fn type_path(&self) -> &'static str {
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

/// The place of a path, as its decoded segments.
pub(in crate::emulator) fn place(segments: &[&str]) -> Option<Place> {
    let (first, rest) = segments.split_first()?;
    let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
    if is(first, "tenants") && rest.is_empty() {
        return Some(Place::Tenants);
    }
    if !is(first, "subscriptions") {
        return None;
    }
    let subscription = || rest.first().map(|id| (*id).to_owned()).unwrap_or_default();
    let in_subscription = rest.get(1..).unwrap_or_default();
    Some(match in_subscription {
        [] if rest.is_empty() => Place::Subscriptions,
        [] => Place::Subscription(subscription()),
        [list] if is(list, "resourceGroups") => Place::Groups(subscription()),
        [list] if is(list, "providers") => Place::Providers(subscription()),
        [list] if is(list, "resources") => Place::Resources {
            subscription: subscription(),
            group: None,
        },
        [list, name] if is(list, "resourceGroups") => Place::Group {
            subscription: subscription(),
            name: (*name).to_owned(),
        },
        [list, group, last] if is(list, "resourceGroups") && is(last, "resources") => {
            Place::Resources {
                subscription: subscription(),
                group: Some((*group).to_owned()),
            }
        }
        [list, namespace] if is(list, "providers") => Place::Provider {
            subscription: subscription(),
            namespace: (*namespace).to_owned(),
        },
        [list, namespace, last] if is(list, "providers") && is(last, "register") => {
            Place::Registration {
                subscription: subscription(),
                namespace: (*namespace).to_owned(),
            }
        }
        [list, _] if is(list, "operationResults") => Place::OperationResult,
        _ => return None,
    })
}

/// Answers what only looks.
pub(in crate::emulator) fn look(view: View<'_>, call: &Call, place: &Place) -> Outcome {
    match place {
        Place::Tenants => Ok(subscriptions::tenants()),
        Place::Subscriptions => subscriptions::list(view),
        Place::Subscription(id) => Ok(subscriptions::get(id)),
        Place::Groups(subscription) => groups::list(view, subscription),
        Place::Group { subscription, name } => {
            let found = groups::get(view, subscription, name)?;
            // Documented: a HEAD of a group answers 204.
            Ok(if call.method == Method::HEAD {
                Answer::empty(StatusCode::NO_CONTENT)
            } else {
                found
            })
        }
        Place::Providers(subscription) => Ok(providers::list(subscription)),
        Place::Provider {
            subscription,
            namespace,
        } => providers::get(subscription, namespace),
        Place::Resources {
            subscription,
            group,
        } => resources::list(view, subscription, group.as_deref(), call),
        // What is asked about has happened before the address was given out.
        Place::OperationResult => Ok(Answer::empty(StatusCode::OK)),
        Place::Registration { .. } => Err(not_allowed(&call.method)),
    }
}

/// Answers what changes.
pub(in crate::emulator) fn change(
    changes: &Changes<'_>,
    call: &Call,
    place: &Place,
) -> Outcome<Done> {
    match (place, call.method.as_str()) {
        (Place::Group { subscription, name }, "PUT") => {
            groups::put(changes, subscription, name, call.body.as_ref())
        }
        (Place::Group { subscription, name }, "PATCH") => {
            groups::patch(changes, subscription, name, call.body.as_ref())
        }
        (Place::Group { subscription, name }, "DELETE") => {
            groups::delete(changes, subscription, name, call)
        }
        (
            Place::Registration {
                subscription,
                namespace,
            },
            "POST",
        ) => providers::get(subscription, namespace).map(Done::from),
        _ => Err(not_allowed(&call.method)),
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, place};

    #[test]
    fn paths_are_read_without_case() {
        let read = |path: &str| place(&path.split('/').collect::<Vec<_>>());
        let s = || "S".to_owned();
        assert_eq!(read("tenants"), Some(Place::Tenants));
        assert_eq!(read("subscriptions"), Some(Place::Subscriptions));
        assert_eq!(read("Subscriptions/S"), Some(Place::Subscription(s())));
        assert_eq!(
            read("subscriptions/S/resourcegroups/G"),
            Some(Place::Group {
                subscription: s(),
                name: "G".to_owned()
            })
        );
        assert_eq!(
            read("subscriptions/S/resources"),
            Some(Place::Resources {
                subscription: s(),
                group: None
            })
        );
        assert_eq!(
            read("subscriptions/S/providers/Microsoft.ApiCenter"),
            Some(Place::Provider {
                subscription: s(),
                namespace: "Microsoft.ApiCenter".to_owned()
            })
        );
        assert_eq!(read("subscriptions/S/providers/P/services"), None);
        assert_eq!(read("providers"), None);
    }
}
