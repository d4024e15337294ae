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
pub(super) fn refusals(schema: &MetaSchema, root: &Node, value: &Value) -> Vec<Refusal> {
    let mut dates = Vec::new();
    collect(root, None, &mut dates);
    if dates.is_empty() {
        return Vec::new();
    }
    let mut value = value.clone();
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

/// A step on the way to a value. Pointers are put together for dates only.
struct Step<'a> {
    above: Option<&'a Self>,
    at: At<'a>,
}

enum At<'a> {
    Key(&'a str),
    Item(usize),
}

impl Step<'_> {
    fn pointer(&self) -> String {
        let above = self.above.map_or_else(String::new, Step::pointer);
        match self.at {
            At::Key(key) => format!("{above}/{}", key.replace('~', "~0").replace('/', "~1")),
            At::Item(index) => format!("{above}/{index}"),
        }
    }
}

fn collect(node: &Node, above: Option<&Step<'_>>, dates: &mut Vec<String>) {
    match &node.value {
        NodeValue::Scalar(scalar) => {
            let may_be_date = scalar.text.starts_with(|c: char| c.is_ascii_digit());
            if may_be_date && scalar.plain && scalar.tag.is_none() && DATE.is_match(&scalar.text) {
                dates.push(above.map_or_else(String::new, Step::pointer));
            }
        }
        NodeValue::Sequence(items) => {
            for (index, item) in items.iter().enumerate() {
                let at = At::Item(index);
                collect(item, Some(&Step { above, at }), dates);
            }
        }
        NodeValue::Mapping(entries) => {
            for entry in entries {
                let at = At::Key(&entry.key.text);
                collect(&entry.value, Some(&Step { above, at }), dates);
            }
        }
    }
}
