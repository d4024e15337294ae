//! Forms of values in the published schema: choices, suggestions, variables, names of another repository.

use serde_json::{Map, Value, json};

use crate::manifest::Project;

/// A value of these is completed and explained; any other is accepted too.
///
/// The `if` does nothing but make editors list the values on hover, also over an unknown one.
pub(super) fn open(values: &[Value], meanings: &[Value]) -> Map<String, Value> {
    let choices = Value::Object(choices(values, meanings));
    Map::from_iter([
        ("if".to_owned(), choices.clone()),
        ("then".to_owned(), json!(true)),
        ("anyOf".to_owned(), json!([choices, true])),
    ])
}

/// A value must be one of these.
pub(super) fn choices(values: &[Value], meanings: &[Value]) -> Map<String, Value> {
    let mut out = Map::from_iter([("enum".to_owned(), json!(values))]);
    if meanings.iter().any(|meaning| meaning != "") {
        out.insert("enumDescriptions".to_owned(), json!(meanings));
        out.insert("markdownEnumDescriptions".to_owned(), json!(meanings));
    }
    out
}

/// A text with a variable in it: what it becomes depends on the target.
pub(super) fn variable() -> Value {
    json!({"title": "a variable", "type": "string", "pattern": r"\$\{"})
}

/// Patterns for the names that another repository declares, of addresses that begin so.
pub(super) fn external(project: &Project, head: &str) -> Vec<String> {
    let patterns = project.spec.external.iter().flatten();
    patterns
        .filter_map(|pattern| match pattern.strip_prefix(head) {
            Some(name) => Some(name),
            None => pattern.starts_with('*').then_some("*"),
        })
        .map(regex_of)
        .collect()
}

/// The pattern of a glob; what is rare in globs matches everything.
fn regex_of(glob: &str) -> String {
    if glob.contains(['[', '{', '!', '\\']) {
        return ".*".to_owned();
    }
    let body: String = glob
        .chars()
        .map(|c| match c {
            '*' => ".*".to_owned(),
            '?' => ".".to_owned(),
            plain => regex::escape(&plain.to_string()),
        })
        .collect();
    format!("^{body}$")
}
