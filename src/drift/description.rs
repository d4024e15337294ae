//! A description file that gets the meaning of another text and keeps its layout.

use std::sync::Arc;

use serde_json::Value;

use super::fields::{Deed, FieldEdits, Layer, Spot};
use super::step::Step;
use crate::document;
use crate::model::{Diagnostics, Sources};
use crate::yaml::{self, Edit, Node, PathStep};

/// The most edits that are made one by one, and the largest text in which they are, in bytes (chosen here). Beyond, the
/// file is written whole.
const MOST_EDITS: usize = 100;
const MOST_BYTES: usize = 256 * 1024;

/// The text of a file with the meaning of `live`: as it is written where that is YAML and can be edited, or else the
/// live text, as YAML if the file is YAML.
pub(super) fn described_as(file: &str, old: &str, live: &str) -> String {
    let lower = file.to_ascii_lowercase();
    let is_yaml = lower.ends_with(".yaml") || lower.ends_with(".yml");
    if !is_yaml || old.trim_start().starts_with('{') {
        return live.to_owned();
    }
    let wanted = document::digest(live);
    let means_it = |text: &String| document::digest(text) == wanted;
    let whole = || {
        let is_json = live.trim_start().starts_with('{');
        let value = is_json.then(|| root(live)).flatten()?;
        Some(yaml::emit(&value.to_json()))
    };
    edited(old, live)
        .filter(means_it)
        .or_else(|| whole().filter(means_it))
        .unwrap_or_else(|| live.to_owned())
}

fn edited(old: &str, live: &str) -> Option<String> {
    if old.len().max(live.len()) > MOST_BYTES {
        return None;
    }
    let (node, new) = (root(old)?, root(live)?.to_json());
    let before = node.to_json();
    let (Value::Object(before), Value::Object(new)) = (&before, &new) else {
        return None;
    };
    let mut found = FieldEdits::new(None, Vec::new());
    let layers = [Layer {
        home: 0,
        node: &node,
    }];
    found.maps(before, new, &layers, &Spot::top());
    if found.edits.len() > MOST_EDITS || !found.unwritten.is_empty() {
        return None;
    }
    let mut text = old.to_owned();
    for edit in &found.edits {
        let steps: Vec<PathStep<'_>> = edit.steps.iter().map(Step::borrowed).collect();
        let after: Vec<&str> = edit.after.iter().map(String::as_str).collect();
        let deed = match &edit.deed {
            Deed::Set(value) => Edit::Set {
                value,
                after: &after,
            },
            Deed::Insert(value) => Edit::Insert(value),
            Deed::Remove => Edit::Remove,
        };
        text = yaml::edited(&text, 0, &steps, deed)?;
    }
    Some(text)
}

/// The only document of a text.
fn root(text: &str) -> Option<Arc<Node>> {
    let mut problems = Diagnostics::default();
    let source = Sources::default().add("", "");
    let mut documents = yaml::parse(source, text, &mut problems);
    (problems.is_empty() && documents.len() == 1).then_some(())?;
    documents.pop()?.root
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "\
# of the team
openapi: 3.0.3
info: {title: Orders, version: 1.0.0}
x-note: ${a} ok
paths:
  /orders:   # all of them
    get:
      responses:
        '200': {description: ok}
";

    #[test]
    fn a_description_keeps_its_comments() {
        let live = r#"{"openapi": "3.0.3", "info": {"title": "Orders", "version": "1.1.0"}, "x-note": "${a} fine", "paths": {"/orders": {"get":
            {"responses": {"200": {"description": "fine"}, "404": {"description": "none"}}}}}}"#;
        let after = described_as("a.yaml", OLD, live);
        assert_eq!(document::digest(&after), document::digest(live));
        let wanted = OLD
            .replace("1.0.0", "\"1.1.0\"")
            .replace("${a} ok", "${a} fine")
            .replace("{description: ok}", "{description: fine}");
        assert_eq!(
            after,
            format!("{wanted}        \"404\":\n          description: none\n")
        );
        assert_eq!(described_as("a.json", OLD, live), live);
    }
}
