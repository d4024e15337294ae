//! Removing secrets from texts that are shown or logged.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;

/// Removes secrets by their form: bearer tokens, JSON web tokens, passwords in URLs, signed queries.
#[must_use]
pub fn redact(text: &str) -> String {
    static RULES: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
        let rules = [
            // The query of any URL: links of the service are signed with t, c, s, h or sig.
            (
                r#"(?i)(https?://)(?:[^\s/?#'"<>@]*@)?([^\s?#'"<>]*)\?[^\s'"<>]*"#,
                "$1$2?…",
            ),
            (r#"(?i)(https?://)[^\s/?#'"<>@]*@"#, "$1"),
            (
                r#"(?i)([?&](?:sig|t|c|s|h|code|token|client_secret)=)[^&\s'"<>]+"#,
                "$1…",
            ),
            (r"(?i)\bbearer\s+[A-Za-z0-9._~+/=-]+", "Bearer …"),
            (r"\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_.-]+", "…"),
        ];
        let compile = |pattern| Regex::new(pattern).expect("the pattern is a constant");
        rules
            .into_iter()
            .map(|(pattern, by)| (compile(pattern), by))
            .collect()
    });
    let mut text = text.to_owned();
    for (pattern, replacement) in RULES.iter() {
        if let Cow::Owned(changed) = pattern.replace_all(&text, *replacement) {
            text = changed;
        }
    }
    text
}

/// Removes secrets by their value, such as those of a request: a service may repeat them in an error.
#[must_use]
pub fn redact_values<S: AsRef<str>>(text: &str, secrets: impl IntoIterator<Item = S>) -> String {
    let mut text = text.to_owned();
    for secret in secrets {
        if !secret.as_ref().is_empty() {
            text = text.replace(secret.as_ref(), "***");
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_struck_out_and_plain_text_stays() {
        let cases = [
            (
                "see https://h/x/op?api-version=1&t=12&c=AB&s=CD&h=EF now",
                "see https://h/x/op?… now",
            ),
            (
                "blob 'https://b.example/x?sv=1&sig=abc%3D'",
                "blob 'https://b.example/x?…'",
            ),
            ("via http://joe:pw@proxy:8080/", "via http://proxy:8080/"),
            ("via http://joe:pw@proxy/p?x=1", "via http://proxy/p?…"),
            (
                "/relative?api-version=1&sig=abc&x=1",
                "/relative?api-version=1&sig=…&x=1",
            ),
            (
                "Authorization: Bearer abc.def-123 sent",
                "Authorization: Bearer … sent",
            ),
            ("token eyJhbGciOi.eyJhdWQi.sig_na-ture!", "token …!"),
            ("field 'title' & more? yes", "field 'title' & more? yes"),
        ];
        for (text, expected) in cases {
            assert_eq!(redact(text), expected);
        }
    }

    #[test]
    fn values_are_removed_wherever_they_occur() {
        let text = redact_values("a=s3cret&b=s3cret x", ["s3cret", ""]);
        assert_eq!(text, "a=***&b=*** x");
    }
}
