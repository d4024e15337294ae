//! Patterns over addresses, as used by `--only`, `protect` and `external`.

use globset::{GlobBuilder, GlobMatcher};

use super::address::Address;

/// A set of address patterns: `*` stays within one part of the address, `**` crosses them.
#[derive(Debug, Clone, Default)]
pub struct Patterns {
    patterns: Vec<Pattern>,
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

#[derive(Debug, Clone)]
struct Pattern {
    whole: GlobMatcher,
    /// Its first part, its first two parts and so on, up to a part that crosses all others.
    heads: Vec<GlobMatcher>,
    /// The same parts, each by itself.
    parts: Vec<GlobMatcher>,
    crosses: bool,
}

impl Patterns {
    /// Compiles patterns such as `api/orders`, `environment/prod*` or `api/*/deployment/**`.
    ///
    /// # Errors
    /// If a pattern is not a valid glob.
    pub fn new<S: AsRef<str>>(patterns: impl IntoIterator<Item = S>) -> Result<Self, BadPattern> {
        let patterns = patterns
            .into_iter()
            .map(|pattern| Pattern::new(pattern.as_ref()))
            .collect::<Result<_, _>>()?;
        Ok(Self { patterns })
    }

    /// Adds the pattern that names one resource.
    pub fn add(&mut self, address: &Address) {
        self.patterns.extend(Pattern::new(&address.to_string()));
    }

    /// Whether there is no pattern.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.patterns.is_empty()
    }

    /// Whether a pattern names exactly this resource.
    #[must_use]
    pub fn matches(&self, address: &Address) -> bool {
        let text = address.to_string();
        self.patterns
            .iter()
            .any(|pattern| pattern.whole.is_match(&text))
    }

    /// Whether a pattern names this resource or one above it.
    #[must_use]
    pub fn covers(&self, address: &Address) -> bool {
        self.matches(address) || address.ancestors().any(|above| self.matches(&above))
    }

    /// Whether a pattern could name something below this resource.
    #[must_use]
    pub fn may_match_below(&self, address: &Address) -> bool {
        let text = address.to_string();
        let parts = text.split('/').count();
        self.patterns
            .iter()
            .any(|pattern| match pattern.heads.get(parts - 1) {
                Some(head) => head.is_match(&text),
                None => pattern.crosses,
            })
    }

    /// Whether a pattern could name a resource whose address has these kinds, such as `api` and `version`.
    #[must_use]
    pub fn may_name(&self, slugs: &[&str]) -> bool {
        self.patterns.iter().any(|pattern| {
            let kinds = pattern.parts.iter().step_by(2);
            let has_length = pattern.crosses || pattern.parts.len() == 2 * slugs.len();
            has_length && kinds.zip(slugs).all(|(part, slug)| part.is_match(slug))
        })
    }

    /// Whether a pattern could name a resource whose address starts with this word.
    #[must_use]
    pub fn may_start_with(&self, word: &str) -> bool {
        self.patterns
            .iter()
            .any(|pattern| match pattern.heads.first() {
                Some(head) => head.is_match(word),
                None => pattern.crosses,
            })
    }

    /// The patterns that name none of the addresses.
    #[must_use]
    pub fn without_match(&self, addresses: &[&Address]) -> Vec<String> {
        let texts: Vec<String> = addresses.iter().map(ToString::to_string).collect();
        self.patterns
            .iter()
            .filter(|pattern| !texts.iter().any(|text| pattern.whole.is_match(text)))
            .map(|pattern| pattern.whole.glob().glob().to_owned())
            .collect()
    }
}

impl Pattern {
    fn new(pattern: &str) -> Result<Self, BadPattern> {
        let parts: Vec<&str> = pattern.split('/').collect();
        let heads: Vec<GlobMatcher> = (1..=parts.len())
            .take_while(|n| !parts[n - 1].contains("**"))
            // A head that is not a glob by itself belongs to braces that span parts.
            .map_while(|n| compile(&parts[..n].join("/")).ok())
            .collect();
        let crosses = heads.len() < parts.len();
        let alone = parts[..heads.len()].iter();
        Ok(Self {
            whole: compile(pattern)?,
            parts: alone.map(|part| compile(part)).collect::<Result<_, _>>()?,
            heads,
            crosses,
        })
    }
}

fn compile(pattern: &str) -> Result<GlobMatcher, BadPattern> {
    GlobBuilder::new(pattern)
        .literal_separator(true)
        .case_insensitive(true)
        .build()
        .map(|glob| glob.compile_matcher())
        .map_err(|error| BadPattern {
            pattern: pattern.to_owned(),
            reason: error.kind().to_string(),
        })
}

#[cfg(test)]
mod tests {
    use super::super::address::SAMPLE;
    use super::super::kind::KindInfo;
    use super::*;

    static VERSION: KindInfo = KindInfo {
        slug: "version",
        name: "ApiVersion",
        ..SAMPLE
    };

    #[test]
    fn patterns_cover_what_lies_below_and_reach_what_lies_above() {
        let orders = Address::top(&SAMPLE, "Orders");
        let version = orders.child(&VERSION, "1-0-0");
        let of = |pattern: &str| Patterns::new([pattern]).unwrap();
        assert!(of("api/orders").covers(&version) && !of("api/orders").matches(&version));
        assert!(of("api/*").matches(&orders) && !of("api/*").matches(&version));
        assert!(of("**").matches(&version));
        for (pattern, reached) in [
            ("api/orders/version/2-0-0", true),
            ("api/*/version/*", true),
            ("**/1-0-0", true),
            ("api/**", true),
            ("{api/orders/version/1-0-0,environment/a}", true),
            ("api/other/version/1-0-0", false),
            ("environment/prod", false),
        ] {
            assert_eq!(of(pattern).may_match_below(&orders), reached, "{pattern}");
        }
        for (pattern, slugs, expected) in [
            ("api/*", &["api"][..], true),
            ("api/*", &["api", "version"], false),
            ("api/*/version/*", &["api", "version"], true),
            ("api/*/version/*", &["api", "deployment"], false),
            ("api/**", &["api", "version"], true),
            ("**/1-0-0", &["api", "version"], true),
            ("environment/**", &["api"], false),
        ] {
            assert_eq!(of(pattern).may_name(slugs), expected, "{pattern} {slugs:?}");
        }
        assert_eq!(of("api/none").without_match(&[&orders]), ["api/none"]);
        assert!(Patterns::new(["api/[a"]).is_err());
    }
}
