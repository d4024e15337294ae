//! Where a definition's document goes, and what has to be said about it.

use std::sync::Arc;

use serde_json::{Map, Value, json};

use crate::document;
use crate::manifest::{Described, MOST_INLINE_BYTES};

/// The suffix whose documents are taken as plain text, whatever they contain.
const PLAIN: &str = "txt";

/// How a document is kept.
#[derive(Debug)]
pub(super) struct Placed {
    /// Suffix of its file.
    pub(super) suffix: &'static str,
    /// What the manifest says in `specification`; `None` where the document says it all.
    pub(super) specification: Option<Value>,
    /// Why it is kept as plain text.
    pub(super) problem: Option<String>,
}

/// Finds the file suffix and the least `specification` that, when loaded, give what the service has.
pub(super) fn place(live: Option<&Value>, text: &Arc<str>) -> Placed {
    let name = field(live, "name").unwrap_or_default();
    let suffix = suffix_of(name, text);
    let (suffix, said, problem) = match least(live, suffix, text) {
        Ok(said) => (suffix, said, None),
        Err(problem) => match least(live, PLAIN, text) {
            Ok(said) => (PLAIN, said, Some(problem)),
            Err(_) => (suffix, live.cloned(), Some(problem)),
        },
    };
    Placed {
        suffix,
        specification: said,
        problem,
    }
}

/// The least that a manifest must say of the format of a live document; `None` if the document says it all.
pub(crate) fn least_specification(live: Option<&Value>, text: &Arc<str>) -> Option<Value> {
    place(live, text).specification
}

/// The suffix, without a dot, of a file with a document of that specification, and that is
/// never taken for a manifest.
pub(crate) fn suffix_of(specification: &str, text: &str) -> &'static str {
    away_from_manifests(document::extension(specification, text), text)
}

/// Files named `.yaml` or `.yml` are read as manifests first; these would confuse that reading.
fn away_from_manifests(suffix: &'static str, text: &str) -> &'static str {
    let confusing =
        text.contains("apicenter/") || text.contains('\0') || text.len() > MOST_INLINE_BYTES;
    if suffix == "yaml" && confusing {
        PLAIN
    } else {
        suffix
    }
}

/// The least that the manifest must say for a document in a file of that suffix.
fn least(live: Option<&Value>, suffix: &str, text: &Arc<str>) -> Result<Option<Value>, String> {
    let described = Described::new(Some(&format!("x.{suffix}")), Arc::clone(text), None);
    if let Some(problem) = described.problem {
        return Err(problem.message);
    }
    if suffix != PLAIN && refers_to_files(text) {
        return Err("it refers to other files, which the service does not hold".to_owned());
    }
    let Some(live) = live else { return Ok(None) };
    let stated = &described.specification;
    let name = field(Some(live), "name").unwrap_or_default();
    if stated.name != "other" && !name.eq_ignore_ascii_case(&stated.name) {
        return Err(format!(
            "the service has it as `{name}`, but the document is `{}`",
            stated.name
        ));
    }
    let choices: [&[&str]; 4] = [&[], &["version"], &["name"], &["name", "version"]];
    for fields in choices {
        let Some(said) = pick(live, fields) else {
            continue;
        };
        if described.specification_value(said.as_ref()) == *live {
            return Ok(said);
        }
    }
    if live.get("version").is_none() {
        // An empty version says that there is none, whatever the document states.
        let none = json!("");
        return Ok(Some(if name == stated.name {
            json!({ "version": none })
        } else {
            json!({ "name": name, "version": none })
        }));
    }
    Err("the document states a version that the service does not have".to_owned())
}

/// Whether the parts of a description are in files that the service never got. Beside others of the project, such
/// a text would be taken for a description that is split.
fn refers_to_files(text: &str) -> bool {
    let bundle = document::bundle::bundle("x", text, MOST_INLINE_BYTES, &mut |_| None);
    bundle.is_some_and(|bundle| {
        let mut problems = bundle.problems.iter();
        problems.any(|problem| problem.kind.is_outward())
    })
}

/// These fields of a specification, if it has them all.
fn pick(live: &Value, fields: &[&str]) -> Option<Option<Value>> {
    let picked: Option<Map<String, Value>> = fields
        .iter()
        .map(|field| Some(((*field).to_owned(), live.get(field)?.clone())))
        .collect();
    Some(
        Some(picked?)
            .filter(|map| !map.is_empty())
            .map(Value::Object),
    )
}

fn field<'a>(value: Option<&'a Value>, name: &str) -> Option<&'a str> {
    value?.get(name)?.as_str()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn placed(live: Value, text: &str) -> (&'static str, Option<Value>, bool) {
        let placed = place(Some(&live), &Arc::from(text));
        (
            placed.suffix,
            placed.specification,
            placed.problem.is_some(),
        )
    }

    #[test]
    fn only_what_the_document_does_not_say_is_said() {
        let text = "openapi: 3.0.3\ninfo: {title: Orders}\n";
        for (live, suffix, said, problem) in [
            (
                json!({"name": "openapi", "version": "3.0.3"}),
                "yaml",
                None,
                false,
            ),
            (
                json!({"name": "openapi", "version": "3-0-3"}),
                "yaml",
                Some(json!({"version": "3-0-3"})),
                false,
            ),
            (
                json!({"name": "OpenAPI", "version": "3.0.3"}),
                "yaml",
                Some(json!({"name": "OpenAPI"})),
                false,
            ),
            (
                json!({"name": "asyncapi", "version": "2.6.0"}),
                "txt",
                Some(json!({"name": "asyncapi", "version": "2.6.0"})),
                true,
            ),
            (
                json!({"name": "openapi"}),
                "yaml",
                Some(json!({"version": ""})),
                false,
            ),
            (
                json!({"name": "OPENAPI"}),
                "yaml",
                Some(json!({"name": "OPENAPI", "version": ""})),
                false,
            ),
        ] {
            assert_eq!(
                placed(live.clone(), text),
                (suffix, said, problem),
                "{live}"
            );
        }
    }

    #[test]
    fn a_document_that_is_not_well_formed_is_kept_as_text() {
        let live = json!({"name": "openapi", "version": "3.0.3"});
        let text = "{\"openapi\": \"3.0.3\"";
        assert_eq!(placed(live.clone(), text), ("txt", Some(live), true));
        assert_eq!(placed(json!({"name": "other"}), ""), ("txt", None, false));
    }
}
