//! Where the fields of a declared resource are written.

use std::collections::HashSet;
use std::sync::Arc;

use super::place::{SourceId, Span};

/// The places of fields by their paths, in little memory: a large catalogue has millions.
#[derive(Debug, Clone, Default)]
pub struct FieldPlaces {
    /// The paths in order; resources with the same fields share them.
    paths: Paths,
    /// The place of each.
    places: Box<[FieldPlace]>,
}

type Paths = Arc<[Arc<str>]>;

/// Paths of which each, and each list of which, is in memory once.
#[derive(Debug, Default)]
pub struct SharedPaths {
    single: HashSet<Arc<str>>,
    lists: HashSet<Paths>,
}

/// Where a field is in a manifest, which is never as large as four gigabytes.
#[derive(Debug, Clone, Copy)]
struct FieldPlace {
    value: ShortSpan,
    /// Where the key is; an item of a list has none, which is a span that ends before it starts.
    key: ShortSpan,
}

/// A span without padding.
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

impl FieldPlace {
    fn new(value: Span, key: Option<Span>) -> Self {
        let value = ShortSpan::from(value);
        let none = ShortSpan {
            start: u32::MAX,
            end: 0,
            ..value
        };
        Self {
            value,
            key: key.map_or(none, ShortSpan::from),
        }
    }

    fn key(&self) -> Option<Span> {
        (self.key.start <= self.key.end).then(|| self.key.into())
    }
}

impl SharedPaths {
    fn shared(&mut self, paths: &[String]) -> Paths {
        let paths = paths.iter().map(|path| self.single(path)).collect();
        self.list(paths)
    }

    fn list(&mut self, paths: Vec<Arc<str>>) -> Paths {
        if let Some(known) = self.lists.get(paths.as_slice()) {
            return Arc::clone(known);
        }
        let paths: Paths = paths.into();
        self.lists.insert(Arc::clone(&paths));
        paths
    }

    fn single(&mut self, path: &str) -> Arc<str> {
        if let Some(known) = self.single.get(path) {
            return Arc::clone(known);
        }
        let path: Arc<str> = Arc::from(path);
        self.single.insert(Arc::clone(&path));
        path
    }
}

impl FieldPlaces {
    /// From paths with the places of their values and keys. Of the same path, the first value counts, and the last key.
    #[must_use]
    pub fn new(mut fields: Vec<(String, Span, Option<Span>)>, paths: &mut SharedPaths) -> Self {
        fields.sort_by(|a, b| a.0.cmp(&b.0));
        let mut all: Vec<String> = Vec::with_capacity(fields.len());
        let mut places: Vec<FieldPlace> = Vec::with_capacity(fields.len());
        for (path, value, key) in fields {
            let place = FieldPlace::new(value, key);
            match places.last_mut().filter(|_| all.last() == Some(&path)) {
                Some(last) if key.is_some() => last.key = place.key,
                Some(_) => {}
                None => {
                    all.push(path);
                    places.push(place);
                }
            }
        }
        Self {
            paths: paths.shared(&all),
            places: places.into(),
        }
    }

    /// Where the value of a field is.
    #[must_use]
    pub fn get(&self, path: &str) -> Option<Span> {
        Some(self.find(path)?.value.into())
    }

    /// Where the key of a field is.
    #[must_use]
    pub fn key(&self, path: &str) -> Option<Span> {
        self.find(path)?.key()
    }

    /// Adds the place of a value, unless the field has one.
    pub fn add(&mut self, path: &str, value: Span, paths: &mut SharedPaths) {
        if let Err(at) = self.position(path) {
            let mut own = self.paths.to_vec();
            own.insert(at, paths.single(path));
            self.paths = paths.list(own);
            let mut places = std::mem::take(&mut self.places).into_vec();
            places.insert(at, FieldPlace::new(value, None));
            self.places = places.into();
        }
    }

    /// The places of all values, and then of all keys, each with its path.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Span)> {
        let values = self
            .all()
            .map(|(path, place)| (path, Span::from(place.value)));
        let keys = self
            .all()
            .filter_map(|(path, place)| Some((path, place.key()?)));
        values.chain(keys)
    }

    fn all(&self) -> impl Iterator<Item = (&str, &FieldPlace)> {
        self.paths.iter().map(|path| &**path).zip(&*self.places)
    }

    fn find(&self, path: &str) -> Option<&FieldPlace> {
        self.places.get(self.position(path).ok()?)
    }

    fn position(&self, path: &str) -> Result<usize, usize> {
        self.paths.binary_search_by(|known| (**known).cmp(path))
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
        places.add("name", span(9), &mut paths);
        places.add("more", span(8), &mut paths);
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
        assert_eq!((paths.single.len(), paths.lists.len()), (4, 2));
        let other = vec![("tags[0]", 1), ("name", 2), ("tags", 3)];
        let other = other
            .into_iter()
            .map(|(path, start)| field(path, start, None));
        let other = FieldPlaces::new(other.collect(), &mut paths);
        assert_eq!(
            (other.get("tags"), other.key("tags")),
            (Some(span(3)), None)
        );
        assert_eq!((paths.single.len(), paths.lists.len()), (4, 2));
    }
}
