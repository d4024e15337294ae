//! Patterns over addresses, as used by `--only`, `protect` and `--allow-destroy`.

use globset::{Glob, GlobBuilder, GlobMatcher};

use super::address::Address;

/// A set of address patterns: `*` stays within one part of the address, `**` crosses them.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    globs: Vec<GlobMatcher>,
}

/// A pattern that cannot be understood.
#[derive(Debug, thiserror::Error)]
#[error("`{pattern}` is not an address pattern: {reason}")]
pub struct BadPattern {
    /// The pattern as written.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl Patterns {
    /// Compiles patterns such as `api/orders`, `environment/prod*` or `api/*/deployment/**`.
    ///
    /// # Errors
    /// On a pattern that is no glob.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, BadPattern> {
        let globs = patterns
            .into_iter()
            .map(|pattern| compile(pattern.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self { globs })
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.globs.is_empty()
    }

    /// Whether a pattern names exactly this resource.
    #[must_use]
    pub fn matches(&self, address: &Address) -> bool {
        let text = address.to_string();
        self.globs.iter().any(|glob| glob.is_match(&text))
    }

    /// Whether a pattern names this resource or one above it.
    #[must_use]
    pub fn covers(&self, address: &Address) -> bool {
        self.matches(address) || address.ancestors().any(|above| self.matches(&above))
    }

    /// Whether a pattern could name something below this resource.
    #[must_use]
    pub fn may_match_below(&self, address: &Address) -> bool {
        let parts = address.to_string().matches('/').count() + 1;
        let text = address.to_string();
        self.globs.iter().any(|glob| {
            let pattern = glob.glob().glob();
            let head: Vec<&str> = pattern.split('/').take(parts).collect();
            head.contains(&"**") || compile(&head.join("/")).is_ok_and(|head| head.is_match(&text))
        })
    }

    /// The patterns that name none of the addresses.
    pub fn without_match(&self, addresses: &[&Address]) -> Vec<String> {
        let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        self.globs
            .iter()
            .filter(|glob| !texts.iter().any(|text| glob.is_match(text)))
            .map(|glob| glob.glob().glob().to_owned())
            .collect()
    }
}

fn compile(pattern: &str) -> Result<GlobMatcher, BadPattern> {
    let glob: Result<Glob, _> = GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(true)
        .build();
    glob.map(|glob| glob.compile_matcher())
        .map_err(|error| BadPattern {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        })
}
