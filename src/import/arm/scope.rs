//! What the expressions of a template know: its parameters, variables, loops, functions and nested deployments.

use std::collections::BTreeMap;
use std::rc::Rc;

use serde_json::{Map, Value};

use super::bindings::Bindings;
use super::evaluate::{Binding, Evaluator};
use super::limits::Limits;
use super::modules::{Modules, is_module, name_in};
use super::placeholders::Placeholders;
use super::values::{find, text};

impl<'a> Evaluator<'a> {
    /// The value of a function of the template, which knows its arguments and the other functions, and nothing else.
    fn of_own_function(
        &mut self,
        output: &Value,
        declared: &Value,
        arguments: &[Value],
    ) -> Option<Value> {
        let declared = declared.as_array().into_iter().flatten();
        let names = declared.filter_map(|parameter| parameter["name"].as_str());
        let given = names
            .map(str::to_owned)
            .zip(arguments.iter().cloned())
            .collect();
        let mut inside = Evaluator {
            functions: self.functions,
            place: self.place.clone(),
            ..Evaluator::new(&Value::Null, &given, self.found)
        };
        inside.evaluated(output)
    }

    /// The nested deployment that the argument of `reference` means, as it is written: a symbolic name, the name itself,
    /// or an id that ends with the name. That of a loop has no name by itself.
    fn module_of(&mut self, argument: &str) -> Result<Option<&'a Value>, String> {
        let literal = argument
            .strip_prefix('\'')
            .and_then(|it| it.strip_suffix('\''));
        let resources = &self.template["resources"];
        if let Some(named) = literal.and_then(|name| resources.get(name)) {
            return Ok(is_module(named).then_some(named));
        }
        let name = name_in(argument);
        self.found.limits.spend(name.len())?;
        Ok(self.modules()?.one(&name))
    }

    /// The nested deployments of the template by their names, which are looked at once.
    fn modules(&mut self) -> Result<&Modules<'a>, String> {
        let resources = &self.template["resources"];
        if self.modules.is_none() {
            let modules = match resources {
                Value::Array(items) => Modules::of(items.iter()),
                Value::Object(entries) => Modules::of(entries.values()),
                _ => Modules::default(),
            };
            self.found.limits.spend(modules.name_bytes())?;
            self.modules = Some(modules);
        }
        Ok(self.modules.get_or_insert_default())
    }

    fn output_of(&mut self, module: &Value, output: &str) -> Result<Value, String> {
        let properties = &module["properties"];
        let template = &properties["template"];
        let outputs = template["outputs"].as_object();
        let written = outputs.and_then(|outputs| find(outputs, output));
        let written =
            written.ok_or_else(|| format!("the nested deployment has no output `{output}`"))?;
        let value = if self.gives_its_scope_to(properties) {
            self.value_of_output(&written["value"])
        } else {
            let parameters = self.parameters_of(properties);
            let place = self.place_of(module);
            let mut inside = Evaluator {
                place,
                ..Evaluator::new(template, &parameters, self.found)
            };
            inside.value_of_output(&written["value"])
        };
        value.map_err(|problem| format!("the output `{output}` of a nested deployment: {problem}"))
    }

    fn value_of_output(&mut self, written: &Value) -> Result<Value, String> {
        match written {
            text @ Value::String(_) => self.value(text),
            other => {
                let value = self.evaluated(other);
                value.ok_or_else(|| "it has no value".to_owned())
            }
        }
    }

    /// Whether the expressions of a nested template, those of its outputs too, use the parameters and variables of this
    /// one, which is the default (documented). Those of Bicep use their own (`inner`). A template that declares others
    /// and does not say which it uses can only mean its own: such a deployment fails otherwise.
    pub(super) fn gives_its_scope_to(&self, properties: &Value) -> bool {
        let scope = properties["expressionEvaluationOptions"]["scope"].as_str();
        let is_scope = |name: &str| scope.is_some_and(|scope| scope.eq_ignore_ascii_case(name));
        is_scope("outer") || !is_scope("inner") && self.declares_all_of(&properties["template"])
    }

    /// The values that a nested deployment gives to the parameters of its template.
    pub(super) fn parameters_of(&mut self, properties: &Value) -> Map<String, Value> {
        let mut parameters = Map::new();
        for (name, parameter) in properties["parameters"].as_object().into_iter().flatten() {
            let value = parameter
                .get("value")
                .and_then(|value| self.evaluated(value));
            // Its default does not count, because it is given.
            let value = value.unwrap_or_else(|| self.found.placeholders.parameter(name));
            parameters.insert(name.clone(), value);
        }
        parameters
    }

    /// Where a nested deployment is: where the template is, unless it says otherwise.
    pub(super) fn place_of(&mut self, module: &Value) -> BTreeMap<String, String> {
        let mut place = self.place.clone();
        for name in ["subscriptionId", "resourceGroup"] {
            // What is not known is not that of the template.
            if let Some(written) = module.get(name) {
                let value = self
                    .value(written)
                    .map(|value| text(&value))
                    .map_err(|problem| {
                        self.found
                            .report(written.as_str().unwrap_or_default(), problem);
                    });
                let value = value.unwrap_or_else(|_| {
                    self.found
                        .placeholders
                        .of_deployment(&format!("{name}OfModule"))
                });
                place.insert(name.to_owned(), value);
            }
        }
        place
    }
}

impl Bindings for Evaluator<'_> {
    fn parameter(&mut self, name: &str) -> Result<Rc<Value>, String> {
        let binding = Binding::Parameter(name.to_lowercase());
        self.remembered(binding, |evaluator| Ok(evaluator.evaluate_parameter(name)))
    }

    fn variable(&mut self, name: &str) -> Result<Rc<Value>, String> {
        let binding = Binding::Variable(name.to_lowercase());
        self.remembered(binding, |evaluator| evaluator.evaluate_variable(name))
    }

    fn copy_index(&self, name: Option<&str>) -> Option<u64> {
        let mut copies = self.copies.iter().rev();
        let found =
            copies.find(|(copy, _)| name.is_none_or(|name| name.eq_ignore_ascii_case(copy)));
        found.map(|(_, index)| *index)
    }

    fn own_function(
        &mut self,
        name: &str,
        arguments: &[Value],
    ) -> Option<Result<Rc<Value>, String>> {
        let (namespace, member) = name.split_once('.')?;
        let namespaces = self.functions.as_array()?.iter();
        let mut members = namespaces
            .filter(|one| {
                one["namespace"]
                    .as_str()
                    .is_some_and(|it| it.eq_ignore_ascii_case(namespace))
            })
            .filter_map(|one| find(one["members"].as_object()?, member));
        let function = members.next()?;
        let value = self.of_own_function(
            &function["output"]["value"],
            &function["parameters"],
            arguments,
        );
        let value = value.ok_or_else(|| format!("the function `{name}` has no value"));
        Some(value.map(Rc::new))
    }

    fn of_place(&mut self, name: &str) -> String {
        let known = self.place.get(name).cloned();
        known.unwrap_or_else(|| self.found.placeholders.of_deployment(name))
    }

    fn output(&mut self, deployment: &str, output: &str) -> Option<Result<Rc<Value>, String>> {
        let module = match self.module_of(deployment) {
            Ok(module) => module?,
            Err(problem) => return Some(Err(problem)),
        };
        let binding = Binding::Output {
            deployment: deployment.to_owned(),
            output: output.to_lowercase(),
        };
        Some(self.remembered(binding, |evaluator| evaluator.output_of(module, output)))
    }

    fn placeholders(&mut self) -> &mut Placeholders {
        &mut self.found.placeholders
    }

    fn limits(&mut self) -> &mut Limits {
        &mut self.found.limits
    }
}
