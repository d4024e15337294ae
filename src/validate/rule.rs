//! What a rule over manifests is, and what it sees.

use std::collections::BTreeMap;

use crate::model::{DesiredState, Diagnostics, Patterns};

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct RuleContext<'a> {
    /// The declared resources.
    pub desired: &'a DesiredState,
    /// Resources that another repository declares.
    pub external: &'a Patterns,
    /// Service limits that the project overrides, by name.
    pub limits: &'a BTreeMap<String, usize>,
    /// Fields left to others, as kind and path: they need no value here.
    pub ignored: &'a [(String, String)],
}

/// A rule: its name and what it does.
pub struct Rule {
    /// Name, as in the file that holds it.
    pub name: &'static str,
    /// Reports what breaks it.
    pub check: fn(&RuleContext<'_>, &mut Diagnostics),
}
