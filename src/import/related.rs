//! Whether two descriptions that share a title describe the same API.

use std::collections::BTreeSet;

use super::metadata_extraction::Facts;
use crate::model::states_version;

/// Whether two descriptions with the same title are of one API: they are of the same kind, and share a path or a
/// server. Where neither says enough to differ, the title decides.
pub(super) fn are_related(a: &Facts, b: &Facts) -> bool {
    a.kind == b.kind
        && (a.routes.is_empty()
            || b.routes.is_empty()
            || !a.routes.is_disjoint(&b.routes)
            || !servers(a).is_disjoint(&servers(b)))
}

/// Whether two descriptions share a path or a server, which says more than a title.
pub(super) fn share(a: &Facts, b: &Facts) -> bool {
    a.kind == b.kind && (!a.routes.is_disjoint(&b.routes) || !servers(a).is_disjoint(&servers(b)))
}

/// The addresses of the servers without versions: `api.contoso.com/orders`. A developer's own machine is the same
/// for every API.
fn servers(facts: &Facts) -> BTreeSet<String> {
    let addresses = facts.servers.iter().map(|server| {
        let url = server.url.to_lowercase();
        let rest = url.split_once("://").map_or(url.as_str(), |(_, rest)| rest);
        let words = rest
            .split('/')
            .filter(|word| !word.is_empty() && !states_version(word));
        words.collect::<Vec<_>>().join("/")
    });
    let is_local = |address: &String| {
        ["localhost", "127.0.0.1", "0.0.0.0"]
            .iter()
            .any(|host| address.starts_with(host))
    };
    addresses.filter(|address| !is_local(address)).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::document::describe;
    use crate::import::metadata_extraction::facts;

    fn facts_of(paths: &Value, server: &str) -> Facts {
        let text = json!({"openapi": "3.0.0", "info": {"title": "T"}, "paths": paths, "servers": [{"url": server}]});
        let text = text.to_string();
        facts(&describe(Some("a.json"), &text).unwrap(), &text)
    }

    #[test]
    fn descriptions_of_one_api_share_a_path_or_a_server() {
        let orders = facts_of(&json!({"/v1/orders/{id}": {}, "/health": {}}), "/");
        let later = facts_of(&json!({"/api/v2/orders": {}}), "/");
        let users = facts_of(&json!({"/users": {}, "/health": {}}), "/");
        let nothing = facts_of(&json!({}), "/");
        assert!(are_related(&orders, &later) && share(&orders, &later));
        assert!(!are_related(&orders, &users));
        assert!(are_related(&orders, &nothing) && !share(&orders, &nothing));
        let old = facts_of(&json!({"/orders": {}}), "https://a.example/shop/v1");
        let new = facts_of(&json!({"/purchases": {}}), "https://a.example/shop/v2/");
        let other = facts_of(&json!({"/users": {}}), "https://a.example/users/v1");
        assert!(are_related(&old, &new) && !are_related(&old, &other));
        let events = Facts {
            kind: "websocket",
            ..orders.clone()
        };
        assert!(!are_related(&orders, &events));
    }
}
