//! Patterns of strings and of names.

use std::cell::RefCell;
use std::collections::HashMap;

use regex::Regex;

/// Patterns that are kept compiled, at most.
const MOST_PATTERNS: usize = 4096;

thread_local! {
    static COMPILED: RefCell<HashMap<String, Option<Regex>>> = RefCell::new(HashMap::new());
}

/// Whether a pattern is found in a text; `None` for a pattern that cannot be read.
pub(super) fn matches(pattern: &str, text: &str) -> Option<bool> {
    COMPILED.with_borrow_mut(|known| {
        if known.len() > MOST_PATTERNS {
            known.clear();
        }
        let compiled = known.entry(pattern.to_owned()).or_insert_with(|| {
            regex::RegexBuilder::new(pattern)
                .size_limit(1 << 20)
                .build()
                .ok()
        });
        compiled.as_ref().map(|regex| regex.is_match(text))
    })
}

/// Whether a pattern is found in every string.
pub(super) fn is_everything(pattern: &str) -> bool {
    matches!(
        pattern,
        "" | ".*" | "^.*" | ".*$" | "^" | "$" | "^(.*)$" | "[\\s\\S]*" | "^[\\s\\S]*$"
    )
}
