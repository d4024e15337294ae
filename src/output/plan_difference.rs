//! What moved between a plan that was saved and the one that is made now.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::plan::Plan;

/// The most changes that are listed.
const MOST: usize = 20;

/// What differs between two plans as data, which have different ids: one line for each address.
#[must_use]
pub fn moved_lines(saved: &Value, now: &Value) -> Vec<String> {
    let mut lines = difference_lines(saved, now);
    if lines.is_empty() {
        lines.push("no address: only values differ that neither plan changes".to_owned());
    }
    lines
}

/// What differs between two plans as data, one line for each address; none for the same plan.
#[must_use]
pub fn difference_lines(saved: &Value, now: &Value) -> Vec<String> {
    let mut lines = Vec::new();
    if saved["target"] != now["target"] {
        lines.push(format!(
            "the target: saved for {}, now {}",
            target(saved),
            target(now)
        ));
    }
    lines.extend(scope_lines(saved, now));
    let (saved, now) = (changes(saved), changes(now));
    let addresses = saved.keys().chain(now.keys());
    let mut addresses: Vec<&str> = addresses.copied().collect();
    addresses.sort_unstable();
    addresses.dedup();
    lines.extend(addresses.into_iter().filter_map(|address| {
        let what = match (saved.get(address), now.get(address)) {
            (Some(saved), None) => format!("{} in the saved plan, no change now", action(saved)),
            (None, Some(now)) => format!("{} now, no change in the saved plan", action(now)),
            (Some(saved), Some(now)) => difference(saved, now)?,
            (None, None) => return None,
        };
        Some(format!("{address}: {what}"))
    }));
    cut(lines)
}

/// What one of the plans compares and the other does not.
fn scope_lines(saved: &Value, now: &Value) -> Vec<String> {
    let (saved, now) = (&saved["scope"], &now["scope"]);
    match (saved.is_null(), now.is_null()) {
        (true, true) => return Vec::new(),
        (true, false) => return vec!["everything was compared, and only a part is now".to_owned()],
        (false, true) => return vec!["only a part was compared, and everything is now".to_owned()],
        (false, false) => {}
    }
    let compared = |scope: &'_ Value| -> BTreeSet<String> {
        let lists = [&scope["addresses"], &scope["removed"]].into_iter();
        let all = lists.filter_map(Value::as_array).flatten();
        all.filter_map(|one| one.as_str().map(str::to_owned))
            .collect()
    };
    let (saved, now) = (compared(saved), compared(now));
    let more = now.difference(&saved);
    let more = more.map(|one| format!("{one}: compared now, and not in the saved plan"));
    let fewer = saved.difference(&now);
    let fewer = fewer.map(|one| format!("{one}: compared in the saved plan, and not now"));
    more.chain(fewer).collect()
}

/// The changes of a plan, one line for each.
#[must_use]
pub fn change_lines(plan: &Plan) -> Vec<String> {
    let changes = plan.changes.iter();
    cut(changes
        .map(|change| format!("{}: {}", change.address, change.action().word()))
        .collect())
}

fn cut(mut lines: Vec<String>) -> Vec<String> {
    if lines.len() > MOST {
        let more = lines.len() - MOST;
        lines.truncate(MOST);
        lines.push(format!("and {more} more"));
    }
    lines
}

fn target(plan: &Value) -> String {
    let text = |field: &str| plan["target"][field].as_str().unwrap_or_default();
    let (name, service) = (text("name"), text("service"));
    let (group, subscription) = (text("resourceGroup"), text("subscriptionId"));
    format!("{name} (service {service} in resource group {group} of subscription {subscription})")
}

fn changes(plan: &Value) -> BTreeMap<&str, &Value> {
    let changes = plan["changes"].as_array().into_iter().flatten();
    changes
        .filter_map(|change| Some((change["address"].as_str()?, change)))
        .collect()
}

fn action(change: &Value) -> &str {
    change["action"].as_str().unwrap_or_default()
}

/// What differs between two changes of one resource, without where they are declared.
fn difference(saved: &Value, now: &Value) -> Option<String> {
    if action(saved) != action(now) {
        return Some(format!(
            "{} in the saved plan, {} now",
            action(saved),
            action(now)
        ));
    }
    let (before, after) = (fields(saved), fields(now));
    let mut paths: Vec<&str> = before.keys().chain(after.keys()).copied().collect();
    paths.sort_unstable();
    paths.dedup();
    paths.retain(|path| before.get(path) != after.get(path));
    if !paths.is_empty() {
        return Some(format!("other values in {}", paths.join(", ")));
    }
    let other = ["unmodelled", "steps", "blockedBy"];
    let differs = other.iter().any(|field| saved[*field] != now[*field]);
    differs.then(|| "the same values, reached in another way".to_owned())
}

/// The values of each field before and after.
fn fields(change: &Value) -> BTreeMap<&str, (&Value, &Value)> {
    let fields = change["fields"].as_array().into_iter().flatten();
    fields
        .filter_map(|field| Some((field["path"].as_str()?, (&field["before"], &field["after"]))))
        .collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn plan(changes: &Value) -> Value {
        json!({"target": {"name": "prod", "service": "s"}, "changes": changes})
    }

    fn change(address: &str, action: &str, after: &str) -> Value {
        json!({"address": address, "action": action, "source": {"line": after.len()},
            "fields": [{"path": "title", "before": "a", "after": after, "source": {"line": 1}}]})
    }

    #[test]
    fn every_address_that_moved_is_named_and_no_other() {
        let saved = plan(&json!([
            change("api/a", "create", "x"),
            change("api/b", "update", "x"),
            change("api/c", "update", "x"),
            change("api/d", "update", "x"),
        ]));
        let now = plan(&json!([
            change("api/b", "update", "y"),
            change("api/c", "delete", "x"),
            change("api/d", "update", "x"),
            change("api/e", "create", "x"),
        ]));
        assert_eq!(
            moved_lines(&saved, &now),
            [
                "api/a: create in the saved plan, no change now",
                "api/b: other values in title",
                "api/c: update in the saved plan, delete now",
                "api/e: create now, no change in the saved plan",
            ]
        );
    }

    #[test]
    fn another_target_and_hidden_differences_are_named() {
        let one = plan(&json!([change("api/a", "create", "x")]));
        let mut other = one.clone();
        assert_eq!(moved_lines(&one, &other).len(), 1);
        assert!(moved_lines(&one, &other)[0].starts_with("no address"));
        other["target"]["service"] = json!("t");
        assert!(moved_lines(&one, &other)[0].starts_with("the target: saved for prod (service s"));
    }

    #[test]
    fn a_long_list_is_cut() {
        let many: Vec<Value> = (0..30)
            .map(|i| change(&format!("api/a{i:02}"), "create", "x"))
            .collect();
        let lines = moved_lines(&plan(&json!([])), &plan(&json!(many)));
        assert_eq!((lines.len(), lines[20].as_str()), (21, "and 10 more"));
    }
}
