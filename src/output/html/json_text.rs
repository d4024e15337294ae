//! An object of JSON that is written piece by piece, so that only one piece at a time is a value.

use std::fmt::Write as _;

use serde_json::Value;

use crate::model::Decimal;

/// The text of an object.
#[derive(Debug, Default)]
pub(super) struct JsonText(String);

impl JsonText {
    /// Writes a field.
    pub(super) fn field(&mut self, key: &str, value: &Value) {
        self.key(key);
        self.write(value);
    }

    /// Writes a field whose value is a list.
    pub(super) fn list(&mut self, key: &str, items: impl IntoIterator<Item = Value>) {
        self.key(key);
        self.0.push('[');
        for (i, mut item) in items.into_iter().enumerate() {
            if i > 0 {
                self.0.push(',');
            }
            show_by_digits(&mut item);
            self.write(&item);
        }
        self.0.push(']');
    }

    /// Writes a field whose value is an object.
    pub(super) fn object(&mut self, key: &str, fill: impl FnOnce(&mut Self)) {
        self.key(key);
        let outer = std::mem::take(&mut self.0);
        fill(self);
        let inner = std::mem::replace(&mut self.0, outer);
        self.0.push('{');
        self.0.push_str(&inner);
        self.0.push('}');
    }

    /// The whole object.
    pub(super) fn end(self) -> String {
        format!("{{{}}}", self.0)
    }

    fn key(&mut self, key: &str) {
        if !self.0.is_empty() {
            self.0.push(',');
        }
        self.write(&Value::from(key));
        self.0.push(':');
    }

    fn write(&mut self, value: &Value) {
        write!(self.0, "{value}").expect("writing to a text cannot fail");
    }
}

/// Numbers that no float holds become texts: the page's script would round them.
pub(super) fn show_by_digits(value: &mut Value) {
    match value {
        Value::Number(number) => {
            let float = number.as_f64().map(|float| format!("{float:e}"));
            let rounded = float.and_then(|text| Decimal::parse(&text));
            if rounded != Decimal::of(number) {
                *value = Value::String(number.to_string());
            }
        }
        Value::Array(items) => items.iter_mut().for_each(show_by_digits),
        Value::Object(entries) => entries.values_mut().for_each(show_by_digits),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn pieces_give_the_same_text_as_the_whole() {
        let mut text = JsonText::default();
        text.field("a\"", &json!([1, "\u{1}"]));
        text.object("b", |text| {
            text.list("c", []);
            text.list("d", [json!({"e": null}), json!(2)]);
            text.object("f", |_| {});
        });
        text.field("g", &json!(true));
        let whole =
            json!({"a\"": [1, "\u{1}"], "b": {"c": [], "d": [{"e": null}, 2], "f": {}}, "g": true});
        assert_eq!(text.end(), whole.to_string());
    }
}
