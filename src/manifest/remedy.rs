//! What to write in the place of a value of another type than its field takes.

use serde_json::Value;

use super::field_of_text::field_of_text;
use super::wording::list;
use crate::kinds::DocumentSource;
use crate::model::{Certainty, Deed, Diagnostic, Fix, Sources, Span, TextEdit};
use crate::yaml::{Node, NodeValue, one_line, scalar_on_one_line};

/// Words for true and false that older readers of YAML know, in lower case.
const BOOLEANS: [(&str, bool); 8] = [
    ("yes", true),
    ("no", false),
    ("on", true),
    ("off", false),
    ("true", true),
    ("false", false),
    ("y", true),
    ("n", false),
];

/// What separates the items of a list that is written as a text.
const SEPARATORS: [char; 2] = [',', ';'];

/// How a value is put right: by edits, or only in words.
#[derive(Debug)]
pub(super) enum Remedy {
    /// By edits.
    Fix(Fix),
    /// In words.
    Words(String),
}

impl Remedy {
    /// The problem with this help.
    pub(super) fn put_on(self, diagnostic: Diagnostic) -> Diagnostic {
        match self {
            Self::Fix(fix) => diagnostic.fix(fix),
            Self::Words(words) => diagnostic.help(words),
        }
    }
}

impl From<Fix> for Remedy {
    fn from(fix: Fix) -> Self {
        Self::Fix(fix)
    }
}

/// What to write in the place of a value that is not of the type of its schema, if that is known.
pub(super) fn for_type(schema: &Value, node: &Node, sources: &Sources) -> Option<Remedy> {
    let wanted = schema.get("type").and_then(Value::as_str)?;
    let certain = |text| Some(Fix::write(Certainty::Certain, node.span, text).into());
    match (wanted, &node.value) {
        (_, NodeValue::Scalar(_)) if node.is_null() => None,
        ("array", NodeValue::Mapping(_)) => list_of_mapping(schema, node, sources),
        ("object", NodeValue::Sequence(items)) => mapping_of_list(schema, items),
        ("string", NodeValue::Sequence(items)) => text_of_list(node, items),
        ("string", NodeValue::Mapping(_)) => Some(Remedy::Words(
            "write a text; a text with braces needs quotes, and a variable is written `${name}`"
                .to_owned(),
        )),
        ("boolean", NodeValue::Scalar(scalar)) => boolean(&scalar.text, node.span),
        ("integer" | "number", NodeValue::Scalar(scalar)) => {
            let text = number(wanted, scalar.text.trim())?;
            certain(text)
        }
        ("array" | "object", NodeValue::Scalar(scalar)) => {
            let is_clear = !is_document_source(schema) || DocumentSource::is_clearly(&scalar.text);
            let certainty = match is_clear {
                true => certainty_of_one(&scalar.text)?,
                false => Certainty::Suggested,
            };
            match wrapped(schema, node, separated(&scalar.text)) {
                Some(text) => Some(Fix::write(certainty, node.span, text).into()),
                None => by_form(schema, node).or_else(|| fields_of(schema)),
            }
        }
        _ => None,
    }
}

/// A scalar of another type as a schema takes it, if it can be meant: `true` for `yes`, `3` for "3", `[x]` for `x`.
pub(crate) fn written_as(schema: &Value, text: &str) -> Option<(Certainty, String)> {
    let certain = |text| (Certainty::Certain, text);
    match schema.get("type").and_then(Value::as_str)? {
        "boolean" => boolean_word(text).map(|value| certain(value.to_string())),
        wanted @ ("integer" | "number") => number(wanted, text.trim()).map(certain),
        "array" => {
            let certainty = certainty_of_one(text)?;
            let item = schema.get("items")?;
            let inner = match item.get("type").and_then(Value::as_str)? {
                "string" => match separated(text) {
                    items if items.is_empty() => one_line(text),
                    items => items.join(", "),
                },
                _ => written_as(item, text)?.1,
            };
            Some((certainty, format!("[{inner}]")))
        }
        _ => None,
    }
}

fn boolean_word(text: &str) -> Option<bool> {
    let lower = text.trim().to_lowercase();
    let mut words = BOOLEANS.into_iter();
    words
        .find(|(word, _)| *word == lower)
        .map(|(_, value)| value)
}

/// `true` in the place of `yes`.
fn boolean(text: &str, span: Span) -> Option<Remedy> {
    let (certainty, value) = match (boolean_word(text), text) {
        (Some(value), _) => (Certainty::Certain, value),
        (None, "1") => (Certainty::Suggested, true),
        (None, "0") => (Certainty::Suggested, false),
        (None, _) => return None,
    };
    Some(Fix::write(certainty, span, value.to_string()).into())
}

/// A number that is written as a text.
fn number(wanted: &str, text: &str) -> Option<String> {
    let value: Value = serde_json::from_str(text).ok()?;
    let fits = match wanted {
        "integer" => value.is_i64() || value.is_u64(),
        _ => value.is_number(),
    };
    fits.then(|| text.to_owned())
}

/// How sure it is that a scalar is one value; `None` if it is several, in a form that is not a text.
///
/// A single word is. Several words may be a list in the words of whoever wrote them.
fn certainty_of_one(text: &str) -> Option<Certainty> {
    let text = text.trim();
    if text.is_empty() || text.starts_with(['[', '{']) {
        return None;
    }
    let is_word = !text.starts_with('-')
        && !text.contains(|c: char| c.is_whitespace() || SEPARATORS.contains(&c));
    Some(match is_word {
        true => Certainty::Certain,
        false => Certainty::Suggested,
    })
}

/// The items of a text that looks like a list; empty for any other text.
fn separated(text: &str) -> Vec<String> {
    let items = text.split(|c| c == '\n' || SEPARATORS.contains(&c));
    let items = items.map(|item| {
        let item = item.trim();
        item.strip_prefix("- ").unwrap_or(item).trim()
    });
    let items: Vec<String> = items
        .filter(|item| !item.is_empty())
        .map(one_line)
        .collect();
    match items.len() {
        0 | 1 => Vec::new(),
        _ => items,
    }
}

/// A scalar inside what its field takes: `[x]`, `{url: x}`. In a list of scalars, `items` take its place if there
/// are any.
fn wrapped(schema: &Value, node: &Node, items: Vec<String>) -> Option<String> {
    let text = scalar_on_one_line(node)?;
    match schema.get("type").and_then(Value::as_str) {
        Some("array") => {
            let item = schema.get("items")?;
            let inner = match takes_scalar(item, node) {
                true if !items.is_empty() => items.join(", "),
                true => text,
                false => wrapped(item, node, Vec::new())?,
            };
            Some(format!("[{inner}]"))
        }
        Some("object") => {
            let field = only_field(schema, node)?;
            let inner = schema.get("properties")?.get(field)?;
            let text = match takes_scalar(inner, node) {
                true => text,
                false => wrapped(inner, node, items)?,
            };
            Some(format!("{{{field}: {text}}}"))
        }
        _ => None,
    }
}

/// A text in a mapping, as the field that has texts of its form: `{email: jane@contoso.com}`.
fn by_form(schema: &Value, node: &Node) -> Option<Remedy> {
    let item = schema.get("items");
    let text = node.scalar_text()?;
    let field = field_of_text(item.unwrap_or(schema), text)?;
    let written = format!("{{{field}: {}}}", scalar_on_one_line(node)?);
    let written = match item {
        Some(_) => format!("[{written}]"),
        None => written,
    };
    Some(Fix::write(Certainty::Suggested, node.span, written).into())
}

/// The fields of a mapping, or of the items of a list, in words.
fn fields_of(schema: &Value) -> Option<Remedy> {
    let (what, holder) = match schema.get("items") {
        Some(items) => ("a list of mappings", items),
        None => ("a mapping", schema),
    };
    let fields = holder.get("properties")?.as_object()?;
    let names: Vec<&str> = fields.keys().map(String::as_str).collect();
    Some(Remedy::Words(format!(
        "write {what}; the fields are {}",
        list(&names, "and")
    )))
}

/// Whether a scalar is a value of a schema.
fn takes_scalar(schema: &Value, node: &Node) -> bool {
    let value = node.to_json();
    match schema.get("type").and_then(Value::as_str) {
        Some("string") => true,
        Some("boolean") => value.is_boolean(),
        Some("integer") => value.is_i64() || value.is_u64(),
        Some("number") => value.is_number(),
        Some("object") => schema.get("x-shorthand").is_some(),
        Some(_) => false,
        None => true,
    }
}

/// Whether a schema is that of a mapping that says where a document is.
fn is_document_source(schema: &Value) -> bool {
    let fields = [DocumentSource::FILE, DocumentSource::URL];
    let has = |field: &str| schema.pointer(&format!("/properties/{field}")).is_some();
    fields.into_iter().all(has)
}

/// The field of a mapping that a scalar is the value of: the only one that is required, or for `true` and `false`
/// the only one that takes them.
fn only_field<'a>(schema: &'a Value, node: &Node) -> Option<&'a str> {
    let properties = schema.get("properties")?.as_object()?;
    let value = node.to_json();
    if is_document_source(schema) {
        let text = node.scalar_text()?;
        return (!text.contains('\n')).then(|| DocumentSource::field_of(text));
    }
    let required = schema.get("required").and_then(Value::as_array);
    let required: Vec<&str> = required
        .into_iter()
        .flatten()
        .filter_map(Value::as_str)
        .collect();
    let of_type = |wanted: &str| {
        let mut fields = properties
            .iter()
            .filter(|(_, field)| field["type"] == wanted)
            .map(|(name, _)| name.as_str());
        let first = fields.next();
        first.filter(|_| fields.next().is_none())
    };
    let mut names = properties.keys();
    if let (Some(only), None) = (names.next(), names.next()) {
        return Some(only);
    }
    match required.as_slice() {
        [only] if takes_scalar(&properties[*only], node) => Some(only),
        [] if value.is_boolean() => of_type("boolean"),
        _ => None,
    }
}

fn text_of_list(node: &Node, items: &[std::sync::Arc<Node>]) -> Option<Remedy> {
    let [only] = items else { return None };
    let text = scalar_on_one_line(only)?;
    let text = match only.scalar()?.plain {
        true => text,
        false => one_line(&only.scalar()?.text),
    };
    Some(Fix::write(Certainty::Suggested, node.span, text).into())
}

/// A mapping by names where a list of items with names is expected, or a single item.
fn list_of_mapping(schema: &Value, node: &Node, sources: &Sources) -> Option<Remedy> {
    let item = schema.get("items")?;
    let properties = item.get("properties")?.as_object()?;
    let entries = node.entries()?;
    let is_item = !entries.is_empty()
        && entries
            .iter()
            .all(|entry| properties.contains_key(&entry.key.text));
    if is_item {
        return as_item(node, sources).map(Remedy::Fix);
    }
    let first = entries.first()?;
    let dashed = first.key.text.strip_prefix('-');
    if entries.len() == 1 && dashed.is_some_and(|field| properties.contains_key(field)) {
        let at = first.key.span.start + 1;
        let span = Span {
            start: at,
            end: at,
            ..first.key.span
        };
        let edits = vec![TextEdit {
            span,
            text: " ".to_owned(),
        }];
        let object = "a space behind `-`, which starts an item";
        return Some(Fix::new(Certainty::Certain, Deed::Add, object, edits).into());
    }
    let is_by_name = properties.contains_key("name") && first.value.entries().is_some();
    is_by_name.then(|| {
        Remedy::Words(format!(
            "write a list of items with a name each, the first of them `- name: {}`",
            first.key.text
        ))
    })
}

/// A mapping as the only item of a list, in the place where it is.
fn as_item(node: &Node, sources: &Sources) -> Option<Fix> {
    let source = sources.get(node.span.source);
    let text = source.text.get(node.span.start..node.span.end)?;
    let insert = |at: usize, text: &str| TextEdit {
        span: Span {
            start: at,
            end: at,
            ..node.span
        },
        text: text.to_owned(),
    };
    if text.starts_with('{') {
        let edits = vec![insert(node.span.start, "["), insert(node.span.end, "]")];
        let object = "`[` and `]` around the mapping";
        return Some(Fix::new(Certainty::Certain, Deed::Add, object, edits));
    }
    let line = source.text[..node.span.start].rfind('\n')? + 1;
    let indent = source.text.get(line..node.span.start)?;
    if !indent.chars().all(|c| c == ' ') {
        return None;
    }
    let mut edits = vec![insert(node.span.start, "- ")];
    let rest = text.trim_end();
    for (at, _) in rest.match_indices('\n') {
        let is_blank = rest[at + 1..].starts_with(['\n', '\r']);
        if !is_blank {
            edits.push(insert(node.span.start + at + 1, "  "));
        }
    }
    let object = "`- ` before the mapping";
    Some(Fix::new(Certainty::Certain, Deed::Add, object, edits))
}

/// A list of items with names where a mapping by names is expected.
fn mapping_of_list(schema: &Value, items: &[std::sync::Arc<Node>]) -> Option<Remedy> {
    schema
        .get("additionalProperties")
        .filter(|more| more.is_object())?;
    let first = items.first()?.get("name")?.scalar_text()?;
    Some(Remedy::Words(format!(
        "write a mapping with the names as its keys, the first of them `{}:`",
        one_line(first)
    )))
}
