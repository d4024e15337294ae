//! The addresses that a server of a description stands for.

use serde_json::Value;

use super::tree::{entries, texts};

/// Most addresses that one server expands to.
const MOST: usize = 32;

/// An address with each value that the variables of its server may have, without a `/` at its end.
pub(super) fn expanded(address: &str, server: &Value) -> Vec<String> {
    let mut all = vec![address.trim_end_matches('/').to_owned()];
    for (name, variable) in entries(server, "variables") {
        let values: Vec<&str> = texts(variable, "enum").collect();
        let values = if values.is_empty() {
            vec!["{}"]
        } else {
            values
        };
        if all.len() * values.len() > MOST {
            continue;
        }
        let slot = format!("{{{name}}}");
        all = all
            .iter()
            .flat_map(|url| {
                values
                    .iter()
                    .map(|value| url.replace(&slot, value))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    all
}
