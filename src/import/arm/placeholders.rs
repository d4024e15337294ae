//! Parameters without a value, which become variables of the project.

use std::collections::BTreeMap;

use serde_json::Value;

/// How the text begins and ends that is in the place of a variable until the manifests are written. It is a word
/// that names and paths may contain.
const MARK: &str = "zzvariablezz";

/// Parameters without a value.
#[derive(Debug, Clone, Default)]
pub(super) struct Placeholders {
    variables: Vec<Variable>,
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
        let mut variables = self.variables.iter();
        let at = variables.position(|known| known.name == name);
        at.unwrap_or_else(|| {
            self.variables.push(Variable {
                name: name.to_owned(),
                is_parameter: false,
            });
            self.variables.len() - 1
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
        if !text.contains(MARK) {
            return None;
        }
        let mut all = self.variables.iter().enumerate();
        all.find_map(|(at, variable)| text.contains(&mark(at)).then_some(variable))
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
        for (at, variable) in self.variables.iter().enumerate() {
            whole = whole.replace(&mark(at), &by(&variable.name));
        }
        whole
    }

    /// The variables that are in a text.
    pub(super) fn used_in(&self, texts: &[String]) -> BTreeMap<String, usize> {
        let count = |name: &String| {
            let variable = format!("${{{name}}}");
            texts.iter().filter(|text| text.contains(&variable)).count()
        };
        let names = self.variables.iter().map(|variable| &variable.name);
        let names = names.map(|name| (name.clone(), count(name)));
        names.filter(|(_, count)| *count > 0).collect()
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
