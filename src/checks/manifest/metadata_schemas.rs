//! Metadata schemas are valid and can be edited in the portal.

use std::collections::BTreeSet;

use serde_json::Value;

use super::input::ManifestInput;
use super::json_schema;
use crate::kinds::{self, metadata_schema::ENTITIES};
use crate::manifest::{did_you_mean, list, meant};
use crate::model::view::MetadataSchemaView;
use crate::model::{Certainty, DesiredResource, Diagnostic, Diagnostics, Fix, code, field_path};

/// The types that the portal offers (documented).
const TYPES: [&str; 6] = ["string", "number", "integer", "boolean", "array", "object"];

pub(super) fn check(context: &ManifestInput<'_>, diagnostics: &mut Diagnostics) {
    for (address, declared) in &context.desired.resources {
        if *address.kind() != kinds::METADATA_SCHEMA.info {
            continue;
        }
        // A schema that is something else is reported already.
        let schema = declared.resource.body.get(MetadataSchemaView::SCHEMA);
        if let Some(schema) = schema.filter(|schema| schema.is_object()) {
            check_schema(declared, schema, diagnostics);
        }
        check_assignments(declared, diagnostics);
    }
}

fn check_schema(declared: &DesiredResource, schema: &Value, diagnostics: &mut Diagnostics) {
    if let Err((message, pointer)) = json_schema::compile(schema) {
        let path =
            pointer
                .split('/')
                .skip(1)
                .fold(MetadataSchemaView::SCHEMA.to_owned(), |path, step| {
                    step.parse::<usize>().map_or_else(
                        |_| field_path(&path, step),
                        |index| format!("{path}[{index}]"),
                    )
                });
        let part = schema.pointer(&pointer).and_then(Value::as_str);
        // A property may have the name `type`, and then this is its schema.
        let is_type = pointer.ends_with("/type") && !pointer.ends_with("/properties/type");
        diagnostics.push(match part.filter(|name| is_type && !TYPES.contains(name)) {
            Some(name) => unknown_type(declared, &path, name),
            None => {
                let text = format!("not a valid JSON Schema: {message}");
                problem(declared, &path, text, "invalid here")
            }
        });
        return;
    }
    check_type(declared, schema, MetadataSchemaView::SCHEMA, diagnostics);
}

/// A `type` that JSON Schema does not know; the message of the validator names its meta-schema instead.
fn unknown_type(declared: &DesiredResource, path: &str, name: &str) -> Diagnostic {
    let near = meant(name, &TYPES);
    let text = format!("not a valid JSON Schema: `{name}` is not a type");
    problem(declared, path, text, "not a type")
        .help(match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!("the types are {}", list(&TYPES, "and")),
        })
        .fix_opt(
            near.zip(declared.places.get(path))
                .map(|(near, span)| Fix::write(Certainty::Suggested, span, near)),
        )
}

fn check_type(
    declared: &DesiredResource,
    schema: &Value,
    path: &str,
    diagnostics: &mut Diagnostics,
) {
    if schema.get("type").is_some_and(Value::is_array) {
        let text = "`type` must be one name, as the portal shows no value of several types";
        let help = format!("write one of {}", list(&TYPES, "and"));
        let path = field_path(path, "type");
        diagnostics.push(problem(declared, &path, text.to_owned(), "a list of types").help(help));
        return;
    }
    let Some(name) = schema.get("type").and_then(Value::as_str) else {
        let text = "the schema has no type, so the portal cannot show it".to_owned();
        let help = format!("add a type: one of {}", list(&TYPES, "and"));
        diagnostics.push(problem(declared, path, text, "`type` is missing").help(help));
        return;
    };
    check_choices(declared, schema, name, path, diagnostics);
    match name {
        "array" => match schema.get("items") {
            Some(items) if items.get("type").is_some_and(Value::is_string) => {
                check_type(declared, items, &field_path(path, "items"), diagnostics);
            }
            items => {
                let text = "an array without a type of items makes every API of the service \
                            uneditable in the portal"
                    .to_owned();
                let path = if items.is_some() {
                    field_path(path, "items")
                } else {
                    path.to_owned()
                };
                diagnostics.push(
                    problem(declared, &path, text, "the items need a type")
                        .help("add `items: {type: string}`"),
                );
            }
        },
        "object" => {
            for (key, child) in schema
                .get("properties")
                .and_then(Value::as_object)
                .into_iter()
                .flatten()
            {
                let path = field_path(&field_path(path, "properties"), key);
                check_type(declared, child, &path, diagnostics);
            }
        }
        name if !TYPES.contains(&name) => {
            let text = format!("`{name}` is not a type of custom metadata");
            let help = did_you_mean(name, &TYPES)
                .unwrap_or_else(|| format!("the types are {}", list(&TYPES, "and")));
            let path = field_path(path, "type");
            diagnostics.push(problem(declared, &path, text, "no such type").help(help));
        }
        _ => {}
    }
}

/// A choice of another type than the schema's can never be taken.
fn check_choices(
    declared: &DesiredResource,
    schema: &Value,
    name: &str,
    path_of_schema: &str,
    diagnostics: &mut Diagnostics,
) {
    let choices = json_schema::choices(schema).unwrap_or_default();
    let is_possible = |choice: &&Value| match name {
        // `2.0` is an integer too.
        "integer" => choice.as_f64().is_some_and(|number| number.fract() == 0.0),
        name => !TYPES.contains(&name) || json_schema::type_name(choice) == name,
    };
    let Some(wrong) = choices.into_iter().find(|choice| !is_possible(choice)) else {
        return;
    };
    let found = json_schema::type_name(wrong);
    let text = format!(
        "the schema has the type `{name}`, but the choice `{wrong}` has the type `{found}`"
    );
    let other_type = match TYPES.contains(&found) {
        true => format!(", or `type: {found}`"),
        false => String::new(),
    };
    let help = match name {
        "string" => format!("write the choices in quotes{other_type}"),
        _ => format!("write choices of the type `{name}`{other_type}"),
    };
    // Both spellings mean the same, and the body has one of them.
    let mut written = ["enum", "oneOf"]
        .map(|keyword| field_path(path_of_schema, keyword))
        .into_iter();
    let path = written.find(|path| declared.places.get(path).is_some());
    let path = path.unwrap_or_else(|| path_of_schema.to_owned());
    diagnostics.push(problem(declared, &path, text, "can never be chosen").help(help));
}

fn check_assignments(declared: &DesiredResource, diagnostics: &mut Diagnostics) {
    let mut seen = BTreeSet::new();
    for assignment in MetadataSchemaView::of(&declared.resource.body).assignments() {
        let entity = assignment.entity;
        let (text, help) = if !ENTITIES.contains(&entity.to_ascii_lowercase().as_str()) {
            let help = format!(
                "custom metadata can be assigned to {}",
                list(&ENTITIES, "and")
            );
            (format!("`{entity}` cannot carry custom metadata"), help)
        } else if !seen.insert(entity.to_ascii_lowercase()) {
            (
                format!("assigned to `{entity}` twice"),
                "remove one of the two".to_owned(),
            )
        } else {
            continue;
        };
        let mut diagnostic = Diagnostic::error(code::METADATA_ASSIGNMENT, text)
            .help(help)
            .about(&declared.resource.address);
        if let Some(span) = place_of_entity(declared, entity) {
            diagnostic = diagnostic.at(span, "this assignment");
        }
        diagnostics.push(diagnostic);
    }
}

/// Canonical assignments are sorted, so places are found by what is written there: the last
/// assignment of that entity.
fn place_of_entity(declared: &DesiredResource, entity: &str) -> Option<crate::model::Span> {
    let assigned = MetadataSchemaView::of(&declared.resource.body).assignments();
    (0..assigned.count())
        .rev()
        .filter_map(|i| declared.places.get(&MetadataSchemaView::entity_path(i)))
        .find(|span| span.end - span.start >= entity.len())
}

fn problem(declared: &DesiredResource, path: &str, text: String, label: &str) -> Diagnostic {
    let diagnostic =
        Diagnostic::error(code::METADATA_SCHEMA_INVALID, text).about(&declared.resource.address);
    match declared.place_of(path) {
        Some(span) => diagnostic.at(span, label),
        None => diagnostic,
    }
}
