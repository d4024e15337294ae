//! Identities as they are stored, written and shown.

use axum::http::StatusCode;
use serde_json::{Map, Value, json};

use crate::emulator::base::clock::{Ticks, etag};
use crate::emulator::core::handler::{HandlerResult, WriteOutcome};
use crate::emulator::core::identity::{TENANT, record_principals, user_assigned};
use crate::emulator::core::response::{HandlerResponse, location_required, resource_not_found};
use crate::emulator::core::{roles, tracked};
use crate::emulator::store::{Changes, Record, StoreError, View, child_key};

pub(super) const NAMESPACE: &str = "Microsoft.ManagedIdentity";
pub(super) const COLLECTION: &str = "userAssignedIdentities";

/// Where an identity is, or where identities are listed, as the caller addressed it.
#[derive(Debug, Clone)]
pub(super) struct IdentityPath {
    pub(super) subscription: String,
    /// `None` for the list of the subscription.
    pub(super) group: Option<String>,
    /// `None` for a list.
    pub(super) name: Option<String>,
}

impl IdentityPath {
    /// What a path addresses, by its decoded segments.
    pub(super) fn parse(segments: &[&str]) -> Option<Self> {
        let is = |segment: &str, literal: &str| segment.eq_ignore_ascii_case(literal);
        let (subscription, group, rest) = match segments {
            [a, subscription, b, group, c, rest @ ..]
                if is(a, "subscriptions") && is(b, "resourceGroups") && is(c, "providers") =>
            {
                (subscription, Some(group), rest)
            }
            [a, subscription, c, rest @ ..] if is(a, "subscriptions") && is(c, "providers") => {
                (subscription, None, rest)
            }
            _ => return None,
        };
        let name = match rest {
            [namespace, collection] if is(namespace, NAMESPACE) && is(collection, COLLECTION) => {
                None
            }
            [namespace, collection, name]
                if group.is_some() && is(namespace, NAMESPACE) && is(collection, COLLECTION) =>
            {
                Some((*name).to_owned())
            }
            _ => return None,
        };
        Some(Self {
            subscription: (*subscription).to_owned(),
            group: group.map(|group| (*group).to_owned()),
            name,
        })
    }

    /// The key that the identities of the group are listed under. No subscription is called like its
    /// start.
    fn parent(&self) -> String {
        let group = self.group.as_deref().unwrap_or_default();
        format!("@identity/{}/{group}", self.subscription).to_ascii_lowercase()
    }

    fn key(&self) -> String {
        let name = self.name.as_deref().unwrap_or_default();
        child_key(&self.parent(), COLLECTION, name)
    }

    pub(super) fn id(&self) -> String {
        format!(
            "/subscriptions/{}/resourceGroups/{}/providers/{NAMESPACE}/{COLLECTION}/{}",
            self.subscription,
            self.group.as_deref().unwrap_or_default(),
            self.name.as_deref().unwrap_or_default()
        )
    }
}

/// The identities of a subscription, or of a group in it, in order of creation.
pub(super) fn all(
    view: View<'_>,
    subscription: &str,
    group: Option<&str>,
) -> Result<Vec<(IdentityPath, Record)>, StoreError> {
    let prefix = match group {
        Some(group) => format!("@identity/{subscription}/{group}/"),
        None => format!("@identity/{subscription}/"),
    };
    let mut found: Vec<(IdentityPath, Record)> = view
        .resources_below(&prefix.to_ascii_lowercase())?
        .into_iter()
        .map(|(_, record)| {
            let group = record.owned.get("group").and_then(Value::as_str);
            let path = IdentityPath {
                subscription: subscription.to_owned(),
                group: group.map(str::to_owned),
                name: Some(record.name.clone()),
            };
            (path, record)
        })
        .collect();
    found.sort_by_key(|(_, record)| record.number);
    Ok(found)
}

/// A list, or a single identity.
pub(super) fn read(view: View<'_>, path: &IdentityPath) -> HandlerResult {
    if path.name.is_some() {
        let record = view.resource(&path.key())?.ok_or_else(|| missing(path))?;
        return Ok(HandlerResponse::ok(rendered(path, &record)));
    }
    let found = all(view, &path.subscription, path.group.as_deref())?;
    let value: Vec<Value> = found
        .iter()
        .map(|(path, record)| rendered(path, record))
        .collect();
    Ok(HandlerResponse::ok(json!({ "value": value })))
}

fn missing(path: &IdentityPath) -> HandlerResponse {
    resource_not_found(
        &format!("{NAMESPACE}/{COLLECTION}"),
        path.name.as_deref().unwrap_or_default(),
        path.group.as_deref().unwrap_or_default(),
    )
}

/// PUT creates (201) or replaces (200), PATCH changes (200) (documented). Chosen here: PATCH replaces all tags if
/// it has some.
pub(super) fn write(
    changes: &Changes<'_>,
    path: &IdentityPath,
    body: &Value,
    creates: bool,
) -> HandlerResult<WriteOutcome> {
    let old = changes.view().resource(&path.key())?;
    if old.is_none() && !creates {
        return Err(missing(path).into());
    }
    let kept = |name: &str| old.as_ref().and_then(|old| old.owned.get(name)).cloned();
    let location = body.get("location").filter(|location| location.is_string());
    let location = location.cloned().or_else(|| kept("location"));
    let location = location.ok_or_else(location_required)?;
    let tags = tracked::tags(body).map(Value::Object);
    let kept_tags = || kept("tags").filter(|_| !creates);
    let tags = tags.or_else(kept_tags).unwrap_or_else(|| json!({}));
    let owned = [
        ("location", location),
        ("tags", tags),
        ("group", json!(path.group)),
    ];
    let now = Ticks::now();
    let number = changes.next_number()?;
    let record = Record {
        name: path.name.clone().unwrap_or_default(),
        number: old.as_ref().map_or(number, |old| old.number),
        etag: etag(number, now),
        created: old.as_ref().map_or(now, |old| old.created),
        modified: now,
        properties: Map::new(),
        owned: owned
            .map(|(name, value)| (name.to_owned(), value))
            .into_iter()
            .collect(),
        link: None,
    };
    record_principals(changes, Some(&user_assigned(&path.id())))?;
    let parent = path.parent();
    let new_in = old.is_none().then_some((parent.as_str(), COLLECTION));
    changes.put_resource(&path.key(), &record, new_in)?;
    let status = if old.is_some() {
        StatusCode::OK
    } else {
        StatusCode::CREATED
    };
    Ok(HandlerResponse::json(status, rendered(path, &record)).into())
}

/// 204 when there is none (documented).
pub(super) fn delete(changes: &Changes<'_>, path: &IdentityPath) -> HandlerResult<WriteOutcome> {
    let Some(record) = changes.view().resource(&path.key())? else {
        return Ok(HandlerResponse::empty(StatusCode::NO_CONTENT).into());
    };
    remove(changes, path, &record)?;
    Ok(HandlerResponse::empty(StatusCode::OK).into())
}

pub(super) fn remove(
    changes: &Changes<'_>,
    path: &IdentityPath,
    record: &Record,
) -> Result<(), StoreError> {
    roles::remove_at(changes, &path.id())?;
    changes.remove_resource(&path.key(), record, &path.parent(), COLLECTION)
}

fn rendered(path: &IdentityPath, record: &Record) -> Value {
    let owned = |name: &str| record.owned.get(name).cloned().unwrap_or_default();
    let ids = user_assigned(&path.id());
    json!({
        "location": owned("location"),
        "tags": owned("tags"),
        "id": path.id(),
        "name": record.name,
        "type": format!("{NAMESPACE}/{COLLECTION}"),
        "properties": {
            "tenantId": TENANT,
            "principalId": ids["principalId"],
            "clientId": ids["clientId"],
        },
    })
}

#[cfg(test)]
mod tests {
    use super::IdentityPath;

    #[test]
    fn paths_are_read_without_case() {
        let read = |path: &str| IdentityPath::parse(&path.split('/').collect::<Vec<_>>());
        let one = "Subscriptions/S/resourcegroups/G/providers/microsoft.managedidentity/userAssignedIdentities/one";
        let path = read(one).unwrap();
        assert_eq!(path.key(), "@identity/s/g/userassignedidentities/one");
        let list =
            read("subscriptions/S/providers/Microsoft.ManagedIdentity/userAssignedIdentities");
        assert!(list.is_some_and(|list| list.group.is_none() && list.name.is_none()));
        assert!(read("subscriptions/S/providers/Microsoft.ManagedIdentity/identities").is_none());
    }
}
