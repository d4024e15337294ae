//! Arbitrary catalogues over the real kinds, from small pools of names so that collisions are
//! frequent. References lead only to what the same side holds, as the service and `validate` demand.

use std::collections::BTreeMap;

use apicenter::model::{Body, DesiredState, LiveState};
use apicenter::plan::{MaxDeletes, PruneScope};
use proptest::array::{uniform2, uniform3};
use proptest::bool::weighted;
use proptest::option::of;
use proptest::prelude::*;
use serde_json::{Map, Value, json};

use super::case::{Case, address, declared, document, living, resource};

const SCHEMAS: [&str; 3] = ["team", "tier", "slo"];
const ENVIRONMENTS: [&str; 3] = ["prod", "prod-eu", "test"];
const APIS: [&str; 3] = ["orders", "billing", "crm"];
const VERSIONS: [&str; 2] = ["1-0-0", "2-0-0"];
const DEFINITIONS: [&str; 2] = ["openapi", "guide"];
const DEPLOYMENTS: [&str; 2] = ["eu", "us"];

// Strategies are boxed: by value, trees of this size overflow the stack of a test.

/// Values of custom properties, of every JSON type that counts.
type Properties = [Option<u8>; 3];

/// What lies beside the body of a live resource, and how it is written; a manifest uses `loud` alone.
#[derive(Debug, Clone, Copy)]
struct Manner {
    /// Names in capitals: Azure compares them without case.
    loud: bool,
    unmodelled: bool,
    synchronised: bool,
    owner: u8,
}

#[derive(Debug, Clone)]
struct Environment {
    manner: Manner,
    title: u8,
    stage: u8,
    properties: Properties,
}

#[derive(Debug, Clone)]
struct Version {
    manner: Manner,
    title: u8,
    definitions: [Option<(Manner, u8, Option<u8>)>; 2],
}

#[derive(Debug, Clone)]
struct Deployment {
    manner: Manner,
    environment: Option<usize>,
    definition: Option<(usize, usize)>,
    properties: Properties,
}

#[derive(Debug, Clone)]
struct Api {
    manner: Manner,
    title: u8,
    contacts: Vec<u8>,
    properties: Properties,
    versions: [Option<Version>; 2],
    deployments: [Option<Deployment>; 2],
}

/// One side of a plan.
#[derive(Debug, Clone)]
pub(super) struct Side {
    service: Option<(bool, u8)>,
    schemas: [Option<(Manner, u8)>; 3],
    environments: [Option<Environment>; 3],
    apis: [Option<Api>; 3],
}

fn manner() -> BoxedStrategy<Manner> {
    (weighted(0.1), weighted(0.2), weighted(0.05), 0..4_u8)
        .prop_map(|(loud, unmodelled, synchronised, owner)| Manner {
            loud,
            unmodelled,
            synchronised,
            owner,
        })
        .boxed()
}

fn properties() -> BoxedStrategy<Properties> {
    uniform3(of(0..5_u8)).boxed()
}

fn environment() -> BoxedStrategy<Environment> {
    (manner(), 0..2_u8, 0..3_u8, properties())
        .prop_map(|(manner, title, stage, properties)| Environment {
            manner,
            title,
            stage,
            properties,
        })
        .boxed()
}

fn version() -> BoxedStrategy<Version> {
    let definition = (manner(), 0..2_u8, of(0..3_u8));
    (manner(), 0..2_u8, uniform2(of(definition)))
        .prop_map(|(manner, title, definitions)| Version {
            manner,
            title,
            definitions,
        })
        .boxed()
}

fn deployment() -> BoxedStrategy<Deployment> {
    let definition = (0..2_usize, 0..2_usize);
    (manner(), of(0..3_usize), of(definition), properties())
        .prop_map(|(manner, environment, definition, properties)| Deployment {
            manner,
            environment,
            definition,
            properties,
        })
        .boxed()
}

fn api() -> BoxedStrategy<Api> {
    (
        manner(),
        0..2_u8,
        proptest::collection::vec(0..3_u8, 0..3),
        properties(),
        uniform2(of(version())),
        uniform2(of(deployment())),
    )
        .prop_map(
            |(manner, title, contacts, properties, versions, deployments)| Api {
                manner,
                title,
                contacts,
                properties,
                versions,
                deployments,
            },
        )
        .boxed()
}

fn side() -> BoxedStrategy<Side> {
    (
        of((any::<bool>(), 0..2_u8)),
        uniform3(of((manner(), 0..5_u8))),
        uniform3(of(environment())),
        uniform3(of(api())),
    )
        .prop_map(|(service, schemas, environments, apis)| Side {
            service,
            schemas,
            environments,
            apis,
        })
        .boxed()
}

/// Two arbitrary sides and the options that matter; no limit on deletes.
pub(super) fn case() -> impl Strategy<Value = Case> {
    let prune = prop_oneof![
        Just(None),
        Just(Some(PruneScope::Owned)),
        Just(Some(PruneScope::All))
    ];
    let protect = prop_oneof![
        3 => Just(vec![]),
        1 => Just(vec!["environment/prod*", "api/*/version/2-0-0"]),
    ];
    (side(), side(), prune, protect, any::<bool>()).prop_map(
        |(desired, live, prune, protect, marked)| {
            let mut case = Case::empty().protect(&protect);
            case.desired = desired.desired(marked);
            case.live = live.live(true);
            if marked {
                case = case.ours();
            }
            if let Some(scope) = prune {
                case = case.prune(scope);
            }
            case.at_most(MaxDeletes::Count(1000), 0)
        },
    )
}

/// Cases in which this repository owns everything and no rule blocks anything.
pub(super) fn sole_owner() -> impl Strategy<Value = Case> {
    (side(), side()).prop_map(|(desired, live)| {
        let mut case = Case::empty().prune(PruneScope::All);
        case.desired = desired.desired(false);
        case.live = live.live(false);
        for current in case.live.resources.values_mut() {
            current.synchronised = false;
        }
        case.at_most(MaxDeletes::Count(1000), 0)
    })
}

/// A resource before it becomes declared or live: its body, its document, its manner.
struct Item {
    body: Value,
    document: Option<u8>,
    manner: Manner,
}

type Items = BTreeMap<String, Item>;

impl Side {
    fn desired(&self, marked: bool) -> DesiredState {
        let mut state = DesiredState::default();
        for (at, item) in self.items(|_| if marked { 1 } else { 0 }) {
            let mut declared = declared(resource(&at, item.body));
            declared.document = item.document.map(|which| document(&text(which)));
            state.resources.insert(address(&at), declared);
        }
        state
    }

    fn live(&self, owners: bool) -> LiveState {
        let mut state = LiveState::default();
        for (at, item) in self.items(|manner| if owners { manner.owner } else { 0 }) {
            let mut living = living(resource(&at, item.body));
            living.synchronised = item.manner.synchronised;
            living.text = item.document.map(|which| text(which).into());
            if item.manner.unmodelled {
                living.unmodelled = Body::from_iter([("novel".to_owned(), json!({"x": [1]}))]);
            }
            state.resources.insert(address(&at), living);
        }
        state
    }

    fn items(&self, owner: impl Fn(Manner) -> u8 + Copy) -> Items {
        let mut items = Items::new();
        let marked = (0..2).any(|_| {
            let manners = self.environments.iter().flatten().map(|e| e.manner);
            manners
                .chain(self.apis.iter().flatten().map(|api| api.manner))
                .any(|manner| [1, 2].contains(&owner(manner)))
        });
        if let Some((free, tag)) = self.service {
            let sku = if free { "Free" } else { "Standard" };
            let body = json!({"location": "westeurope", "sku": {"name": sku},
                "tags": {"tag": tag.to_string()}});
            put(&mut items, "service".to_owned(), body, None, QUIET);
        }
        for (name, (manner, variant)) in present(SCHEMAS, &self.schemas) {
            let assigned = [
                json!([]),
                json!([{"entity": "api"}]),
                json!([{"entity": "api", "required": true}]),
            ];
            let kind = ["string", "number"][usize::from(*variant / 3)];
            let body = json!({"schema": {"type": kind},
                "assignedTo": assigned[usize::from(*variant % 3)]});
            let at = format!("metadata-schema/{}", manner.name(name));
            put(&mut items, at, body, None, *manner);
        }
        if marked {
            let body = json!({"schema": {"type": "string", "title": "Managed by"}});
            put(
                &mut items,
                "metadata-schema/managed-by".to_owned(),
                body,
                None,
                QUIET,
            );
        }
        for (name, environment) in present(ENVIRONMENTS, &self.environments) {
            let stage = ["production", "Production", "testing"][usize::from(environment.stage)];
            let mut body = json!({"title": title(environment.title), "kind": stage});
            let owner = owner(environment.manner);
            body["customProperties"] = self.custom(&environment.properties, owner);
            let at = format!("environment/{}", environment.manner.name(name));
            put(&mut items, at, body, None, environment.manner);
        }
        for (name, api) in present(APIS, &self.apis) {
            self.api(&mut items, api.manner.name(name), api, owner);
        }
        items
    }

    fn api(&self, items: &mut Items, name: String, api: &Api, owner: impl Fn(Manner) -> u8) {
        let top = format!("api/{name}");
        let contacts: Vec<Value> = api
            .contacts
            .iter()
            .map(|who| json!({"name": who.to_string()}))
            .collect();
        let body = json!({"title": title(api.title), "kind": "rest", "contacts": contacts,
            "customProperties": self.custom(&api.properties, owner(api.manner))});
        put(items, top.clone(), body, None, api.manner);
        for (name, version) in present(VERSIONS, &api.versions) {
            let at = format!("{top}/version/{}", version.manner.name(name));
            let body = json!({"title": title(version.title), "lifecycleStage": "design"});
            put(items, at.clone(), body, None, version.manner);
            for (name, (manner, variant, which)) in present(DEFINITIONS, &version.definitions) {
                let mut body = json!({"title": title(*variant)});
                if let Some(which) = which {
                    body["source"] = json!(document(&text(*which)).digest);
                    body["specification"] = json!({"name": "openapi", "version": "3.0.3"});
                }
                let at = format!("{at}/definition/{}", manner.name(name));
                put(items, at, body, *which, *manner);
            }
        }
        for (name, deployment) in present(DEPLOYMENTS, &api.deployments) {
            let mut body = json!({"title": "D"});
            let there = deployment
                .environment
                .filter(|&i| self.environments[i].is_some());
            if let Some(i) = there {
                body["environment"] = json!(ENVIRONMENTS[i]);
            }
            if let Some((v, d)) = deployment.definition
                && api.versions[v]
                    .as_ref()
                    .is_some_and(|v| v.definitions[d].is_some())
            {
                body["definition"] = json!(format!("{}/{}", VERSIONS[v], DEFINITIONS[d]));
            }
            let owner = owner(deployment.manner);
            body["customProperties"] = self.custom(&deployment.properties, owner);
            let at = format!("{top}/deployment/{}", deployment.manner.name(name));
            put(items, at, body, None, deployment.manner);
        }
    }

    fn custom(&self, properties: &Properties, owner: u8) -> Value {
        let mut map = Map::new();
        for (i, variant) in properties.iter().enumerate() {
            if let (Some(variant), Some(_)) = (variant, &self.schemas[i]) {
                let values = [
                    json!("a"),
                    json!(1),
                    json!(["a", "b"]),
                    json!({"name": "n"}),
                    json!(false),
                ];
                map.insert(SCHEMAS[i].to_owned(), values[usize::from(*variant)].clone());
            }
        }
        match owner {
            1 => drop(map.insert("managed-by".to_owned(), json!("us"))),
            2 => drop(map.insert("managed-by".to_owned(), json!("them"))),
            _ => {}
        }
        Value::Object(map)
    }
}

const QUIET: Manner = Manner {
    loud: false,
    unmodelled: false,
    synchronised: false,
    owner: 0,
};

impl Manner {
    fn name(self, name: &str) -> String {
        if self.loud {
            name.to_uppercase()
        } else {
            name.to_owned()
        }
    }
}

fn present<'a, T, const N: usize>(
    names: [&'static str; N],
    all: &'a [Option<T>; N],
) -> impl Iterator<Item = (&'static str, &'a T)> {
    let pairs = names.into_iter().zip(all);
    pairs.filter_map(|(name, one)| Some((name, one.as_ref()?)))
}

fn put(items: &mut Items, at: String, body: Value, document: Option<u8>, manner: Manner) {
    let item = Item {
        body,
        document,
        manner,
    };
    items.insert(at, item);
}

fn title(variant: u8) -> &'static str {
    ["One", "Two"][usize::from(variant)]
}

fn text(which: u8) -> String {
    format!("openapi: 3.0.3\ninfo: {{title: T, version: {which}.0.0}}\npaths: {{}}\n")
}
