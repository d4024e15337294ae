//! Secrets in manifests: none may be there, only the addresses of key vault secrets.

use serde_json::{Map, Value};

use super::pattern::matches;
use crate::model::{Diagnostic, Diagnostics, code};
use crate::yaml::{Entry, Node, NodeValue};

/// Last words of keys whose values are secrets, whatever is before them.
const SURE_WORDS: [&str; 4] = ["secret", "password", "passphrase", "pwd"];

/// Last words of keys whose values are secrets, if they are words of their own.
const SHORT_WORDS: [&str; 3] = ["key", "token", "pat"];

/// What may be before a short word without a capital or a hyphen between them, as in `apikey`: not every word
/// that ends in one names a secret (`monkey`, `compat`).
const QUALIFIERS: [&str; 44] = [
    "access",
    "account",
    "admin",
    "api",
    "app",
    "application",
    "auth",
    "authentication",
    "authorization",
    "azure",
    "bearer",
    "bot",
    "client",
    "consumer",
    "deploy",
    "devops",
    "encryption",
    "function",
    "git",
    "github",
    "gitlab",
    "host",
    "id",
    "master",
    "oauth",
    "personalaccess",
    "primary",
    "private",
    "refresh",
    "root",
    "sas",
    "secondary",
    "secret",
    "secretaccess",
    "service",
    "session",
    "shared",
    "sharedaccess",
    "signing",
    "ssh",
    "storage",
    "subscription",
    "user",
    "xapi",
];

/// The key below that of a secret that has the secret itself.
const VALUE: &str = "value";

/// Whether an entry and everything below it has no secrets; those that it has are reported.
pub(super) fn check(form: &str, entry: &Entry, diagnostics: &mut Diagnostics) -> bool {
    let is_secret = is_key_of_secret(&entry.key.text, false);
    is_free(form, &entry.value, is_secret, diagnostics)
}

/// Whether a value has no secrets, where `is_secret` says that its key is that of one.
fn is_free(form: &str, node: &Node, is_secret: bool, diagnostics: &mut Diagnostics) -> bool {
    let mut is_free = true;
    match &node.value {
        NodeValue::Mapping(entries) => {
            for entry in entries {
                let is_secret = is_key_of_secret(&entry.key.text, is_secret);
                is_free &= self::is_free(form, &entry.value, is_secret, diagnostics);
            }
        }
        NodeValue::Sequence(items) => {
            for item in items {
                is_free &= self::is_free(form, item, is_secret, diagnostics);
            }
        }
        NodeValue::Scalar(scalar) => {
            if is_secret && !node.is_null() && !is_allowed(form, &scalar.text) {
                diagnostics.push(secret_literal(node));
                is_free = false;
            }
        }
    }
    is_free
}

/// Whether the value of a key is a secret: the key says so, or it is the `value` below a key that does.
fn is_key_of_secret(key: &str, is_below_one: bool) -> bool {
    is_below_one && key.eq_ignore_ascii_case(VALUE) || holds_a_secret(key)
}

/// Whether a key of an entry, or of what is below it, looks like that of a secret.
pub(super) fn has_key_of_secret(entry: &Entry) -> bool {
    fn is_below(node: &Node) -> bool {
        node.entries().into_iter().flatten().any(has_key_of_secret)
            || node
                .items()
                .into_iter()
                .flatten()
                .any(|item| is_below(item))
    }
    holds_a_secret(&entry.key.text) || is_below(&entry.value)
}

/// Whether a key looks like that of a secret: its last word says so, and `clientSecretValue` does too.
fn holds_a_secret(key: &str) -> bool {
    let words = words(key);
    let Some((last, before)) = words.split_last() else {
        return false;
    };
    match last.strip_suffix(VALUE) {
        Some("") => before.last().is_some_and(|word| names_a_secret(word)),
        Some(word) => names_a_secret(word),
        None => names_a_secret(last),
    }
}

fn names_a_secret(word: &str) -> bool {
    let is_short = |short: &&str| {
        let before = word.strip_suffix(*short);
        before.is_some_and(|before| before.is_empty() || QUALIFIERS.contains(&before))
    };
    SURE_WORDS.iter().any(|sure| word.ends_with(sure)) || SHORT_WORDS.iter().any(is_short)
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
            strip(form, field, false, map, &mut removed);
        }
    }
    removed
}

fn strip(
    form: &str,
    path: &str,
    is_below_secret: bool,
    map: &mut Map<String, Value>,
    removed: &mut Vec<String>,
) {
    map.retain(|key, value| {
        let path = format!("{path}.{key}");
        let is_secret = is_key_of_secret(key, is_below_secret);
        if let Value::Object(inner) = value {
            strip(form, &path, is_secret, inner, removed);
            return true;
        }
        let has_secret = has_secret(form, is_secret, value);
        if has_secret {
            removed.push(path);
        }
        !has_secret
    });
}

fn has_secret(form: &str, is_secret: bool, value: &Value) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| has_secret(form, is_secret, item)),
        Value::Object(map) => {
            let mut entries = map.iter();
            entries.any(|(key, value)| has_secret(form, is_key_of_secret(key, is_secret), value))
        }
        Value::String(text) => is_secret && !is_allowed(form, text),
        Value::Number(_) => is_secret,
        Value::Null | Value::Bool(_) => false,
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
            "apikey",
            "x-apikey",
            "clientsecret",
            "CLIENTSECRET",
            "accesstoken",
            "dbpassword",
            "clientsecretvalue",
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
            "keyboard",
            "compat",
            "maxtoken",
            "value",
            "values",
            "",
        ] {
            assert!(!holds_a_secret(key), "{key}");
        }
    }

    #[test]
    fn secrets_are_found_below_their_keys() {
        let body = serde_json::json!({"extra": {
            "password": ["hunter2"], "clientSecret": {"value": "hunter2", "name": "kept"},
            "token": [{"value": [1234]}], "apiKey": {"in": "header", "name": "x-key"},
            "items": [{"value": "kept"}], "enabledToken": [true],
        }});
        let Value::Object(mut body) = body else {
            unreachable!("a mapping")
        };
        let schema = serde_json::json!({"properties": {"extra": {"x-secret-keys": "^https:"}}});
        assert_eq!(
            leaves_out_secrets(&schema, &mut body),
            ["extra.password", "extra.clientSecret.value", "extra.token"]
        );
        assert_eq!(
            Value::Object(body)["extra"],
            serde_json::json!({
                "clientSecret": {"name": "kept"}, "apiKey": {"in": "header", "name": "x-key"},
                "items": [{"value": "kept"}], "enabledToken": [true],
            })
        );
    }
}
