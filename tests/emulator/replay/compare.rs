//! What must be alike, and which recorded exchanges are known to differ.

use serde_json::Value;

use super::Exchange;
use crate::emulator::harness::ReceivedResponse;

/// The first way in which our answer differs from the recorded one.
pub(super) fn difference(recorded: &Exchange, heard: &ReceivedResponse) -> Option<String> {
    if heard.status.as_u16() != recorded.status {
        return Some(format!(
            "status {} instead of {}: {}",
            heard.status, recorded.status, heard.text
        ));
    }
    for header in [
        "etag",
        "location",
        "x-ms-failure-cause",
        "content-type",
        "api-supported-versions",
    ] {
        let (here, there) = (
            heard.header(header).is_some(),
            recorded.headers.contains_key(header),
        );
        if here != there {
            return Some(format!("header {header}: {here} instead of {there}"));
        }
    }
    let text = recorded.response.as_deref().unwrap_or_default();
    if text.is_empty() {
        return (!heard.text.is_empty()).then(|| format!("a body: {}", heard.text));
    }
    body_difference(recorded, &heard.json(), &recorded.answer())
}

fn body_difference(recorded: &Exchange, ours: &Value, theirs: &Value) -> Option<String> {
    let (ours, theirs) = (&comparable(ours), &comparable(theirs));
    if recorded.path().ends_with("/exportMetadataSchema") {
        let (ours, theirs) = (exported_custom(ours), exported_custom(theirs));
        return (ours != theirs).then(|| format!("{ours} instead of {theirs}"));
    }
    if theirs.get("value").is_some_and(Value::is_array) {
        let (ours, theirs) = (items(ours), items(theirs));
        if ours.len() != theirs.len() {
            return Some(format!("{} items instead of {}", ours.len(), theirs.len()));
        }
        let mut pairs = ours.iter().zip(&theirs);
        return pairs.find_map(|(ours, theirs)| resource_difference(ours, theirs));
    }
    if recorded.status == 202 {
        // Whether it has started by the time of the poll is a matter of luck.
        return resource_difference(&before_start(ours), &before_start(theirs));
    }
    resource_difference(ours, theirs)
}

/// Without the time of a link's state, and without the traces of calls in messages.
fn comparable(body: &Value) -> Value {
    let mut body = body.clone();
    if let Some(state) = body.pointer_mut("/properties/linkState/lastUpdatedOn") {
        *state = Value::Null;
    }
    let details = body.pointer_mut("/details").and_then(Value::as_array_mut);
    for detail in details.into_iter().flatten() {
        let message = detail["message"].as_str().unwrap_or_default();
        detail["message"] = message.lines().next().unwrap_or_default().into();
    }
    body
}

fn before_start(poll: &Value) -> Value {
    let mut poll = poll.clone();
    if let Some(poll) = poll.as_object_mut() {
        poll.shift_remove("startTime");
        poll.shift_remove("status");
    }
    poll
}

fn items(list: &Value) -> Vec<Value> {
    list["value"].as_array().cloned().unwrap_or_default()
}

fn resource_difference(ours: &Value, theirs: &Value) -> Option<String> {
    if keys(ours) != keys(theirs) {
        return Some(format!(
            "keys {:?} instead of {:?}",
            keys(ours),
            keys(theirs)
        ));
    }
    let is_service = theirs["type"] == "Microsoft.ApiCenter/services";
    for (key, theirs) in theirs.as_object()? {
        let ours = &ours[key];
        let differs = match key.as_str() {
            // Times, operation ids, traces and principals are made up each time.
            "systemData" | "identity" => keys(ours) != keys(theirs),
            "startTime" | "endTime" | "traceId" => !ours.is_string(),
            // The data host name comes with a delay, in the recordings as here.
            "properties" if is_service => false,
            // Once the workspaces were not in it.
            "type" => last_segment(ours) != last_segment(theirs),
            "id" | "name"
                if theirs.as_str().is_some_and(is_made_up)
                    || ours.as_str().is_some_and(is_made_up) =>
            {
                false
            }
            _ => !same_text(ours, theirs),
        };
        if differs {
            return Some(format!("{key}: {ours} instead of {theirs}"));
        }
    }
    None
}

fn last_segment(text: &Value) -> Option<&str> {
    text.as_str()?.rsplit('/').next()
}

/// Equal with the order of keys, which `==` ignores.
fn same_text(ours: &Value, theirs: &Value) -> bool {
    let (ours, theirs) = (ours.to_string(), theirs.to_string());
    ours == theirs
}

fn is_made_up(text: &str) -> bool {
    let last = text.rsplit('/').next().unwrap_or_default();
    (last.len() == 32 && last.bytes().all(|byte| byte.is_ascii_hexdigit()))
        || last.starts_with("mock-")
        || text.ends_with("mock-deployment")
}

fn keys(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .map(|object| object.keys().map(String::as_str).collect())
        .unwrap_or_default()
}

/// The schema of the custom properties in an exported document, whose other members leak internals
/// that vary.
pub(super) fn exported_custom(answer: &Value) -> Value {
    let text = answer["value"].as_str().unwrap_or_default();
    let schema: Value = serde_json::from_str(text).unwrap_or_default();
    let properties = &schema["properties"];
    properties
        .get("customProperties")
        .or(properties.get("CustomProperties"))
        .cloned()
        .unwrap_or_default()
}
