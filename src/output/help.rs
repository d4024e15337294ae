//! The help of a diagnostic, with the manifest that it suggests.

use std::borrow::Cow;

use serde_json::Value;

use super::spelling::{RESERVED, flow};
use crate::model::{Diagnostic, Suggestion};

/// The lengths of the parts of a GUID between its dashes.
const GUID: [usize; 5] = [8, 4, 4, 4, 12];

/// The whole help: its words, and the suggested manifest below them, indented by two spaces.
pub(crate) fn help_text(diagnostic: &Diagnostic) -> Option<Cow<'_, str>> {
    let Some(suggestion) = &diagnostic.suggestion else {
        return diagnostic.help.as_deref().map(Cow::Borrowed);
    };
    let lines = manifest_lines(suggestion);
    let words = help_words(diagnostic).unwrap_or_default();
    Some(format!("{words}\n\n  {}", lines.join("\n  ")).into())
}

/// The words of a help without the manifest, which they introduce.
pub(super) fn help_words(diagnostic: &Diagnostic) -> Option<Cow<'_, str>> {
    let words = diagnostic.help.as_deref()?;
    Some(match &diagnostic.suggestion {
        Some(_) => format!("{words}:").into(),
        None => words.into(),
    })
}

/// The lines of a manifest: a line for each field of `spec`, with everything below it in flow style.
pub(super) fn manifest_lines(suggestion: &Suggestion) -> Vec<String> {
    let mut lines = vec![
        "apiVersion: apicenter/v1".to_owned(),
        format!("kind: {}", suggestion.kind),
        format!("metadata: {{name: {}}}", flow_text(&suggestion.name)),
    ];
    if suggestion.spec.is_empty() {
        lines.push("spec: {}".to_owned());
        return lines;
    }
    lines.push("spec:".to_owned());
    let fields = suggestion.spec.iter();
    lines.extend(
        fields.map(|(field, value)| format!("  {}: {}", key(field), flow(value, key, flow_text))),
    );
    lines
}

fn key(field: &str) -> Cow<'_, str> {
    if field.chars().all(|c| c.is_ascii_alphabetic()) {
        flow_text(field)
    } else {
        quoted(field)
    }
}

/// A text without quotes where every reader takes it for that text, else in double quotes.
fn flow_text(text: &str) -> Cow<'_, str> {
    let is_harmless = |c: char| c.is_alphanumeric() || "/.-_()… ".contains(c);
    let starts_as_text = text.starts_with(|c: char| c.is_alphabetic() || c == '/');
    if text.chars().all(is_harmless)
        && !text.ends_with(' ')
        && (starts_as_text || is_guid(text))
        && !RESERVED.contains(&text.to_ascii_lowercase().as_str())
    {
        text.into()
    } else {
        quoted(text)
    }
}

/// A JSON string, which is YAML too.
fn quoted(text: &str) -> Cow<'_, str> {
    Value::from(text).to_string().into()
}

fn is_guid(text: &str) -> bool {
    let parts = || text.split('-');
    parts().map(str::len).eq(GUID) && parts().flat_map(str::chars).all(|c| c.is_ascii_hexdigit())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::model::code;

    #[test]
    fn a_suggested_manifest_is_written_below_the_words() {
        let spec = json!({
            "location": "westeurope",
            "identity": {"type": "UserAssigned", "userAssignedIdentities": {"/a/b": {}}},
            "tags": ["no", "1e3", "a: b", "# c", ""],
        });
        let suggestion = Suggestion {
            kind: "Service",
            name: "12".to_owned(),
            spec: spec.as_object().cloned().unwrap(),
        };
        let diagnostic = Diagnostic::warning(code::UNKNOWN_VALUE, "x").help("declare it");
        assert_eq!(help_text(&diagnostic).unwrap(), "declare it");
        let diagnostic = diagnostic.suggest(suggestion);
        let expected = "\
declare it:

  apiVersion: apicenter/v1
  kind: Service
  metadata: {name: \"12\"}
  spec:
    location: westeurope
    identity: {type: UserAssigned, userAssignedIdentities: {\"/a/b\": {}}}
    tags: [\"no\", \"1e3\", \"a: b\", \"# c\", \"\"]";
        assert_eq!(help_text(&diagnostic).unwrap(), expected);
        assert_eq!(help_words(&diagnostic).unwrap(), "declare it:");
    }

    #[test]
    fn ids_need_no_quotes() {
        for id in [
            "00000000-0000-0000-0000-00000000000a",
            "/subscriptions/…/resourceGroups/rg_(a).b",
            "Key Vault Secrets User",
        ] {
            assert_eq!(flow_text(id), id);
        }
        assert_eq!(flow_text("00000000-0000"), "\"00000000-0000\"");
    }
}
