//! JSON pointers of values that are known by their addresses.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::tree::address;

/// The pointers of some values of a document.
pub(super) struct Pointers(HashMap<usize, String>);

impl Pointers {
    pub(super) fn of(root: &Value, wanted: HashSet<usize>) -> Self {
        let mut found = HashMap::new();
        if !wanted.is_empty() {
            let mut pointer = String::new();
            walk(root, &wanted, &mut pointer, &mut found);
        }
        Self(found)
    }

    pub(super) fn get(&self, address: usize) -> Option<String> {
        self.0.get(&address).cloned()
    }
}

fn walk(
    value: &Value,
    wanted: &HashSet<usize>,
    pointer: &mut String,
    found: &mut HashMap<usize, String>,
) {
    let address = address(value);
    if wanted.contains(&address) {
        found.insert(address, pointer.clone());
    }
    let length = pointer.len();
    let mut below = |key: &str, value: &Value| {
        pointer.push('/');
        pointer.push_str(&key.replace('~', "~0").replace('/', "~1"));
        walk(value, wanted, pointer, found);
        pointer.truncate(length);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| below(key, value)),
        Value::Array(items) => {
            for (at, value) in items.iter().enumerate() {
                below(&at.to_string(), value);
            }
        }
        _ => {}
    }
}

/// The numbers that values have below a key, by the addresses of the values.
pub(super) fn sources(root: &Value, key: &str) -> HashMap<usize, usize> {
    let mut found = HashMap::new();
    let mut waiting = vec![root];
    while let Some(value) = waiting.pop() {
        let number = value.get(key).and_then(Value::as_u64);
        if let Some(number) = number.and_then(|number| usize::try_from(number).ok()) {
            found.insert(address(value), number);
        }
        match value {
            Value::Object(map) => waiting.extend(map.values()),
            Value::Array(items) => waiting.extend(items),
            _ => {}
        }
    }
    found
}
