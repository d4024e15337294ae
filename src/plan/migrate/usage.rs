//! Users of metadata schemas: whose values must be cleared before a schema changes, and who prevents it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::schema::{assigned, has_value, is_schema, referenced_by, required, retyped};
use crate::model::view::CustomProperties;
use crate::model::{Address, DesiredState, LiveResource, LiveState, Resource, Span};
use crate::plan::model::{Change, IgnoreRule, PlanOptions, Step, is_under};

/// What happens to a value that must be cleared before its schema changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum ValueFate {
    /// It is cleared, and set again later.
    Reset,
    /// It is no longer declared.
    Dropped,
    /// Its resource is deleted.
    Deleted,
}

/// A live resource whose value must be cleared before its schema changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) struct ValueUser {
    /// Position of the resource's change.
    pub(in crate::plan) change: usize,
    /// What happens to the value.
    pub(in crate::plan) fate: ValueFate,
}

/// A schema that changes, and the changes of other resources that depend on how it does.
#[derive(Debug, Default, PartialEq, Eq)]
pub(in crate::plan) struct SchemaUsage {
    /// Position of the schema's change.
    pub(in crate::plan) schema: usize,
    /// Resources whose values must be cleared first.
    pub(in crate::plan) users: Vec<ValueUser>,
    /// Changes that set a value before the schema may require it.
    pub(in crate::plan) filled: Vec<usize>,
}

/// A schema that cannot change, because this plan cannot clear some of its values.
#[derive(Debug, PartialEq, Eq)]
pub(in crate::plan) struct SchemaConflict {
    /// Position of the schema's change.
    pub(in crate::plan) schema: usize,
    /// The resources that keep a value, and why.
    pub(in crate::plan) users: Vec<(Address, String)>,
}

/// Finds the users of every schema that changes, and the schemas that cannot change.
pub(in crate::plan) fn find_usages(
    changes: &[Change],
    live: &LiveState,
    options: &PlanOptions,
) -> (Vec<SchemaUsage>, Vec<SchemaConflict>) {
    let search = Search {
        changes,
        positions: changes
            .iter()
            .enumerate()
            .map(|(i, change)| (&change.address, i))
            .collect(),
        entities: live
            .resources
            .values()
            .filter(|current| current.resource.address.kind().entity.is_some())
            .collect(),
        options,
    };
    let (mut usages, mut conflicts) = (Vec::new(), Vec::new());
    for (i, change) in changes.iter().enumerate() {
        if is_schema(&change.address) && change.blocked.is_none() {
            match search.usage(i) {
                Ok(usage) => usages.push(usage),
                Err(conflict) => conflicts.push(conflict),
            }
        }
    }
    (usages, conflicts)
}

struct Search<'a> {
    changes: &'a [Change],
    positions: BTreeMap<&'a Address, usize>,
    entities: Vec<&'a LiveResource>,
    options: &'a PlanOptions,
}

impl Search<'_> {
    fn usage(&self, schema: usize) -> Result<SchemaUsage, SchemaConflict> {
        let change = &self.changes[schema];
        let mut usage = SchemaUsage {
            schema,
            ..SchemaUsage::default()
        };
        let mut conflicts = Vec::new();
        for current in &self.entities {
            let resource = &current.resource;
            let entity = resource.address.kind().entity.unwrap_or_default();
            let has_value = has_value(resource, &change.address);
            if has_value && invalidates_values(change, entity) {
                match self.fate(current, change, entity) {
                    Ok((change, fate)) => usage.users.push(ValueUser { change, fate }),
                    Err(why) => conflicts.push((resource.address.clone(), why)),
                }
            }
            usage
                .filled
                .extend(self.filled(resource, change, entity, has_value));
        }
        if conflicts.is_empty() {
            return Ok(usage);
        }
        Err(SchemaConflict {
            schema,
            users: conflicts,
        })
    }

    /// What this plan does with a value, or why it cannot clear it.
    fn fate(
        &self,
        current: &LiveResource,
        schema: &Change,
        entity: &str,
    ) -> Result<(usize, ValueFate), String> {
        let address = &current.resource.address;
        let Some(&position) = self.positions.get(address) else {
            let left_out = self.options.left_out_by(address);
            return Err(if let Some(flag) = left_out {
                format!("left out by {flag}")
            } else if current.synchronised {
                "kept by an integration, not declared here".to_owned()
            } else {
                "not declared here".to_owned()
            });
        };
        let change = &self.changes[position];
        if let Some(block) = &change.blocked {
            return Err(format!("blocked: {block}"));
        }
        let Some(after) = change.after() else {
            return Ok((position, ValueFate::Deleted));
        };
        if is_ignored(&self.options.ignore, address, &schema.address) {
            return Err("left to others by `ignore`".to_owned());
        }
        if !has_value(after, &schema.address) {
            return Ok((position, ValueFate::Dropped));
        }
        match schema.after() {
            Some(after) if assigned(&after.body, entity) => Ok((position, ValueFate::Reset)),
            _ => Err("declared with a value".to_owned()),
        }
    }

    /// The change that gives a live resource the value without which it could not be written again.
    fn filled(
        &self,
        resource: &Resource,
        schema: &Change,
        entity: &str,
        has_live_value: bool,
    ) -> Option<usize> {
        let requires =
            |side: Option<&Resource>| side.is_some_and(|schema| required(&schema.body, entity));
        let is_reset = has_live_value && invalidates_values(schema, entity);
        let becomes_missing = is_reset || (!has_live_value && !requires(schema.before()));
        if !requires(schema.after()) || !becomes_missing {
            return None;
        }
        let position = *self.positions.get(&resource.address)?;
        let change = &self.changes[position];
        let gets_value = change
            .after()
            .is_some_and(|after| has_value(after, &schema.address));
        (gets_value && change.blocked.is_none()).then_some(position)
    }
}

/// Whether the values of an entity cannot stay while the schema changes.
fn invalidates_values(schema: &Change, kind: &str) -> bool {
    match (schema.before(), schema.after()) {
        (None, _) => false,
        (Some(_), None) => true,
        (Some(before), Some(after)) => {
            retyped(&before.body, &after.body)
                || (assigned(&before.body, kind) && !assigned(&after.body, kind))
        }
    }
}

fn is_ignored(rules: &[IgnoreRule], address: &Address, schema: &Address) -> bool {
    let path = CustomProperties::path(schema.name());
    rules
        .iter()
        .filter(|rule| rule.kind == address.kind().name)
        .any(|rule| is_under(&path, &[&rule.field]) || is_under(&rule.field, &[&path]))
}

/// Changes of resources that are as declared, but whose value must be cleared and set again because its
/// schema changes its type.
pub(in crate::plan) fn rewrites(
    changes: &[Change],
    unchanged: &[Address],
    desired: &DesiredState,
    live: &LiveState,
) -> Vec<Change> {
    let retyped_schemas: BTreeSet<&Address> = changes
        .iter()
        .filter(|change| is_schema(&change.address))
        .filter(|change| match (change.before(), change.after()) {
            (Some(before), Some(after)) => retyped(&before.body, &after.body),
            _ => false,
        })
        .map(|change| &change.address)
        .collect();
    if retyped_schemas.is_empty() {
        return Vec::new();
    }
    let rewrite = |address: &Address| {
        let current = live.resources.get(address)?;
        let names: Vec<String> = referenced_by(&current.resource)
            .filter(|schema| retyped_schemas.contains(schema))
            .map(|schema| format!("`{}`", schema.name()))
            .collect();
        address.kind().entity?;
        let place = desired.resources.get(address)?.place;
        (!names.is_empty()).then(|| {
            let reason = format!(
                "{} is cleared and set again, because its schema changes",
                names.join(", ")
            );
            rewrite_of(current, reason, place)
        })
    };
    unchanged.iter().filter_map(rewrite).collect()
}

fn rewrite_of(current: &LiveResource, reason: String, place: Option<Span>) -> Change {
    let resource = Arc::new(current.resource.clone());
    Change {
        address: resource.address.clone(),
        step: Step::Update {
            before: Arc::clone(&resource),
            after: resource,
        },
        blocked: None,
        reason,
        fields: Vec::new(),
        unmodelled: current.unmodelled.clone(),
        text: None,
        place,
        restored: None,
        waits_for: Vec::new(),
        author: None,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::Patterns;
    use crate::plan::model::Block;
    use crate::plan::tests::{address, create, delete, live, update};

    fn schema(kind: &str, entities: &[&str]) -> serde_json::Value {
        let assigned: Vec<_> = entities.iter().map(|e| json!({"entity": e})).collect();
        json!({"schema": {"type": kind}, "assignedTo": assigned})
    }

    fn ranked(value: impl Into<serde_json::Value>) -> serde_json::Value {
        json!({"title": "A", "customProperties": {"rank": value.into()}})
    }

    fn plain() -> serde_json::Value {
        json!({"title": "A"})
    }

    /// The schema `rank`, which becomes a number.
    fn retype() -> Change {
        let entities = ["api"];
        update(
            "metadata-schema/rank",
            schema("string", &entities),
            schema("number", &entities),
        )
    }

    fn conflicts(changes: &[Change], live: &LiveState, options: &PlanOptions) -> Vec<String> {
        let (usages, conflicts) = find_usages(changes, live, options);
        assert!(usages.is_empty(), "{usages:?}");
        let users = conflicts.into_iter().flat_map(|conflict| conflict.users);
        users.map(|(at, why)| format!("{at}: {why}")).collect()
    }

    #[test]
    fn each_value_has_the_fate_of_its_resource() {
        let state = live(&[
            ("api/a", ranked("x")),
            ("api/b", ranked("x")),
            ("api/c", ranked("x")),
            ("api/without", plain()),
        ]);
        let changes = [
            delete("api/c", ranked("x"), None),
            retype(),
            update("api/a", ranked("x"), ranked(1)),
            update("api/b", ranked("x"), plain()),
        ];
        let (usages, conflicts) = find_usages(&changes, &state, &PlanOptions::default());
        assert!(conflicts.is_empty());
        let user = |change, fate| ValueUser { change, fate };
        assert_eq!(
            usages,
            [SchemaUsage {
                schema: 1,
                users: vec![
                    user(2, ValueFate::Reset),
                    user(3, ValueFate::Dropped),
                    user(0, ValueFate::Deleted),
                ],
                filled: Vec::new(),
            }]
        );
    }

    #[test]
    fn a_value_on_an_entity_without_assignment_cannot_be_set_again() {
        let state = live(&[("environment/e", ranked("x"))]);
        let changes = [retype(), update("environment/e", ranked("x"), ranked(1))];
        let found = conflicts(&changes, &state, &PlanOptions::default());
        assert_eq!(found, ["environment/e: declared with a value"]);
    }

    #[test]
    fn a_value_that_the_plan_cannot_clear_is_a_conflict_with_its_reason() {
        let state = live(&[("api/a", ranked("x"))]);
        let of = |changes: &[Change], options: &PlanOptions| conflicts(changes, &state, options);
        let options = PlanOptions::default();
        assert_eq!(of(&[retype()], &options), ["api/a: not declared here"]);

        let only = PlanOptions {
            only: Patterns::new(["metadata-schema/*"]).unwrap(),
            ..PlanOptions::default()
        };
        assert_eq!(of(&[retype()], &only), ["api/a: left out by --only"]);

        let mut blocked = update("api/a", ranked("x"), ranked(1));
        blocked.blocked = Some(Block {
            code: "foreign-owner".into(),
            reason: "theirs".to_owned(),
        });
        assert_eq!(
            of(&[retype(), blocked], &options),
            ["api/a: blocked: theirs"]
        );

        let unassign = update(
            "metadata-schema/rank",
            schema("string", &["api"]),
            schema("string", &[]),
        );
        let kept = update("api/a", ranked("x"), ranked("y"));
        assert_eq!(
            of(&[unassign, kept], &options),
            ["api/a: declared with a value"]
        );

        let mut kept_by_integration = state.clone();
        kept_by_integration
            .resources
            .get_mut(&address("api/a"))
            .unwrap()
            .synchronised = true;
        assert_eq!(
            conflicts(&[retype()], &kept_by_integration, &options),
            ["api/a: kept by an integration, not declared here"]
        );
    }

    #[test]
    fn ignored_fields_are_conflicts_above_and_below_the_value_too() {
        let state = live(&[("api/a", ranked("x"))]);
        let changes = [retype(), update("api/a", ranked("x"), ranked(1))];
        let with = |kind: &str, field: &str| {
            let mut options = PlanOptions::default();
            options.ignore.push(IgnoreRule {
                kind: kind.to_owned(),
                field: field.to_owned(),
            });
            find_usages(&changes, &state, &options).1.len()
        };
        for field in [
            "customProperties",
            "customProperties.rank",
            "customProperties.rank.x",
        ] {
            assert_eq!(with("Api", field), 1, "{field}");
        }
        for field in [
            "customProperties.ranking",
            "title",
            "custom",
            "",
            "customProperties.",
        ] {
            assert_eq!(with("Api", field), 0, "{field}");
        }
        assert_eq!(with("Environment", "customProperties"), 0);
    }

    #[test]
    fn only_new_and_lost_values_must_be_set_before_they_are_required() {
        let required = json!({"schema": {"type": "string"},
            "assignedTo": [{"entity": "api", "required": true}]});
        let becomes_required = update(
            "metadata-schema/rank",
            schema("string", &["api"]),
            required.clone(),
        );
        let state = live(&[
            ("api/gets", plain()),
            ("api/has", ranked("x")),
            ("api/lacks", plain()),
        ]);
        let changes = [
            becomes_required,
            update("api/gets", plain(), ranked("x")),
            update("api/has", ranked("x"), ranked("y")),
            update("api/lacks", plain(), json!({"title": "B"})),
            create("api/new", ranked("x")),
        ];
        let (usages, _) = find_usages(&changes, &state, &PlanOptions::default());
        assert_eq!(usages[0].filled, [1]);
        assert!(usages[0].users.is_empty());

        // A schema that required it before leaves nothing to wait for.
        let was_required = update("metadata-schema/rank", required.clone(), {
            let mut body = required;
            body["schema"]["title"] = json!("Rank");
            body
        });
        let changes = [was_required, update("api/gets", plain(), ranked("x"))];
        let (usages, _) = find_usages(&changes, &state, &PlanOptions::default());
        assert!(usages[0].filled.is_empty());
    }

    #[test]
    fn a_blocked_schema_changes_nothing() {
        let mut schema = retype();
        schema.blocked = Some(Block {
            code: "foreign-owner".into(),
            reason: String::new(),
        });
        let state = live(&[("api/a", ranked("x"))]);
        let (usages, conflicts) = find_usages(&[schema], &state, &PlanOptions::default());
        assert!(usages.is_empty() && conflicts.is_empty());
    }

    #[test]
    fn resources_that_are_as_declared_are_rewritten_when_their_schema_changes_its_type() {
        let states = [("api/a", ranked("x")), ("api/b", plain())];
        let (desired, live) = (crate::plan::tests::desired(&states), live(&states));
        let unchanged = [address("api/a"), address("api/b")];
        let rewritten = rewrites(&[retype()], &unchanged, &desired, &live);
        assert_eq!(rewritten.len(), 1);
        assert!(rewritten[0].is_rewrite() && rewritten[0].writes_resource());
        assert_eq!(rewritten[0].address, address("api/a"));
        assert!(rewrites(&[], &unchanged, &desired, &live).is_empty());
    }
}
