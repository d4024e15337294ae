//! Where the fields of a declared resource are written.

use std::collections::HashSet;
use std::sync::Arc;

use super::place::{SourceId, Span};

/// The places of fields by their paths, in little memory: a large catalogue has millions.
#[derive(Debug, Clone, Default)]
pub struct FieldPlaces(Vec<FieldPlace>);

/// Paths of which each is in memory once.
#[derive(Debug, Default)]
pub struct SharedPaths(HashSet<Arc<str>>);

#[derive(Debug, Clone)]
struct FieldPlace {
    path: Arc<str>,
    value: ShortSpan,
    /// Where the key is; an item of a list has none.
    key: Option<ShortSpan>,
}

/// A span of a manifest, which is never as large as four gigabytes.
#[derive(Debug, Clone, Copy)]
struct ShortSpan {
    source: SourceId,
    start: u32,
    end: u32,
}

impl From<Span> for ShortSpan {
    fn from(span: Span) -> Self {
        let short = |offset: usize| u32::try_from(offset).unwrap_or(u32::MAX);
        Self {
            source: span.source,
            start: short(span.start),
            end: short(span.end),
        }
    }
}

impl From<ShortSpan> for Span {
    fn from(short: ShortSpan) -> Self {
        Self {
            source: short.source,
            start: short.start as usize,
            end: short.end as usize,
        }
    }
}

impl SharedPaths {
    fn shared(&mut self, path: &str) -> Arc<str> {
        if let Some(known) = self.0.get(path) {
            return Arc::clone(known);
        }
        let path: Arc<str> = Arc::from(path);
        self.0.insert(Arc::clone(&path));
        path
    }
}

impl FieldPlaces {
    /// From paths with the places of their values and keys. Of the same path, the first value counts, and the last key.
    #[must_use]
    pub fn new(mut fields: Vec<(String, Span, Option<Span>)>, paths: &mut SharedPaths) -> Self {
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        let mut places: Vec<FieldPlace> = Vec::with_capacity(fields.len());
        for (path, value, key) in fields {
            let key = key.map(ShortSpan::from);
            match places.last_mut() {
                Some(last) if *last.path == *path => last.key = key.or(last.key),
                _ => places.push(FieldPlace {
                    path: paths.shared(&path),
                    value: value.into(),
                    key,
                }),
            }
        }
        Self(places)
    }

    /// Where the value of a field is.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Span> {
        Some(self.find(path)?.value.into())
    }

    /// Where the key of a field is.
    #[must_use]
    pub fn key(&self, path: &str) -> Option<Span> {
        self.find(path)?.key.map(Span::from)
    }

    /// Adds the place of a value, unless the field has one.
    pub fn add(&mut self, path: &str, value: Span) {
        let found = self.0.binary_search_by(|place| (*place.path).cmp(path));
        if let Err(at) = found {
            let place = FieldPlace {
                path: Arc::from(path),
                value: value.into(),
                key: None,
            };
            self.0.insert(at, place);
        }
    }

    /// The places of all values, and then of all keys, each with its path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        let values = self
            .0
            .iter()
            .map(|place| (&*place.path, place.value.into()));
        let keys = self.0.iter();
        let keys = keys.filter_map(|place| Some((&*place.path, place.key?.into())));
        values.chain(keys)
    }

    fn find(&self, path: &str) -> Option<&FieldPlace> {
        let found = self.0.binary_search_by(|place| (*place.path).cmp(path));
        self.0.get(found.ok()?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Sources;

    #[test]
    fn of_the_same_path_the_first_value_and_the_last_key_count() {
        let source = Sources::default().add("a", "");
        let span = |start| Span {
            source,
            start,
            end: start + 1,
        };
        let field =
            |path: &str, value, key: Option<usize>| (path.to_owned(), span(value), key.map(span));
        let mut paths = SharedPaths::default();
        let fields = vec![
            field("name", 1, None),
            field("tags", 2, Some(3)),
            field("name", 4, Some(5)),
            field("tags[0]", 6, None),
        ];
        let mut places = FieldPlaces::new(fields, &mut paths);
        assert_eq!(places.get("name"), Some(span(1)));
        assert_eq!(places.key("name"), Some(span(5)));
        assert_eq!(
            (places.get("tags[0]"), places.key("tags[0]")),
            (Some(span(6)), None)
        );
        places.add("name", span(9));
        places.add("more", span(8));
        let all: Vec<_> = places.iter().collect();
        assert_eq!(
            all,
            [
                ("more", 8),
                ("name", 1),
                ("tags", 2),
                ("tags[0]", 6),
                ("name", 5),
                ("tags", 3)
            ]
            .map(|(path, start)| (path, span(start)))
        );
        assert_eq!(paths.0.len(), 3);
    }
}
