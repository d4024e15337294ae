//! AsyncAPI 2.x and 3.x, and the one against the other.

mod bindings;
mod compare;
mod message;
mod messages;
mod nameless;
mod pairs;
mod parameters;
mod payloads;
mod replies;
mod security;
mod servers;
mod sums;
mod traits;
mod unread;
mod view;

use serde_json::Value;

pub(super) use compare::compare;

pub(super) fn is_asyncapi(root: &Value) -> bool {
    root.get("asyncapi").is_some()
}
