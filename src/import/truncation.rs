//! Truncates values to the limits of the service.

use serde_json::Value;

use crate::model::view::{self, DeploymentView};

/// Fields that are dropped if they are too long, because a part of them would be wrong.
const WHOLE: [&str; 3] = ["url", "email", "identifier"];

/// Fields that are text of several lines.
const PARAGRAPHS: [&str; 2] = ["description", "instructions"];

/// Truncates or drops the fields of a `spec` that exceed the limits of its schema; adds a note for each.
pub(super) fn fit(schema: &Value, spec: &mut Value, notes: &mut Vec<String>) {
    fit_field(schema, "", "", spec, notes);
}

/// Whether the value can stay.
fn fit_field(
    schema: &Value,
    path: &str,
    name: &str,
    value: &mut Value,
    notes: &mut Vec<String>,
) -> bool {
    match value {
        Value::String(text) => fit_text(schema, path, name, text, notes),
        Value::Array(items) => {
            let item_schema = schema.get("items").unwrap_or(&Value::Null);
            let mut number = 0;
            items.retain_mut(|item| {
                let path = format!("{path}[{number}]");
                number += 1;
                fit_field(item_schema, &path, name, item, notes)
            });
            shorten(schema, path, items, notes);
            !items.is_empty()
        }
        Value::Object(fields) => {
            let Some(properties) = schema.get("properties") else {
                return true;
            };
            fields.retain(|key, field| {
                let path = crate::model::field_path(path, key);
                fit_field(&properties[key.as_str()], &path, key, field, notes)
            });
            let required = schema.get("required").and_then(Value::as_array);
            let complete = required
                .into_iter()
                .flatten()
                .filter_map(Value::as_str)
                .all(|field| fields.contains_key(field));
            complete && !fields.is_empty()
        }
        Value::Null => false,
        _ => true,
    }
}

fn shorten(schema: &Value, path: &str, items: &mut Vec<Value>, notes: &mut Vec<String>) {
    let most = schema.get("maxItems").and_then(Value::as_u64);
    let most = most.and_then(|most| usize::try_from(most).ok());
    if let Some(most) = most.filter(|&most| items.len() > most) {
        notes.push(format!(
            "`{path}` has {} entries, the service takes {most}: the rest is left out",
            items.len()
        ));
        items.truncate(most);
    }
}

fn fit_text(
    schema: &Value,
    path: &str,
    name: &str,
    text: &mut String,
    notes: &mut Vec<String>,
) -> bool {
    *text = clean(text, PARAGRAPHS.contains(&name));
    if text.is_empty() {
        return false;
    }
    let most = schema.get("maxLength").and_then(Value::as_u64);
    let Some(most) = most.and_then(|most| usize::try_from(most).ok()) else {
        return true;
    };
    let length = text.encode_utf16().count();
    if length <= most {
        return true;
    }
    let whole = WHOLE.contains(&name) || name == view::leaf(DeploymentView::RUNTIME_URI);
    notes.push(format!(
        "`{path}` has {length} characters, the service takes {most}: {}",
        if whole { "left out" } else { "cut" }
    ));
    *text = cut(text, most);
    !whole
}

/// Whether a character only moves or hides the text around it.
fn is_hidden(c: char) -> bool {
    c.is_control() || matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

/// Whether nothing of a text is left once it is cleaned.
pub(super) fn is_blank(text: &str) -> bool {
    clean(text, false).is_empty()
}

/// A text without control characters and blanks around it; one line, unless it may have several.
fn clean(text: &str, paragraphs: bool) -> String {
    let text = text.replace("\r\n", "\n");
    if !paragraphs {
        let words: Vec<&str> = text
            .split(|c: char| c.is_whitespace() || is_hidden(c))
            .filter(|word| !word.is_empty())
            .collect();
        return words.join(" ");
    }
    let kept = |c: &char| matches!(c, '\n' | '\t') || !is_hidden(*c);
    let lines: String = text.chars().filter(kept).collect();
    let lines: Vec<&str> = lines.lines().map(str::trim_end).collect();
    lines.join("\n").trim().to_owned()
}

/// The beginning of a text, up to a word if one ends in its second half, and `…`.
///
/// Characters are counted as the service's platform counts them: an emoji is two.
pub(super) fn cut(text: &str, most: usize) -> String {
    let mut length = 0;
    let end = text.char_indices().find_map(|(at, c)| {
        length += c.len_utf16();
        (length > most.saturating_sub(1)).then_some(at)
    });
    let head = &text[..end.unwrap_or(text.len())];
    let next_is_blank = text[head.len()..].starts_with(char::is_whitespace);
    let head = match head.rfind(char::is_whitespace) {
        Some(blank) if !next_is_blank && blank > head.len() / 2 => &head[..blank],
        _ => head,
    };
    let head = head.trim_end_matches(|c: char| c.is_whitespace() || ",;:-–(".contains(c));
    format!("{head}…")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds::API;

    #[test]
    fn texts_are_cut_after_a_word() {
        for (text, most, short) in [
            ("one two three", 12, "one two…"),
            ("one two three", 8, "one two…"),
            ("one, two three", 6, "one…"),
            ("onetwothree", 6, "onetw…"),
            ("a bcdefghijk", 8, "a bcdef…"),
            ("🚀🚀🚀🚀", 6, "🚀🚀…"),
        ] {
            assert_eq!(cut(text, most), short);
            assert!(short.encode_utf16().count() <= most);
        }
    }

    #[test]
    fn limits_are_those_of_the_schema() {
        let long = "word ".repeat(300);
        let url = format!("https://contoso.com/{}", "x".repeat(200));
        let mut spec = json!({
            "title": format!("  A\n\u{7}\u{202e}B {long}"),
            "kind": "rest",
            "summary": long,
            "description": "one\r\n\r\ntwo  \nthree\u{0}\n",
            "termsOfService": {"url": url},
            "externalDocumentation": [{"url": url}, {"url": "https://contoso.com", "title": ""}],
            "contacts": [{"email": long}, {"name": "Ann", "url": null}],
            "license": {"name": long, "identifier": "x".repeat(51)},
            "versions": [{"name": "1-0-0", "title": long, "lifecycleStage": "design"}],
        });
        let mut notes = Vec::new();
        fit((API.schema)(), &mut spec, &mut notes);
        let length = |value: &Value| value.as_str().unwrap().encode_utf16().count();
        assert!(spec["title"].as_str().unwrap().starts_with("A B word"));
        assert!(length(&spec["title"]) <= 50 && length(&spec["summary"]) <= 200);
        assert!(length(&spec["versions"][0]["title"]) <= 50);
        assert_eq!(spec["description"], "one\n\ntwo\nthree");
        assert_eq!(spec.get("termsOfService"), None);
        assert_eq!(
            spec["externalDocumentation"],
            json!([{"url": "https://contoso.com"}])
        );
        assert_eq!(spec["contacts"], json!([{"name": "Ann"}]));
        assert_eq!(spec["license"].get("identifier"), None);
        assert_eq!(notes.len(), 8, "{notes:#?}");
        assert!(notes[0].starts_with("`title` has 1"), "{}", notes[0]);
    }
}
