//! Metadata schemas that are in use: what the service would refuse is refused before anything is sent.

use apicenter::plan::PruneScope;
use serde_json::{Value, json};

use super::case::{Case, refusals};

const SCHEMA: &str = "metadata-schema/rank";

fn schema(kind: &str, assigned: Value) -> Value {
    json!({"schema": {"type": kind}, "assignedTo": assigned})
}

fn api(properties: Value) -> Value {
    json!({"title": "A", "kind": "rest", "customProperties": properties})
}

/// A schema, and an API that carries a value of it.
fn used(assigned: Value) -> Case {
    Case::equal()
        .have(SCHEMA, schema("string", assigned))
        .have("api/ranked", api(json!({"rank": "high"})))
}

#[test]
fn a_type_cannot_change_while_a_value_stays() {
    let plan = used(json!([{"entity": "api"}]))
        .declare(SCHEMA, schema("number", json!([{"entity": "api"}])))
        .declare("api/ranked", api(json!({"rank": 1})))
        .plan();
    assert_eq!(
        refusals(&plan),
        ["metadata-schema/rank cannot change its type while it is in use by api/ranked"]
    );
}

#[test]
fn a_type_can_change_where_every_value_goes_first() {
    let plan = used(json!([{"entity": "api"}]))
        .declare(SCHEMA, schema("number", json!([{"entity": "api"}])))
        .declare("api/ranked", api(json!({})))
        .plan();
    assert!(refusals(&plan).is_empty());
}

#[test]
fn a_required_value_cannot_go_together_with_its_schema() {
    let plan = used(json!([{"entity": "api", "required": true}]))
        .declare("api/ranked", api(json!({})))
        .prune(PruneScope::All)
        .plan();
    assert_eq!(
        refusals(&plan)[0],
        "metadata-schema/rank is still required by the service for api/ranked"
    );
}

#[test]
fn a_schema_cannot_go_while_somebody_elses_resource_uses_it() {
    let unassigned = used(json!([{"entity": "api"}]))
        .declare(SCHEMA, schema("string", json!([{"entity": "environment"}])))
        .plan();
    assert_eq!(
        refusals(&unassigned),
        ["metadata-schema/rank cannot be unassigned while it is in use by api/ranked"]
    );
    let other_choices = used(json!([{"entity": "api"}]))
        .declare(
            SCHEMA,
            schema(
                "string",
                json!([{"entity": "api"}, {"entity": "environment"}]),
            ),
        )
        .plan();
    assert!(
        refusals(&other_choices).is_empty(),
        "it may be assigned to more"
    );
}
