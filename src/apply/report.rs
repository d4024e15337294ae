//! The result of an apply, change by change.

use crate::live::ServiceError;
use crate::plan::{Action, Plan, Preparation};

/// The outcome of one change.
#[derive(Debug)]
pub enum Outcome {
    /// The service accepted everything.
    Done,
    /// A request failed and was not retried, or no retry succeeded.
    Failed {
        /// Why.
        error: ServiceError,
        /// Whether the resource itself was written before its document failed.
        half: bool,
    },
    /// Not tried, because the change at this position failed.
    Skipped(usize),
    /// Not tried, because the apply was interrupted.
    NotStarted,
    /// A rule blocks it.
    Blocked,
    /// It was expected to vanish with another resource and is still in the service.
    Remains,
}

/// How many resources were written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Tally {
    /// Resources created.
    pub added: usize,
    /// Resources changed.
    pub changed: usize,
    /// Resources that got another name.
    pub renamed: usize,
    /// Resources deleted, those that vanished with another included.
    pub destroyed: usize,
}

/// The result of an apply: one outcome for each change of the plan, in the plan's order.
#[derive(Debug, Default)]
pub struct Report {
    /// The outcomes.
    pub outcomes: Vec<Outcome>,
    /// Whether each preparation of the plan is done, in the plan's order; empty if nothing was tried.
    pub prepared: Vec<bool>,
    /// Whether the user interrupted it.
    pub interrupted: bool,
}

impl Report {
    /// Whether every change is done or blocked. What remains is not a failure: nothing was sent for it.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.outcomes
            .iter()
            .all(|o| matches!(o, Outcome::Done | Outcome::Blocked | Outcome::Remains))
    }

    /// The last completed preparation of a change that is not done.
    #[must_use]
    pub fn left_by<'p>(&self, plan: &'p Plan, change: usize) -> Option<&'p Preparation> {
        if matches!(self.outcomes.get(change), Some(Outcome::Done)) {
            return None;
        }
        let done = plan.preparations.iter().zip(&self.prepared);
        done.filter(|(preparation, done)| **done && preparation.change == change)
            .map(|(preparation, _)| preparation)
            .next_back()
    }

    /// The first failure because of missing permissions or credentials.
    #[must_use]
    pub fn authentication_failure(&self) -> Option<&ServiceError> {
        self.outcomes.iter().find_map(|outcome| match outcome {
            Outcome::Failed { error, .. } if error.is_auth() => Some(error),
            _ => None,
        })
    }

    /// How many resources were written.
    #[must_use]
    pub fn tally(&self, plan: &Plan) -> Tally {
        let mut tally = Tally::default();
        for (change, outcome) in plan.changes.iter().zip(&self.outcomes) {
            if !matches!(outcome, Outcome::Done) {
                continue;
            }
            match change.action() {
                Action::Create => tally.added += 1,
                Action::Update | Action::Replace => tally.changed += 1,
                Action::Rename => tally.renamed += 1,
                Action::Delete => tally.destroyed += 1,
                Action::Blocked => {}
            }
        }
        tally
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::live::ErrorKind;

    fn failed(kind: ErrorKind) -> Outcome {
        Outcome::Failed {
            error: ServiceError::new(kind, "no"),
            half: false,
        }
    }

    fn report(outcomes: Vec<Outcome>) -> Report {
        Report {
            outcomes,
            ..Report::default()
        }
    }

    #[test]
    fn it_is_complete_when_all_is_done_or_forbidden() {
        assert!(report(vec![]).is_complete());
        assert!(report(vec![Outcome::Done, Outcome::Blocked]).is_complete());
        for other in [
            failed(ErrorKind::Refused),
            Outcome::Skipped(0),
            Outcome::NotStarted,
        ] {
            assert!(!report(vec![Outcome::Done, other]).is_complete());
        }
    }

    #[test]
    fn a_missing_permission_is_found_among_other_failures() {
        let kinds = [
            ErrorKind::Refused,
            ErrorKind::Authorization,
            ErrorKind::Authentication,
        ];
        let report = report(kinds.map(failed).into());
        let found = report.authentication_failure().map(ServiceError::kind);
        assert_eq!(found, Some(ErrorKind::Authorization));
        assert!(Report::default().authentication_failure().is_none());
    }
}
