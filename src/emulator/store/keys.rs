//! Keys: lower-cased paths, because names compare without case.

/// The place of a service: `{subscription}/{resource group}/{service}`, lower case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::emulator) struct ServiceKey(String);

impl ServiceKey {
    /// A key as [`as_str`](Self::as_str) gave it out.
    pub(in crate::emulator) fn stored(key: &str) -> Self {
        Self(key.to_owned())
    }

    /// The service that a resource is in, by the key of the resource.
    pub(in crate::emulator) fn of_resource(key: &str) -> Self {
        let end = key
            .match_indices('/')
            .nth(2)
            .map_or(key.len(), |(index, _)| index);
        Self(key[..end].to_owned())
    }

    pub(in crate::emulator) fn as_str(&self) -> &str {
        &self.0
    }
}

/// The key of a service.
pub(in crate::emulator) fn service_key(subscription: &str, group: &str, name: &str) -> ServiceKey {
    ServiceKey(format!("{subscription}/{group}/{name}").to_ascii_lowercase())
}

/// The key of a resource below another one.
pub(in crate::emulator) fn child_key(parent: &str, collection: &str, name: &str) -> String {
    format!("{parent}/{collection}/{name}").to_ascii_lowercase()
}

/// The start of all entries of one collection in the index of children.
pub(super) fn collection_prefix(parent: &str, collection: &str) -> Vec<u8> {
    format!("{parent}\0{}\0", collection.to_ascii_lowercase()).into_bytes()
}

/// One entry in the index of children; the number makes the order of creation the order of keys.
pub(super) fn index_entry(parent: &str, collection: &str, number: u64) -> Vec<u8> {
    let mut key = collection_prefix(parent, collection);
    key.extend_from_slice(&number.to_be_bytes());
    key
}

/// One use of a metadata schema by an entity.
pub(super) fn use_entry(service: &str, schema: &str, entity: &str, key: &str) -> Vec<u8> {
    format!(
        "{service}\0{}\0{entity}\0{key}",
        schema.to_ascii_lowercase()
    )
    .into_bytes()
}

/// One job that is still to be done.
pub(super) fn job_entry(name: &str, subject: &str) -> String {
    format!("{name}\0{subject}")
}

/// The first key after all that start with `prefix`. Keys begin with text, and no text has the byte
/// 255: it ends the range of the empty prefix.
pub(super) fn after_prefix(prefix: &[u8]) -> Vec<u8> {
    let mut end = prefix.to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return end;
        }
    }
    vec![u8::MAX]
}

#[cfg(test)]
mod tests {
    use super::{after_prefix, index_entry};

    #[test]
    fn children_sort_by_creation() {
        assert!(index_entry("p", "apis", 255) < index_entry("p", "apis", 256));
        assert!(index_entry("p", "apis", u64::MAX) < after_prefix(b"p\0apis\0"));
        assert!("s/g/c".as_bytes() < after_prefix(b"").as_slice());
    }
}
