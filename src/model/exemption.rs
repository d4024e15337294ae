//! Findings that are accepted for now: they are counted instead of reported.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use jiff::civil::Date;

use super::address::Address;
use super::diagnostic::Diagnostic;
use super::patterns::Patterns;
use super::place::Span;

/// Who accepts a finding, why, and for how long.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Acceptance {
    /// Why the finding is accepted.
    pub reason: String,
    /// Who accepted it.
    pub by: Option<String>,
    /// The last day on which it is accepted, in UTC.
    pub until: Option<Date>,
    /// The entry that says so.
    pub place: Span,
}

/// An entry of an exemption document.
#[derive(Debug, Clone)]
pub struct Exemption {
    /// The code of the findings.
    pub code: String,
    /// Where the code is written.
    pub code_place: Span,
    /// The address of their resources, as written: a pattern.
    pub address: String,
    /// The same, compiled.
    pub pattern: Patterns,
    /// The field that they are at, or one above it; any if there is none.
    pub path: Option<String>,
    /// Who accepts them, why, and for how long.
    pub acceptance: Arc<Acceptance>,
}

impl Exemption {
    /// Whether the day up to which it holds is over. Without a day, nothing has ended.
    #[must_use]
    pub fn has_ended(&self, today: Option<Date>) -> bool {
        matches!((self.acceptance.until, today), (Some(until), Some(today)) if until < today)
    }

    fn accepts(&self, address: &Address, finding: &Diagnostic) -> bool {
        let is_at = |path: &str| {
            finding.path.as_deref().is_some_and(|found| {
                found
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
            })
        };
        self.pattern.matches(address) && self.path.as_deref().is_none_or(is_at)
    }

    /// Whether the address names one resource, so that it can be looked up.
    fn is_literal(&self) -> bool {
        !self
            .address
            .contains(['*', '?', '[', ']', '{', '}', '!', '\\'])
    }
}

/// A finding that is accepted, and by whom.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExemptedFinding {
    /// The finding.
    pub finding: Diagnostic,
    /// Who accepts it. Of a finding about several resources, who accepts that of the first.
    pub acceptance: Arc<Acceptance>,
}

/// Findings, separated by exemptions.
#[derive(Debug, Clone, Default)]
pub struct Sifted {
    /// Those that are still reported. Where an exemption has ended, they say so.
    pub reported: Vec<Diagnostic>,
    /// Those that are accepted.
    pub exempted: Vec<ExemptedFinding>,
    /// The exemptions, by position, that accept something or did until they ended.
    pub used: BTreeSet<usize>,
}

/// All exemptions of a project, on one day.
#[derive(Debug, Clone, Default)]
pub struct Exemptions {
    items: Vec<Exemption>,
    today: Option<Date>,
    literal: HashMap<(String, String), Vec<usize>>,
    globs: HashMap<String, Vec<usize>>,
}

impl Exemptions {
    /// These exemptions on a day; `None` for a day on which none has ended.
    #[must_use]
    pub fn new(items: Vec<Exemption>, today: Option<Date>) -> Self {
        let mut literal: HashMap<(String, String), Vec<usize>> = HashMap::new();
        let mut globs: HashMap<String, Vec<usize>> = HashMap::new();
        for (i, item) in items.iter().enumerate() {
            let code = item.code.clone();
            if item.is_literal() {
                let key = (code, item.address.to_ascii_lowercase());
                literal.entry(key).or_default().push(i);
            } else {
                globs.entry(code).or_default().push(i);
            }
        }
        Self {
            items,
            today,
            literal,
            globs,
        }
    }

    /// The exemptions in the order of the files.
    pub fn iter(&self) -> std::slice::Iter<'_, Exemption> {
        self.items.iter()
    }

    /// Separates the findings that are accepted from those that are not. A finding about several resources is
    /// accepted if that of each of them is.
    #[must_use]
    pub fn sift(&self, findings: impl IntoIterator<Item = Diagnostic>) -> Sifted {
        let mut sifted = Sifted::default();
        for finding in findings {
            self.sort_in(finding, &mut sifted);
        }
        sifted
    }

    fn sort_in(&self, mut finding: Diagnostic, sifted: &mut Sifted) {
        let mut accepting = Vec::new();
        let mut is_accepted = !finding.addresses.is_empty() && finding.is_acceptable();
        for address in &finding.addresses {
            let (ended, holding): (Vec<usize>, Vec<usize>) = self
                .accepting(address, &finding)
                .partition(|&i| self.items[i].has_ended(self.today));
            is_accepted &= !holding.is_empty();
            accepting.extend(if holding.is_empty() { ended } else { holding });
        }
        sifted.used.extend(&accepting);
        let mut accepting = accepting.into_iter().map(|i| &self.items[i].acceptance);
        match accepting.next() {
            Some(acceptance) if is_accepted => sifted.exempted.push(ExemptedFinding {
                finding,
                acceptance: Arc::clone(acceptance),
            }),
            first => {
                let ended = first.into_iter().chain(accepting);
                let ended = ended.filter(|one| one.until < self.today);
                for (acceptance, until) in ended.filter_map(|one| Some((one, one.until?))) {
                    let text = format!("the exemption ended on {until}");
                    finding = finding.related(acceptance.place, text);
                }
                sifted.reported.push(finding);
            }
        }
    }

    fn accepting<'a>(
        &'a self,
        address: &'a Address,
        finding: &'a Diagnostic,
    ) -> impl Iterator<Item = usize> + 'a {
        let code = finding.code.id.to_string();
        let globs = self.globs.get(&code).into_iter().flatten();
        let key = (code, address.to_string().to_ascii_lowercase());
        let literal = self.literal.get(&key).into_iter().flatten();
        literal
            .chain(globs)
            .copied()
            .filter(move |&i| self.items[i].accepts(address, finding))
    }
}

#[cfg(test)]
mod tests {
    use super::super::address::SAMPLE;
    use super::super::code;
    use super::super::place::Sources;
    use super::*;

    fn day(text: &str) -> Date {
        text.parse().expect("a date")
    }

    fn exemption(address: &str, path: Option<&str>, until: Option<&str>) -> Exemption {
        let place = Span {
            source: Sources::default().set("exemptions.yaml", "x"),
            start: 0,
            end: 1,
        };
        Exemption {
            code: "too-long".to_owned(),
            code_place: place,
            address: address.to_owned(),
            pattern: Patterns::new([address]).expect("a pattern"),
            path: path.map(str::to_owned),
            acceptance: Arc::new(Acceptance {
                reason: "agreed".to_owned(),
                by: None,
                until: until.map(day),
                place,
            }),
        }
    }

    fn finding(names: &[&str], path: &str) -> Diagnostic {
        let mut finding = Diagnostic::error(code::TOO_LONG, "too long");
        finding.addresses = names
            .iter()
            .map(|name| Address::top(&SAMPLE, *name))
            .collect();
        finding.about.clone_from(&finding.addresses);
        finding.path = Some(path.to_owned());
        finding
    }

    /// How many findings are exempted, and the notes of the others.
    fn sift(items: Vec<Exemption>, today: &str, finding: Diagnostic) -> (usize, Vec<String>) {
        let sifted = Exemptions::new(items, Some(day(today))).sift([finding]);
        let related = sifted.reported.into_iter().flat_map(|one| one.related);
        (
            sifted.exempted.len(),
            related.map(|label| label.text).collect(),
        )
    }

    #[test]
    fn an_exemption_holds_through_its_last_day() {
        let until = || vec![exemption("api/a", None, Some("2030-06-30"))];
        let title = || finding(&["a"], "title");
        assert_eq!(sift(until(), "2030-06-30", title()), (1, vec![]));
        let note = vec!["the exemption ended on 2030-06-30".to_owned()];
        assert_eq!(sift(until(), "2030-07-01", title()), (0, note));
        let mut both = until();
        both.push(exemption("api/*", None, None));
        assert_eq!(sift(both, "2030-07-01", title()), (1, vec![]));
    }

    #[test]
    fn exactly_what_is_named_is_accepted() {
        for (address, path, count) in [
            ("api/a", None, 1),
            ("API/A", None, 1),
            ("api/*", Some("customProperties"), 1),
            ("api/a", Some("customProperties.team"), 1),
            ("api/a", Some("customProperties.te"), 0),
            ("api/a", Some("title"), 0),
            ("api/b", None, 0),
            ("api/a/version/*", None, 0),
        ] {
            let found = finding(&["a"], "customProperties.team");
            let (exempted, _) = sift(vec![exemption(address, path, None)], "2030-01-01", found);
            assert_eq!(exempted, count, "{address} {path:?}");
        }
        let mut other = exemption("api/a", None, None);
        other.code = "too-short".to_owned();
        assert_eq!(
            sift(vec![other], "2030-01-01", finding(&["a"], "title")).0,
            0
        );
    }

    #[test]
    fn a_finding_about_several_resources_needs_an_exemption_for_each() {
        let both = || finding(&["a", "b"], "title");
        let one = vec![exemption("api/a", None, None)];
        assert_eq!(sift(one.clone(), "2030-01-01", both()).0, 0);
        let mut two = one;
        two.push(exemption("api/b", None, None));
        assert_eq!(sift(two, "2030-01-01", both()).0, 1);
    }
}
