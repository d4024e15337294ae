//! Fields that cannot change once a resource exists.

use crate::plan::model::{Plan, Refusal, Step};

pub(super) fn immutable_fields(plan: &mut Plan) {
    for change in &mut plan.changes {
        let Step::Update { .. } = change.step else {
            continue;
        };
        let kind = change.address.kind();
        let Some(field) = change
            .fields
            .iter()
            .find(|f| kind.immutable.contains(&f.path.as_str()))
        else {
            continue;
        };
        let text = |value: &Option<serde_json::Value>| match value {
            Some(serde_json::Value::String(text)) => text.clone(),
            Some(other) => other.to_string(),
            None => "nothing".to_owned(),
        };
        plan.refusals.push(Refusal {
            message: format!(
                "the {} of the {} cannot change from `{}` to `{}` once it exists",
                field.path,
                kind.noun,
                text(&field.before),
                text(&field.after)
            ),
            help: format!(
                "set it back to `{}`, or create another {} and move the catalogue there with \
                 `apicenter export` and `apicenter apply`",
                text(&field.before),
                kind.noun
            ),
            place: field.place,
        });
        change.blocked = Some(format!("{} cannot change", field.path));
    }
}
