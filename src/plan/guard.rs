//! Rules over a finished plan: what it may not do, and what it may do with a warning.

use std::collections::BTreeMap;

use super::change::{Action, Plan, Refusal, Step};
use super::options::{MaxDeletes, PlanOptions, PruneScope};
use super::planner::{custom_property, selected};
use super::{lacking, prune};
use crate::model::{Address, DesiredState, Diagnostic, Limit, LiveState, code, limit};

pub(super) fn check(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    immutable_fields(plan);
    lacking::check(plan, live);
    too_many_deletes(plan, desired, live, options);
    missing_dependencies(plan, desired, live, options);
    service_limits(plan, live, options);
    cascades(plan, desired);
}

/// Who else owns a resource, or one above it: what carries another owner's marker is not ours to
/// change. A repository that owns everything knows no other owner.
pub(super) fn foreign_owner(
    address: &Address,
    live: &LiveState,
    options: &PlanOptions,
) -> Option<String> {
    let ownership = options.ownership.as_ref()?;
    if options.prune.scope == PruneScope::All {
        return None;
    }
    let path = std::iter::once(address.clone()).chain(address.ancestors());
    let (held, owner) = path
        .filter_map(|held| {
            let current = live.resources.get(&held)?;
            let owner = prune::marker(current, &ownership.property)?.to_owned();
            Some((held, owner))
        })
        .find(|(_, owner)| *owner != ownership.owner)?;
    let property = custom_property(&ownership.property);
    Some(format!(
        "{held} is owned by `{owner}` ({property} in the service); clear that value there to take \
         it over"
    ))
}

fn immutable_fields(plan: &mut Plan) {
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

/// Deletes that take more along than what lies below them, by the topmost resource.
fn cascades(plan: &mut Plan, desired: &DesiredState) {
    let mut found = Vec::new();
    for change in plan.cascades() {
        let address = &change.address;
        let taken = match plan.taken_with(address).count() {
            1 => "one resource".to_owned(),
            taken => format!("{taken} resources"),
        };
        found.push(
            Diagnostic::warning(
                code::CASCADE,
                format!("deleting {address} takes {taken} with it"),
            )
            .help(format!(
                "an apply wants a consent of its own: --allow-destroy {address}, or the address typed at \
                 its question"
            )),
        );
        let environment = change
            .before()
            .and_then(|before| before.body.get("targetEnvironment"));
        let declared = desired.resources.values().find(|declared| {
            declared.resource.address.kind().entity == Some("environment")
                && environment
                    .and_then(|name| name.as_str())
                    .is_some_and(|name| declared.resource.address.name().eq_ignore_ascii_case(name))
        });
        if let Some(declared) = declared {
            let mut diagnostic = Diagnostic::warning(
                code::CASCADE,
                format!(
                    "{} is declared, and the service deletes it with {address}",
                    declared.resource.address
                ),
            )
            .help("the next apply makes it again");
            if let Some(place) = declared.place {
                diagnostic = diagnostic.at(place, "declared here");
            }
            found.push(diagnostic);
        }
    }
    plan.diagnostics.extend(found);
}

fn too_many_deletes(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    let deletes = plan
        .changes
        .iter()
        .filter(|c| c.action() == Action::Delete)
        .count();
    let base = prune::deletable(desired, live, options);
    if deletes == 0 || base < options.safety.min_existing {
        return;
    }
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of resources are far below 2^52"
    )]
    let share = deletes as f64 * 100.0 / base.max(1) as f64;
    let shown = (share * 100.0).round() / 100.0;
    let message = match options.safety.max_deletes {
        MaxDeletes::Percent(most) if share > most => format!(
            "too many deletes: {deletes} of {base} resources, {shown}% where safety.maxDeletes \
             allows {most}%"
        ),
        MaxDeletes::Count(most) if deletes > most => format!(
            "too many deletes: {deletes} of {base} resources where safety.maxDeletes allows {most}"
        ),
        _ => return,
    };
    plan.refusals.push(Refusal {
        message,
        help: "check that no folder of manifests is missing; if the deletes are meant, raise \
               safety.maxDeletes in apicenter.yaml for this change"
            .to_owned(),
        place: None,
    });
}

/// With `--only`, a change may need a resource that is neither live nor selected.
fn missing_dependencies(
    plan: &mut Plan,
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
) {
    if options.only.is_empty() {
        return;
    }
    for change in &plan.changes {
        let Some(after) = change.after() else {
            continue;
        };
        for needed in change.address.parent().iter().chain(&after.references) {
            let absent = !live.resources.contains_key(needed)
                && desired.resources.contains_key(needed)
                && !selected(options, needed);
            if absent {
                let mut diagnostic = Diagnostic::warning(
                    code::DEPENDENCY_NOT_SELECTED,
                    format!("{} needs {needed}, which --only leaves out", change.address),
                )
                .help(format!("add --only {needed}"));
                if let Some(place) = change.place {
                    diagnostic = diagnostic.at(place, "declared here");
                }
                plan.diagnostics.push(diagnostic);
            }
        }
    }
}

/// Counts what would be there after the plan against the limits of the live pricing plan.
fn service_limits(plan: &mut Plan, live: &LiveState, options: &PlanOptions) {
    let sku = sku_after(plan, live);
    let mut counts: BTreeMap<(Option<Address>, &str), usize> = BTreeMap::new();
    let mut add = |address: &Address, by: isize| {
        let count = counts
            .entry((address.parent(), address.kind().name))
            .or_default();
        *count = count.saturating_add_signed(by);
    };
    live.resources.keys().for_each(|address| add(address, 1));
    let mut grows = BTreeMap::new();
    for change in &plan.changes {
        match change.action() {
            Action::Create => {
                add(&change.address, 1);
                let kind = change.address.kind();
                grows.insert((change.address.parent(), kind.name), kind.limit);
            }
            Action::Delete => add(&change.address, -1),
            _ => {}
        }
    }
    for (key, most) in grows {
        let Some(most) = most else { continue };
        let allowed = options
            .limits
            .get(most.name)
            .copied()
            .unwrap_or_else(|| most.of(&sku));
        let count = counts.get(&key).copied().unwrap_or_default();
        if count > allowed {
            plan.refusals
                .push(limit_refusal(&most, key.0.as_ref(), count, allowed, &sku));
        }
    }
}

fn limit_refusal(
    most: &Limit,
    parent: Option<&Address>,
    count: usize,
    allowed: usize,
    sku: &str,
) -> Refusal {
    let of = parent.map_or(String::new(), |parent| format!(" ({parent})"));
    Refusal {
        message: format!(
            "{count}/{allowed} {}{of}: more than the pricing plan {sku} allows",
            most.what
        ),
        help: format!(
            "the limits are those published on {}; if the service's limit was raised, set \
             spec.limits.{} in apicenter.yaml",
            limit::LIMITS_AS_OF,
            most.name
        ),
        place: None,
    }
}

/// The pricing plan of the service once the plan is carried out; `Standard` where nobody says.
fn sku_after(plan: &Plan, live: &LiveState) -> String {
    let of = |body: &crate::model::Body| body.get("sku")?.get("name")?.as_str().map(str::to_owned);
    let service = |address: &Address| address.kind().name == "Service";
    plan.changes
        .iter()
        .filter(|change| service(&change.address))
        .find_map(|change| of(&change.after()?.body))
        .or_else(|| {
            live.resources
                .values()
                .filter(|current| service(&current.resource.address))
                .find_map(|current| of(&current.resource.body))
        })
        .unwrap_or_else(|| "Standard".to_owned())
}
