//! What must be alike, and which recorded exchanges are known to differ.

use serde_json::Value;

use super::Exchange;
use crate::emulator::harness::Heard;

/// The first way in which our answer differs from the recorded one.
pub(super) fn difference(recorded: &Exchange, heard: &Heard) -> Option<String> {
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
            // Times, operation ids, traces and principals are made up anew.
            "systemData" | "identity" => keys(ours) != keys(theirs),
            "startTime" | "endTime" | "traceId" => !ours.is_string(),
            // The data host name comes with a delay, in the recordings as here.
            "properties" if is_service => false,
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

/// Why a recorded exchange may be answered otherwise.
pub(super) fn exception(recorded: &Exchange) -> Option<&'static str> {
    if recorded.is_old() {
        return Some("recorded before the wire settled in spring 2024");
    }
    let answer = recorded.answer();
    if answer["message"] == "Subscription not found" {
        return Some("May 2024: a missing environment was told otherwise for some days");
    }
    if recorded.method == "PATCH" && answer["systemData"].get("createdAt").is_none() {
        return Some("May 2024: PATCH of a service without createdAt, with it a month later");
    }
    if answer
        .get("properties")
        .is_some_and(|properties| properties.get("comment").is_some())
    {
        return Some("May 2024: an operation result with a comment, without it a month later");
    }
    None
}
