//! Dates without quotes where a text is expected: readers of YAML 1.1 do not see a text.

use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use super::meta_schemas::MetaSchema;
use super::schema_refusals::{self, Flaw, Refusal};
use crate::yaml::{Node, NodeValue};

/// What YAML 1.1 takes for a date or a time (documented: <https://yaml.org/type/timestamp.html>).
static DATE: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"^\d{4}-\d\d-\d\d$|^\d{4}-\d\d?-\d\d?(?:[Tt]|[ \t]+)\d\d?:\d\d:\d\d(?:\.\d*)?(?:[ \t]*(?:Z|[-+]\d\d?(?::\d\d)?))?$";
    Regex::new(pattern).expect("a pattern")
});

/// The dates in a document that the schema would refuse if they were dates.
pub(super) fn refusals(schema: &MetaSchema, root: &Node, value: Value) -> Vec<Refusal> {
    let mut dates = Vec::new();
    collect(root, &mut String::new(), &mut dates);
    if dates.is_empty() {
        return Vec::new();
    }
    let mut value = value;
    for date in &dates {
        if let Some(text) = value.pointer_mut(date) {
            *text = Value::from(0);
        }
    }
    let mut refusals = schema_refusals::refusals(schema, &value).found;
    refusals.retain(|refusal| refusal.flaw == Flaw::Unquoted && dates.contains(&refusal.pointer));
    for refusal in &mut refusals {
        refusal.message = refusal.message.replacen("a number", "a date", 1);
    }
    refusals
}

fn collect(node: &Node, pointer: &mut String, dates: &mut Vec<String>) {
    let length = pointer.len();
    match &node.value {
        NodeValue::Scalar(scalar) => {
            if scalar.plain && scalar.tag.is_none() && DATE.is_match(&scalar.text) {
                dates.push(pointer.clone());
            }
        }
        NodeValue::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                pointer.push_str(&format!("/{index}"));
                collect(item, pointer, dates);
                pointer.truncate(length);
            }
        }
        NodeValue::Mapping(entries) => {
            for entry in entries {
                pointer.push('/');
                pointer.push_str(&entry.key.text.replace('~', "~0").replace('/', "~1"));
                collect(&entry.value, pointer, dates);
                pointer.truncate(length);
            }
        }
    }
}
