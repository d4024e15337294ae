//! What holds for any metadata schemas that change while resources hold values of them, at a service
//! that refuses what the real one refuses.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use apicenter::model::{Address, Body, Document, LiveState, Resource};
use apicenter::plan::{MaxDeletes, PruneScope};
use apicenter::provider::memory::Memory;
use apicenter::provider::{ErrorKind, ProviderError, Writer};
use proptest::array::{uniform2, uniform3};
use proptest::bool::weighted;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::case::{Case, address, show};
use super::laws::{execute, execute_in_any_order, replan};

const SCHEMAS: [&str; 3] = ["cost", "rank", "team"];
const ENTITIES: [&str; 3] = ["api", "deployment", "environment"];

/// A service in memory with the rules of custom metadata; it can fail once.
#[derive(Debug, Default)]
pub(super) struct Guarded {
    pub(super) memory: Memory,
    writes: AtomicUsize,
    /// The number of the write that fails, and whether it is carried out all the same.
    fails: Option<(usize, bool)>,
}

impl Guarded {
    pub(super) fn new(state: LiveState) -> Self {
        Self {
            memory: Memory::new(state),
            ..Self::default()
        }
    }

    pub(super) fn failing(state: LiveState, at: usize, late: bool) -> Self {
        Self {
            fails: Some((at, late)),
            ..Self::new(state)
        }
    }

    pub(super) fn writes(&self) -> usize {
        self.writes.load(Ordering::Relaxed)
    }

    /// Counts a write; an error where it fails, early or late.
    fn weather(&self) -> (Result<(), ProviderError>, Result<(), ProviderError>) {
        let n = self.writes.fetch_add(1, Ordering::Relaxed);
        let failure = || Err(ProviderError::new(ErrorKind::Refused, "told to fail"));
        match self.fails {
            Some((at, false)) if at == n => (failure(), Ok(())),
            Some((at, true)) if at == n => (Ok(()), failure()),
            _ => (Ok(()), Ok(())),
        }
    }
}

fn refused(why: String) -> ProviderError {
    ProviderError::new(ErrorKind::Refused, why)
}

fn values(resource: &Resource) -> Map<String, Value> {
    let own = resource.body.get("customProperties");
    own.and_then(Value::as_object).cloned().unwrap_or_default()
}

/// Whether a schema is assigned to an entity, and whether it is required there.
fn assignment(schema: &Body, entity: &str) -> Option<bool> {
    let assigned = schema.get("assignedTo")?.as_array()?;
    let own = assigned.iter().find(|item| item["entity"] == entity)?;
    Some(own.get("required") == Some(&json!(true)))
}

fn schemas(state: &LiveState) -> impl Iterator<Item = (&str, &Body)> {
    let all = state.resources.iter();
    all.filter(|(address, _)| address.kind().name == "MetadataSchema")
        .map(|(address, current)| (address.name(), &current.resource.body))
}

fn fits(schema: &Body, value: &Value) -> bool {
    match schema["schema"]["type"].as_str().unwrap() {
        "string" => value.is_string(),
        "number" => value.is_number(),
        _ => value.is_array(),
    }
}

fn check_entity(state: &LiveState, resource: &Resource, entity: &str) -> Result<(), ProviderError> {
    let values = values(resource);
    for (name, schema) in schemas(state) {
        if assignment(schema, entity) == Some(true) && !values.contains_key(name) {
            return Err(refused(format!("{} lacks {name}", resource.address)));
        }
    }
    for (name, value) in &values {
        let known = schemas(state).find(|(other, _)| other == name);
        let fits = known
            .is_some_and(|(_, schema)| assignment(schema, entity).is_some() && fits(schema, value));
        if !fits {
            let why = format!("{} has {name}: {value}", resource.address);
            return Err(refused(why));
        }
    }
    Ok(())
}

fn check_schema(
    state: &LiveState,
    at: &Address,
    after: Option<&Body>,
) -> Result<(), ProviderError> {
    let Some(current) = state.resources.get(at) else {
        return Ok(());
    };
    let before = &current.resource.body;
    let is_retyped = after.is_none_or(|after| after["schema"]["type"] != before["schema"]["type"]);
    for user in state.resources.values().map(|user| &user.resource) {
        let Some(entity) = user.address.kind().entity else {
            continue;
        };
        let is_assigned = after.is_some_and(|after| assignment(after, entity).is_some());
        if values(user).contains_key(at.name()) && (is_retyped || !is_assigned) {
            return Err(refused(format!("{at} is in use by {}", user.address)));
        }
    }
    Ok(())
}

impl Writer for Guarded {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ProviderError> {
        let (early, late) = self.weather();
        early?;
        let (state, address) = (self.memory.state(), &resource.address);
        for needed in address.parent().iter().chain(&resource.references) {
            if !state.resources.contains_key(needed) {
                return Err(refused(format!("{address} before {needed}")));
            }
        }
        match address.kind().entity {
            Some(entity) => check_entity(&state, resource, entity)?,
            None => check_schema(&state, address, Some(&resource.body))?,
        }
        self.memory.put(resource, unmodelled).await?;
        late
    }

    async fn import(&self, _: &Resource, _: &Document) -> Result<(), ProviderError> {
        unreachable!("no definitions here")
    }

    async fn delete(&self, address: &Address) -> Result<(), ProviderError> {
        let (early, late) = self.weather();
        early?;
        let state = self.memory.state();
        if address.kind().entity.is_none() {
            check_schema(&state, address, None)?;
        }
        for other in state.resources.values().map(|current| &current.resource) {
            let stays = other.address != *address && !other.address.is_below(address);
            if stays && other.references.contains(address) {
                return Err(refused(format!("{} names {address}", other.address)));
            }
        }
        self.memory.delete(address).await?;
        late
    }
}

/// A type, and for each entity: not assigned, optional, required.
type Schema = (u8, [u8; 3]);

/// For each schema, whether a value is wanted and which.
type Values = [(bool, u8); 3];

#[derive(Debug, Clone)]
struct Api {
    values: Values,
    /// The environment that it names, and its values.
    deployment: Option<(Option<usize>, Values)>,
}

#[derive(Debug, Clone)]
struct Side {
    schemas: [Option<Schema>; 3],
    environments: [Option<Values>; 2],
    apis: [Option<Api>; 2],
}

fn side() -> BoxedStrategy<Side> {
    let values = || uniform3((weighted(0.7), 0..2_u8));
    let schema = of((0..3_u8, uniform3(0..3_u8)));
    let api = (values(), of((of(0..2_usize), values())))
        .prop_map(|(values, deployment)| Api { values, deployment });
    (uniform3(schema), uniform2(of(values())), uniform2(of(api)))
        .prop_map(|(schemas, environments, apis)| Side {
            schemas,
            environments,
            apis,
        })
        .boxed()
}

impl Side {
    /// Its resources; `strict` where every required value is there, as a valid project has them. A
    /// service may lack some: a schema can become required after a resource was written.
    fn items(&self, strict: bool) -> Vec<(String, Value)> {
        let mut items = Vec::new();
        for (name, schema) in SCHEMAS.iter().zip(&self.schemas) {
            if let Some((kind, assigned)) = schema {
                let assigned: Vec<Value> = ENTITIES
                    .iter()
                    .zip(assigned)
                    .filter(|(_, flag)| **flag > 0)
                    .map(|(entity, flag)| json!({"entity": entity, "required": *flag == 2}))
                    .collect();
                let kind = ["string", "number", "array"][usize::from(*kind)];
                let body = json!({"schema": {"type": kind}, "assignedTo": assigned});
                items.push((format!("metadata-schema/{name}"), body));
            }
        }
        for (i, values) in self.environments.iter().enumerate() {
            if let Some(values) = values {
                let body = json!({"title": "E", "kind": "testing",
                    "customProperties": self.custom(2, values, strict)});
                items.push((format!("environment/env-{i}"), body));
            }
        }
        for (i, api) in self.apis.iter().enumerate() {
            let Some(api) = api else { continue };
            let body = json!({"title": "A", "kind": "rest",
                "customProperties": self.custom(0, &api.values, strict)});
            items.push((format!("api/api-{i}"), body));
            if let Some((environment, values)) = &api.deployment {
                let mut body = json!({"title": "D",
                    "customProperties": self.custom(1, values, strict)});
                if let Some(e) = environment.filter(|&e| self.environments[e].is_some()) {
                    body["environment"] = json!(format!("env-{e}"));
                }
                items.push((format!("api/api-{i}/deployment/eu"), body));
            }
        }
        items
    }

    fn custom(&self, entity: usize, wanted: &Values, strict: bool) -> Value {
        let mut map = Map::new();
        for (i, (is_wanted, variant)) in wanted.iter().enumerate() {
            let Some((kind, assigned)) = &self.schemas[i] else {
                continue;
            };
            let is_due = strict && assigned[entity] == 2;
            if assigned[entity] > 0 && (*is_wanted || is_due) {
                let value = match kind {
                    0 => json!(["a", "b"][usize::from(*variant)]),
                    1 => json!(variant),
                    _ => json!([["a"], ["b"]][usize::from(*variant)]),
                };
                map.insert(SCHEMAS[i].to_owned(), value);
            }
        }
        Value::Object(map)
    }
}

/// A case that is shown in few lines.
struct Small(Case);

impl std::fmt::Debug for Small {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let body = |resource: &Resource| Value::Object(resource.body.clone());
        for (address, declared) in &self.0.desired.resources {
            writeln!(f, "declared {address}: {}", body(&declared.resource))?;
        }
        for (address, current) in &self.0.live.resources {
            writeln!(f, "live {address}: {}", body(&current.resource))?;
        }
        Ok(())
    }
}

/// A valid project and a service, of which this repository owns everything.
fn case() -> impl Strategy<Value = Small> {
    (side(), side()).prop_map(|(desired, live)| {
        let mut case = Case::empty()
            .prune(PruneScope::All)
            .at_most(MaxDeletes::Count(1000), 0);
        for (at, body) in desired.items(true) {
            case = case.declare(&at, body);
        }
        let valid: BTreeMap<String, Value> = live.items(true).into_iter().collect();
        for (at, body) in live.items(false) {
            // What is to be deleted was valid before; nothing could make it so.
            let is_declared = case.desired.resources.contains_key(&address(&at));
            let body = if is_declared {
                body
            } else {
                valid[&at].clone()
            };
            case = case.have(&at, body);
        }
        Small(case)
    })
}

fn config() -> ProptestConfig {
    ProptestConfig {
        failure_persistence: None,
        ..ProptestConfig::with_cases(384)
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn any_allowed_order_is_accepted_and_ends_as_declared(
        Small(case) in case(),
        picks in proptest::collection::vec(any::<Index>(), 1..30),
    ) {
        let plan = case.plan();
        prop_assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
        let writer = Guarded::new(case.live.clone());
        execute_in_any_order(&plan, &writer, &picks);
        prop_assert_eq!(writer.writes(), plan.writes());
        let again = replan(&case, writer.memory.state());
        prop_assert_eq!(show(&again), Vec::<String>::new());
        let state = writer.memory.state();
        let left: Vec<&Address> = state.resources.keys().collect();
        let declared: Vec<&Address> = case.desired.resources.keys().collect();
        prop_assert_eq!(left, declared);
    }

    #[test]
    fn a_failure_at_any_write_is_healed_by_the_next_apply(
        Small(case) in case(),
        failures in proptest::collection::vec((0..12_usize, any::<bool>()), 1..4),
    ) {
        let mut case = case;
        for (at, late) in failures {
            let writer = Arc::new(Guarded::failing(case.live.clone(), at, late));
            let plan = case.plan();
            let report = execute(&plan, &writer);
            prop_assert_eq!(report.is_complete(), at >= writer.writes());
            case.live = writer.memory.state();
        }
        let plan = case.plan();
        prop_assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
        let writer = Arc::new(Guarded::new(case.live.clone()));
        let report = execute(&plan, &writer);
        prop_assert!(report.is_complete(), "{:#?}", report.outcomes);
        let again = replan(&case, writer.memory.state());
        prop_assert_eq!(show(&again), Vec::<String>::new());
    }
}

/// Writes in the order of numbers, for a message about one.
pub(super) fn written(plan: &apicenter::plan::Plan) -> Vec<String> {
    let prepared = plan.preparations.iter();
    prepared
        .map(|p| format!("{:?} {}", p.purpose, p.resource.address))
        .collect()
}

#[test]
fn the_service_of_these_tests_refuses() {
    let schema =
        |kind: &str, assigned: Value| json!({"schema": {"type": kind}, "assignedTo": assigned});
    let api = |values: Value| json!({"title": "A", "kind": "rest", "customProperties": values});
    let case = Case::empty()
        .have(
            "metadata-schema/rank",
            schema("string", json!([{"entity": "api", "required": true}])),
        )
        .have("api/a", api(json!({"rank": "x"})));
    let writer = Guarded::new(case.live);
    let put = |at: &str, body: Value| {
        let resource = super::case::resource(at, body);
        super::laws::block_on(writer.put(&resource, &Body::new()))
    };
    put("api/a", api(json!({}))).unwrap_err();
    put("api/a", api(json!({"rank": 1}))).unwrap_err();
    put("api/a", api(json!({"rank": "y", "other": 1}))).unwrap_err();
    let to_api = json!([{"entity": "api"}]);
    put("metadata-schema/rank", schema("number", to_api.clone())).unwrap_err();
    put("metadata-schema/rank", schema("string", json!([]))).unwrap_err();
    super::laws::block_on(writer.delete(&address("metadata-schema/rank"))).unwrap_err();
    put("metadata-schema/rank", schema("string", to_api)).unwrap();
    put("api/a", api(json!({}))).unwrap();
    super::laws::block_on(writer.delete(&address("metadata-schema/rank"))).unwrap();
}
