//! Files to import that refer to each other, or to files that would stay behind.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

use crate::document::bundle;
use crate::manifest::MOST_INLINE_BYTES;

/// The files that others refer to, from the texts of files by path.
pub(super) fn parts(files: &BTreeMap<&str, &Arc<str>>) -> BTreeSet<String> {
    let mut read = |path: &str| files.get(path).map(|text| Arc::clone(text));
    let mut parts = BTreeSet::new();
    for (path, text) in files {
        let bundle = bundle::bundle(path, text, MOST_INLINE_BYTES, &mut read);
        let read = bundle.into_iter().flat_map(|bundle| bundle.files);
        parts.extend(read.skip(1).map(|part| part.name));
    }
    parts
}

/// Where a file refers to another one.
pub(super) fn reference(path: &str, text: &str) -> Option<Range<usize>> {
    let bundle = bundle::bundle(path, text, MOST_INLINE_BYTES, &mut |_| None)?;
    let mut problems = bundle.problems.into_iter();
    let found = problems.find(|problem| problem.kind.is_outward())?;
    Some(found.place)
}
