//! The patterns of the schemas, each compiled once.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use regex::Regex;

/// Whether a text matches a pattern; nothing matches a pattern that is not valid.
pub(crate) fn matches(pattern: &str, text: &str) -> bool {
    compiled(pattern).is_some_and(|regex| regex.is_match(text))
}

/// A pattern of a schema, compiled once per process: the schemas are part of the program.
fn compiled(pattern: &str) -> Option<Arc<Regex>> {
    static COMPILED: LazyLock<Mutex<BTreeMap<String, Option<Arc<Regex>>>>> =
        LazyLock::new(Mutex::default);
    let mut compiled = COMPILED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = compiled.get(pattern) {
        return known.clone();
    }
    let regex = Regex::new(pattern).ok().map(Arc::new);
    compiled.insert(pattern.to_owned(), regex.clone());
    regex
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_is_compiled_once() {
        let first = compiled("^a+$").unwrap();
        assert!(Arc::ptr_eq(&first, &compiled("^a+$").unwrap()));
        assert!(matches("^a+$", "aa") && !matches("^a+$", "ab"));
        assert!(compiled("(").is_none() && !matches("(", "("));
    }
}
