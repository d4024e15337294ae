//! Metadata schemas in use: whose values must go before a schema changes, and who is in the way.

use std::collections::{BTreeMap, BTreeSet};

use super::schema::{assigned, holds, is_schema, named_by, required, retyped};
use crate::model::{
    Address, DesiredState, LiveResource, LiveState, Resource, Span, custom_property,
};
use crate::plan::matching::foreign_owner;
use crate::plan::model::{Change, IgnoreRule, PlanOptions, Refusal, Step, first_of};

/// What becomes of a value that has to go before its schema changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Fate {
    /// It is cleared, and set again later.
    Reset,
    /// It is not declared any more.
    Dropped,
    /// Its resource goes away.
    Deleted,
}

/// A live resource whose value has to go before its schema changes.
#[derive(Debug, Clone, Copy)]
pub(in crate::plan) struct Holder {
    /// Position of the resource's change.
    pub(in crate::plan) change: usize,
    pub(in crate::plan) fate: Fate,
}

/// A schema that changes, and the changes of other resources that depend on how.
#[derive(Debug, Default)]
pub(in crate::plan) struct InUse {
    /// Position of the schema's change.
    pub(in crate::plan) schema: usize,
    /// Resources whose values have to go first.
    pub(in crate::plan) holders: Vec<Holder>,
    /// Resources that must have got their value before the schema may require it.
    pub(in crate::plan) filled: Vec<usize>,
}

/// Every schema that changes, and the refusals of those that cannot.
pub(in crate::plan) fn find(
    changes: &[Change],
    live: &LiveState,
    options: &PlanOptions,
) -> (Vec<InUse>, Vec<Refusal>) {
    let positions: BTreeMap<&Address, usize> = changes
        .iter()
        .enumerate()
        .map(|(i, change)| (&change.address, i))
        .collect();
    let entities: Vec<&LiveResource> = live
        .resources
        .values()
        .filter(|current| current.resource.address.kind().entity.is_some())
        .collect();
    let search = Search {
        changes,
        positions,
        entities,
        options,
    };
    let (mut found, mut refusals) = (Vec::new(), Vec::new());
    for (i, change) in changes.iter().enumerate() {
        if is_schema(&change.address) && change.blocked.is_none() {
            match search.case(i) {
                Ok(case) => found.push(case),
                Err(refusal) => refusals.push(refusal),
            }
        }
    }
    (found, refusals)
}

struct Search<'a> {
    changes: &'a [Change],
    positions: BTreeMap<&'a Address, usize>,
    entities: Vec<&'a LiveResource>,
    options: &'a PlanOptions,
}

impl Search<'_> {
    fn case(&self, schema: usize) -> Result<InUse, Refusal> {
        let change = &self.changes[schema];
        let mut case = InUse {
            schema,
            ..InUse::default()
        };
        let mut in_the_way = Vec::new();
        for current in &self.entities {
            let entity = &current.resource;
            let kind = entity.address.kind().entity.unwrap_or_default();
            let has_value = holds(entity, &change.address);
            if has_value && loses_its_place(change, kind) {
                match self.fate(current, change, kind) {
                    Ok((position, fate)) => case.holders.push(Holder {
                        change: position,
                        fate,
                    }),
                    Err(why) => in_the_way.push((&entity.address, why)),
                }
            }
            case.filled
                .extend(self.filled(entity, change, kind, has_value));
        }
        if in_the_way.is_empty() {
            Ok(case)
        } else {
            Err(refusal(change, &in_the_way))
        }
    }

    fn fate(
        &self,
        current: &LiveResource,
        schema: &Change,
        kind: &str,
    ) -> Result<(usize, Fate), String> {
        let address = &current.resource.address;
        let Some(&position) = self.positions.get(address) else {
            let why = if !self.options.selects(address) {
                "left out by --only"
            } else if current.synchronised {
                "kept by an integration, not declared here"
            } else {
                "not declared here"
            };
            return Err(why.to_owned());
        };
        let change = &self.changes[position];
        if let Some(rule) = &change.blocked {
            return Err(format!("blocked: {rule}"));
        }
        let Some(after) = change.after() else {
            return Ok((position, Fate::Deleted));
        };
        if is_ignored(&self.options.ignore, address, &schema.address) {
            return Err("left to others by `ignore`".to_owned());
        }
        if !holds(after, &schema.address) {
            return Ok((position, Fate::Dropped));
        }
        match schema.after() {
            Some(after) if assigned(&after.body, kind) => Ok((position, Fate::Reset)),
            _ => Err("declared with a value".to_owned()),
        }
    }

    /// The change that gives a live resource the value without which it could not be written again.
    fn filled(
        &self,
        entity: &Resource,
        schema: &Change,
        kind: &str,
        has_value: bool,
    ) -> Option<usize> {
        let requires = |body: Option<&Resource>| body.is_some_and(|r| required(&r.body, kind));
        let is_reset = has_value && loses_its_place(schema, kind);
        let comes_to_lack = is_reset || (!has_value && !requires(schema.before()));
        if !requires(schema.after()) || !comes_to_lack {
            return None;
        }
        let position = *self.positions.get(&entity.address)?;
        let change = &self.changes[position];
        let gets_it = change
            .after()
            .is_some_and(|after| holds(after, &schema.address));
        (gets_it && change.blocked.is_none()).then_some(position)
    }
}

/// Whether values of this kind of entity cannot stay while the schema changes.
fn loses_its_place(schema: &Change, kind: &str) -> bool {
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
    let path = custom_property(schema.name());
    rules
        .iter()
        .filter(|rule| rule.kind == address.kind().name)
        .any(|rule| {
            rule.field == path
                || path.starts_with(&format!("{}.", rule.field))
                || rule.field.starts_with(&format!("{path}."))
        })
}

/// Declared resources that are as declared, and whose value must be cleared and set again because
/// its schema is retyped.
pub(in crate::plan) fn set_again(
    changes: &[Change],
    unchanged: &[Address],
    desired: &DesiredState,
    live: &LiveState,
    options: &PlanOptions,
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
        let names: Vec<String> = named_by(&current.resource)
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
            let blocked = foreign_owner(address, live, options);
            written_again(current, reason, blocked, place)
        })
    };
    unchanged.iter().filter_map(rewrite).collect()
}

fn written_again(
    current: &LiveResource,
    reason: String,
    blocked: Option<String>,
    place: Option<Span>,
) -> Change {
    let resource = &current.resource;
    Change {
        address: resource.address.clone(),
        step: Step::Update {
            before: resource.clone(),
            after: resource.clone(),
        },
        blocked,
        reason,
        fields: Vec::new(),
        unmodelled: current.unmodelled.clone(),
        text: None,
        place,
        waits_for: Vec::new(),
    }
}

fn refusal(schema: &Change, in_the_way: &[(&Address, String)]) -> Refusal {
    let what = match (schema.before(), schema.after()) {
        (_, None) => "be deleted",
        (Some(before), Some(after)) if retyped(&before.body, &after.body) => "change its type",
        _ => "be unassigned",
    };
    let shown = in_the_way
        .iter()
        .map(|(address, why)| format!("{address} ({why})"));
    let name = schema.address.name();
    Refusal {
        message: format!(
            "{} cannot {what} while it is in use by {}",
            schema.address,
            first_of(shown)
        ),
        help: format!(
            "the service wants these values cleared first: have `{name}` taken out of these \
             resources by whoever manages them (undeclared ones: in the portal, or declare them \
             here without it), then plan again"
        ),
        place: place_of(schema),
    }
}

/// Where a schema's first field that differs is declared, or else the schema.
fn place_of(schema: &Change) -> Option<Span> {
    let mut places = schema.fields.iter().map(|field| field.place);
    places.find_map(|place| place).or(schema.place)
}
