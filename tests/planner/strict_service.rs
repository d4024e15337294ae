//! A service in memory that refuses what the real one refuses of custom metadata.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use std::sync::atomic::{AtomicUsize, Ordering};

use apicenter::live::{ErrorKind, ServiceError, Writer};
use apicenter::model::{Address, Body, Document, LiveState, Resource};
use serde_json::{Map, Value, json};

use super::case::{Case, resource};
use super::invariants::block_on;
use super::memory::Memory;

/// A service in memory with the rules of custom metadata; it can fail once.
#[derive(Debug, Default)]
pub(super) struct StrictService {
    pub(super) memory: Memory,
    writes: AtomicUsize,
    /// The number of the write that fails, and whether it is carried out all the same.
    fails: Option<(usize, bool)>,
}

impl StrictService {
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
    fn weather(&self) -> (Result<(), ServiceError>, Result<(), ServiceError>) {
        let n = self.writes.fetch_add(1, Ordering::Relaxed);
        let failure = || Err(ServiceError::new(ErrorKind::Refused, "told to fail"));
        match self.fails {
            Some((at, false)) if at == n => (failure(), Ok(())),
            Some((at, true)) if at == n => (Ok(()), failure()),
            _ => (Ok(()), Ok(())),
        }
    }
}

fn refused(why: String) -> ServiceError {
    ServiceError::new(ErrorKind::Refused, why)
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
        "string" => {
            let choices = schema["schema"].get("oneOf").and_then(Value::as_array);
            let is_choice = |choices: &Vec<Value>| choices.iter().any(|c| c["const"] == *value);
            value.is_string() && choices.is_none_or(is_choice)
        }
        "number" => value.is_number(),
        _ => value.is_array(),
    }
}

fn check_entity(state: &LiveState, resource: &Resource, entity: &str) -> Result<(), ServiceError> {
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

fn check_schema(state: &LiveState, at: &Address, after: Option<&Body>) -> Result<(), ServiceError> {
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

impl Writer for StrictService {
    async fn put(&self, resource: &Resource, unmodelled: &Body) -> Result<(), ServiceError> {
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

    async fn import(&self, _: &Resource, _: &Document) -> Result<(), ServiceError> {
        unreachable!("no definitions here")
    }

    async fn delete(&self, resource: &Resource) -> Result<(), ServiceError> {
        let address = &resource.address;
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
        self.memory.delete(resource).await?;
        late
    }
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
    let writer = StrictService::new(case.live);
    let put = |at: &str, body: Value| {
        let resource = resource(at, body);
        block_on(writer.put(&resource, &Body::new()))
    };
    let schema_there = resource("metadata-schema/rank", schema("string", json!([])));
    put("api/a", api(json!({}))).unwrap_err();
    put("api/a", api(json!({"rank": 1}))).unwrap_err();
    put("api/a", api(json!({"rank": "y", "other": 1}))).unwrap_err();
    let to_api = json!([{"entity": "api"}]);
    put("metadata-schema/rank", schema("number", to_api.clone())).unwrap_err();
    put("metadata-schema/rank", schema("string", json!([]))).unwrap_err();
    block_on(writer.delete(&schema_there)).unwrap_err();
    put("metadata-schema/rank", schema("string", to_api)).unwrap();
    put("api/a", api(json!({}))).unwrap();
    block_on(writer.delete(&schema_there)).unwrap();
}
