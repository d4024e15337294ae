//! The exemptions of an export: for what the service has although a rule is against it.

use std::collections::BTreeSet;

use serde_json::Value;

use super::files::{ExportFile, document};
use crate::manifest::{EXEMPTION_KIND, ExemptionFinding, ExemptionSpec};
use crate::model::{Diagnostic, Exemption, code};

pub use crate::manifest::EXEMPTIONS_FILE;

/// The name of the document.
const NAME: &str = "exported";
const REASON: &str = "the service had it when it was exported";
const BY: &str = "apicenter export";

/// Findings about a state that passes, or that a person has to consent to.
static NEVER: [crate::model::Code; 4] = [
    code::NOT_SYNCHRONISED,
    code::INTEGRATION_PREREQUISITE,
    code::INTEGRATION_LINK,
    code::ANONYMOUS_ACCESS,
];

/// Whether an export accepts a finding about what it writes.
#[must_use]
pub fn accepts(finding: &Diagnostic) -> bool {
    finding.is_acceptable() && !NEVER.contains(&finding.code)
}

/// The file that accepts these findings, besides the entries that it already has and that still accept
/// something: what people wrote into them stays. `None` if there is nothing to accept.
pub fn exemptions<'a>(
    findings: impl IntoIterator<Item = &'a Diagnostic>,
    kept: impl IntoIterator<Item = &'a Exemption>,
) -> Option<ExportFile> {
    let mut entries: BTreeSet<ExemptionFinding> = kept.into_iter().map(as_written).collect();
    for finding in findings {
        entries.extend(finding.addresses.iter().map(|address| ExemptionFinding {
            address: address.to_string(),
            code: finding.code.to_string(),
            path: finding.path.clone(),
            reason: REASON.to_owned(),
            until: None,
            by: Some(BY.to_owned()),
        }));
    }
    if entries.is_empty() {
        return None;
    }
    let spec = ExemptionSpec {
        findings: entries.into_iter().collect(),
    };
    let spec = serde_json::to_value(spec).expect("entries are texts");
    Some(ExportFile {
        path: EXEMPTIONS_FILE.to_owned(),
        bytes: document(EXEMPTION_KIND, Value::from(NAME), spec),
    })
}

fn as_written(exemption: &Exemption) -> ExemptionFinding {
    let acceptance = &exemption.acceptance;
    ExemptionFinding {
        address: exemption.address.clone(),
        code: exemption.code.clone(),
        path: exemption.path.clone(),
        reason: acceptance.reason.clone(),
        until: acceptance.until.map(|until| until.to_string()),
        by: acceptance.by.clone(),
    }
}
