//! Secrets in manifests: none may be there, only the addresses of key vault secrets.

use serde_json::{Map, Value};

use super::pattern::matches;
use crate::model::{Diagnostic, Diagnostics, code};
use crate::yaml::{Entry, Node, NodeValue};

/// Last words of keys whose values are secrets.
const SECRET_WORDS: [&str; 7] = [
    "secret",
    "password",
    "passphrase",
    "pwd",
    "key",
    "token",
    "pat",
];

/// Whether an entry and everything below it has no secrets; those that it has are reported.
pub(super) fn check(form: &str, entry: &Entry, diagnostics: &mut Diagnostics) -> bool {
    let node = &entry.value;
    if holds_a_secret(&entry.key.text)
        && !node.is_null()
        && node
            .scalar_text()
            .is_some_and(|text| !is_allowed(form, text))
    {
        diagnostics.push(secret_literal(node));
        return false;
    }
    is_free(form, node, diagnostics)
}

fn is_free(form: &str, node: &Node, diagnostics: &mut Diagnostics) -> bool {
    let mut is_free = true;
    match &node.value {
        NodeValue::Mapping(entries) => {
            for entry in entries {
                is_free &= check(form, entry, diagnostics);
            }
        }
        NodeValue::Sequence(items) => {
            for item in items {
                is_free &= self::is_free(form, item, diagnostics);
            }
        }
        NodeValue::Scalar(_) => {}
    }
    is_free
}

/// Whether a key looks like that of a secret: its last word says so, and `clientSecretValue` does too.
fn holds_a_secret(key: &str) -> bool {
    let words = words(key);
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    let names_a_secret = |word: &String| SECRET_WORDS.contains(&word.as_str());
    names_a_secret(last) || last == "value" && before.last().is_some_and(names_a_secret)
}

/// The words of a key such as `clientSecret`, `client_secret` or `APIKey`, in lower case.
fn words(key: &str) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters: Vec<char> = key.chars().collect();
    for (i, letter) in letters.iter().enumerate() {
        let after_lower = i > 0 && letters[i - 1].is_lowercase();
        let ends_capitals = i > 0
            && letters[i - 1].is_uppercase()
            && letters.get(i + 1).is_some_and(|next| next.is_lowercase());
        let begins = letter.is_uppercase() && (after_lower || ends_capitals);
        if begins || !letter.is_alphanumeric() {
            words.push(String::new());
        }
        if letter.is_alphanumeric()
            && let Some(word) = words.last_mut()
        {
            word.extend(letter.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

/// Besides addresses of secrets, only what surely is none: `true` and `false`.
fn is_allowed(form: &str, text: &str) -> bool {
    matches(form, text) || matches!(text, "true" | "false" | "")
}

/// The value is not repeated: it may be the secret itself.
pub(super) fn secret_literal(node: &Node) -> Diagnostic {
    Diagnostic::error(
        code::SECRET_LITERAL,
        "only the address of a Key Vault secret is allowed here, never the secret itself",
    )
    .at(node.span, "not the address of a Key Vault secret")
    .help(
        "put the value into a key vault and write the secret's URI, such as \
         https://contoso-vault.vault.azure.net/secrets/aws-access-key; if a real key was committed, \
         revoke it",
    )
}

/// Removes literal secrets from the mappings of a body in which secrets are recognised by their keys, and returns
/// their paths. A list with one is removed as a whole, because lists are compared as a whole.
pub(crate) fn leaves_out_secrets(schema: &Value, body: &mut Map<String, Value>) -> Vec<String> {
    let mut removed = Vec::new();
    for (field, value) in body.iter_mut() {
        let form = schema["properties"][field.as_str()]["x-secret-keys"].as_str();
        if let (Some(form), Value::Object(map)) = (form, value) {
            strip(form, field, map, &mut removed);
        }
    }
    removed
}

fn strip(form: &str, path: &str, map: &mut Map<String, Value>, removed: &mut Vec<String>) {
    map.retain(|key, value| {
        let path = format!("{path}.{key}");
        if is_secret(form, key, value) || (value.is_array() && has_secret(form, value)) {
            removed.push(path);
            return false;
        }
        if let Value::Object(inner) = value {
            strip(form, &path, inner, removed);
        }
        true
    });
}

fn is_secret(form: &str, key: &str, value: &Value) -> bool {
    holds_a_secret(key)
        && match value {
            Value::String(text) => !is_allowed(form, text),
            Value::Number(_) => true,
            _ => false,
        }
}

fn has_secret(form: &str, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| has_secret(form, item)),
        Value::Object(map) => {
            let mut entries = map.iter();
            entries.any(|(key, value)| is_secret(form, key, value) || has_secret(form, value))
        }
        _ => false,
    }
}

/// Whether a body has a literal secret at a field that takes only the address of one.
pub(crate) fn needs_a_secret(schema: &Value, body: &Map<String, Value>) -> bool {
    body.iter().any(|(field, value)| {
        let schema = &schema["properties"][field.as_str()];
        match (schema["x-secret-uri"].as_str(), value) {
            (Some(form), Value::String(text)) => !matches(form, text),
            (Some(_), _) => true,
            (None, Value::Object(inner)) => needs_a_secret(schema, inner),
            (None, _) => false,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_of_secrets_are_recognised_by_their_last_word() {
        for key in [
            "clientSecret",
            "client_secret",
            "password",
            "APIKey",
            "accessKey",
            "token",
            "personal-access-token",
            "PAT",
            "clientSecretValue",
        ] {
            assert!(holds_a_secret(key), "{key}");
        }
        for key in [
            "tokenUrl",
            "keyVaultUri",
            "path",
            "pattern",
            "secretName",
            "inputTokens",
            "monkey",
            "value",
            "",
        ] {
            assert!(!holds_a_secret(key), "{key}");
        }
    }
}
