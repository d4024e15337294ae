//! Kinds, fields and diagnostic codes in words, from the same schemas that check the manifests.

use std::fmt::Write as _;

use serde_json::Value;

use crate::kinds;
use crate::manifest::{self, did_you_mean, list};
use crate::model::{Code, code};

/// What is known of a kind (`Api`), a field (`Api.versions.lifecycleStage`) or a code (`bad-name`).
/// `others` are codes of rules that were made at run time.
///
/// # Errors
/// A sentence with the nearest known subject, for an unknown one.
pub fn explain(subject: &str, others: &[Code]) -> Result<String, String> {
    if let Some(code) = code::ALL
        .iter()
        .chain(others)
        .find(|code| code.id == subject)
    {
        let exemptable = if code.is_exemptable() {
            "An Exemption can accept it"
        } else {
            "It cannot be exempted"
        };
        return Ok(format!(
            "{}\n  {}\n  {exemptable}.\n",
            code.id, code.meaning
        ));
    }
    let mut steps = subject.split('.');
    let kind = steps.next().unwrap_or_default();
    let Some(mut schema) = schema_of(kind) else {
        return Err(unknown_subject(subject, others));
    };
    let mut path = kind.to_owned();
    for step in steps {
        let holder = items(schema);
        let fields = field_names(holder);
        schema = holder
            .get("properties")
            .and_then(|known| known.get(step))
            .ok_or_else(|| {
                let hint = did_you_mean(step, &fields)
                    .unwrap_or_else(|| format!("its fields are {}", list(&fields, "and")));
                format!("`{path}` has no field `{step}`: {hint}")
            })?;
        path = format!("{path}.{step}");
    }
    Ok(describe(&path, schema))
}

fn schema_of(kind: &str) -> Option<&'static Value> {
    if kind == "Project" {
        return Some(manifest::project_schema());
    }
    if kind == manifest::EXEMPTION_KIND {
        return Some(manifest::exemption_schema());
    }
    kinds::by_name(kind).map(|kind| (kind.schema)())
}

fn unknown_subject(subject: &str, others: &[Code]) -> String {
    let mut known: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.info.name).collect();
    known.extend([manifest::EXEMPTION_KIND, "Project"]);
    let all = list(&known, "and");
    known.extend(code::ALL.iter().chain(others).map(|code| &*code.id));
    let hint = did_you_mean(subject, &known).map_or(String::new(), |hint| format!(" {hint}"));
    format!(
        "nothing is known of `{subject}`.{hint} The kinds are {all}; a field is written \
         KIND.FIELD, a diagnostic code as it is printed"
    )
}

/// The schema of the items of a list, of the values of a mapping by name, or the schema itself.
fn items(schema: &Value) -> &Value {
    schema
        .get("items")
        .or_else(|| {
            schema
                .get("additionalProperties")
                .filter(|more| more.is_object())
        })
        .unwrap_or(schema)
}

fn field_names(schema: &Value) -> Vec<&str> {
    let properties = schema.get("properties").and_then(Value::as_object);
    properties
        .into_iter()
        .flat_map(|fields| fields.keys().map(String::as_str))
        .collect()
}

fn describe(path: &str, schema: &Value) -> String {
    let mut out = format!("{path}{}\n", type_of(schema));
    if let Some(text) = schema.get("description").and_then(Value::as_str) {
        let _ = writeln!(out, "  {text}");
    }
    for (keyword, words) in [
        ("minLength", "at least this many characters"),
        ("maxLength", "at most this many characters"),
        ("maxItems", "at most this many entries"),
        ("pattern", "must match"),
    ] {
        if let Some(value) = schema.get(keyword) {
            let _ = writeln!(
                out,
                "  {words}: {}",
                value.as_str().map_or(value.to_string(), str::to_owned)
            );
        }
    }
    if let Some(known) = schema.get("x-known-values").and_then(Value::as_array) {
        let known: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
        let _ = writeln!(out, "  known values: {}", known.join(", "));
        let width = known
            .iter()
            .map(|value| value.len())
            .max()
            .unwrap_or_default();
        let meanings = schema.get("x-known-descriptions").and_then(Value::as_array);
        for (value, meaning) in known.iter().zip(meanings.into_iter().flatten()) {
            let _ = writeln!(
                out,
                "    {value:width$}  {}",
                meaning.as_str().unwrap_or_default()
            );
        }
    }
    let holder = items(schema);
    let required: Vec<&str> = holder["required"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let properties = holder.get("properties").and_then(Value::as_object);
    if let Some(properties) = properties.filter(|properties| !properties.is_empty()) {
        out.push_str("\n  Fields (* required):\n");
        let width = properties.keys().map(String::len).max().unwrap_or_default() + 1;
        for (name, field) in properties {
            let star = if required.contains(&name.as_str()) {
                "*"
            } else {
                ""
            };
            let text = field.get("description").and_then(Value::as_str);
            let text = first_sentence(text.unwrap_or_default());
            let _ = writeln!(out, "    {:width$}  {text}", format!("{name}{star}"));
        }
    }
    out
}

/// The list of fields has one line for each; the rest is shown for the field itself.
fn first_sentence(text: &str) -> &str {
    text.find(". ").map_or(text, |end| &text[..=end])
}

fn type_of(schema: &Value) -> String {
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => " (list)".to_owned(),
        Some("object") => " (mapping)".to_owned(),
        Some("string") => " (text)".to_owned(),
        Some(other) => format!(" ({other})"),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_fields_and_codes_are_explained() {
        assert!(explain("Api", &[]).unwrap().contains("title*"));
        assert!(
            explain("Api.versions.lifecycleStage", &[])
                .unwrap()
                .contains("known values: design")
        );
        assert!(
            explain("Project.targets.service", &[])
                .unwrap()
                .contains("Name of the service")
        );
        assert!(explain("bad-name", &[]).unwrap().contains("refuses"));
    }

    #[test]
    fn unknown_subjects_get_the_nearest_known_one() {
        assert!(
            explain("Apii", &[])
                .unwrap_err()
                .contains("did you mean `Api`?")
        );
        assert!(
            explain("Api.titel", &[])
                .unwrap_err()
                .contains("did you mean `title`?")
        );
        assert!(
            explain("bad-nam", &[])
                .unwrap_err()
                .contains("did you mean `bad-name`?")
        );
    }

    #[test]
    fn every_field_of_every_kind_is_described() {
        fn walk(path: &str, schema: &Value) {
            for (name, field) in items(schema)
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                let path = format!("{path}.{name}");
                assert!(
                    field.get("description").is_some(),
                    "{path} has no description"
                );
                walk(&path, field);
            }
        }
        kinds::KINDS
            .iter()
            .for_each(|kind| walk(kind.info.name, (kind.schema)()));
        walk("Project", manifest::project_schema());
        walk(manifest::EXEMPTION_KIND, manifest::exemption_schema());
    }

    #[test]
    fn codes_of_other_rules_are_explained_too() {
        let others = [Code::new(
            format!("team-{}", "owner"),
            "Every API has an owner.",
        )];
        let text = explain("team-owner", &others).unwrap();
        assert_eq!(
            text,
            "team-owner\n  Every API has an owner.\n  An Exemption can accept it.\n"
        );
        let error = explain("team-ownr", &others).unwrap_err();
        assert!(error.contains("did you mean `team-owner`?"), "{error}");
    }
}
