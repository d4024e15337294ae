//! What a rule is.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;

use super::manifest::input::ManifestInput;
use crate::model::{Code, Diagnostics};
use crate::plan;

/// What a rule looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum RuleScope {
    /// The declared resources, offline.
    Manifest,
    /// A finished plan, with both states.
    Plan,
}

type CheckManifests = dyn Fn(&ManifestInput<'_>, &mut Diagnostics) + Send + Sync;

#[derive(Clone)]
pub(super) enum Check {
    Manifest(Cow<'static, str>, Arc<CheckManifests>),
    Plan(plan::PlanRule),
}

/// A rule over manifests or over plans.
#[derive(Clone)]
pub struct Rule {
    check: Check,
    code: Option<Code>,
}

impl Rule {
    /// A rule over the declared resources, by its stable id.
    pub fn over_manifests(
        id: impl Into<Cow<'static, str>>,
        check: impl Fn(&ManifestInput<'_>, &mut Diagnostics) + Send + Sync + 'static,
    ) -> Self {
        Self {
            check: Check::Manifest(id.into(), Arc::new(check)),
            code: None,
        }
    }

    /// The same rule with the code that it reports. Required for `explain` if the code is made at run time.
    #[must_use]
    pub fn reporting(self, code: Code) -> Self {
        Self {
            code: Some(code),
            ..self
        }
    }

    pub(super) fn code(&self) -> Option<&Code> {
        self.code.as_ref()
    }

    /// The stable id. A rule over plans that reports several codes has the first one.
    #[must_use]
    pub fn id(&self) -> &str {
        match &self.check {
            Check::Manifest(id, _) => id,
            Check::Plan(rule) => rule.codes().first().map_or("", |code| code),
        }
    }

    pub(super) fn check(&self) -> &Check {
        &self.check
    }

    /// What the rule looks at.
    #[must_use]
    pub fn scope(&self) -> RuleScope {
        match &self.check {
            Check::Manifest(..) => RuleScope::Manifest,
            Check::Plan(_) => RuleScope::Plan,
        }
    }
}

impl From<plan::PlanRule> for Rule {
    fn from(rule: plan::PlanRule) -> Self {
        Self {
            check: Check::Plan(rule),
            code: None,
        }
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rule")
            .field("id", &self.id())
            .field("scope", &self.scope())
            .finish()
    }
}
