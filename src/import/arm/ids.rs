//! Ids of a service and of what is in it.

use serde_json::Value;

/// How the path of a service starts, in lower case.
const SERVICES: &str = "/providers/microsoft.apicenter/services/";

/// The name of the service in an id, and the path below it, which is empty or starts with `/`.
pub(super) fn service_and_path(id: &str) -> Option<(&str, &str)> {
    // Other lower case letters can have another length.
    let start = id.to_ascii_lowercase().find(SERVICES)? + SERVICES.len();
    let rest = id.get(start..)?;
    Some(rest.split_at(rest.find('/').unwrap_or(rest.len())))
}

/// Makes ids of resources in the service relative to it, as the service has them in references.
pub(super) fn shorten_ids(value: &mut Value) {
    match value {
        Value::String(text) => {
            if let Some(path) = path_in_workspace(text) {
                *text = path;
            }
        }
        Value::Array(items) => items.iter_mut().for_each(shorten_ids),
        Value::Object(entries) => entries.values_mut().for_each(shorten_ids),
        _ => {}
    }
}

/// The path in the service, if the text is nothing but the id of something in a workspace.
fn path_in_workspace(text: &str) -> Option<String> {
    let lower = text.to_ascii_lowercase();
    let is_id = lower.starts_with("/subscriptions/") || lower.starts_with("/providers/");
    if !is_id || text.contains(char::is_whitespace) {
        return None;
    }
    let (_, path) = service_and_path(text)?;
    let is_in_workspace = path.to_ascii_lowercase().starts_with("/workspaces/");
    is_in_workspace.then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_whole_ids_become_shorter() {
        let service = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ApiCenter/services/x";
        let wide = "İ".repeat(40);
        for (text, short) in [
            (
                format!("{service}/workspaces/default/environments/prod"),
                Some("/workspaces/default/environments/prod"),
            ),
            (
                "/PROVIDERS/microsoft.apicenter/SERVICES/x/Workspaces/default/apis/a".to_owned(),
                Some("/Workspaces/default/apis/a"),
            ),
            (service.to_owned(), None),
            (format!("see {service}/workspaces/default/apis/a"), None),
            (
                format!("{service}/workspaces/default/apis/a is the one"),
                None,
            ),
            (format!("{wide}{service}"), None),
            (format!("{wide}{service}/workspaces/default"), None),
        ] {
            let mut value = json!([text]);
            shorten_ids(&mut value);
            assert_eq!(value, json!([short.unwrap_or(&text)]), "{text}");
        }
        let id = format!("{wide}{service}");
        assert_eq!(service_and_path(&id), Some(("x", "")));
    }
}
