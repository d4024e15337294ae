//! What a user asks for: kinds, addresses and patterns.

use std::collections::BTreeSet;
use std::iter;

use crate::kinds::{self, KINDS, Kind, Location};
use crate::manifest::did_you_mean;
use crate::model::{Address, Patterns, Role};
use crate::workflow::error::WorkflowError;

/// The word for every kind.
const EVERYTHING: &str = "all";

/// The resources that are asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Names of kinds, all of whose resources are wanted.
    kinds: BTreeSet<&'static str>,
    addresses: BTreeSet<Address>,
    patterns: Patterns,
    /// The patterns as the user wrote them.
    written: Vec<String>,
}

/// How the resources directly below the service are found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TopReads {
    /// None is wanted.
    Nothing,
    /// Only these are wanted.
    Named(Vec<Address>),
    /// The list is read.
    Listed,
}

impl Wanted {
    /// The resources that these words name. Without a word, those that are not below others.
    ///
    /// # Errors
    /// If a word is not a kind, an address or a pattern.
    pub fn parse(words: &[String]) -> Result<Self, WorkflowError> {
        let mut wanted = Self::default();
        let mut patterns = Vec::new();
        if words.is_empty() {
            let tops = KINDS.iter().filter(|kind| is_listed_top(kind));
            wanted.kinds.extend(tops.map(|kind| kind.info.name));
        }
        for (i, word) in words.iter().enumerate() {
            let singular = kinds::singular(word);
            if word.eq_ignore_ascii_case(EVERYTHING) {
                let all = KINDS.iter().filter(|kind| kind.is_of_service());
                wanted.kinds.extend(all.map(|kind| kind.info.name));
            } else if is_pattern(word) {
                check_start(&singular, word)?;
                patterns.push(singular);
                wanted.written.push(word.clone());
            } else if let Some(address) = kinds::parse_address(&singular) {
                wanted.addresses.insert(listed(address, word)?);
            } else {
                let previous = i.checked_sub(1).map(|before| words[before].as_str());
                let named = kinds::by_word(word);
                if named.is_empty() {
                    return Err(unknown(word, previous));
                }
                for kind in named {
                    listable(kind)?;
                    wanted.kinds.insert(kind.info.name);
                }
            }
        }
        wanted.patterns =
            Patterns::new(&patterns).map_err(|error| WorkflowError::usage(error.to_string()))?;
        Ok(wanted)
    }

    /// Whether a field counts what is below a resource.
    #[must_use]
    pub fn is_counted(field: &str) -> bool {
        let mut lists = KINDS.iter().flat_map(|kind| kind.children);
        lists.any(|child| child.field.eq_ignore_ascii_case(field))
    }

    /// Whether a resource is wanted.
    pub(super) fn wants(&self, address: &Address) -> bool {
        self.kinds.contains(address.kind().name)
            || self.addresses.contains(address)
            || self.patterns.matches(address)
    }

    /// Whether resources of a kind may be wanted.
    pub fn may_want(&self, kind: &Kind) -> bool {
        self.kinds.contains(kind.info.name)
            || self.addresses.iter().any(|one| *one.kind() == kind.info)
            || self.patterns.may_name(&slugs(kind))
    }

    /// Whether a resource of a kind, or something below it, may be wanted below another resource.
    pub(super) fn reaches(&self, parent: &Address, kind: &Kind) -> bool {
        let is_below = |one: &Address| *one.kind() == kind.info && one.is_below(parent);
        self.kinds.contains(kind.info.name)
            || self.addresses.iter().any(is_below)
            || (self.patterns.may_name(&slugs(kind)) && self.patterns.may_match_below(parent))
            || kinds::below(kind).any(|child| self.reaches(parent, child))
    }

    /// How the resources of a kind directly below the service are found.
    pub(super) fn tops(&self, kind: &'static Kind) -> TopReads {
        if self.lists(kind) {
            return TopReads::Listed;
        }
        let roots = self.addresses.iter().map(Address::root);
        let roots: BTreeSet<Address> = roots.filter(|root| *root.kind() == kind.info).collect();
        match roots.is_empty() {
            true => TopReads::Nothing,
            false => TopReads::Named(roots.into_iter().collect()),
        }
    }

    fn lists(&self, kind: &Kind) -> bool {
        self.kinds.contains(kind.info.name)
            || self.patterns.may_name(&slugs(kind))
            || kinds::below(kind).any(|child| self.lists(child))
    }

    /// The addresses that were asked for one by one.
    pub(super) fn addresses(&self) -> impl Iterator<Item = &Address> {
        self.addresses.iter()
    }

    /// Whether a resource was asked for by its own address.
    #[must_use]
    pub fn names(&self, address: &Address) -> bool {
        self.addresses.contains(address)
    }

    /// The patterns that none of these addresses matches, as the user wrote them.
    pub(super) fn unmatched<'a>(&self, found: impl Iterator<Item = &'a Address>) -> Vec<String> {
        if self.written.is_empty() {
            return Vec::new();
        }
        let found: Vec<&Address> = found.collect();
        self.patterns.without_match(&found)
    }
}

fn is_listed_top(kind: &Kind) -> bool {
    kind.is_of_service() && kind.location.parent().is_none()
}

/// The kinds of an address, from the top.
fn slugs(kind: &Kind) -> Vec<&'static str> {
    let kinds = iter::successors(Some(kind), |kind| kind.location.parent());
    let mut slugs: Vec<&'static str> = kinds.map(|kind| kind.info.slug).collect();
    slugs.reverse();
    slugs
}

fn is_pattern(word: &str) -> bool {
    word.contains(['*', '?', '[', '{'])
}

/// Ends the command at a pattern for a kind that does not exist.
fn check_start(singular: &str, word: &str) -> Result<(), WorkflowError> {
    let first = singular.split('/').next().unwrap_or_default();
    match is_pattern(first) || !kinds::by_word(first).is_empty() {
        true => Ok(()),
        false => Err(unknown(first, None).help(format!("`{word}` must begin with a kind"))),
    }
}

fn listed(address: Address, word: &str) -> Result<Address, WorkflowError> {
    listable(kinds::of(&address)).map_err(|error| {
        error.help(format!("`{word}` is a declaration; get shows what is live"))
    })?;
    Ok(address)
}

/// Ends the command at a kind whose resources are not found in the service.
fn listable(kind: &Kind) -> Result<(), WorkflowError> {
    let noun = kind.info.noun;
    match kind.location {
        Location::Matched => Err(WorkflowError::usage(format!(
            "a {noun} is not live by itself: it says what is added to an API that an integration keeps"
        ))
        .help("apicenter get apis --where keeper=integration lists these APIs")),
        Location::AnyScope(_) => Err(WorkflowError::usage(format!(
            "a {noun} is not in the service: it is at any scope of Azure"
        ))
        .help("apicenter plan shows the declared ones, apicenter export writes those at the service")),
        _ => Ok(()),
    }
}

fn unknown(word: &str, previous: Option<&str>) -> WorkflowError {
    let error = |message| WorkflowError::usage(message);
    if let Some((kind, _)) = word.split_once('/') {
        if kinds::by_word(kind).is_empty() {
            return unknown(kind, None);
        }
        return error(format!("`{word}` is not an address"))
            .help("addresses look like api/orders, environment/prod or api/orders/version/1-0-0");
    }
    let message = format!("`{word}` is not a kind or an address");
    let of_kind = previous.map(kinds::by_word).unwrap_or_default();
    if let [kind] = of_kind.as_slice()
        && kind.info.role != Role::Service
    {
        let address = format!("{}/{word}", kind.info.slug);
        return error(message).help(format!("did you mean `{address}`?"));
    }
    let words: Vec<String> = kinds::words().collect();
    let known: Vec<&str> = words.iter().map(String::as_str).collect();
    let help = did_you_mean(word, &known).unwrap_or_else(|| {
        "kinds are words such as apis, environments or metadata-schemas, addresses look like api/orders; \
         apicenter explain lists all kinds"
            .to_owned()
    });
    error(message).help(help)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(words: &[&str]) -> Wanted {
        let words: Vec<String> = words.iter().map(|word| (*word).to_owned()).collect();
        Wanted::parse(&words).unwrap()
    }

    fn address(text: &str) -> Address {
        kinds::parse_address(text).unwrap()
    }

    #[test]
    fn only_what_is_wanted_is_read() {
        let api = kinds::by_word("api")[0];
        let version = kinds::by_word("ApiVersion")[0];
        let definition = kinds::by_word("ApiDefinition")[0];
        let deployment = kinds::by_word("deployment")[0];
        let orders = address("api/orders");
        for (words, top, below) in [
            (&["apis"][..], TopReads::Listed, vec![]),
            (&["deployments"], TopReads::Listed, vec![deployment]),
            (&["definitions"], TopReads::Listed, vec![version]),
            (
                &["apis/orders"],
                TopReads::Named(vec![orders.clone()]),
                vec![],
            ),
            (
                &["api/orders/version/v1"],
                TopReads::Named(vec![orders.clone()]),
                vec![version],
            ),
            (&["api/*/deployments/*"], TopReads::Listed, vec![deployment]),
            (&["api/other/version/*"], TopReads::Listed, vec![]),
            (&["environments"], TopReads::Nothing, vec![]),
            (&["**"], TopReads::Listed, vec![version, deployment]),
        ] {
            let wanted = wanted(words);
            assert_eq!(wanted.tops(api), top, "{words:?}");
            let reached = kinds::below(api).filter(|kind| wanted.reaches(&orders, kind));
            let names: Vec<_> = reached.map(|kind| kind.info.name).collect();
            let expected: Vec<_> = below.iter().map(|kind| kind.info.name).collect();
            assert_eq!(names, expected, "{words:?}");
        }
        assert!(wanted(&["definitions"]).may_want(definition));
        assert!(!wanted(&["definitions"]).may_want(version));
        assert!(wanted(&[]).may_want(api) && !wanted(&[]).may_want(version));
        assert!(wanted(&["all"]).may_want(version));
    }
}
