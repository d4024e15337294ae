//! Parameters without a value, which become variables of the project.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

/// How the text begins and ends that is in the place of a variable until the manifests are written. It is a word
/// that names and paths may contain.
const MARK: &str = "zzvariablezz";

/// Parameters without a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Placeholders {
    variables: Vec<Variable>,
    /// The place of each variable, by its name.
    places: BTreeMap<String, usize>,
}

#[derive(Debug, Clone)]
struct Variable {
    name: String,
    /// Whether `--parameters` can give it; otherwise it depends on where the template is deployed.
    is_parameter: bool,
}

impl Placeholders {
    /// A text that becomes `${name}`, for a parameter.
    pub(super) fn parameter(&mut self, name: &str) -> Value {
        let at = self.place(name);
        self.variables[at].is_parameter = true;
        Value::from(mark(at))
    }

    /// A text that becomes `${name}`, for what depends on where the template is deployed.
    pub(super) fn of_deployment(&mut self, name: &str) -> String {
        mark(self.place(name))
    }

    fn place(&mut self, name: &str) -> usize {
        let Self { variables, places } = self;
        *places.entry(name.to_owned()).or_insert_with(|| {
            variables.push(Variable {
                name: name.to_owned(),
                is_parameter: false,
            });
            variables.len() - 1
        })
    }

    /// Why nothing can be computed from a value, if a variable is in it.
    pub(super) fn needed(&self, by: &str, value: &Value) -> Option<String> {
        let variable = match value {
            Value::String(text) => self.first_in(text),
            Value::Array(items) => return items.iter().find_map(|item| self.needed(by, item)),
            Value::Object(entries) => {
                return entries.iter().find_map(|(key, value)| {
                    let key = self.first_in(key).map(|variable| variable.needed(by));
                    key.or_else(|| self.needed(by, value))
                });
            }
            _ => None,
        };
        variable.map(|variable| variable.needed(by))
    }

    fn first_in(&self, text: &str) -> Option<&Variable> {
        self.next_in(text).map(|(_, variable, _)| variable)
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
        let mut whole = String::new();
        let mut rest = text;
        while let Some((before, variable, behind)) = self.next_in(rest) {
            whole.push_str(before);
            whole.push_str(&by(&variable.name));
            rest = behind;
        }
        whole + rest
    }

    /// The first variable in a text, with what is before it and behind it.
    fn next_in<'t>(&self, text: &'t str) -> Option<(&'t str, &Variable, &'t str)> {
        let begins = text.match_indices(MARK).map(|(begin, _)| begin);
        begins.into_iter().find_map(|begin| {
            let (before, marked) = text.split_at(begin);
            let (place, behind) = marked[MARK.len()..].split_once(MARK)?;
            let variable = self.variables.get(place.parse::<usize>().ok()?)?;
            Some((before, variable, behind))
        })
    }

    /// The variables that are in a text.
    pub(super) fn used_in(&self, texts: &[String]) -> BTreeMap<String, usize> {
        let mut used = BTreeMap::new();
        for text in texts {
            let starts = text.split("${").skip(1);
            let names: BTreeSet<&str> = starts
                .filter_map(|rest| rest.split_once('}'))
                .map(|(name, _)| name)
                .filter(|name| self.places.contains_key(*name))
                .collect();
            for name in names {
                *used.entry(name.to_owned()).or_default() += 1;
            }
        }
        used
    }
}

fn mark(at: usize) -> String {
    format!("{MARK}{at}{MARK}")
}

impl Variable {
    fn needed(&self, by: &str) -> String {
        let name = &self.name;
        match self.is_parameter {
            true => format!(
                "`{by}` needs the parameter `{name}`, which has no value; give it with --parameters"
            ),
            false => format!("`{by}` needs `{name}`, which is known only when it is deployed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_variable_is_restored() {
        let mut placeholders = Placeholders::default();
        let marks: Vec<String> = (0..12)
            .map(|i| placeholders.of_deployment(&format!("v{i}")))
            .collect();
        assert_eq!(placeholders.of_deployment("v11"), marks[11]);
        let text = format!("a{MARK}9z{MARK}{}{}{MARK}b", marks[1], marks[11]);
        assert_eq!(
            placeholders.restored(&text),
            format!("a{MARK}9z{MARK}${{v1}}${{v11}}{MARK}b")
        );
        assert_eq!(placeholders.path(&marks[10]), "v10");
        let texts = ["${v1} ${v1} ${other}".to_owned(), "${v1}${v11}".to_owned()];
        let used: Vec<(String, usize)> = placeholders.used_in(&texts).into_iter().collect();
        assert_eq!(used, [("v1".to_owned(), 2), ("v11".to_owned(), 1)]);
        let needed = placeholders.needed("if", &Value::from(text));
        assert!(needed.is_some_and(|it| it.contains("needs `v1`")));
    }
}
