//! Which field of a mapping a single text is the value of, by the form of the text.

use serde_json::Value;

/// The form that a text has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// An address: `https://contoso.com`.
    Address,
    /// A mail address.
    Mail,
    /// One word: `MIT`.
    Word,
    /// Several words.
    Words,
}

impl Form {
    fn of(text: &str) -> Self {
        let is_one = !text.contains(char::is_whitespace);
        match text.split_once('@') {
            _ if text.contains("://") => Self::Address,
            Some((name, host)) if is_one && !name.is_empty() && host.contains('.') => Self::Mail,
            _ if is_one => Self::Word,
            _ => Self::Words,
        }
    }
}

/// The field of a mapping whose examples look like a text; `None` if there is none, or if the mapping needs others.
///
/// A word may be a short name: where no field takes words alone, it belongs to the one that takes several.
pub(super) fn field_of_text<'a>(schema: &'a Value, text: &str) -> Option<&'a str> {
    let required = schema.get("required").and_then(Value::as_array);
    if required.is_some_and(|fields| !fields.is_empty()) || text.contains('\n') {
        return None;
    }
    let fields = schema.get("properties")?.as_object()?;
    let with = |wanted: Form| {
        let mut found = fields.iter().filter(|(_, field)| {
            let examples = field.get("examples").and_then(Value::as_array);
            let mut examples = examples.into_iter().flatten().filter_map(Value::as_str);
            examples
                .next()
                .is_some_and(|example| Form::of(example) == wanted)
        });
        let (first, _) = found.next()?;
        found.next().is_none().then_some(first.as_str())
    };
    match Form::of(text) {
        Form::Word => with(Form::Word).or_else(|| with(Form::Words)),
        form => with(form),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_form_of_a_text_names_its_field() {
        let schema = json!({"properties": {
            "name": {"type": "string", "examples": ["Checkout team"]},
            "url": {"type": "string", "examples": ["https://contoso.com"]},
            "email": {"type": "string", "examples": ["checkout@contoso.com"]},
        }});
        for (text, field) in [
            ("Payments team", Some("name")),
            ("Payments", Some("name")),
            ("@payments", Some("name")),
            ("payments@contoso.com", Some("email")),
            ("http://payments", Some("url")),
            ("two\nlines", None),
        ] {
            assert_eq!(field_of_text(&schema, text), field, "{text}");
        }
        let mut license = schema;
        license["properties"]["identifier"] = json!({"type": "string", "examples": ["MIT"]});
        assert_eq!(field_of_text(&license, "Apache-2.0"), Some("identifier"));
        assert_eq!(field_of_text(&license, "Apache licence"), Some("name"));
        license["required"] = json!(["name"]);
        assert_eq!(field_of_text(&license, "Apache licence"), None);
    }
}
