//! An object of JSON within a page that is written piece by piece, so that only one piece at a time is a value.

use std::fmt::Write as _;
use std::io;

use serde_json::Value;

use crate::model::Decimal;
use crate::output::data::escape_json;

/// From this many bytes on, what is put together is written (chosen here).
const PIECE: usize = 64 * 1024;

/// The text of an object.
pub(super) struct JsonText<'a> {
    out: &'a mut dyn io::Write,
    /// What is not written yet. It is cut between values only, so that it can be escaped by itself.
    piece: String,
    /// Whether the object that is being written has a field already.
    has_fields: bool,
}

impl<'a> JsonText<'a> {
    pub(super) fn new(out: &'a mut dyn io::Write) -> Self {
        Self {
            out,
            piece: "{".to_owned(),
            has_fields: false,
        }
    }

    /// Writes a field.
    pub(super) fn field(&mut self, key: &str, value: &Value) -> io::Result<()> {
        self.key(key);
        self.value(value)
    }

    /// Writes a field whose value is a list.
    pub(super) fn list(
        &mut self,
        key: &str,
        items: impl IntoIterator<Item = Value>,
    ) -> io::Result<()> {
        self.key(key);
        self.piece.push('[');
        for (i, mut item) in items.into_iter().enumerate() {
            if i > 0 {
                self.piece.push(',');
            }
            show_by_digits(&mut item);
            self.value(&item)?;
        }
        self.piece.push(']');
        Ok(())
    }

    /// Writes a field whose value is an object.
    pub(super) fn object(
        &mut self,
        key: &str,
        fill: impl FnOnce(&mut Self) -> io::Result<()>,
    ) -> io::Result<()> {
        self.key(key);
        self.piece.push('{');
        self.has_fields = false;
        fill(self)?;
        self.has_fields = true;
        self.piece.push('}');
        Ok(())
    }

    /// Writes what is left of the object.
    pub(super) fn end(mut self) -> io::Result<()> {
        self.piece.push('}');
        self.write()
    }

    fn key(&mut self, key: &str) {
        if self.has_fields {
            self.piece.push(',');
        }
        self.has_fields = true;
        self.put(&Value::from(key));
        self.piece.push(':');
    }

    fn value(&mut self, value: &Value) -> io::Result<()> {
        self.put(value);
        match self.piece.len() < PIECE {
            true => Ok(()),
            false => self.write(),
        }
    }

    fn put(&mut self, value: &Value) {
        write!(self.piece, "{value}").expect("writing to a text cannot fail");
    }

    fn write(&mut self) -> io::Result<()> {
        let escaped = escape_json(&self.piece);
        self.piece.clear();
        // Inside a script element only `<` can end anything.
        for (i, part) in escaped.split('<').enumerate() {
            if i > 0 {
                self.out.write_all(b"\\u003c")?;
            }
            self.out.write_all(part.as_bytes())?;
        }
        Ok(())
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

    fn written(fill: impl FnOnce(&mut JsonText<'_>) -> io::Result<()>) -> String {
        let mut bytes = Vec::new();
        let mut text = JsonText::new(&mut bytes);
        fill(&mut text).unwrap();
        text.end().unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn pieces_give_the_same_text_as_the_whole() {
        let text = written(|text| {
            text.field("a\"", &json!([1, "\u{1}"]))?;
            text.object("b", |text| {
                text.list("c", [])?;
                text.list("d", [json!({"e": null}), json!(2)])?;
                text.object("f", |_| Ok(()))
            })?;
            text.field("g", &json!(true))
        });
        let whole =
            json!({"a\"": [1, "\u{1}"], "b": {"c": [], "d": [{"e": null}, 2], "f": {}}, "g": true});
        assert_eq!(text, whole.to_string());
        assert_eq!(written(|_| Ok(())), "{}");
    }

    #[test]
    fn many_pieces_are_escaped_as_one() {
        let item = "</script> ##vso[x] \u{2028}::set-output::\u{202e} section_start:";
        let items = vec![json!({item: item}); 2 * PIECE / item.len()];
        let text = written(|text| text.list("items", items.clone()));
        let whole = escape_json(&json!({"items": items}).to_string()).replace('<', "\\u003c");
        assert_eq!(text, whole);
        assert!(text.len() > 3 * PIECE && !text.contains("##vso["));
    }
}
