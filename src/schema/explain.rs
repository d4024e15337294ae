//! Kinds, fields and diagnostic codes in words, from the same schemas that check the manifests.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use serde_json::Value;

use super::code_guide;
use super::field_places::{self, FieldPlace, items};
use crate::kinds;
use crate::manifest::{self, did_you_mean, list};
use crate::model::{Code, code, wrapped};

/// Columns of a text about a code.
const LINE_WIDTH: usize = 100;

/// What can be explained besides kinds, fields and the program's own codes.
#[derive(Debug, Clone, Copy, Default)]
pub struct OtherSubjects<'a> {
    /// Codes of rules that were made at run time.
    pub codes: &'a [Code],
    /// Rules of breaking changes: the stable name, and one sentence.
    pub breaking_rules: &'a [(&'a str, &'a str)],
}

/// What is known of a kind (`Api`), a field (`Api.versions.lifecycleStage`, or `lifecycleStage`), a code (`bad-name`) or
/// a rule of breaking changes (`path-removed`).
///
/// # Errors
/// A sentence with the nearest known subject, for an unknown one.
pub fn explain(subject: &str, others: OtherSubjects<'_>) -> Result<String, String> {
    let mut rules = others.breaking_rules.iter();
    if let Some((id, meaning)) = rules.find(|(id, _)| id.eq_ignore_ascii_case(subject)) {
        return Ok(format!(
            "{id}\n  {meaning}\n  A rule of breaking changes; see docs/breaking-changes.md.\n"
        ));
    }
    let mut codes = code::ALL.iter().chain(others.codes);
    if let Some(code) = codes.find(|code| code.id.eq_ignore_ascii_case(subject)) {
        return Ok(describe_code(code));
    }
    let mut steps = subject.split('.');
    let kind = steps.next().unwrap_or_default();
    let Some((name, mut schema)) = schema_of(kind) else {
        return by_field_name(subject).ok_or_else(|| unknown_subject(subject, others));
    };
    let mut path = name.to_owned();
    for step in steps {
        let holder = items(schema);
        let fields = field_names(holder);
        let known = holder.get("properties").and_then(Value::as_object);
        let mut known = known.into_iter().flatten();
        let (field, inner) = known
            .find(|(field, _)| field.eq_ignore_ascii_case(step))
            .ok_or_else(|| {
                let hint = did_you_mean(step, &fields)
                    .unwrap_or_else(|| format!("its fields are {}", list(&fields, "and")));
                format!("`{path}` has no field `{step}`: {hint}")
            })?;
        schema = inner;
        path = format!("{path}.{field}");
    }
    let mut text = describe(&path, schema);
    // `environment` is a field too.
    if !subject.contains('.')
        && path != kind
        && path.eq_ignore_ascii_case(subject)
        && let Some(fields) = by_field_name(subject)
    {
        let _ = write!(text, "\n{fields}");
    }
    Ok(text)
}

/// The kinds, the codes and the rules of breaking changes, each with one line.
#[must_use]
pub fn overview(breaking_rules: &[(&str, &str)]) -> String {
    let mut out = String::from("Kinds\n");
    let kinds: Vec<_> = field_places::roots().collect();
    let width = kinds
        .iter()
        .map(|(name, _)| name.len())
        .max()
        .unwrap_or_default();
    for (name, schema) in kinds {
        let text = schema.get("description").and_then(Value::as_str);
        let _ = writeln!(
            out,
            "  {name:width$}  {}",
            first_sentence(text.unwrap_or_default())
        );
    }
    out.push_str("\nDiagnostic codes\n");
    let width = code::ALL
        .iter()
        .map(|code| code.id.len())
        .max()
        .unwrap_or_default();
    for group in code_guide::groups() {
        let _ = writeln!(out, "\n  {}", group.title);
        for guide in &group.codes {
            let code = code::ALL.iter().find(|code| code.id == guide.id);
            let meaning = code.map_or("", |code| &code.meaning);
            let _ = writeln!(out, "    {:width$}  {meaning}", guide.id);
        }
    }
    out.push_str("\nRules of breaking changes (docs/breaking-changes.md)\n");
    let width = breaking_rules.iter().map(|(id, _)| id.len()).max();
    let width = width.unwrap_or_default();
    for (id, meaning) in breaking_rules {
        let _ = writeln!(out, "  {id:width$}  {meaning}");
    }
    out.push_str(
        "\nMore: apicenter explain Api, apicenter explain lifecycleStage, apicenter explain bad-name\n",
    );
    out
}

/// What a code means, why it is reported and what to do.
fn describe_code(code: &Code) -> String {
    let mut out = format!("{}\n  {}\n", code.id, code.meaning);
    if let Some(guide) = code_guide::of(&code.id) {
        let _ = writeln!(out, "\n  Cause: {}", paragraph(&guide.cause, 9));
        out.push_str("\n  Example:\n");
        for line in &guide.example {
            match line.is_empty() {
                true => out.push('\n'),
                false => {
                    let _ = writeln!(out, "    {line}");
                }
            }
        }
        let _ = writeln!(out, "\n  Remedy: {}\n", paragraph(&guide.remedy, 10));
    }
    let exemptable = if code.is_exemptable() {
        "An Exemption can accept it"
    } else {
        "It cannot be exempted"
    };
    let _ = writeln!(out, "  {exemptable}.");
    out
}

/// A text in lines, the first of them behind so many columns.
fn paragraph(text: &str, before: usize) -> String {
    wrapped(text, LINE_WIDTH, before, 4).join("\n    ")
}

/// A field by its name alone: what is known of it, or where it is if it is in several places.
fn by_field_name(name: &str) -> Option<String> {
    let places = field_places::named(name);
    let [first, rest @ ..] = places.as_slice() else {
        return None;
    };
    if rest.is_empty() {
        return Some(describe(&first.path, first.schema));
    }
    let mut out = format!("{name} is a field of\n");
    let width = places
        .iter()
        .map(|place| place.path.len())
        .max()
        .unwrap_or_default();
    for place in &places {
        let text = place.schema.get("description").and_then(Value::as_str);
        let text = first_sentence(text.unwrap_or_default());
        let _ = writeln!(out, "  {:width$}  {text}", place.path);
    }
    let more = places
        .iter()
        .find(|place| !place.path.eq_ignore_ascii_case(name));
    let _ = writeln!(
        out,
        "\nMore: apicenter explain {}",
        more.unwrap_or(first).path
    );
    Some(out)
}

/// A kind by its name, in any case: also one that is declared inside another.
fn schema_of(kind: &str) -> Option<(&'static str, &'static Value)> {
    let inner = kinds::KINDS
        .iter()
        .map(|kind| (kind.info.name, (kind.schema)()));
    let mut all = field_places::roots().chain(inner);
    all.find(|(name, _)| name.eq_ignore_ascii_case(kind))
}

fn unknown_subject(subject: &str, others: OtherSubjects<'_>) -> String {
    let mut known: Vec<&str> = kinds::KINDS.iter().map(|kind| kind.info.name).collect();
    known.extend([manifest::EXEMPTION_KIND, "Project"]);
    let all = list(&known, "and");
    known.extend(code::ALL.iter().chain(others.codes).map(|code| &*code.id));
    known.extend(others.breaking_rules.iter().map(|(id, _)| *id));
    let fields = field_places::all();
    let name_of =
        |field: &'_ FieldPlace| field.path.rsplit('.').next().unwrap_or_default().to_owned();
    let names: BTreeSet<String> = fields.iter().map(name_of).collect();
    known.extend(names.iter().map(String::as_str));
    let hint = did_you_mean(subject, &known).unwrap_or_else(|| {
        format!(
            "the kinds are {all}; a field is written KIND.FIELD or FIELD, a diagnostic code as it is printed"
        )
    });
    format!("nothing is known of `{subject}`: {hint}")
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
    // A text that YAML may read as a number has both types.
    let types = schema.get("type");
    match types.and_then(|types| types.get(0).unwrap_or(types).as_str()) {
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
        assert!(
            explain("Api", OtherSubjects::default())
                .unwrap()
                .contains("title*")
        );
        assert!(
            explain("Api.versions.lifecycleStage", OtherSubjects::default())
                .unwrap()
                .contains("known values: design")
        );
        assert!(
            explain("Project.targets.service", OtherSubjects::default())
                .unwrap()
                .contains("Name of the service")
        );
        assert!(
            explain("bad-name", OtherSubjects::default())
                .unwrap()
                .contains("refuses")
        );
    }

    #[test]
    fn unknown_subjects_get_the_nearest_known_one() {
        assert!(
            explain("Apii", OtherSubjects::default())
                .unwrap_err()
                .contains("did you mean `Api`?")
        );
        assert!(
            explain("Api.titel", OtherSubjects::default())
                .unwrap_err()
                .contains("did you mean `title`?")
        );
        assert!(
            explain("bad-nam", OtherSubjects::default())
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
        let codes = [Code::new(
            format!("team-{}", "owner"),
            "Every API has an owner.",
        )];
        let others = OtherSubjects {
            codes: &codes,
            breaking_rules: &[("path-removed", "A path was removed.")],
        };
        let text = explain("team-owner", others).unwrap();
        assert_eq!(
            text,
            "team-owner\n  Every API has an owner.\n  An Exemption can accept it.\n"
        );
        let error = explain("team-ownr", others).unwrap_err();
        assert_eq!(
            error,
            "nothing is known of `team-ownr`: did you mean `team-owner`?"
        );
        let text = explain("Path-Removed", others).unwrap();
        assert!(
            text.starts_with("path-removed\n  A path was removed.\n"),
            "{text}"
        );
        let error = explain("path-removd", others).unwrap_err();
        assert!(error.contains("did you mean `path-removed`?"), "{error}");
    }
}
