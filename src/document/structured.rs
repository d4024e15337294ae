//! Descriptions in JSON and YAML.

use std::ops::Range;

use serde_json::Value;

use super::description::{Description, DocumentError, Format};
use super::json;
use super::reading::Reading;
use super::yaml_text::read_yaml;
use crate::model::without_mark;
use crate::yaml::Node;

/// The keys that state a format and its version, with the name of the format.
const STATED: [(&str, &str, &str); 3] = [
    ("openapi", "openapi", "an OpenAPI document"),
    ("swagger", "openapi", "a Swagger document"),
    ("asyncapi", "asyncapi", "an AsyncAPI document"),
];

/// Other keys that no manifest has, of files that lie next to descriptions.
const KINDRED: [&str; 4] = ["arazzo", "overlay", "$schema", "__schema"];

/// The keys of a Spectral ruleset.
const RULESET: [&str; 11] = [
    "extends",
    "rules",
    "overrides",
    "functions",
    "functionsDir",
    "functionOptions",
    "aliases",
    "formats",
    "parserOptions",
    "documentationUrl",
    "except",
];

/// Whether a YAML document is a description or belongs to one (OpenAPI, AsyncAPI, Arazzo, RAML, JSON
/// Schema, a Spectral ruleset) rather than a manifest.
#[must_use]
pub fn looks_like_description(root: &Node) -> bool {
    let Some(entries) = root.entries() else {
        return false;
    };
    let has = |key: &str| root.entry(key).is_some();
    if has("apiVersion") {
        return false;
    }
    let stated = STATED.iter().any(|(key, ..)| has(key)) || KINDRED.into_iter().any(has);
    let raml = has("title") && entries.iter().any(|entry| entry.key.text.starts_with('/'));
    let ruleset = ["extends", "rules", "overrides"].into_iter().any(has)
        && entries
            .iter()
            .all(|e| RULESET.contains(&e.key.text.as_str()));
    stated || raml || ruleset
}

/// Whether a text claims to be OpenAPI, AsyncAPI or RAML, well-formed or not: a look at its first
/// line and at the keys that start a line.
#[must_use]
pub fn claims_description(text: &str) -> bool {
    let text = without_mark(text);
    if is_raml(text) {
        return true;
    }
    if text.trim_start().starts_with('{') {
        return STATED.iter().any(|(key, ..)| text.contains(key));
    }
    let mut lines = text.lines().skip_while(|line| {
        line.trim().is_empty() || line.starts_with(['#', '%']) || line.starts_with("---")
    });
    let first_is_key = lines.clone().next().is_some_and(|line| {
        let is_name = |c: char| c.is_alphanumeric() || "\"'$_-./ ".contains(c);
        let key = line.split_once(':').map(|(key, _)| key.trim_end());
        key.is_some_and(|key| !key.starts_with([' ', '-']) && key.chars().all(is_name))
    });
    first_is_key && lines.any(states_format) && !text.lines().any(|line| line.starts_with("```"))
}

fn states_format(line: &str) -> bool {
    let line = line.strip_prefix(['"', '\'']).unwrap_or(line);
    STATED.iter().any(|(key, ..)| {
        line.strip_prefix(key).is_some_and(|rest| {
            let rest = rest.strip_prefix(['"', '\'']).unwrap_or(rest);
            rest.trim_start().starts_with(':')
        })
    })
}

/// The key that states the format of a YAML description.
pub(super) fn description_key(root: &Node) -> Option<&'static str> {
    let mut keys = STATED.iter().map(|&(key, ..)| key);
    keys.find(|key| root.get(key).is_some_and(|value| value.scalar().is_some()))
}

/// The first problem of a text as YAML, which JSON is too.
pub(super) fn first_problem(text: &str) -> Option<DocumentError> {
    let yaml = read_yaml(text);
    let problem = yaml.diagnostics.iter().next()?;
    let place = problem.primary.as_ref();
    Some(DocumentError {
        message: problem.message.clone(),
        place: place.map(|label| label.span.start..label.span.end),
    })
}

/// A JSON text. `claimed` if it must be JSON; otherwise it must only if it says `"openapi"`.
pub(super) fn describe_json(
    reading: &Reading<'_>,
    claimed: bool,
) -> Result<Description, DocumentError> {
    let text = reading.text;
    // A number that is a version counts by its digits, which only the other way of reading keeps.
    if let Some(value) = reading.strict().filter(|value| !states_number(value)) {
        return describe_root(&Tree::Json(value), text, Format::Json);
    }
    let value = serde_json::from_str(text).or_else(|error| match json::is_depth(&error) {
        true => json::outline(text),
        false => Err(error),
    });
    match value {
        Ok(value) => describe_root(&Tree::Json(&value), text, Format::Json),
        Err(error) => {
            let quoted = |key: &str| text.contains(&format!("\"{key}\""));
            if claimed || STATED.iter().any(|(key, ..)| quoted(key)) {
                let at = json::offset(text, &error);
                let message = error.to_string();
                let message = message.split(" at line ").next().unwrap_or_default();
                let end = at + text[at..].chars().next().map_or(0, char::len_utf8);
                let message = format!("not well-formed JSON: {message}");
                return Err(DocumentError::at(message, at..end));
            }
            if claims_description(text) {
                return describe_yaml(reading, false);
            }
            Ok(Description::other(Format::Text))
        }
    }
}

/// Whether what a document says about itself has a number in it.
fn states_number(value: &Value) -> bool {
    let keys = STATED.iter().filter_map(|(key, ..)| value.get(key));
    let info = ["title", "version"].map(|key| value.get("info")?.get(key));
    keys.chain(info.into_iter().flatten()).any(Value::is_number)
}

/// A YAML text. It must be well-formed if it is `claimed` to be a description, or claims so itself.
pub(super) fn describe_yaml(
    reading: &Reading<'_>,
    claimed: bool,
) -> Result<Description, DocumentError> {
    let (text, yaml) = (reading.text, reading.yaml());
    let Some(root) = yaml.roots().next() else {
        return match yaml.error("YAML") {
            Some(error) if claimed || claims_description(text) => Err(error),
            _ => Ok(Description::other(Format::Yaml)),
        };
    };
    if description_key(root).is_some() {
        if let Some(second) = yaml.roots().nth(1) {
            let place = second.first_span();
            let message = "more than one YAML document in a description";
            return Err(DocumentError::at(message, place.start..place.end));
        }
    } else if claimed && let Some(error) = yaml.error("YAML") {
        return Err(error);
    }
    describe_root(&Tree::Yaml(root), text, Format::Yaml)
}

pub(super) fn is_raml(text: &str) -> bool {
    text.starts_with("#%RAML")
}

/// A RAML text: its first line says so; the rest is YAML with tags of its own.
pub(super) fn describe_raml(reading: &Reading<'_>) -> Result<Description, DocumentError> {
    let text = reading.text;
    let first = text.lines().next().unwrap_or_default();
    let Some(rest) = first.strip_prefix("#%RAML") else {
        let message = "a RAML document starts with `#%RAML` and its version";
        return Err(DocumentError::at(message, 0..first.len()));
    };
    let version = rest.split_whitespace().next().map(str::to_owned);
    let yaml = reading.yaml();
    let root = yaml.roots().next();
    if root.is_none()
        && let Some(error) = yaml.error("YAML")
    {
        return Err(error);
    }
    let title = root.and_then(|root| root.get("title")?.scalar_text());
    let stated = root.and_then(|root| root.get("version")?.scalar_text());
    Ok(Description::new("raml", version, Format::Yaml)
        .titled(title.map(str::to_owned))
        .stating(stated.map(str::to_owned)))
}

fn describe_root(
    root: &Tree<'_>,
    text: &str,
    format: Format,
) -> Result<Description, DocumentError> {
    for (key, name, what) in STATED {
        let Some(version) = root.child(key).and_then(|stated| stated.text()) else {
            continue;
        };
        let wrong = |message: String| DocumentError {
            message,
            place: root.place(key, text),
        };
        if !is_version(&version) {
            return Err(wrong(format!(
                "`{key}` should be a version, not `{version}`"
            )));
        }
        let Some(info) = root.child("info").filter(Tree::is_mapping) else {
            return Err(wrong(format!("{what} needs `info`")));
        };
        let title = info.child("title").and_then(|title| title.text());
        let stated = info.child("version").and_then(|version| version.text());
        return Ok(Description::new(name, Some(version), format)
            .titled(title)
            .stating(stated));
    }
    let result = root.child("data");
    let introspection = result.as_ref().unwrap_or(root).child("__schema");
    if introspection.is_some_and(|schema| schema.is_mapping()) {
        return Ok(Description::new("graphql", None, format));
    }
    Ok(Description::other(format))
}

/// `3.0.3`, `2.0`, `3.1.0-rc1`.
fn is_version(text: &str) -> bool {
    let mut parts = text.split('.');
    let number = |part: Option<&str>| {
        part.is_some_and(|part| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit()))
    };
    number(parts.next())
        && number(parts.next())
        && parts.all(|part| part.starts_with(|c: char| c.is_ascii_digit()))
        && text.len() < 30
}

/// JSON or YAML, read alike.
enum Tree<'a> {
    Json(&'a Value),
    Yaml(&'a Node),
}

impl Tree<'_> {
    fn child(&self, key: &str) -> Option<Tree<'_>> {
        match self {
            Self::Json(value) => value.get(key).map(Tree::Json),
            Self::Yaml(node) => node.get(key).map(|node| Tree::Yaml(node)),
        }
    }

    fn is_mapping(&self) -> bool {
        match self {
            Self::Json(value) => value.is_object(),
            Self::Yaml(node) => node.entries().is_some(),
        }
    }

    /// The text of a scalar as written.
    fn text(&self) -> Option<String> {
        match self {
            Self::Json(Value::String(text)) => Some(text.clone()),
            Self::Json(Value::Number(number)) => Some(number.to_string()),
            Self::Json(_) => None,
            Self::Yaml(node) => node.scalar_text().map(str::to_owned),
        }
    }

    fn place(&self, key: &str, text: &str) -> Option<Range<usize>> {
        match self {
            Self::Json(_) => {
                let quoted = format!("\"{key}\"");
                text.find(&quoted).map(|at| at..at + quoted.len())
            }
            Self::Yaml(node) => {
                let span = node.entry(key)?.key.span;
                Some(span.start..span.end)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn looks(text: &str) -> bool {
        let yaml = read_yaml(text);
        looks_like_description(yaml.only_root().unwrap())
    }

    #[test]
    fn descriptions_and_what_belongs_to_them_are_left_alone() {
        for text in [
            "openapi: 3.0.3\ninfo: {title: T}\n",
            "swagger: '2.0'\n",
            "asyncapi: 3.0.0\n",
            "arazzo: 1.0.0\n",
            "overlay: 1.0.0\n",
            "$schema: http://json-schema.org/draft-07/schema#\ntype: object\n",
            "#%RAML 1.0\ntitle: R\n/users: {}\n",
            "extends: spectral:oas\nrules: {}\n",
            "rules:\n  a: off\naliases: {}\n",
        ] {
            assert!(looks(text), "{text}");
        }
        for text in [
            "apiVersion: apicenter/v1\nkind: Api\nmetadata: {name: a}\n",
            "apiVersion: apicenter/v1\nkind: Api\nopenapi: 3.0.3\n",
            "kind: Api\nspec: {}\n",
            "extends: a\nname: b\n",
            "title: x\n",
            "- openapi: 3\n",
            "openapi\n",
            "{}",
        ] {
            assert!(!looks(text), "{text}");
        }
    }

    #[test]
    fn depth_is_no_mistake() {
        let json = |levels: usize| {
            let deep = format!("{}{}", "[".repeat(levels), "]".repeat(levels));
            format!(r#"{{"openapi": "3.0.1", "info": {{"title": "D"}}, "x": {deep}}}"#)
        };
        let block = |levels: usize| {
            let deep: String = (1..levels)
                .map(|i| format!("{}p:\n", " ".repeat(i)))
                .collect();
            format!("openapi: 3.0.1\ninfo: {{title: D}}\nx:\n{deep}")
        };
        for levels in [99, 120, 127, 128, 129, 300, 1500] {
            for (notation, text) in [
                ("json", json(levels)),
                ("yaml", json(levels)),
                ("yaml", block(levels)),
            ] {
                let reading = Reading::new(&text);
                let found = match notation {
                    "json" => describe_json(&reading, true),
                    _ => describe_yaml(&reading, false),
                };
                let found = found.unwrap_or_else(|error| panic!("{levels} {notation}: {error}"));
                assert_eq!(found.title.as_deref(), Some("D"), "{levels} {notation}");
            }
        }
        let deep = json(1_000_000);
        assert!(describe_json(&Reading::new(&deep), true).is_ok());
        let error = describe_yaml(&Reading::new(&deep), true).unwrap_err();
        assert!(error.message.contains("a limit of this program"), "{error}");
        assert!(!error.message.contains("well-formed"), "{error}");
    }

    #[test]
    fn claims_need_no_well_formed_text() {
        for text in [
            "openapi: 3.0.3\n  broken: [\n",
            "\u{feff}# c\r\n\r\ninfo: x\r\n'swagger' : 2.0\r\n",
            "--- # c\nasyncapi: 2.0.0\n",
            "#%RAML 1.0\n",
            "{\"openapi\":",
        ] {
            assert!(claims_description(text), "{text}");
        }
        for text in [
            "",
            "spec:\n  openapi: 3.0.3\n",
            "# Text\n\nHere is `openapi`:\n\nopenapi: 3.0.3\n",
            "Example: so\n```\nopenapi: 3.0.3\n```\n",
            "openapi-name: x\n",
            "openapi\n",
        ] {
            assert!(!claims_description(text), "{text}");
        }
    }
}
