//! Documents of kind Exemption: findings that are accepted for now. They declare no resource.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::name;
use super::read::Header;
use super::schema_check;
use super::schema_check_context::SchemaCheckContext;
use super::spelling;
use crate::model::{Acceptance, Diagnostic, Diagnostics, Exemption, Patterns, Sources, Span, code};
use crate::yaml::Node;

/// The kind of such documents.
pub const EXEMPTION_KIND: &str = "Exemption";

/// The file in which the program itself writes exemptions.
pub const EXEMPTIONS_FILE: &str = "exemptions.yaml";

/// Findings that are accepted for now: they are counted instead of reported.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExemptionSpec {
    /// What is accepted, by code and address.
    pub findings: Vec<ExemptionFinding>,
}

/// Findings of one code, on one resource or on those that a pattern names.
#[derive(
    Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize, JsonSchema,
)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct ExemptionFinding {
    /// Address of the resource, such as `api/orders` or `api/orders/version/v1/definition/openapi`. `*` matches
    /// any text within one part of it, `**` any parts. Resources below it have addresses of their own.
    #[schemars(length(min = 1), extend("x-reference" = "address"))]
    pub address: String,
    /// Code of the findings, such as `custom-property-value`, as it is printed.
    #[schemars(length(min = 1), extend("x-reference" = "code"))]
    pub code: String,
    /// The field that they are at, such as `customProperties.team`, or one above it. Default: any.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub path: Option<String>,
    /// Why they are accepted.
    #[schemars(length(min = 1))]
    pub reason: String,
    /// The last day on which they are accepted, in UTC, such as `2027-06-30`. Default: no end.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("examples" = ["2027-06-30"]))]
    pub until: Option<String>,
    /// Who accepted them: a person or a team.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(length(min = 1))]
    pub by: Option<String>,
}

/// JSON Schema of the `spec` of such a document.
pub(crate) fn schema() -> &'static Value {
    static SCHEMA: std::sync::LazyLock<Value> =
        std::sync::LazyLock::new(crate::kinds::plain_schema::<ExemptionSpec>);
    &SCHEMA
}

/// The exemption documents of a project.
#[derive(Debug, Default)]
pub struct ExemptionDocuments {
    /// Their entries, in the order of the files.
    pub exemptions: Vec<Exemption>,
    /// Where they have their names.
    names: BTreeMap<String, Span>,
}

/// Takes the exemptions of a document. In an overlay they count for the targets that use it.
pub(super) fn take(
    header: Header,
    documents: &mut ExemptionDocuments,
    sources: &Sources,
    diagnostics: &mut Diagnostics,
) {
    if let Some((name, place)) = header.name {
        name::check(&name, place, diagnostics);
        let first = documents.names.entry(name.to_ascii_lowercase());
        let first = *first.or_insert(place);
        if first != place {
            let message = format!("{EXEMPTION_KIND} `{name}` is declared twice");
            diagnostics.push(
                Diagnostic::error(code::DUPLICATE_RESOURCE, message)
                    .at(place, "declared again here")
                    .related(first, "first declared here")
                    .help("names are compared without case; rename one of the two or remove it"),
            );
        }
    }
    if let Some(spec) = header.spec {
        let spec = spelling::corrected(schema(), &spec, diagnostics);
        let exemptions = read(&spec, sources, diagnostics);
        documents.exemptions.extend(exemptions);
    }
}

/// The exemptions of a document. What is wrong with an entry is reported, and the entry accepts nothing.
fn read(spec: &Node, sources: &Sources, diagnostics: &mut Diagnostics) -> Vec<Exemption> {
    let metadata = BTreeMap::new();
    let Some(Value::Object(value)) = schema_check::check(
        schema(),
        spec,
        &mut SchemaCheckContext {
            sources,
            diagnostics,
            metadata: &metadata,
            about: None,
        },
    ) else {
        return Vec::new();
    };
    let Some(Value::Array(values)) = value.get("findings") else {
        return Vec::new();
    };
    let nodes = spec.get("findings").and_then(|node| node.items());
    values
        .iter()
        .zip(nodes.unwrap_or_default())
        .filter_map(|(value, node)| {
            let finding: ExemptionFinding = serde_json::from_value(value.clone()).ok()?;
            exemption(finding, node, diagnostics)
        })
        .collect()
}

fn exemption(
    finding: ExemptionFinding,
    node: &Node,
    diagnostics: &mut Diagnostics,
) -> Option<Exemption> {
    let place = |field: &str| node.get(field).map_or(node.first_span(), |node| node.span);
    let has_reason = !finding.reason.trim().is_empty();
    if !has_reason {
        diagnostics.push(
            invalid(
                "a reason is required",
                place("reason"),
                "nothing is said here",
            )
            .help("say why the finding is accepted, for those who read this later"),
        );
    }
    let pattern = Patterns::new([&finding.address]).map_err(|error| {
        let label = "not a pattern of addresses";
        invalid(error.to_string(), place("address"), label)
            .help("addresses look like api/orders, environment/prod* or api/*/deployment/prod")
    });
    let until = finding.until.as_deref().map(day);
    if let (Some(None), Some(text)) = (until, &finding.until) {
        let message = format!("`{text}` is not a day");
        diagnostics.push(
            invalid(message, place("until"), "not a day")
                .help("write the last day as YYYY-MM-DD, such as `2027-06-30`"),
        );
    }
    let pattern = pattern.map_err(|problem| diagnostics.push(problem));
    let is_complete = has_reason && until != Some(None);
    let pattern = pattern.ok().filter(|_| is_complete)?;
    Some(Exemption {
        code: finding.code,
        code_place: place("code"),
        address: finding.address,
        pattern,
        path: finding.path,
        acceptance: Arc::new(Acceptance {
            reason: finding.reason,
            by: finding.by,
            until: until.flatten(),
            place: node.first_span(),
        }),
    })
}

fn invalid(message: impl Into<String>, place: Span, label: &str) -> Diagnostic {
    Diagnostic::error(code::EXEMPTION_INVALID, message).at(place, label)
}

/// A day as `YYYY-MM-DD`, the only form that everybody reads alike.
fn day(text: &str) -> Option<Date> {
    let has_form = text.len() == 10
        && text.bytes().enumerate().all(|(i, byte)| match i {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    has_form.then(|| text.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_have_one_form() {
        assert_eq!(
            day("2028-02-29").map(|day| day.to_string()).as_deref(),
            Some("2028-02-29")
        );
        for text in [
            "2027-02-29",
            "2027-13-01",
            "27-01-01",
            "2027-1-1",
            "01/02/2027",
            "2027-01-01T00:00:00",
            "tomorrow",
            "",
        ] {
            assert_eq!(day(text), None, "{text}");
        }
    }
}
