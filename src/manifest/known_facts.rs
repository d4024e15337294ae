//! What is known of texts that were read before, by a hash of all that it depends on.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, MutexGuard, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Result;
use sha2::{Digest as _, Sha256};

use crate::document::{DocumentFacts, name_ending};

/// The facts of a text; `None` for one that may refer to other files, if that was the question.
type Known = Option<DocumentFacts>;

/// What is known of texts, also from earlier runs.
#[derive(Debug, Default)]
pub struct KnownFacts(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    by_hash: BTreeMap<String, Known>,
    /// Which of them were asked for since the last [`KnownFacts::forget_unused`].
    used: BTreeSet<String>,
    /// How many were found out since the last [`KnownFacts::changed_json`].
    new: usize,
}

impl KnownFacts {
    /// What was written by [`changed_json`](Self::changed_json).
    #[must_use]
    pub fn from_json(json: &str) -> Option<Self> {
        let by_hash = serde_json::from_str(json).ok()?;
        let state = State {
            by_hash,
            ..State::default()
        };
        Some(Self(Mutex::new(state)))
    }

    /// Forgets what nobody asked for since the last time, once it is the greater part.
    pub fn forget_unused(&self) {
        let mut state = self.state();
        let used = std::mem::take(&mut state.used);
        if state.by_hash.len() > 2 * used.len() {
            state.by_hash.retain(|hash, _| used.contains(hash));
        }
    }

    /// All that is known, if that is more than before.
    #[must_use]
    pub fn changed_json(&self) -> Option<String> {
        let mut state = self.state();
        if std::mem::take(&mut state.new) == 0 {
            return None;
        }
        let json: Result<String> = serde_json::to_string(&state.by_hash);
        json.ok()
    }

    /// How many texts are known.
    #[must_use]
    pub fn count(&self) -> usize {
        self.state().by_hash.len()
    }

    /// How many texts were read because nothing was known of them.
    #[must_use]
    pub fn count_read(&self) -> usize {
        self.state().new
    }

    /// Everything that a text says by itself.
    pub fn of(&self, name: Option<&str>, text: &str) -> DocumentFacts {
        let read = || DocumentFacts::of(name, text);
        let known = self.get("whole", name, text, || Some(read()));
        known.unwrap_or_else(read)
    }

    /// As [`of`](Self::of); `None` for a text that may refer to other files.
    pub fn of_single(&self, name: Option<&str>, text: &str) -> Option<DocumentFacts> {
        let read = || DocumentFacts::of_single(name, text);
        self.get("single", name, text, read)
    }

    fn get(
        &self,
        question: &str,
        name: Option<&str>,
        text: &str,
        read: impl FnOnce() -> Known,
    ) -> Known {
        let mut hash = Sha256::new();
        // Neither a question nor the ending of a name has a NUL in it.
        for part in [question, &name.map_or_else(String::new, name_ending)] {
            hash.update(part);
            hash.update([0]);
        }
        hash.update(text);
        let hash = STANDARD_NO_PAD.encode(hash.finalize());
        let known = self.state().known(&hash);
        known.unwrap_or_else(|| {
            let found = read();
            self.state().add(hash, found.clone());
            found
        })
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn known(&mut self, hash: &str) -> Option<Known> {
        let known = self.by_hash.get(hash)?.clone();
        self.used.insert(hash.to_owned());
        Some(known)
    }

    fn add(&mut self, hash: String, facts: Known) {
        self.new += 1;
        self.used.insert(hash.clone());
        self.by_hash.insert(hash, facts);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "openapi: 3.0.3\ninfo: {title: T, version: '1'}\npath: {}\n";

    #[test]
    fn a_text_is_read_once_for_each_question_and_ending() {
        let known = KnownFacts::default();
        let facts = known.of(Some("a/x.yaml"), TEXT);
        assert_eq!(facts, DocumentFacts::of(Some("x.yaml"), TEXT));
        assert!(!facts.oddities.is_empty());
        assert_eq!(known.of(Some("b/y.YAML"), TEXT), facts);
        assert_eq!(known.count_read(), 1);
        assert_eq!(known.of_single(Some("x.yaml"), TEXT), Some(facts));
        assert!(known.of(Some("x.json"), TEXT).identity.described.is_err());
        assert_eq!(known.count_read(), 3);
        let split = "openapi: 3.0.3\ninfo: {$ref: other.yaml}\n";
        for _ in 0..2 {
            assert_eq!(known.of_single(Some("x.yaml"), split), None);
        }
        assert_eq!(known.count_read(), 4);
    }

    #[test]
    fn what_is_written_is_known_again_until_nobody_asks() {
        let known = KnownFacts::default();
        let broken = known.of(Some("x.json"), "{");
        for i in 0..4 {
            known.of(None, &format!("# {i}"));
        }
        known.forget_unused();
        let json = known.changed_json().unwrap();
        assert_eq!(known.changed_json(), None);
        let known = KnownFacts::from_json(&json).unwrap();
        assert_eq!(known.of(Some("x.json"), "{"), broken);
        assert_eq!((known.count(), known.count_read()), (5, 0));
        known.forget_unused();
        assert_eq!((known.changed_json(), known.count()), (None, 1));
        assert!(KnownFacts::from_json("[]").is_none());
    }
}
