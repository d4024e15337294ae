//! Rules across resources, one file each, in a table. Pure and offline.

mod custom_properties;
mod json_schema;
mod limits;
mod metadata_schemas;
mod references;
mod roles;

use std::collections::BTreeMap;

use crate::model::{DesiredState, Diagnostics, Patterns};

/// What the rules look at.
#[derive(Debug, Clone, Copy)]
pub struct Context<'a> {
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
    pub check: fn(&Context<'_>, &mut Diagnostics),
}

/// Every rule.
pub static RULES: &[Rule] = &[
    Rule {
        name: "metadata-schemas",
        check: metadata_schemas::check,
    },
    Rule {
        name: "custom-properties",
        check: custom_properties::check,
    },
    Rule {
        name: "references",
        check: references::check,
    },
    Rule {
        name: "roles",
        check: roles::check,
    },
    Rule {
        name: "limits",
        check: limits::check,
    },
];

/// Runs every rule.
pub fn run(context: &Context<'_>, diagnostics: &mut Diagnostics) {
    for rule in RULES {
        (rule.check)(context, diagnostics);
    }
}
