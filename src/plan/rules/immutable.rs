//! Fields that cannot change once a resource exists.

use serde_json::Value;

use super::findings::Findings;
use super::rule::PlanInput;
use crate::plan::model::Step;

pub(super) fn check(input: &PlanInput<'_>, findings: &mut Findings) {
    for (i, change) in input.plan.changes.iter().enumerate() {
        let kind = change.address.kind();
        let field = change
            .fields
            .iter()
            .find(|field| kind.immutable.contains(&field.path.as_str()));
        let (Step::Update { .. }, Some(field)) = (&change.step, field) else {
            continue;
        };
        let (before, after) = (text(field.before.as_ref()), text(field.after.as_ref()));
        findings.refuse(
            format!(
                "the {} of the {} cannot change from `{before}` to `{after}` once it exists",
                field.path, kind.noun
            ),
            format!(
                "set it back to `{before}`, or create another {} and move the catalogue there with \
                 `apicenter export` and `apicenter apply`",
                kind.noun
            ),
            field.place,
        );
        findings.block(i, format!("{} cannot change", field.path));
    }
}

fn text(value: Option<&Value>) -> String {
    match value {
        Some(Value::String(text)) => text.clone(),
        Some(other) => other.to_string(),
        None => "nothing".to_owned(),
    }
}
