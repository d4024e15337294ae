//! Values of a template with their expressions evaluated.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::expression::value_of;
use super::limits::{MOST_COPIES, text_bytes};
use super::modules::Modules;
use super::resources::Resources;
use super::values::find;

/// A parameter or a variable, by its name in lower case, or an output of a nested deployment.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Binding {
    Parameter(String),
    Variable(String),
    Output { deployment: String, output: String },
}

/// Evaluates the values of one template.
pub(super) struct Evaluator<'a> {
    pub(super) found: &'a mut Resources,
    pub(super) template: &'a Value,
    /// The functions that the template has, by their namespaces.
    pub(super) functions: &'a Value,
    /// Values that were given for parameters.
    pub(super) given: &'a Map<String, Value>,
    /// Where it is deployed, as far as that is known: a subscription, or a resource group.
    pub(super) place: BTreeMap<String, String>,
    /// What has been evaluated; `None` while it is.
    pub(super) known: BTreeMap<Binding, Option<Result<Rc<Value>, String>>>,
    /// The number of the present copy of each loop; the innermost one is last.
    pub(super) copies: Vec<(String, u64)>,
    /// Its nested deployments, once an expression has referred to one.
    pub(super) modules: Option<Modules<'a>>,
}

impl<'a> Evaluator<'a> {
    pub(super) fn new(
        template: &'a Value,
        given: &'a Map<String, Value>,
        found: &'a mut Resources,
    ) -> Self {
        Self {
            found,
            template,
            functions: &template["functions"],
            given,
            place: BTreeMap::new(),
            known: BTreeMap::new(),
            copies: Vec::new(),
            modules: None,
        }
    }

    /// Whether the template has every parameter and variable that another one declares.
    pub(super) fn declares_all_of(&self, other: &Value) -> bool {
        let own = self.template;
        let parameters = other["parameters"].as_object();
        let mut parameters = parameters.into_iter().flat_map(Map::keys);
        parameters.all(|name| entry(&own["parameters"], name).is_some())
            && variables_of(other).all(|name| declares_variable(own, name))
    }

    /// The value of something that is one expression at most; or why it has none.
    pub(super) fn value(&mut self, written: &Value) -> Result<Value, String> {
        match written {
            Value::String(text) => value_of(text, self),
            other => Ok(other.clone()),
        }
    }

    /// A value with its expressions evaluated. A part that has no value is left out, and reported.
    pub(super) fn evaluated(&mut self, value: &Value) -> Option<Value> {
        if let Err(problem) = self.found.limits.enter() {
            self.found.report("", problem);
            return None;
        }
        let evaluated = self.evaluated_inside(value);
        self.found.limits.leave();
        evaluated
    }

    /// Counts a value with texts of that length; says whether it may still be made, and reports it if not.
    pub(super) fn spend(&mut self, text_bytes: usize) -> bool {
        let spent = self.found.limits.spend(text_bytes);
        let is_allowed = spent.is_ok();
        if let Err(problem) = spent {
            self.found.report("", problem);
        }
        is_allowed
    }

    fn evaluated_inside(&mut self, value: &Value) -> Option<Value> {
        if !self.spend(text_bytes(value)) {
            return None;
        }
        match value {
            Value::String(text) => self
                .value(value)
                .map_err(|problem| self.found.report(text, problem))
                .ok(),
            Value::Array(items) => {
                let items = items.iter();
                Some(items.filter_map(|item| self.evaluated(item)).collect())
            }
            Value::Object(entries) => {
                let mut object = Map::new();
                for (key, value) in entries {
                    match value.as_array().filter(|_| key == "copy") {
                        Some(loops) => object.extend(self.made_by_loops(loops)),
                        None => {
                            let value = self.evaluated(value);
                            object.extend(value.map(|value| (key.clone(), value)));
                        }
                    }
                }
                Some(Value::Object(object))
            }
            other => Some(other.clone()),
        }
    }

    /// Fields that loops make: `copy: [{name, count, input}]`.
    fn made_by_loops(&mut self, loops: &[Value]) -> Map<String, Value> {
        let mut fields = Map::new();
        for each in loops {
            if let Some(name) = each["name"].as_str()
                && self.spend(name.len())
            {
                fields.insert(name.to_owned(), self.made_by_loop(name, each));
            }
        }
        fields
    }

    fn made_by_loop(&mut self, name: &str, each: &Value) -> Value {
        let mut items = Vec::new();
        self.for_each_copy(name, each, |evaluator| {
            items.extend(evaluator.evaluated(&each["input"]));
        });
        Value::Array(items)
    }

    /// Does something for each copy of a loop. A number of copies that is not known or allowed is reported.
    pub(super) fn for_each_copy(
        &mut self,
        name: &str,
        copy: &Value,
        mut act: impl FnMut(&mut Self),
    ) {
        let written = &copy["count"];
        let Some(count) = self.evaluated(written) else {
            return;
        };
        let number = count.as_u64().filter(|number| *number <= MOST_COPIES);
        let Some(number) = number else {
            let problem = match count.as_u64() {
                Some(_) => format!("a loop has at most {MOST_COPIES} copies"),
                None => self
                    .found
                    .placeholders
                    .needed("copy", &count)
                    .unwrap_or_else(|| "the number of copies is not a number".to_owned()),
            };
            let place = written.as_str().unwrap_or(name);
            return self.found.report(place, problem);
        };
        for index in 0..number {
            if self.found.limits.is_exhausted() {
                return;
            }
            self.copies.push((name.to_owned(), index));
            act(self);
            self.copies.pop();
        }
    }

    /// The value of a parameter or a variable, which is evaluated when it is used for the first time.
    pub(super) fn remembered(
        &mut self,
        binding: Binding,
        evaluate: impl FnOnce(&mut Self) -> Result<Value, String>,
    ) -> Result<Rc<Value>, String> {
        match self.known.get(&binding) {
            Some(Some(known)) => return known.clone(),
            Some(None) => {
                let (Binding::Parameter(name)
                | Binding::Variable(name)
                | Binding::Output { output: name, .. }) = &binding;
                return Err(format!("`{name}` refers to itself"));
            }
            None => {}
        }
        self.known.insert(binding.clone(), None);
        // What is used in a loop does not belong to it.
        let copies = std::mem::take(&mut self.copies);
        let value = evaluate(self);
        self.copies = copies;
        let value = value.map(Rc::new);
        self.known.insert(binding, Some(value.clone()));
        value
    }

    pub(super) fn evaluate_parameter(&mut self, name: &str) -> Value {
        if let Some(given) = find(self.given, name) {
            return given.clone();
        }
        let template = self.template;
        let mut declared = template["parameters"].as_object().into_iter().flatten();
        let declared = declared.find(|(key, _)| key.eq_ignore_ascii_case(name));
        let default = declared.and_then(|(_, parameter)| parameter.get("defaultValue"));
        if default.is_none() && declared.is_some_and(|(_, it)| it["nullable"] == true) {
            return Value::Null;
        }
        // However the uses spell it.
        let name = declared.map_or(name, |(key, _)| key);
        default
            .and_then(|value| self.evaluated(value))
            .unwrap_or_else(|| self.found.placeholders.parameter(name))
    }

    pub(super) fn evaluate_variable(&mut self, name: &str) -> Result<Value, String> {
        let template = self.template;
        let written = template["variables"].as_object();
        let value = written.and_then(|written| find(written, name));
        if let Some(value) = value.filter(|_| !name.eq_ignore_ascii_case("copy")) {
            let value = self.evaluated(value);
            return value.ok_or_else(|| format!("the variable `{name}` has no value"));
        }
        let loops = template["variables"]["copy"].as_array();
        let made = loops.into_iter().flatten().find(|each| {
            let made = each["name"].as_str();
            made.is_some_and(|made| made.eq_ignore_ascii_case(name))
        });
        let made = made.ok_or_else(|| format!("the template has no variable `{name}`"))?;
        Ok(self.made_by_loop(name, made))
    }
}

fn entry<'a>(entries: &'a Value, name: &str) -> Option<&'a Value> {
    find(entries.as_object()?, name)
}

/// What the loops among the variables of a template make.
fn loop_names(template: &Value) -> impl Iterator<Item = &str> {
    let loops = entry(&template["variables"], "copy").and_then(Value::as_array);
    loops
        .into_iter()
        .flatten()
        .filter_map(|each| each["name"].as_str())
}

/// The variables of a template, with those that loops make.
fn variables_of(template: &Value) -> impl Iterator<Item = &str> {
    let variables = template["variables"].as_object().into_iter().flatten();
    let is_loops =
        |name: &str, value: &Value| name.eq_ignore_ascii_case("copy") && value.is_array();
    variables
        .filter(move |(name, value)| !is_loops(name, value))
        .map(|(name, _)| name.as_str())
        .chain(loop_names(template))
}

fn declares_variable(template: &Value, name: &str) -> bool {
    variables_of(template).any(|known| known.eq_ignore_ascii_case(name))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// A value of a template, and what is reported.
    fn of(template: &Value, written: &Value) -> (Option<Value>, Vec<String>) {
        let mut found = Resources::default();
        let given = Map::new();
        let value = Evaluator::new(template, &given, &mut found).evaluated(written);
        (value, found.reported())
    }

    #[test]
    fn variables_and_defaults_may_use_later_ones_and_loops() {
        let template = json!({
            "parameters": {
                "a": {"defaultValue": "[concat(parameters('b'), '!')]"},
                "b": {"defaultValue": "b"},
                "unused": {"defaultValue": "[reference('x').y]"},
            },
            "variables": {
                "first": "[concat(variables('Second'), parameters('a'))]",
                "second": "[variables('names')[1]]",
                "copy": [{"name": "names", "count": 2, "input": "[format('n{0}', copyIndex('names'))]"}],
            },
        });
        let (value, reported) = of(
            &template,
            &json!(["[variables('first')]", "[variables('names')]"]),
        );
        assert_eq!(value, Some(json!(["n1b!", ["n0", "n1"]])));
        assert_eq!(reported, [""; 0]);
    }

    #[test]
    fn a_parameter_without_a_value_has_the_name_that_is_declared() {
        let template = json!({"parameters": {"stageName": {"type": "string"}}});
        let given = Map::new();
        let mut found = Resources::default();
        let mut evaluator = Evaluator::new(&template, &given, &mut found);
        let value = evaluator.evaluated(&json!("[parameters('STAGEname')]"));
        let value = value.expect("a value").to_string();
        assert_eq!(found.placeholders.restored(&value), "\"${stageName}\"");
    }

    #[test]
    fn keys_and_digits_count_too() {
        let long = "1".repeat(100_000);
        let number: Value = serde_json::from_str(&long).expect("a number");
        for input in [
            json!({ long.as_str(): 1 }),
            number.clone(),
            json!({"copy": [{"name": long, "count": 0, "input": 1}]}),
            json!("[variables('digits')]"),
            json!("[variables('keys')]"),
        ] {
            let template = json!({"variables": {"digits": number, "keys": {long.as_str(): 1}}});
            let given = Map::new();
            let mut found = Resources::default();
            // What is left is less than ten of them have.
            let spent = found.limits.spend(255 << 20);
            assert_eq!(spent, Ok(()));
            let copies = json!({"copy": [{"name": "a", "count": 20, "input": input}]});
            Evaluator::new(&template, &given, &mut found).evaluated(&copies);
            let said = found.reported().concat();
            assert!(said.contains("more than 256 MB"), "{said}");
        }
    }

    #[test]
    fn what_a_condition_does_not_choose_is_not_reported() {
        let template = json!({"variables": {"later": {"a": "[reference('x').y]"}}});
        for (condition, value) in [("true()", json!("b")), ("equals('a', 'b')", json!("c"))] {
            let [yes, no] = match condition {
                "true()" => ["'b'", "variables('later')"],
                _ => ["variables('later')", "'c'"],
            };
            let written = format!("[if({condition}, {yes}, {no})]");
            let (found, reported) = of(&template, &json!(written));
            assert_eq!((found, reported), (Some(value), Vec::new()), "{written}");
        }
        let (value, reported) = of(
            &template,
            &json!("[if(reference('a').b, variables('later'), variables('later'))]"),
        );
        assert_eq!(value, None);
        assert_eq!(reported.len(), 1, "{reported:?}");
        let (value, _) = of(&template, &json!("[if(false(), ')', concat('a', 'b'))]"));
        assert_eq!(value, Some(json!("ab")));
    }

    #[test]
    fn functions_of_the_template_are_called() {
        let template = json!({
            "functions": [{"namespace": "__bicep", "members": {
                "url": {
                    "parameters": [{"name": "host", "type": "string"}, {"name": "path", "type": "string"}],
                    "output": {"type": "object", "value": {
                        "at": "[format('https://{0}{1}', parameters('host'), __bicep.slashed(parameters('PATH')))]"}},
                },
                "slashed": {
                    "parameters": [{"name": "path", "type": "string"}],
                    "output": {"type": "string", "value": "[concat('/', parameters('path'))]"},
                },
                "endless": {"parameters": [], "output": {"value": "[__bicep.endless()]"}},
                "outside": {"parameters": [], "output": {"value": "[variables('a')]"}},
            }}],
            "variables": {"a": "b"},
        });
        let (value, reported) = of(
            &template,
            &json!(
                "[map(createArray('x', 'y'), lambda('it', __BICEP.url(lambdaVariables('it'), 'p').at))]"
            ),
        );
        assert_eq!(value, Some(json!(["https://x/p", "https://y/p"])));
        assert_eq!(reported, [""; 0]);
        for (written, problem) in [
            ("[__bicep.endless()]", "nested more than 100 deep"),
            ("[__bicep.outside()]", "the template has no variable `a`"),
            (
                "[__bicep.missing()]",
                "`__bicep.missing` cannot be evaluated here",
            ),
        ] {
            let (value, reported) = of(&template, &json!(written));
            assert_eq!(value, None);
            let reported = reported.concat();
            assert!(reported.contains(problem), "{reported}");
        }
    }

    #[test]
    fn what_refers_to_itself_has_no_value() {
        let template = json!({"variables": {"a": "[variables('b')]", "b": "[variables('A')]"}});
        let (value, reported) = of(&template, &json!("[variables('a')]"));
        assert_eq!(value, None);
        assert_eq!(
            reported,
            [
                "[variables('A')]: left out: `a` refers to itself",
                "[variables('a')]: left out: the variable `a` has no value",
                "[variables('b')]: left out: the variable `b` has no value",
            ]
        );
    }

    #[test]
    fn a_loop_has_a_known_number_of_copies() {
        for (count, problem) in [
            (
                json!(9_000_000_000_u64),
                "each: left out: a loop has at most 800 copies",
            ),
            (
                json!("[range(0, 900)[801]]"),
                "[range(0, 900)[801]]: left out: a loop has",
            ),
            (
                json!("[parameters('many')]"),
                "`copy` needs the parameter `many`",
            ),
            (
                json!(true),
                "each: left out: the number of copies is not a number",
            ),
        ] {
            let written = json!({"copy": [{"name": "each", "count": count, "input": 1}]});
            let (value, reported) = of(&json!({}), &written);
            assert_eq!(value, Some(json!({"each": []})), "{count}");
            assert!(reported.concat().contains(problem), "{reported:?}");
        }
    }

    #[test]
    fn endless_work_ends() {
        let mut variables = Map::new();
        variables.insert("v0".to_owned(), json!("0123456789"));
        for i in 1..200 {
            let before = format!("variables('v{}')", i - 1);
            let twice = format!("[concat({before}, {before})]");
            variables.insert(format!("v{i}"), json!(twice));
            variables.insert(
                format!("deep{i}"),
                json!({"in": format!("[variables('deep{}')]", i - 1)}),
            );
        }
        let uses: Vec<Value> = (0..200)
            .flat_map(|i| {
                [
                    json!(format!("[variables('v{i}')]")),
                    json!(format!("[variables('deep{i}')]")),
                ]
            })
            .collect();
        let mut loops = json!("[variables('v15')]");
        for i in 0..5 {
            loops = json!({"copy": [{"name": format!("l{i}"), "count": 800, "input": loops}]});
        }
        let template = json!({"variables": variables});
        let (_, reported) = of(&template, &json!([uses, loops]));
        let said = reported.concat();
        assert!(said.contains("the value has more than 16 MB"), "{said}");
        assert!(
            said.contains("the values of the template have more than 256 MB"),
            "{said}"
        );
    }
}
