//! Identifiers of the subscription and of principals, shortened.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use serde_json::Value;

use crate::model::Address;

/// A GUID, or the beginning of one where the text was cut.
static GUID: LazyLock<Regex> = LazyLock::new(|| {
    let hex = "[0-9A-Fa-f]";
    let whole = format!("{hex}{{4}}-{hex}{{4}}-{hex}{{4}}-{hex}{{12}}");
    Regex::new(&format!("({hex}{{8}})-(?:{whole}|[0-9A-Fa-f-]{{0,27}}…)"))
        .expect("the pattern is constant")
});

/// Shortens what shows strangers who and where we are: a comment is read by more people than the
/// service is.
#[derive(Debug, Clone, Copy)]
pub(super) struct Redactor<'a> {
    /// The subscription of the target; empty where there is none.
    pub(super) subscription: &'a str,
}

impl Redactor<'_> {
    /// The text with every GUID cut to its first eight characters.
    pub(super) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        GUID.replace_all(text, "$1…")
    }

    /// An address. It may hold a GUID that is a name, and a name must stay what it is; only the
    /// subscription's is cut.
    pub(super) fn address(&self, address: &Address) -> String {
        let text = address.to_string();
        if self.subscription.is_empty() || !text.contains(self.subscription) {
            return text;
        }
        text.replace(self.subscription, &self.text(self.subscription))
    }

    /// A value with every text in it shortened, keys included.
    pub(super) fn value(&self, value: Value) -> Value {
        match value {
            Value::String(text) => match self.text(&text) {
                Cow::Borrowed(_) => Value::String(text),
                Cow::Owned(short) => Value::String(short),
            },
            Value::Array(items) => items.into_iter().map(|item| self.value(item)).collect(),
            Value::Object(map) => map
                .into_iter()
                .map(|(key, value)| (self.text(&key).into_owned(), self.value(value)))
                .collect(),
            other => other,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::kinds;

    const ID: &str = "0a1b2c3d-1111-2222-3333-444455556666";

    #[test]
    fn guids_are_cut_but_names_are_not() {
        let redactor = Redactor { subscription: ID };
        let path = format!("/subscriptions/{ID}/x");
        assert_eq!(redactor.text(&path), "/subscriptions/0a1b2c3d…/x");
        assert_eq!(
            redactor.value(json!({ID: [ID, 1]})),
            json!({"0a1b2c3d…": ["0a1b2c3d…", 1]})
        );
        let start = &ID[..20];
        assert_eq!(redactor.text(&format!("x{start}…")), "x0a1b2c3d…");
        let named = |name: &str| Address::top(&kinds::API.info, name);
        assert_eq!(redactor.address(&named(ID)), "api/0a1b2c3d…");
        let other = ID.replace("0a", "ff");
        assert_eq!(redactor.address(&named(&other)), format!("api/{other}"));
    }
}
