//! Looking into JSON whose shape nobody promised.

use serde_json::Value;

/// References that lead to references, at most.
const MOST_HOPS: usize = 16;

/// The entries of a mapping below a key; none if there is no such mapping.
pub(super) fn entries<'v>(
    value: &'v Value,
    key: &str,
) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let map = value.get(key).and_then(Value::as_object);
    map.into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

/// The items of a list below a key; none if there is no such list.
pub(super) fn items<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v Value> {
    value
        .get(key)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

pub(super) fn texts<'v>(value: &'v Value, key: &str) -> impl Iterator<Item = &'v str> {
    items(value, key).filter_map(Value::as_str)
}

pub(super) fn text<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key).and_then(Value::as_str)
}

pub(super) fn flag(value: &Value, key: &str) -> bool {
    value.get(key).and_then(Value::as_bool).unwrap_or_default()
}

/// What stands for a value as long as it stays where it is.
pub(super) fn address(value: &Value) -> usize {
    std::ptr::from_ref(value).addr()
}

/// What a value refers to, if it does.
pub(super) fn reference(value: &Value) -> Option<&str> {
    text(value, "$ref")
}

/// The value, or what it refers to within the same document; `None` where that leads nowhere.
pub(super) fn resolve<'v>(root: &'v Value, value: &'v Value) -> Option<&'v Value> {
    let mut value = value;
    for _ in 0..MOST_HOPS {
        let Some(reference) = reference(value) else {
            return Some(value);
        };
        value = follow(root, reference)?;
    }
    None
}

/// What `#/a/b` names.
pub(super) fn follow<'v>(root: &'v Value, reference: &str) -> Option<&'v Value> {
    let pointer = reference.strip_prefix('#')?;
    if pointer.contains('%') {
        root.pointer(&decoded(pointer))
    } else {
        root.pointer(pointer)
    }
}

/// `%7B` is `{`: a reference is a URI.
fn decoded(pointer: &str) -> String {
    let mut bytes = Vec::with_capacity(pointer.len());
    let mut rest = pointer.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        let hex = tail
            .get(..2)
            .filter(|_| first == b'%')
            .and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        bytes.push(hex.unwrap_or(first));
        rest = if hex.is_some() { &tail[2..] } else { tail };
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// `/a/{b}` and `/a/{c}` are one path.
pub(super) fn nameless(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for (i, piece) in path.split('{').enumerate() {
        match piece.split_once('}') {
            Some((_, rest)) if i > 0 => {
                out.push_str("{}");
                out.push_str(rest);
            }
            _ => out.push_str(piece),
        }
    }
    out
}
