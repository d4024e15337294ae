//! Items of lists, and the resources that they are.

use serde_json::{Map, Value};

use super::endpoint::is_item_name;
use crate::kinds::Kind;
use crate::live::{ErrorKind, ServiceError};
use crate::model::{Address, LiveResource, Timestamp};

/// Resources as they were read, with their addresses.
pub(super) type Found = Vec<(Address, Value)>;

/// Characters of an unusable item that an error quotes.
const LONGEST_ITEM: usize = 200;

/// The items of a list that are of the kind, with their addresses.
///
/// # Errors
/// As [`name_of`].
pub(super) fn addressed(
    items: Vec<Value>,
    kind: &'static Kind,
    parent: Option<&Address>,
    path: &str,
) -> Result<Found, ServiceError> {
    let mut found = Found::with_capacity(items.len());
    for item in items {
        let name = name_of(&item, path)?;
        if !item.as_object().is_some_and(kind.is_one) {
            continue;
        }
        let address = match parent {
            Some(parent) => parent.child(&kind.info, name),
            None => Address::top(&kind.info, name),
        };
        found.push((address, item));
    }
    Ok(found)
}

/// A resource without its content.
pub(super) fn live(
    kind: &'static Kind,
    address: Address,
    envelope: &Map<String, Value>,
) -> LiveResource {
    let canonical = kind.live(address, envelope);
    LiveResource {
        resource: canonical.resource,
        unmodelled: canonical.unmodelled,
        synchronised: false,
        text: None,
        files: None,
        created_at: created_at(envelope),
    }
}

/// The name of an item of a list.
///
/// # Errors
/// If it has none that leads to it, or no properties: a resource that cannot be addressed must not be
/// compared or deleted, because its address would be that of the whole list.
pub(super) fn name_of<'a>(item: &'a Value, path: &str) -> Result<&'a str, ServiceError> {
    let list = path
        .rsplit_once("/services/")
        .map_or(path, |(_, below)| below);
    let protocol = |problem: String| ServiceError::new(ErrorKind::Protocol, problem);
    let name = item.get("name").and_then(Value::as_str);
    let Some(name) = name.filter(|name| is_item_name(name)) else {
        let mut text = item.to_string();
        if let Some((end, _)) = text.char_indices().nth(LONGEST_ITEM) {
            text.truncate(end);
            text.push('…');
        }
        return Err(protocol(format!(
            "the list {list} has an item without a usable `name`: {text}"
        )));
    };
    if !item.get("properties").is_some_and(Value::is_object) {
        return Err(protocol(format!(
            "the item `{name}` of the list {list} has no `properties`"
        )));
    }
    Ok(name)
}

/// When a resource was created (observed: lists have it, responses to updates do not).
fn created_at(envelope: &Map<String, Value>) -> Option<Timestamp> {
    let text = envelope.get("systemData")?.get("createdAt")?.as_str()?;
    Timestamp::parse(text)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn an_item_that_nobody_can_address_is_an_error() {
        let good = json!({"name": "orders", "properties": {}});
        assert_eq!(name_of(&good, "/x/services/s/apis").unwrap(), "orders");
        for (item, expected) in [
            (
                json!({"properties": {}}),
                "the list s/apis has an item without a usable `name`",
            ),
            (
                json!({"name": "", "properties": {}}),
                "without a usable `name`",
            ),
            (
                json!({"name": null, "properties": {}}),
                "without a usable `name`",
            ),
            (
                json!({"name": "a/b", "properties": {}}),
                "`name`: {\"name\":\"a/b\"",
            ),
            (
                json!({"name": "..", "properties": {}}),
                "without a usable `name`",
            ),
            (json!(null), "without a usable `name`: null"),
            (
                json!({"name": "orders"}),
                "the item `orders` of the list s/apis has no `properties`",
            ),
            (
                json!({"name": "orders", "properties": null}),
                "has no `properties`",
            ),
        ] {
            let error = name_of(&item, "/x/services/s/apis").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Protocol);
            assert!(error.to_string().contains(expected), "{error}");
        }
    }
}
