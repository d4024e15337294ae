//! What the difference of two descriptions breaks, as SARIF 2.1.0 and as annotations.

use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::annotation::{Annotation, Level, Region};
use super::breaking::line;
use super::data::Data;
use super::sarif::{log, physical_location, sentence};
use super::spec_diff::{Located, SpecDiff};
use super::text::escape_control_chars;
use crate::document::{BREAKING_RULES, BreakingRule, Impact};

/// Writes the findings as SARIF. Each is in the new description, or in the old one if only that is a file;
/// `in_repository` makes a path of the repository from one of the command line.
#[must_use]
pub fn render_spec_sarif(
    diff: &SpecDiff<'_>,
    in_repository: &dyn Fn(&str) -> String,
) -> Data<'static> {
    let rules: Vec<Value> = BREAKING_RULES.iter().map(rule).collect();
    let results: Vec<Value> = diff
        .located
        .iter()
        .map(|located| result(diff, located, in_repository))
        .collect();
    Data::json(log("apicenter/diff-spec/", &rules, &results))
}

fn rule(rule: &BreakingRule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.meaning},
        "fullDescription": {"text": rule.meaning},
        "help": {"text": format!("{} See docs/breaking-changes.md.", rule.meaning)},
        "properties": {"tags": ["api-center"]},
    })
}

fn result(
    diff: &SpecDiff<'_>,
    located: &Located<'_>,
    in_repository: &dyn Fn(&str) -> String,
) -> Value {
    let found = located.found;
    let position = BREAKING_RULES.iter().position(|rule| rule.id == found.rule);
    let level = match found.impact {
        Impact::Break => "error",
        Impact::Caution => "warning",
    };
    let message = format!("{}: {}", found.place, found.message);
    let region = region(diff, located, in_repository);
    let mut hash = Sha256::new();
    for part in [found.rule, &region.file, &message] {
        hash.update(part.as_bytes());
        hash.update([0]);
    }
    let digits = hash.finalize();
    let digits: String = digits.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut result = json!({
        "ruleId": found.rule,
        "level": level,
        "message": {"text": sentence(&message)},
        "locations": [{"physicalLocation": physical_location(&region)}],
        "partialFingerprints": {"apicenterBreaking/v1": digits},
    });
    if let Some(position) = position {
        result["ruleIndex"] = position.into();
    }
    if let Some(span) = located.before.filter(|_| diff.before.is_file) {
        let before = Region::new(span, diff.before.sources, "");
        if before.file != diff.before.name || diff.after.is_file {
            let file = in_repository(&before.file);
            let region = Region { file, ..before };
            result["relatedLocations"] = json!([{
                "id": 0,
                "physicalLocation": physical_location(&region),
                "message": {"text": "Before."},
            }]);
        }
    }
    result
}

/// Where a finding is shown: in the new description if that is a file.
fn region(
    diff: &SpecDiff<'_>,
    located: &Located<'_>,
    in_repository: &dyn Fn(&str) -> String,
) -> Region {
    let (side, span) = match diff.after.is_file {
        true => (diff.after, located.anchor),
        false => (diff.before, located.before),
    };
    let region = match span {
        Some(span) => Region::new(span, side.sources, ""),
        None => Region::start(side.name),
    };
    Region {
        file: in_repository(&region.file),
        ..region
    }
}

/// The findings as annotations of a pipeline.
#[must_use]
pub fn annotate_spec_diff(
    diff: &SpecDiff<'_>,
    in_repository: &dyn Fn(&str) -> String,
) -> Vec<Annotation> {
    let has_file = diff.after.is_file || diff.before.is_file;
    let one = |located: &Located<'_>| Annotation {
        level: match located.found.impact {
            Impact::Break => Level::Warning,
            Impact::Caution => Level::Notice,
        },
        title: match located.found.impact {
            Impact::Break => "breaking change".to_owned(),
            Impact::Caution => "change that may break callers".to_owned(),
        },
        message: escape_control_chars(&line(located.found)).into_owned(),
        region: has_file.then(|| region(diff, located, in_repository)),
    };
    diff.located.iter().map(one).collect()
}
