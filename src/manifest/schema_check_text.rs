//! Checks texts against a spec type's schema.

use serde_json::Value;

use super::name;
use super::pattern::matches;
use super::schema_check_context::{SchemaCheckContext, wrong_type};
use super::secrets::secret_literal;
use super::wording::{list, meant, quoted};
use crate::model::{Certainty, Diagnostic, Fix, code, counted};
use crate::yaml::{Node, one_line};

/// Checks a text against its schema.
pub(super) fn check(schema: &Value, node: &Node, cx: &mut SchemaCheckContext<'_>) -> Option<Value> {
    let secret_form = schema.get("x-secret-uri").and_then(Value::as_str);
    let Some(text) = node.scalar_text().filter(|_| !node.is_null()) else {
        if secret_form.is_none() {
            return cx.keep_wrong_type("a text", schema, node);
        }
        cx.report(wrong_type("a text", node));
        return None;
    };
    if secret_form.is_some_and(|form| !matches(form, text)) {
        cx.report(secret_literal(node));
        return None;
    }
    if let Some(other) = other_kind(schema, text) {
        cx.report(
            Diagnostic::error(
                code::RESOURCE_TYPE,
                format!("{} has a kind of its own", quoted(text)),
            )
            .at(node.span, "declared as another kind")
            .help(other),
        );
        return None;
    }
    lengths(schema, node, text, cx);
    pattern(schema, node, text, cx);
    if schema.get("x-resource-name").is_some() {
        name::check(text, node.span, cx.diagnostics);
    }
    if let Some(known) = schema.get("x-known-values").and_then(Value::as_array) {
        let known: Vec<&str> = known.iter().filter_map(Value::as_str).collect();
        if !known.iter().any(|value| is_spelling_of(value, text)) {
            let all = format!("known values are {}", list(&known, "and"));
            let near = meant(text, &known);
            cx.report(
                Diagnostic::warning(code::UNKNOWN_VALUE, format!("unknown value `{text}`"))
                    .at(node.span, "not a value that this program knows")
                    .help(near.map_or(all.clone(), |near| {
                        format!("did you mean `{near}`? ({all})")
                    }))
                    // The service may know it.
                    .fix_opt(
                        near.map(|near| {
                            Fix::write(Certainty::Suggested, node.span, one_line(near))
                        }),
                    ),
            );
        }
    }
    Some(Value::String(text.to_owned()))
}

/// How a value is declared that only looks like one of the field.
fn other_kind<'a>(schema: &'a Value, text: &str) -> Option<&'a str> {
    let others = schema.get("x-other-kinds")?.as_object()?;
    let mut others = others.iter();
    let (_, help) = others.find(|(value, _)| value.eq_ignore_ascii_case(text))?;
    help.as_str()
}

/// Whether both are one value: the service changes the case of some, and writes others with and without spaces.
fn is_spelling_of(value: &str, text: &str) -> bool {
    let letters = |text: &str| text.replace(' ', "");
    letters(value).eq_ignore_ascii_case(&letters(text))
}

fn pattern(schema: &Value, node: &Node, text: &str, cx: &mut SchemaCheckContext<'_>) {
    let Some(pattern) = schema.get("pattern").and_then(Value::as_str) else {
        return;
    };
    if matches(pattern, text) {
        return;
    }
    let mut diagnostic = Diagnostic::error(
        code::BAD_PATTERN,
        format!("{} does not have the form that is expected", quoted(text)),
    )
    .at(node.span, format!("must match `{pattern}`"));
    if let Some(description) = schema.get("description").and_then(Value::as_str) {
        diagnostic = diagnostic.help(description);
    }
    cx.report_kept(diagnostic);
}

fn lengths(schema: &Value, node: &Node, text: &str, cx: &mut SchemaCheckContext<'_>) {
    let length = text.chars().count();
    let bound = |name: &str| {
        schema
            .get(name)
            .and_then(Value::as_u64)
            .and_then(|n| usize::try_from(n).ok())
    };
    if let Some(most) = bound("maxLength").filter(|&most| length > most) {
        cx.report_kept(
            Diagnostic::error(
                code::TOO_LONG,
                format!("{length} characters where the service takes at most {most}"),
            )
            .at(node.span, format!("{} too many", length - most))
            .help(format!("shorten it to {most} characters")),
        );
    }
    if let Some(least) = bound("minLength").filter(|&least| length < least) {
        let message = match length {
            0 => "an empty text where the service requires one".to_owned(),
            _ => format!("{length} characters where the service takes at least {least}"),
        };
        cx.report_kept(
            Diagnostic::error(code::TOO_SHORT, message)
                .at(node.span, "too short")
                .help(format!("write at least {}", counted(least, "character"))),
        );
    }
}
