//! What lists ask for besides their items: how many, whether they differ, and which must be there.

use serde_json::Value;

use super::branch::Branch;
use super::context::InclusionContext;
use super::failure::InclusionFailure;
use super::sample::Sampler;
use super::scalars::keyword;

/// How many items there are, and whether they differ.
pub(super) fn lengths<'a>(
    sampler: &Sampler<'_, 'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
) -> Vec<InclusionFailure<'a>> {
    let (own, other) = (&narrow.lists, &wide.lists);
    let mut failures = Vec::new();
    let list =
        |length: u64| -> Vec<Value> { sampler.list(narrow, length, None, 0).into_iter().collect() };
    if other.count.least > own.count.least {
        let was = Some(own.count.least)
            .filter(|least| *least > 0)
            .map(|was| was.to_string());
        failures.push(keyword(
            "minItems",
            was,
            Some(other.count.least.to_string()),
            list(own.count.least),
        ));
    }
    if let Some(most) = other
        .count
        .most
        .filter(|most| own.count.most.is_none_or(|own| own > *most))
    {
        let was = own.count.most.map(|was| was.to_string());
        failures.push(keyword(
            "maxItems",
            was,
            Some(most.to_string()),
            list(most.saturating_add(1).max(own.count.least)),
        ));
    }
    if other.is_unique && !own.is_unique && own.count.most.is_none_or(|most| most > 1) {
        let item = sampler.of(&own.item(Some(0)), 1).into_iter().next();
        let length = own.count.least.max(2);
        let twice = item.map(|item| vec![item; usize::try_from(length.min(100)).unwrap_or(2)]);
        failures.push(keyword(
            "uniqueItems",
            None,
            Some("true".to_owned()),
            twice.map(Value::Array).into_iter().collect(),
        ));
    }
    failures
}

/// Items of a kind that must be in the list, or must not.
pub(super) fn contained<'a>(
    context: &InclusionContext<'a>,
    narrow: &Branch<'a>,
    wide: &Branch<'a>,
) -> Vec<InclusionFailure<'a>> {
    let mut failures = Vec::new();
    let (own, other) = (&narrow.lists, &wide.lists);
    let sampler = context.sampler();
    let are_same = |one: &'a Value, other: &'a Value| {
        context
            .documents
            .are_same(context.direction, &[one], &[other])
    };
    for contains in &other.contains {
        let is_kept = own.contains.iter().any(|own| {
            are_same(own.schema, contains.schema)
                && own.count.least >= contains.count.least
                && contains
                    .count
                    .most
                    .is_none_or(|most| own.count.most.is_some_and(|own| own <= most))
        });
        if !is_kept && (contains.count.least > 0 || contains.count.most.is_some()) {
            let mut all = sampler.of_type(narrow, "array", 0);
            let needed = sampler.of(&vec![contains.schema], 1);
            let many = contains
                .count
                .most
                .map_or(1, |most| most.saturating_add(1))
                .min(100);
            all.extend(
                needed.first().map(|item| {
                    Value::Array(vec![item.clone(); usize::try_from(many).unwrap_or(1)])
                }),
            );
            failures.push(keyword(
                "contains",
                None,
                Some(contains.schema.to_string()),
                all,
            ));
        }
    }
    failures
}
