//! Expressions of ARM templates: `[format('{0}/{1}', parameters('name'), 'default')]`.

use std::rc::Rc;

use serde_json::{Value, json};

use super::bindings::Bindings;
use super::deployment;
use super::functions;
use super::lambdas::{self, Evaluate, Lambda};
use super::values::{find, text};
use super::written;

/// What begins a lambda.
const LAMBDA: &str = "lambda";

/// The value of a text of a template, which may be an expression; or why it has none.
pub(super) fn value_of(text: &str, bindings: &mut dyn Bindings) -> Result<Value, String> {
    if let Some(literal) = text.strip_prefix("[[") {
        return Ok(Value::from(format!("[{literal}")));
    }
    let Some(inner) = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    else {
        return Ok(Value::from(text));
    };
    let mut parser = Parser {
        rest: inner,
        bindings,
        locals: Vec::new(),
    };
    let value = parser.expression()?;
    match parser.rest.trim() {
        "" => Ok(value),
        rest => Err(format!("`{rest}` follows the end of the expression")),
    }
}

struct Parser<'a> {
    rest: &'a str,
    bindings: &'a mut dyn Bindings,
    /// The variables of the lambdas around the present place; those of the innermost one are last.
    locals: Vec<(&'a str, Rc<Value>)>,
}

impl<'a> Parser<'a> {
    fn expression(&mut self) -> Result<Value, String> {
        self.bindings.limits().enter()?;
        let value = self.member_of_operand();
        self.bindings.limits().leave();
        value
    }

    fn member_of_operand(&mut self) -> Result<Value, String> {
        self.rest = self.rest.trim_start();
        let operand = match self.rest.chars().next() {
            Some('\'') => Rc::new(self.string()?),
            Some(c) if c.is_ascii_digit() || c == '-' => Rc::new(self.number()?),
            Some(c) if c.is_alphabetic() || c == '_' => self.call()?,
            _ => return Err("a value is missing".to_owned()),
        };
        let mut keys = Vec::new();
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let (key, rest) = rest.split_at(end.unwrap_or(rest.len()));
                self.rest = rest;
                keys.push(Value::from(key));
            } else if let Some(rest) = self.rest.strip_prefix('[') {
                self.rest = rest;
                keys.push(self.expression()?);
                self.expect(']')?;
            } else {
                break;
            }
        }
        if keys.is_empty() {
            // A large value is not copied to look at one of its members.
            self.bindings.limits().spend_value(&operand)?;
            return Ok(Rc::unwrap_or_clone(operand));
        }
        let mut value: &Value = &operand;
        for key in &keys {
            value = self.member(value, key)?;
        }
        self.bindings.limits().spend_value(value)?;
        Ok(value.clone())
    }

    fn member<'v>(&mut self, value: &'v Value, key: &Value) -> Result<&'v Value, String> {
        let shown = text(key);
        let found = match (value, key) {
            (Value::Array(items), Value::Number(at)) => at
                .as_u64()
                .and_then(|at| items.get(usize::try_from(at).ok()?)),
            (Value::Object(entries), Value::String(key)) => find(entries, key),
            _ => None,
        };
        if let Some(found) = found {
            return Ok(found);
        }
        let placeholders = self.bindings.placeholders();
        let is_text = value.is_string().then_some(value);
        let needed = placeholders.needed("[…]", key);
        let by = format!(".{shown}");
        let needed = needed.or_else(|| placeholders.needed(&by, is_text?));
        Err(needed.unwrap_or_else(|| format!("the value has no `{shown}`")))
    }

    fn expect(&mut self, c: char) -> Result<(), String> {
        self.rest = self.rest.trim_start();
        match self.rest.strip_prefix(c) {
            Some(rest) => {
                self.rest = rest;
                Ok(())
            }
            None => Err(format!("`{c}` is missing")),
        }
    }

    /// A text in single quotes; two of them inside are one.
    fn string(&mut self) -> Result<Value, String> {
        let mut text = String::new();
        let mut rest = &self.rest[1..];
        while let Some(end) = rest.find('\'') {
            text.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('\'') {
                Some(more) => {
                    text.push('\'');
                    rest = more;
                }
                None => {
                    self.rest = rest;
                    return Ok(Value::from(text));
                }
            }
        }
        Err("a quote is missing".to_owned())
    }

    fn number(&mut self) -> Result<Value, String> {
        let end = self.rest[1..].find(|c: char| !c.is_ascii_digit());
        let (number, rest) = self
            .rest
            .split_at(end.map_or(self.rest.len(), |end| end + 1));
        self.rest = rest;
        let number: i64 = number
            .parse()
            .map_err(|_| format!("`{number}` is not a number"))?;
        Ok(json!(number))
    }

    fn call(&mut self) -> Result<Rc<Value>, String> {
        let end = self
            .rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        self.rest = rest;
        self.expect('(')?;
        let lower = name.to_lowercase();
        if lambdas::FUNCTIONS.contains(&lower.as_str()) {
            return self.over_items(name, &lower);
        }
        if lower == "reference"
            && let Some(value) = self.output()
        {
            return value;
        }
        let is_choice = lower == "if";
        let arguments = self.arguments(is_choice)?;
        if is_choice {
            return self.chosen(arguments);
        }
        let arguments = arguments.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.function(name, &lower, &arguments)
    }

    /// The arguments of a function, each with its value or its problem. Of a choice (`if`), only what the condition
    /// chooses is evaluated: the rest is nobody's concern.
    fn arguments(&mut self, is_choice: bool) -> Result<Vec<Result<Value, String>>, String> {
        let mut arguments: Vec<Result<Value, String>> = Vec::new();
        self.rest = self.rest.trim_start();
        while !self.rest.starts_with(')') {
            if !arguments.is_empty()
                && let Err(missing) = self.expect(',')
            {
                // What follows an argument with a problem may not be found because of it.
                let problem = arguments.into_iter().find_map(Result::err);
                return Err(problem.unwrap_or(missing));
            }
            let is_chosen = match (arguments.first(), arguments.len()) {
                (Some(Ok(Value::Bool(condition))), at) => *condition == (at == 1),
                (first, _) => first.is_none(),
            };
            if is_choice && !is_chosen {
                self.skip_argument();
                arguments.push(Ok(Value::Null));
                continue;
            }
            let argument = self.expression();
            if argument.is_err() {
                // Only an argument that counts must have a value.
                self.skip_argument();
            }
            arguments.push(argument);
            self.rest = self.rest.trim_start();
        }
        self.expect(')')?;
        Ok(arguments)
    }

    /// The value of `if`: what its condition chooses must have one, and nothing else.
    fn chosen(&mut self, arguments: Vec<Result<Value, String>>) -> Result<Rc<Value>, String> {
        let [condition, yes, no] = <[_; 3]>::try_from(arguments)
            .map_err(|_| "`if` needs a condition and two values".to_owned())?;
        let condition = condition?;
        match condition {
            Value::Bool(true) => yes.map(Rc::new),
            Value::Bool(false) => no.map(Rc::new),
            other => {
                let needed = self.bindings.placeholders().needed("if", &other);
                Err(needed
                    .unwrap_or_else(|| "the condition of `if` is not true or false".to_owned()))
            }
        }
    }

    /// The output of a nested deployment: `reference(ID, …).outputs.NAME.value`.
    fn output(&mut self) -> Option<Result<Rc<Value>, String>> {
        let (arguments, rest) = written::arguments(self.rest);
        let rest = rest.strip_prefix(").outputs.")?;
        let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_')?;
        let (output, rest) = rest.split_at(end);
        let rest = rest.strip_prefix(".value")?;
        let value = self.bindings.output(arguments.first()?, output);
        if value.is_some() {
            self.rest = rest;
        }
        value
    }

    /// The value of a function that does something with every item.
    fn over_items(&mut self, name: &str, lower: &str) -> Result<Rc<Value>, String> {
        let mut arguments = Vec::new();
        let mut lambdas = Vec::new();
        let mut problem = None;
        self.rest = self.rest.trim_start();
        while !self.rest.starts_with(')') {
            if arguments.len() + lambdas.len() > 0 || problem.is_some() {
                self.expect(',')
                    .map_err(|it| problem.take().unwrap_or(it))?;
            }
            let added = match self.lambda() {
                Some(lambda) => lambda.map(|lambda| lambdas.push(lambda)),
                None => self.expression().map(|value| arguments.push(value)),
            };
            if let Err(added) = added {
                problem.get_or_insert(added);
                self.skip_argument();
            }
            self.rest = self.rest.trim_start();
        }
        self.expect(')')?;
        if let Some(problem) = problem {
            return Err(problem);
        }
        let placeholders = self.bindings.placeholders();
        let unknown = arguments.first().filter(|value| value.is_string());
        if let Some(needed) = unknown.and_then(|value| placeholders.needed(name, value)) {
            return Err(needed);
        }
        let mut evaluate = InLambda { parser: self, name };
        let value = lambdas::call(lower, &arguments, &lambdas, &mut evaluate)?;
        Ok(Rc::new(value))
    }

    /// A lambda, if there is one here: its variables are texts, and what comes last is evaluated for each item.
    fn lambda(&mut self) -> Option<Result<Lambda<'a>, String>> {
        let rest = self.rest.trim_start();
        let (word, rest) = rest.split_at_checked(LAMBDA.len())?;
        let rest = rest.trim_start().strip_prefix('(')?;
        if !word.eq_ignore_ascii_case(LAMBDA) {
            return None;
        }
        let mut parts;
        (parts, self.rest) = written::arguments(rest);
        let body = parts.pop().unwrap_or_default();
        let lambda = || {
            self.bindings.limits().spend(rest.len() - self.rest.len())?;
            self.expect(')')?;
            let variables = parts.into_iter().map(|part| {
                let name = part.strip_prefix('\'').and_then(|it| it.strip_suffix('\''));
                name.ok_or_else(|| format!("`{part}` is not the name of a variable of `lambda`"))
            });
            Ok(Lambda {
                variables: variables.collect::<Result<_, String>>()?,
                body,
            })
        };
        Some(lambda())
    }

    /// The value of a variable of a lambda.
    fn local(&self, name: &str) -> Result<Rc<Value>, String> {
        let mut locals = self.locals.iter().rev();
        let found = locals.find(|(local, _)| local.eq_ignore_ascii_case(name));
        let value = found.map(|(_, value)| Rc::clone(value));
        value.ok_or_else(|| format!("no `lambda` around it has the variable `{name}`"))
    }

    /// Goes on behind an argument, or behind the rest of one that has no value.
    fn skip_argument(&mut self) {
        self.rest = written::argument(self.rest).1;
    }

    fn function(
        &mut self,
        name: &str,
        lower: &str,
        arguments: &[Value],
    ) -> Result<Rc<Value>, String> {
        match (lower, arguments) {
            ("parameters", [Value::String(name)]) => return self.bindings.parameter(name),
            ("variables", [Value::String(name)]) => return self.bindings.variable(name),
            ("lambdavariables", [Value::String(name)]) => return self.local(name),
            _ => {}
        }
        if let Some(value) = deployment::call(lower, arguments, self.bindings)? {
            return Ok(Rc::new(value));
        }
        if let Some(value) = self.bindings.own_function(name, arguments) {
            return value;
        }
        functions::require_known(name, lower)?;
        let placeholders = self.bindings.placeholders();
        let is_known = |value: &Value| placeholders.needed(name, value).is_none();
        if !functions::only_embeds(lower, arguments, &is_known) {
            let mut all = arguments.iter();
            if let Some(needed) = all.find_map(|value| placeholders.needed(name, value)) {
                return Err(needed);
            }
        }
        let value = functions::call(lower, arguments);
        value
            .map(Rc::new)
            .map_err(|problem| format!("`{name}` {problem}"))
    }
}

/// Evaluates the lambdas of one function.
struct InLambda<'p, 'a> {
    parser: &'p mut Parser<'a>,
    name: &'p str,
}

impl<'a> Evaluate<'a> for InLambda<'_, 'a> {
    fn value(&mut self, lambda: &Lambda<'a>, variables: &[&Rc<Value>]) -> Result<Value, String> {
        let Lambda {
            variables: names,
            body,
        } = lambda;
        if names.len() > variables.len() {
            return Err(format!(
                "`{}` gives its lambda {} variables, not {}",
                self.name,
                variables.len(),
                names.len()
            ));
        }
        let parser = &mut *self.parser;
        parser.bindings.limits().spend(body.len())?;
        let outside = std::mem::replace(&mut parser.rest, body);
        let count = parser.locals.len();
        let values = variables.iter().map(|value| Rc::clone(value));
        parser.locals.extend(names.iter().copied().zip(values));
        let value = parser.expression();
        parser.locals.truncate(count);
        let left = std::mem::replace(&mut parser.rest, outside).trim();
        match left {
            "" => value,
            left => value.and(Err(format!("`{left}` follows the end of the lambda"))),
        }
    }

    fn problem(&self, what: &str) -> String {
        format!("`{}` {what}", self.name)
    }

    fn needed(&mut self, value: &Value) -> Option<String> {
        self.parser.bindings.placeholders().needed(self.name, value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::arm::limits::Limits;
    use crate::import::arm::placeholders::Placeholders;

    /// Values that are known from the beginning.
    #[derive(Default)]
    struct Fixed {
        parameters: Value,
        variables: Value,
        placeholders: Placeholders,
        limits: Limits,
    }

    impl Bindings for Fixed {
        fn parameter(&mut self, name: &str) -> Result<Rc<Value>, String> {
            let parameters = self.parameters.as_object().expect("an object");
            let found = find(parameters, name).cloned();
            Ok(Rc::new(
                found.unwrap_or_else(|| self.placeholders.parameter(name)),
            ))
        }

        fn variable(&mut self, name: &str) -> Result<Rc<Value>, String> {
            let value = self.variables.get(name).cloned();
            let value = value.ok_or_else(|| format!("the template has no variable `{name}`"))?;
            Ok(Rc::new(value))
        }

        fn copy_index(&self, name: Option<&str>) -> Option<u64> {
            name.is_none_or(|name| name == "loop").then_some(1)
        }

        fn own_function(&mut self, _: &str, _: &[Value]) -> Option<Result<Rc<Value>, String>> {
            None
        }

        fn of_place(&mut self, name: &str) -> String {
            self.placeholders.of_deployment(name)
        }

        fn output(&mut self, _: &str, _: &str) -> Option<Result<Rc<Value>, String>> {
            None
        }

        fn placeholders(&mut self) -> &mut Placeholders {
            &mut self.placeholders
        }

        fn limits(&mut self) -> &mut Limits {
            &mut self.limits
        }
    }

    fn of(text: &str) -> Result<Value, String> {
        let mut fixed = Fixed {
            parameters: json!({
                "svc": "contoso", "apis": [{"name": "a"}, {"name": "b"}], "count": 2, "it''s": 1,
            }),
            variables: json!({"ws": "default", "braces": "{1}"}),
            ..Fixed::default()
        };
        let value = value_of(text, &mut fixed)?;
        let whole = fixed.placeholders.restored(&value.to_string());
        serde_json::from_str(&whole).map_err(|error| error.to_string())
    }

    #[test]
    fn expressions_have_values() {
        for (expression, value) in [
            ("plain", json!("plain")),
            ("[[plain]", json!("[plain]")),
            ("['it''s']", json!("it's")),
            (
                "[format('{0}/{1}/{2}', parameters('svc'), variables('ws'), parameters('apis')[copyIndex()].name)]",
                json!("contoso/default/b"),
            ),
            (
                "[concat(parameters('SVC'), '-', copyIndex('loop', 1))]",
                json!("contoso-2"),
            ),
            ("[parameters('apis')[0]['name']]", json!("a")),
            ("[length(parameters('apis'))]", json!(2)),
            (
                "[if(equals(parameters('svc'), 'x'), reference('a').b, toUpper('b'))]",
                json!("B"),
            ),
            ("[IF(equals(1, 2), reference('a').b, 'c')]", json!("c")),
            ("[parameters('stage')]", json!("${stage}")),
            ("[length(createArray(parameters('stage'), 1))]", json!(2)),
            (
                "[coalesce(null(), createObject('a', parameters('stage')).a)]",
                json!("${stage}"),
            ),
            (
                "[format('{{0}} {0}{1} }}{{', variables('braces'), 'b')]",
                json!("{0} {1}b }{"),
            ),
            ("[range(3, 2)]", json!([3, 4])),
            ("[equals('a', 'A')]", json!(false)),
            (
                "[last(split(resourceId('Microsoft.ApiCenter/services/workspaces', 'x', parameters('stage')), '/'))]",
                json!("${stage}"),
            ),
            (
                "[split(resourceId('Microsoft.ApiCenter/services', parameters('stage')), '/')[8]]",
                json!("${stage}"),
            ),
            (
                "[tryGet(createObject('Kind', 'rest'), 'kind')]",
                json!("rest"),
            ),
            (
                "[coalesce(tryGet(createObject('a', 1), 'b', 'c'), 'none')]",
                json!("none"),
            ),
            ("[tryGet(createArray(1, 2), 1)]", json!(2)),
            (
                "[items(createObject('b', parameters('stage'), 'a', 2))]",
                json!([{"key": "a", "value": 2}, {"key": "b", "value": "${stage}"}]),
            ),
            (
                "[union(createArray(1, 2), createArray(2, 3))]",
                json!([1, 2, 3]),
            ),
            (
                "[union(createObject('a', createObject('x', 1)), createObject('a', createObject('y', 2)))]",
                json!({"a": {"x": 1, "y": 2}}),
            ),
            (
                "[intersection(createArray(1, 2), createArray(2, 3))]",
                json!([2]),
            ),
            (
                "[flatten(createArray(createArray(1), createArray(2)))]",
                json!([1, 2]),
            ),
            ("[skip(createArray(1, 2, 3), 1)]", json!([2, 3])),
            ("[take('contoso', 3)]", json!("con")),
            (
                "[objectKeys(createObject('b', 1, 'a', 2))]",
                json!(["a", "b"]),
            ),
            ("[array('a')]", json!(["a"])),
            ("[startsWith('Contoso', 'con')]", json!(true)),
            ("[indexOf('contoso', 'TO')]", json!(3)),
            ("[padLeft(copyIndex(), 3, '0')]", json!("001")),
            ("[add(mul(2, 3), mod(5, 2))]", json!(7)),
            ("[max(createArray(1, 4, 2))]", json!(4)),
            ("[lessOrEquals(copyIndex(), 1)]", json!(true)),
            ("[bool('True')]", json!(true)),
            (
                "[format('{0}-{1}', 'a', parameters('stage'))]",
                json!("a-${stage}"),
            ),
            ("[resourceGroup().location]", json!("${location}")),
            (
                "[resourceId('Microsoft.ApiManagement/service', 'gate')]",
                json!(
                    "/subscriptions/${subscriptionId}/resourceGroups/${resourceGroup}/providers/Microsoft.ApiManagement/service/gate"
                ),
            ),
            (
                "[subscriptionResourceId('Microsoft.Authorization/roleDefinitions', 'g')]",
                json!("/providers/Microsoft.Authorization/roleDefinitions/g"),
            ),
        ] {
            assert_eq!(of(expression), Ok(value), "{expression}");
        }
        for (expression, problem) in [
            ("[uniqueString('a')]", "known only when it is deployed"),
            ("[concat('a', reference('b').c)]", "`reference`"),
            ("[parameters('svc').name]", "the value has no `name`"),
            ("[variables('x')]", "no variable `x`"),
            ("[concat('a'", "is missing"),
            ("['a", "a quote is missing"),
            ("[cidrHost('a', 1)]", "`cidrHost` cannot be evaluated here"),
            ("[range(0, 10001)]", "`range` gives at most 10000 numbers"),
            ("[format('{1}', 'a')]", "`format` has no value for `{1}`"),
            ("[format('{0', 'a')]", "`format` has a single `{`"),
            ("[if(true(), reference('b').c, 'a')]", "`reference`"),
            ("[if(equals(reference('b').c, 1), 'b', 'a')]", "`reference`"),
            ("[if('a', 'b', 'c')]", "not true or false"),
        ] {
            let error = of(&format!("{}]", expression.trim_end_matches(']'))).unwrap_err();
            assert!(error.contains(problem), "{expression}: {error}");
        }
    }

    #[test]
    fn nothing_is_computed_from_a_parameter_without_a_value() {
        for (expression, function) in [
            ("equals(parameters('env'), 'prod')", "equals"),
            ("split(parameters('env'), '/')", "split"),
            ("array(parameters('env'))", "array"),
            ("tryGet(parameters('env'), 'a')", "tryGet"),
            ("if(equals(parameters('env'), 'prod'), 'a', 'b')", "equals"),
            ("if(parameters('env'), 'a', 'b')", "if"),
            ("length(parameters('env'))", "length"),
            ("toUpper(format('{0}', parameters('env')))", "toUpper"),
            ("contains(createArray(parameters('env')), 'a')", "contains"),
            ("empty(parameters('env'))", "empty"),
            ("replace('abc', 'b', parameters('env'))", "replace"),
            ("substring(parameters('env'), 0, 3)", "substring"),
            ("concat(createArray('a'), parameters('env'))", "concat"),
            ("join(parameters('env'), ',')", "join"),
            ("format(parameters('env'), 'a')", "format"),
            ("int(parameters('env'))", "int"),
            ("copyIndex('loop', parameters('env'))", "copyIndex"),
            ("parameters('env').name", ".name"),
            ("parameters('apis')[parameters('env')]", "[…]"),
        ] {
            let error = of(&format!("[{expression}]")).expect_err(expression);
            let needed = format!(
                "`{function}` needs the parameter `env`, which has no value; give it with --parameters"
            );
            assert_eq!(error, needed, "{expression}");
        }
        assert_eq!(
            of("[toLower(resourceGroup().name)]").unwrap_err(),
            "`toLower` needs `resourceGroup`, which is known only when it is deployed"
        );
    }

    #[test]
    fn functions_take_any_arguments() {
        let values = [
            "null()",
            "''",
            "createArray()",
            "createObject()",
            "parameters('env')",
        ];
        let mut lists = vec![String::new()];
        for one in values {
            lists.push(one.to_owned());
            for two in values {
                lists.push(format!("{one}, {two}"));
                lists.extend(values.map(|three| format!("{one}, {two}, {three}")));
            }
        }
        let of_deployment = [
            "copyIndex",
            "resourceId",
            "extensionResourceId",
            "if",
            "variables",
        ];
        let names = functions::FUNCTIONS.iter().chain(&of_deployment);
        for name in names {
            for arguments in &lists {
                let expression = format!("[{name}({arguments})]");
                let value = of(&expression);
                assert!(value != Err(String::new()), "{expression}");
            }
        }
        assert_eq!(
            of("[tryGet()]"),
            Err("`tryGet` cannot be evaluated with these arguments".to_owned())
        );
    }

    #[test]
    fn lambdas_are_computed_for_each_item() {
        let list = "createArray(createObject('n', 'b', 'k', 'x', 'i', 2), createObject('n', 'a', 'k', 'y', 'i', 1), createObject('n', 'c', 'k', 'x', 'i', 2))";
        for (expression, value) in [
            (
                "map(LIST, lambda('it', lambdaVariables('it').n))",
                json!(["b", "a", "c"]),
            ),
            (
                "map(LIST, lambda('it', 'at', format('{0}{1}', lambdaVariables('at'), lambdaVariables('IT').n)))",
                json!(["0b", "1a", "2c"]),
            ),
            (
                "MAP( LIST , Lambda ( 'it' , createArray('),''', lambdaVariables('it').i) ) )[1]",
                json!(["),'", 1]),
            ),
            (
                "map(filter(LIST, lambda('it', equals(lambdaVariables('it').k, 'x'))), lambda('it', lambdaVariables('it').n))",
                json!(["b", "c"]),
            ),
            (
                "filter(createArray('a', 'b', 'c'), lambda('it', 'at', greater(lambdaVariables('at'), 0)))",
                json!(["b", "c"]),
            ),
            (
                "map(sort(LIST, lambda('a', 'b', less(lambdaVariables('a').i, lambdaVariables('b').i))), lambda('it', lambdaVariables('it').n))",
                json!(["a", "b", "c"]),
            ),
            (
                "map(sort(LIST, lambda('a', 'b', lessOrEquals(lambdaVariables('a').i, lambdaVariables('b').i))), lambda('it', lambdaVariables('it').n))",
                json!(["a", "b", "c"]),
            ),
            (
                "sort(createArray(3, 1, 2, 5, 4), lambda('a', 'b', greater(lambdaVariables('a'), lambdaVariables('b'))))",
                json!([5, 4, 3, 2, 1]),
            ),
            // One that contradicts itself ends, too.
            (
                "length(sort(range(0, 50), lambda('a', 'b', true())))",
                json!(50),
            ),
            (
                "reduce(createArray(1, 2, 3), 10, lambda('sum', 'it', add(lambdaVariables('sum'), lambdaVariables('it'))))",
                json!(16),
            ),
            (
                "reduce(createArray('a', 'b'), '', lambda('all', 'it', 'at', concat(lambdaVariables('all'), lambdaVariables('it'), lambdaVariables('at'))))",
                json!("a0b1"),
            ),
            (
                "reduce(createArray(), 'none', lambda('a', 'b', lambdaVariables('b')))",
                json!("none"),
            ),
            (
                "toObject(LIST, lambda('it', lambdaVariables('it').n), lambda('it', lambdaVariables('it').i))",
                json!({"a": 1, "b": 2, "c": 2}),
            ),
            (
                "toObject(createArray('a', 'b'), lambda('it', lambdaVariables('it')))",
                json!({"a": "a", "b": "b"}),
            ),
            (
                "mapValues(createObject('a', 1, 'b', 2), lambda('it', mul(lambdaVariables('it'), 2)))",
                json!({"a": 2, "b": 4}),
            ),
            (
                "mapValues(groupBy(LIST, lambda('it', lambdaVariables('it').k)), lambda('all', length(lambdaVariables('all'))))",
                json!({"x": 2, "y": 1}),
            ),
            // The inner one has its own variable, and sees that of the outer one.
            (
                "flatten(map(createArray('a', 'b'), lambda('it', map(createArray(1, 2), lambda('in', format('{0}{1}{2}', lambdaVariables('it'), lambdaVariables('in'), parameters('svc')))))))",
                json!(["a1contoso", "a2contoso", "b1contoso", "b2contoso"]),
            ),
            (
                "map(createArray('a'), lambda('it', concat(map(createArray('b'), lambda('it', lambdaVariables('it')))[0], lambdaVariables('it'))))",
                json!(["ba"]),
            ),
            (
                "map(createArray('a'), lambda('it', copyIndex('loop')))",
                json!([1]),
            ),
            ("if(true(), 'a', map(1, lambda('it', 'b')))", json!("a")),
            (
                "if(false(), map(createArray(), lambda('it', ')')), 'b')",
                json!("b"),
            ),
        ] {
            let expression = format!("[{}]", expression.replace("LIST", list));
            assert_eq!(of(&expression), Ok(value), "{expression}");
        }
    }

    #[test]
    fn a_lambda_that_has_no_value_is_reported_with_its_reason() {
        for (expression, problem) in [
            (
                "map(parameters('env'), lambda('it', 1))",
                "`map` needs the parameter `env`",
            ),
            (
                "filter(createArray(1), lambda('it', parameters('env')))",
                "`filter` needs the parameter `env`",
            ),
            (
                "filter(createArray(1), lambda('it', equals(parameters('env'), 'a')))",
                "`equals` needs the parameter `env`",
            ),
            (
                "filter(createArray(1), lambda('it', 1))",
                "`filter` needs true or false from its lambda",
            ),
            (
                "toObject(createArray(1), lambda('it', 1))",
                "`toObject` needs a text from its lambda for each key",
            ),
            (
                "toObject(createArray(1), lambda('it', parameters('env')))",
                "`toObject` needs the parameter `env`",
            ),
            (
                "groupBy(createArray(1), lambda('it', parameters('env')))",
                "`groupBy` needs the parameter `env`",
            ),
            (
                "toObject(createArray(1, 2), lambda('it', 'a'))",
                "`toObject` has two items with the key `a`",
            ),
            (
                "map(createArray(1), lambda('it', reference('a').b))",
                "`reference` is known only",
            ),
            (
                "map(createArray(1), lambda('a', 'b', 'c', 1))",
                "`map` gives its lambda 2 variables, not 3",
            ),
            (
                "map(createArray(1), lambda('it', lambdaVariables('at')))",
                "no `lambda` around it has the variable `at`",
            ),
            (
                "map(createArray(1), lambda(it, 1))",
                "`it` is not the name of a variable of `lambda`",
            ),
            (
                "map(createArray(1), lambda('it', 1 2))",
                "`2` follows the end of the lambda",
            ),
            ("map(createArray(1), lambda('it', 1)", "is missing"),
            ("map(createArray(1), lambda('it', 1", "is missing"),
            ("map(createArray(1), lambda())", "a value is missing"),
            (
                "map(createArray(1))",
                "`map` cannot be evaluated with these arguments",
            ),
            (
                "map('a', lambda('it', 1))",
                "`map` cannot be evaluated with these arguments",
            ),
            ("map()", "`map` cannot be evaluated with these arguments"),
            (
                "reduce(createArray(1), lambda('a', 'b', 1))",
                "`reduce` cannot be evaluated with these",
            ),
            (
                "lambdaVariables('it')",
                "no `lambda` around it has the variable `it`",
            ),
            ("lambda('it', 1)", "`lambda` cannot be evaluated here"),
        ] {
            let error = of(&format!("[{expression}]")).expect_err(expression);
            let whole = error.replace("the value of `reference`", "`reference`");
            assert!(whole.contains(problem), "{expression}: {error}");
        }
    }

    #[test]
    fn lambdas_have_the_limits_of_other_work() {
        let mut nested = "1".to_owned();
        for i in 0..6 {
            nested = format!("length(map(range(0, 800), lambda('a{i}', {nested})))");
        }
        let error = of(&format!("[{nested}]")).map(|_| ()).unwrap_err();
        assert_eq!(error, "the values of the template have more than 256 MB");
        let grown = "reduce(range(0, 400), '0123456789', lambda('all', 'it', concat(lambdaVariables('all'), lambdaVariables('all'))))";
        let error = of(&format!("[{grown}]")).map(|_| ()).unwrap_err();
        assert_eq!(error, "the value has more than 16 MB");
        let deep = format!("[{}]", "map(createArray(1), lambda('a', ".repeat(50_000));
        assert!(of(&deep).is_err());
    }

    #[test]
    fn work_and_depth_have_limits() {
        let nested =
            |count: usize| format!("[{}true(){}]", "not(".repeat(count), ")".repeat(count));
        assert_eq!(of(&nested(98)), Ok(json!(true)));
        for text in [
            nested(100),
            nested(100_000),
            format!("[{}]", "not(".repeat(100_000)),
        ] {
            let error = of(&text).map(|value| value.to_string().len()).unwrap_err();
            assert_eq!(error, "values are nested more than 100 deep");
        }
        let mut doubled = "'0123456789abcdef'".to_owned();
        for _ in 0..8 {
            doubled = format!("replace('0123456789abcdef', '', {doubled})");
        }
        let error = of(&format!("[{doubled}]")).unwrap_err();
        assert_eq!(error, "`replace` makes a value of more than 16 MB");
    }
}
