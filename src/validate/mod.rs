//! Rules across resources, one file each, in a table. Pure and offline.

mod custom_properties;
mod json_schema;
mod limits;
mod metadata_schemas;
mod references;
mod roles;
mod rule;

pub use rule::{Rule, RuleContext};

use crate::model::Diagnostics;

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
pub fn run(context: &RuleContext<'_>, diagnostics: &mut Diagnostics) {
    for rule in RULES {
        (rule.check)(context, diagnostics);
    }
}
