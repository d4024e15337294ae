//! Whether patterns of files match anything in a folder whose files are not listed.

use regex_automata::Anchored;
use regex_automata::hybrid::LazyStateID;
use regex_automata::hybrid::dfa::{Cache, DFA};
use regex_automata::util::{start, syntax};
use std::collections::HashSet;

/// The most states that are looked at (chosen here); real patterns have a few dozen.
const MOST_STATES: usize = 2_000;

/// Finds out which paths patterns can match.
#[derive(Debug)]
pub(super) struct GlobReach {
    /// `None` if there are too many patterns.
    sets: Option<(DFA, DFA)>,
}

/// A path so far, as the two sets see it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct State {
    included: LazyStateID,
    excluded: LazyStateID,
    /// Whether a name begins here.
    is_start: bool,
}

impl GlobReach {
    /// For patterns as regular expressions, which are read as `globset` does: paths that one of `include` matches, and none of `exclude`.
    pub(super) fn new(include: &[String], exclude: &[String]) -> Self {
        let set = |patterns: &[String]| {
            DFA::builder()
                .configure(DFA::config().minimum_cache_clear_count(Some(0)))
                .syntax(syntax::Config::new().utf8(false).dot_matches_new_line(true))
                .thompson(regex_automata::nfa::thompson::Config::new().utf8(false))
                .build_many(patterns)
                .ok()
        };
        Self {
            sets: set(include).zip(set(exclude)),
        }
    }

    /// Whether a file that is not hidden could be in a folder and be matched. What cannot be decided counts as such.
    pub(super) fn may_match_below(&self, folder: &str) -> bool {
        let Some((include, exclude)) = &self.sets else {
            return true;
        };
        let mut search = Search {
            include: (include, include.create_cache()),
            exclude: (exclude, exclude.create_cache()),
        };
        search.finds_any(folder).unwrap_or(true)
    }
}

struct Search<'a> {
    include: (&'a DFA, Cache),
    exclude: (&'a DFA, Cache),
}

impl Search<'_> {
    /// Whether there is a path below a folder that is included and not excluded; `None` if that takes too long.
    fn finds_any(&mut self, folder: &str) -> Option<bool> {
        let mut first = State {
            included: start_of(&mut self.include)?,
            excluded: start_of(&mut self.exclude)?,
            is_start: true,
        };
        for byte in folder.bytes().chain([b'/']) {
            first = self.next(first, byte)?;
        }
        let mut known = HashSet::from([first]);
        let mut waiting = vec![first];
        while let Some(state) = waiting.pop() {
            if !state.is_start && self.is_match(state)? {
                return Some(true);
            }
            for byte in 1..=u8::MAX {
                // No name is empty, and those of hidden files begin with a dot.
                if state.is_start && matches!(byte, b'/' | b'.') {
                    continue;
                }
                let next = self.next(state, byte)?;
                if !next.included.is_dead() && known.insert(next) {
                    waiting.push(next);
                }
            }
            if known.len() > MOST_STATES {
                return None;
            }
        }
        Some(false)
    }

    fn next(&mut self, state: State, byte: u8) -> Option<State> {
        Some(State {
            included: next_of(&mut self.include, state.included, byte)?,
            excluded: next_of(&mut self.exclude, state.excluded, byte)?,
            is_start: byte == b'/',
        })
    }

    fn is_match(&mut self, state: State) -> Option<bool> {
        Some(ends(&mut self.include, state.included)? && !ends(&mut self.exclude, state.excluded)?)
    }
}

fn start_of((dfa, cache): &mut (&DFA, Cache)) -> Option<LazyStateID> {
    let config = start::Config::new().anchored(Anchored::Yes);
    dfa.start_state(cache, &config).ok()
}

fn next_of((dfa, cache): &mut (&DFA, Cache), state: LazyStateID, byte: u8) -> Option<LazyStateID> {
    dfa.next_state(cache, state, byte).ok()
}

/// Whether what has been read is a match.
fn ends((dfa, cache): &mut (&DFA, Cache), state: LazyStateID) -> Option<bool> {
    Some(dfa.next_eoi_state(cache, state).ok()?.is_match())
}

#[cfg(test)]
mod tests {
    use crate::manifest::source::FileGlobs;

    #[test]
    fn patterns_say_whether_they_reach_into_a_folder() {
        for (patterns, reaches) in [
            (&["**/*.yaml"][..], true),
            (&["**/api.yaml"], true),
            (&["a/link/sub/*.yaml"], true),
            (&["./a/link/x.yaml"], true),
            (&["a/*/*"], true),
            (&["{a/link,b}/x.{yml,yaml}"], true),
            (&["[a-c]/l?nk/**"], true),
            (&["a/link/[!x].yaml"], true),
            (&["**/é.yaml"], true),
            (&["*.yaml"], false),
            (&["b/**/*.yaml"], false),
            (&["a/*.yaml"], false),
            (&["a/linked/*.yaml"], false),
            (&["{b,c/link}/*.yaml"], false),
            (&["A/**"], false),
            // What is hidden is not listed.
            (&["a/link/.*"], false),
            (&["a/link/.github/**"], false),
            (&["**/*.yaml", "!a/link/**"], false),
            (&["**/*.yaml", "!a/**/*.yaml"], false),
            (&["**/*.yaml", "!**/*.yaml"], false),
            (&["**/*.yaml", "!a/link/*.yaml"], true),
            (&["**/*.{yaml,yml}", "!a/**/*.yaml"], true),
            (&["!a/**"], false),
            (&[], false),
        ] {
            let patterns: Vec<String> =
                patterns.iter().map(|&pattern| pattern.to_owned()).collect();
            let globs = FileGlobs::new(&patterns).expect("globs");
            assert_eq!(
                globs.reach().may_match_below("a/link"),
                reaches,
                "{patterns:?}"
            );
        }
        let default = FileGlobs::default_manifests();
        assert!(default.reach().may_match_below("a"));
        let patterns: Vec<String> = (0..3000).map(|i| format!("**/{i}*{i}*.yaml")).collect();
        let globs = FileGlobs::new(&patterns).expect("globs");
        assert!(globs.reach().may_match_below("a"));
    }
}
