//! What a service answers although no client of the emulator could have written it.

use apicenter::emulator::{Fault, FaultRule};
use serde_json::Value;

use super::ServiceFixture;

/// Changes what the list of a collection says. Lists below it stay as they are, or as an earlier call changed
/// them: call with the lowest collection first.
pub(super) fn list(
    center: &ServiceFixture,
    collection: &str,
    change: impl FnOnce(&mut Vec<Value>),
) {
    freeze_below(center, collection);
    if collection == "apis" {
        // Its path is the beginning of another one.
        inject(center, "apiSources", &center.get("apiSources"));
    }
    let mut answer = center.get(collection);
    change(answer["value"].as_array_mut().expect("a list"));
    inject(center, collection, &answer);
}

/// Changes the properties of every resource in the list of a collection.
pub(super) fn properties(center: &ServiceFixture, collection: &str, change: impl Fn(&mut Value)) {
    list(center, collection, |items| {
        for item in items {
            change(&mut item["properties"]);
        }
    });
}

fn freeze_below(center: &ServiceFixture, collection: &str) {
    let below: &[&str] = match collection.rsplit('/').next() {
        Some("apis") => &["versions", "deployments"],
        Some("versions") if collection.starts_with("apis/") => {
            &["definitions", "securityRequirements"]
        }
        Some("skills" | "agents") => &["versions"],
        _ => return,
    };
    let items = center.get(collection);
    for item in items["value"].as_array().expect("a list") {
        let name = item["name"].as_str().expect("a name");
        for one in below {
            let path = format!("{collection}/{name}/{one}");
            freeze_below(center, &path);
            inject(center, &path, &center.get(&path));
        }
    }
}

/// A rule matches every path that contains its own, so the rules of lower collections come first.
fn inject(center: &ServiceFixture, collection: &str, answer: &Value) {
    let body = answer.to_string();
    let fault = Fault::Response { status: 200, body };
    center.inject(FaultRule::next("GET", &format!("/{collection}"), fault).times(1000));
}
