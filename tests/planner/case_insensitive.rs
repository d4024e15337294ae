//! Which fields compare without case, for every kind.

#![expect(clippy::unwrap_used, reason = "helpers of tests may panic")]

use apicenter::kinds::{KINDS, Kind};
use apicenter::model::Body;
use serde_json::{Value, json};

use super::case::{Case, declared, living};
use crate::kinds::example;

/// What a plan says if the live side of a kind's example has one text in capitals.
fn changes_if_shouted(kind: &'static Kind, path: &str) -> Vec<String> {
    let resource = example(kind);
    let mut case = Case::empty();
    let mut live = living(resource.clone());
    live.resource.body = shouted(resource.body.clone(), path);
    // What a manifest declares there, no kind models.
    let open = kind.info.open_field;
    let open = open.and_then(|field| live.resource.body.shift_remove(field));
    live.unmodelled = open.map_or_else(Body::new, |open| open.as_object().unwrap().clone());
    case.live.resources.insert(resource.address.clone(), live);
    let address = resource.address.clone();
    case.desired.resources.insert(address, declared(resource));
    case.changes()
}

fn shouted(body: Body, path: &str) -> Body {
    let mut body = Value::Object(body);
    let pointer = format!("/{}", path.replace('.', "/"));
    let shout = |text: &Value| json!(text.as_str().unwrap().to_uppercase());
    let value = body.pointer_mut(&pointer).unwrap();
    *value = match &*value {
        Value::Array(items) => items.iter().map(shout).collect(),
        text => shout(text),
    };
    body.as_object().unwrap().clone()
}

#[test]
fn folded_fields_compare_without_case() {
    for kind in KINDS {
        for path in kind.info.case_insensitive {
            // One of two alternatives is not in the example.
            if example(kind).body.get("source").is_some()
                && ["amazonApiGateway", "git"]
                    .iter()
                    .any(|one| path.contains(one))
            {
                continue;
            }
            let changes = changes_if_shouted(kind, path);
            assert_eq!(changes, Vec::<String>::new(), "{}.{path}", kind.info.name);
        }
    }
}

#[test]
fn other_fields_compare_with_it() {
    let with_title = KINDS
        .iter()
        .filter(|kind| example(kind).body.contains_key("title"));
    for kind in with_title {
        assert!(!kind.info.case_insensitive.contains(&"title"));
        assert_eq!(
            changes_if_shouted(kind, "title").len(),
            1,
            "{}",
            kind.info.name
        );
    }
}
