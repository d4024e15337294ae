//! Functions of templates that encode texts and put addresses together.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde_json::Value;
use uuid::Uuid;

use super::values::text;

/// What a component of an address may contain as it is.
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'~');

/// What the names of `guid` are in (documented).
const GUIDS: Uuid = Uuid::from_u128(0x11fb_06fb_712d_4ddd_98c7_e71b_bd58_8830);

/// The value of a function over encodings; `None` for any other function, or for other arguments.
pub(super) fn call(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    Ok(Some(match (name, arguments) {
        ("base64", [of]) => Value::from(STANDARD.encode(text(of))),
        ("base64tostring", [Value::String(of)]) => Value::from(decoded(of)?),
        ("base64tojson", [Value::String(of)]) => serde_json::from_str(&decoded(of)?)
            .map_err(|error| format!("needs JSON in base64: {error}"))?,
        ("datauri", [of]) => Value::from(format!(
            "data:text/plain;charset=utf8;base64,{}",
            STANDARD.encode(text(of))
        )),
        ("datauritostring", [Value::String(of)]) => Value::from(text_of_data_uri(of)?),
        ("guid", [_, ..]) => {
            let parts: Vec<String> = arguments.iter().map(text).collect();
            Value::from(Uuid::new_v5(&GUIDS, parts.join("-").as_bytes()).to_string())
        }
        ("uri", [Value::String(base), Value::String(relative)]) => {
            Value::from(joined(base, relative)?)
        }
        ("uricomponent", [of]) => Value::from(utf8_percent_encode(&text(of), RESERVED).to_string()),
        ("uricomponenttostring", [Value::String(of)]) => Value::from(percent_decoded(of)?),
        _ => return Ok(None),
    }))
}

fn decoded(base64: &str) -> Result<String, String> {
    let bytes = STANDARD.decode(base64);
    let bytes = bytes.map_err(|error| format!("needs base64: {error}"))?;
    String::from_utf8(bytes).map_err(|_| "needs a text in base64, in UTF-8".to_owned())
}

fn percent_decoded(text: &str) -> Result<String, String> {
    let decoded = percent_decode_str(text).decode_utf8();
    let decoded = decoded.map_err(|_| "needs a text in UTF-8".to_owned())?;
    Ok(decoded.into_owned())
}

fn text_of_data_uri(uri: &str) -> Result<String, String> {
    let parts = uri.strip_prefix("data:").and_then(|it| it.split_once(','));
    let (form, data) = parts.ok_or("needs an address that begins with `data:`")?;
    match form.ends_with(";base64") {
        true => decoded(data),
        false => percent_decoded(data),
    }
}

/// A relative address in a base: in place of what follows its last slash (documented). Nothing is said about
/// an address that starts at the top, which the rule and RFC 3986 resolve differently.
fn joined(base: &str, relative: &str) -> Result<String, String> {
    let unclear = || "cannot be evaluated with these arguments".to_owned();
    let (scheme, rest) = base.split_once("://").ok_or_else(unclear)?;
    let is_plain = |text: &str| !text.contains(['?', '#']) && !text.contains("..");
    if !is_plain(base)
        || relative.starts_with('.')
        || relative.contains("/.")
        || relative.contains(':')
    {
        return Err(unclear());
    }
    let whole = match (rest.rsplit_once('/'), relative.strip_prefix('/')) {
        (Some((folder, "")), Some(below)) => format!("{folder}/{below}"),
        (None, Some(below)) => format!("{rest}/{below}"),
        (Some(_), Some(_)) => return Err(unclear()),
        (Some((folder, _)), None) => format!("{folder}/{relative}"),
        (None, None) => format!("{rest}/{relative}"),
    };
    Ok(format!("{scheme}://{whole}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn texts_are_encoded_and_decoded() {
        for (name, arguments, value) in [
            (
                "base64",
                json!(["one, two, three"]),
                json!("b25lLCB0d28sIHRocmVl"),
            ),
            (
                "base64tostring",
                json!(["b25lLCB0d28sIHRocmVl"]),
                json!("one, two, three"),
            ),
            (
                "base64tojson",
                json!(["eyJvbmUiOiAiYSJ9"]),
                json!({"one": "a"}),
            ),
            (
                "datauri",
                json!(["Hello"]),
                json!("data:text/plain;charset=utf8;base64,SGVsbG8="),
            ),
            (
                "datauritostring",
                json!(["data:;base64,SGVsbG8sIFdvcmxkIQ=="]),
                json!("Hello, World!"),
            ),
            ("datauritostring", json!(["data:,a%20b"]), json!("a b")),
            (
                "uricomponent",
                json!(["http://contoso.com/a b/c_d.json"]),
                json!("http%3A%2F%2Fcontoso.com%2Fa%20b%2Fc_d.json"),
            ),
            (
                "uricomponenttostring",
                json!(["http%3A%2F%2Fcontoso.com"]),
                json!("http://contoso.com"),
            ),
            // As Python's uuid5 has it.
            (
                "guid",
                json!(["a", "b"]),
                json!("2d796349-8c7e-55ec-9624-54ece82ed031"),
            ),
        ] {
            let arguments = arguments.as_array().expect("a list");
            assert_eq!(call(name, arguments), Ok(Some(value)), "{name}");
        }
        for (name, argument) in [
            ("base64tostring", "?"),
            ("base64tostring", "/w=="),
            ("base64tojson", "YQ=="),
            ("datauritostring", "a"),
            ("uricomponenttostring", "%ff"),
        ] {
            let problem = call(name, &[json!(argument)]).expect_err(name);
            assert!(problem.starts_with("needs "), "{name}: {problem}");
        }
    }

    #[test]
    fn addresses_are_put_together() {
        for (base, relative, whole) in [
            ("http://contoso.org/path", "a.sh", "http://contoso.org/a.sh"),
            (
                "http://contoso.org/path/",
                "a.sh",
                "http://contoso.org/path/a.sh",
            ),
            (
                "http://contoso.org/path/b.json",
                "c/a.sh",
                "http://contoso.org/path/c/a.sh",
            ),
            (
                "http://contoso.org/path/",
                "/a.sh",
                "http://contoso.org/path/a.sh",
            ),
            (
                "http://contoso.org:8080",
                "a.sh",
                "http://contoso.org:8080/a.sh",
            ),
            ("http://contoso.org", "/a.sh", "http://contoso.org/a.sh"),
        ] {
            assert_eq!(
                joined(base, relative),
                Ok(whole.to_owned()),
                "{base} {relative}"
            );
        }
        for (base, relative) in [
            ("contoso.org", "a"),
            ("http://contoso.org/a/b", "/c"),
            ("http://contoso.org/a/", "../c"),
            ("http://contoso.org/a/", "http://fabrikam.com"),
            ("http://contoso.org/a?b=c/d", "e"),
        ] {
            joined(base, relative).expect_err(base);
        }
    }
}
