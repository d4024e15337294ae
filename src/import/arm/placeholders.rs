//! Parameters without a value, which become variables of the project.

use std::collections::BTreeMap;

use serde_json::Value;

/// How the text begins and ends that is in the place of a variable until the manifests are written. It is a word
/// that names and paths may contain.
const MARK: &str = "zzvariablezz";

/// Parameters without a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Placeholders {
    names: Vec<String>,
}

impl Placeholders {
    /// A text that becomes `${name}`.
    pub(super) fn variable(&mut self, name: &str) -> Value {
        let at = self.names.iter().position(|known| known == name);
        let at = at.unwrap_or_else(|| {
            self.names.push(name.to_owned());
            self.names.len() - 1
        });
        Value::from(format!("{MARK}{at}{MARK}"))
    }

    /// A text with its variables.
    pub(super) fn restored(&self, text: &str) -> String {
        self.replaced(text, |name| format!("${{{name}}}"))
    }

    /// The path of a file: the names of variables only.
    pub(super) fn path(&self, text: &str) -> String {
        self.replaced(text, str::to_owned)
    }

    fn replaced(&self, text: &str, by: impl Fn(&str) -> String) -> String {
        let mut whole = text.to_owned();
        for (at, name) in self.names.iter().enumerate() {
            whole = whole.replace(&format!("{MARK}{at}{MARK}"), &by(name));
        }
        whole
    }

    /// The variables that are in a text.
    pub(super) fn used_in(&self, texts: &[String]) -> BTreeMap<String, usize> {
        let count = |name: &String| {
            let variable = format!("${{{name}}}");
            texts.iter().filter(|text| text.contains(&variable)).count()
        };
        let names = self.names.iter().map(|name| (name.clone(), count(name)));
        names.filter(|(_, count)| *count > 0).collect()
    }
}
