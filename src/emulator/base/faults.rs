//! Faults that a test programs: the nth matching request fails in a chosen way.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

/// What happens to a request that a rule matches.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// This status instead of doing anything.
    Status(u16),
    /// This response instead of doing anything: for responses that a client must not misread, for
    /// example an export without a document.
    Response {
        /// The status.
        status: u16,
        /// The body, sent as JSON without a check; empty for none.
        body: String,
    },
    /// This status although the work was done and committed.
    StatusAfter(u16),
    /// 429 with this many seconds in `Retry-After`, nothing done.
    Throttle(u32),
    /// The connection is cut, nothing done.
    ResetBefore,
    /// The connection is cut although the work was done and committed.
    ResetAfter,
    /// No response ever; the work is not done.
    Hang,
    /// The request waits until [`Faults::release`], then it is handled as usual.
    HoldBefore,
    /// The work is done and committed; the response waits until [`Faults::release`].
    HoldAfter,
}

/// Which requests fail, and how.
#[derive(Debug, Clone)]
pub struct FaultRule {
    /// The method to match, upper case; `None` matches every method.
    pub method: Option<String>,
    /// Matched as a part of the path with its query, ignoring case; empty matches every path.
    pub path: String,
    /// The first matching request that fails, counting from 1.
    pub nth: u32,
    /// How many matching requests fail from there on.
    pub times: u32,
    /// How they fail.
    pub fault: Fault,
}

impl FaultRule {
    /// A rule for the next request of this method whose path contains `path`.
    #[must_use]
    pub fn next(method: &str, path: &str, fault: Fault) -> Self {
        Self {
            method: Some(method.to_owned()),
            path: path.to_owned(),
            nth: 1,
            times: 1,
            fault,
        }
    }

    /// The same rule, starting at the nth matching request (counting from 1).
    #[must_use]
    pub fn nth(mut self, nth: u32) -> Self {
        self.nth = nth;
        self
    }

    /// The same rule, for this many matching requests in a row.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = times;
        self
    }

    fn matches(&self, method: &str, path: &str) -> bool {
        self.method
            .as_deref()
            .is_none_or(|wanted| wanted.eq_ignore_ascii_case(method))
            && path
                .to_ascii_lowercase()
                .contains(&self.path.to_ascii_lowercase())
    }
}

/// A handle to the programmed faults; clones share one list, so a test keeps one and gives one to
/// the emulator.
#[derive(Debug, Clone, Default)]
pub struct Faults {
    rules: Arc<Mutex<FaultRules>>,
    holds: Arc<watch::Sender<Holds>>,
}

/// What was held and released.
#[derive(Debug, Default)]
struct Holds {
    /// The requests held since the rules were last cleared.
    count: usize,
    /// How often everything held was released.
    releases: u64,
}

#[derive(Debug, Default)]
struct FaultRules {
    rules: Vec<ArmedRule>,
    /// The fault of every request at its first occurrence, and those that occurred.
    first_of_each: Option<(Fault, BTreeSet<String>)>,
}

#[derive(Debug)]
struct ArmedRule {
    rule: FaultRule,
    seen: u32,
}

impl Faults {
    /// Adds a rule; earlier rules win if several match the same request.
    pub fn inject(&self, rule: FaultRule) {
        self.lock().rules.push(ArmedRule { rule, seen: 0 });
    }

    /// From now on each request, identified by method and path, fails in this way at its first
    /// occurrence, unless a rule matches it.
    pub fn fail_first_of_each(&self, fault: Fault) {
        self.lock().first_of_each = Some((fault, BTreeSet::new()));
    }

    /// Forgets all rules, and lets go of every request that is held.
    pub fn clear(&self) {
        *self.lock() = FaultRules::default();
        self.release();
        self.holds.send_modify(|holds| holds.count = 0);
    }

    /// How many requests were held since the rules were last cleared, released or not.
    #[must_use]
    pub fn held(&self) -> usize {
        self.holds.borrow().count
    }

    /// Lets go of every request that is held now; later ones are held again.
    pub fn release(&self) {
        self.holds.send_modify(|holds| holds.releases += 1);
    }

    /// Waits for the next release.
    pub(in crate::emulator) async fn hold(&self) {
        let mut changes = self.holds.subscribe();
        let mut before = 0;
        self.holds.send_modify(|holds| {
            holds.count += 1;
            before = holds.releases;
        });
        // Fails only without a sender, and `self` has one.
        drop(changes.wait_for(|holds| holds.releases > before).await);
    }

    fn lock(&self) -> MutexGuard<'_, FaultRules> {
        self.rules.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts this request in every rule it matches and returns the first fault that is due.
    pub(in crate::emulator) fn due(&self, method: &str, path: &str, query: &str) -> Option<Fault> {
        let whole = format!("{path}?{query}");
        let mut lock = self.lock();
        let mut due = None;
        for entry in lock
            .rules
            .iter_mut()
            .filter(|entry| entry.rule.matches(method, &whole))
        {
            entry.seen = entry.seen.saturating_add(1);
            let last = entry.rule.nth.saturating_add(entry.rule.times);
            if due.is_none() && (entry.rule.nth..last).contains(&entry.seen) {
                due = Some(entry.rule.fault.clone());
            }
        }
        if let Some((fault, seen)) = &mut lock.first_of_each
            && seen.insert(format!("{method} {}", path.to_ascii_lowercase()))
        {
            due.get_or_insert_with(|| fault.clone());
        }
        due
    }
}

#[cfg(test)]
mod tests {
    use super::{Fault, FaultRule, Faults};

    #[test]
    fn a_rule_counts_only_what_it_matches() {
        let faults = Faults::default();
        faults.inject(FaultRule::next("PUT", "/apis/", Fault::Hang).nth(2));
        assert_eq!(faults.due("PUT", "/x/APIS/a", ""), None);
        assert_eq!(faults.due("GET", "/x/apis/a", ""), None);
        assert_eq!(faults.due("PUT", "/x/apis/b", ""), Some(Fault::Hang));
        assert_eq!(faults.due("PUT", "/x/apis/c", ""), None);
    }

    #[test]
    fn each_request_may_fail_when_it_comes_first() {
        let faults = Faults::default();
        faults.fail_first_of_each(Fault::Hang);
        for (method, path) in [("PUT", "/apis/a"), ("GET", "/apis/a"), ("GET", "/apis/b")] {
            assert_eq!(faults.due(method, path, ""), Some(Fault::Hang), "{path}");
            assert_eq!(faults.due(method, path, ""), None, "{path}");
        }
        faults.clear();
        assert_eq!(faults.due("GET", "/apis/c", ""), None);
    }

    #[tokio::test]
    async fn a_release_lets_go_of_what_is_held_and_of_nothing_later() {
        let faults = Faults::default();
        faults.release();
        let (first, second) = (faults.clone(), faults.clone());
        let first = tokio::spawn(async move { first.hold().await });
        while faults.held() < 1 {
            tokio::task::yield_now().await;
        }
        assert!(!first.is_finished());
        faults.release();
        first.await.unwrap();
        let second = tokio::spawn(async move { second.hold().await });
        while faults.held() < 2 {
            tokio::task::yield_now().await;
        }
        assert!(!second.is_finished());
        faults.clear();
        second.await.unwrap();
        assert_eq!(faults.held(), 0);
    }
}
