//! Warns about declarations for what an integration has not synchronised yet.

use super::findings::Findings;
use super::rule::PlanInput;
use crate::model::{Diagnostic, code};
use crate::plan::matching::{Missing, MissingMatch};

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for missing in &input.matching.missing {
        findings.warn(warning(missing));
    }
}

fn warning(missing: &MissingMatch) -> Diagnostic {
    let title = &missing.title;
    let (message, help) = match &missing.what {
        Missing::Api(integration) => (
            format!("`{title}` is not synchronised by integration/{integration} yet"),
            "its declaration is applied when the API appears: by this apply if that is soon (--wait-sync \
             waits for it), otherwise by the next one. The title must match the one in the gateway",
        ),
        Missing::Version(api) => (
            format!("{api} has no version titled `{title}` yet"),
            "nothing is written for it until the gateway has it",
        ),
    };
    Diagnostic::warning(code::NOT_SYNCHRONISED, message)
        .help(help)
        .at_opt(missing.place, "no such API or version there")
}
