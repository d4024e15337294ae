//! What holds for any metadata schemas that change while resources hold values of them, at a service
//! that refuses what the real one refuses.

use std::collections::BTreeMap;
use std::sync::Arc;

use apicenter::model::{Address, Resource};
use apicenter::plan::{MaxDeletes, PruneScope};
use proptest::array::{uniform2, uniform3};
use proptest::bool::weighted;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::Index;
use serde_json::{Map, Value, json};

use super::case::{Case, address, show};
use super::invariants::{execute, execute_in_any_order, replan};
use super::strict_service::StrictService;

const SCHEMAS: [&str; 3] = ["cost", "rank", "team"];
const ENTITIES: [&str; 3] = ["api", "deployment", "environment"];

/// A type (string, number, list, the choice `a`, the choice `b`), and for each entity: not assigned,
/// optional, required.
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
    let schema = of((0..5_u8, uniform3(0..3_u8)));
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
                let schema = match kind {
                    0 => json!({"type": "string"}),
                    1 => json!({"type": "number"}),
                    2 => json!({"type": "array"}),
                    3 => json!({"type": "string", "enum": ["a"]}),
                    _ => json!({"type": "string", "enum": ["b"]}),
                };
                let body = json!({"schema": schema, "assignedTo": assigned});
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
                    2 => json!([["a"], ["b"]][usize::from(*variant)]),
                    3 => json!("a"),
                    _ => json!("b"),
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
        let writer = StrictService::new(case.live.clone());
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
            let writer = Arc::new(StrictService::failing(case.live.clone(), at, late));
            let plan = case.plan();
            let report = execute(&plan, &writer);
            prop_assert_eq!(report.is_complete(), at >= writer.writes());
            case.live = writer.memory.state();
        }
        let plan = case.plan();
        prop_assert!(plan.refusals.is_empty(), "{:?}", plan.refusals);
        let writer = Arc::new(StrictService::new(case.live.clone()));
        let report = execute(&plan, &writer);
        prop_assert!(report.is_complete(), "{:#?}", report.outcomes);
        let again = replan(&case, writer.memory.state());
        prop_assert_eq!(show(&again), Vec::<String>::new());
    }
}
