//! Expressions of ARM templates: `[format('{0}/{1}', parameters('name'), 'default')]`.

use std::rc::Rc;

use serde_json::{Value, json};

use super::functions;
use super::limits::Limits;
use super::placeholders::Placeholders;
use super::values::{find, text};

/// What the names in an expression stand for.
pub(super) trait Bindings {
    /// The value of a parameter, or a placeholder for it.
    fn parameter(&mut self, name: &str) -> Result<Rc<Value>, String>;
    fn variable(&mut self, name: &str) -> Result<Rc<Value>, String>;
    /// The number of the present copy of a loop, of the innermost one without a name.
    fn copy_index(&self, name: Option<&str>) -> Option<u64>;
    fn placeholders(&mut self) -> &mut Placeholders;
    fn limits(&mut self) -> &mut Limits;
}

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
}

impl Parser<'_> {
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
            Some(c) if c.is_alphabetic() => self.call()?,
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
        let is_choice = name.eq_ignore_ascii_case("if");
        let arguments = self.arguments(is_choice)?;
        if is_choice {
            return self.chosen(arguments);
        }
        let arguments = arguments.into_iter().collect::<Result<Vec<_>, _>>()?;
        self.function(name, &arguments)
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

    /// Goes on behind an argument, or behind the rest of one that has no value.
    fn skip_argument(&mut self) {
        let (mut depth, mut is_quoted) = (0_usize, false);
        let end = self.rest.char_indices().find_map(|(at, c)| {
            match c {
                '\'' => is_quoted = !is_quoted,
                '(' | '[' if !is_quoted => depth += 1,
                ')' | ']' if !is_quoted && depth > 0 => depth -= 1,
                ',' | ')' if !is_quoted && depth == 0 => return Some(at),
                _ => {}
            }
            None
        });
        self.rest = &self.rest[end.unwrap_or(self.rest.len())..];
    }

    fn function(&mut self, name: &str, arguments: &[Value]) -> Result<Rc<Value>, String> {
        let lower = name.to_lowercase();
        match (lower.as_str(), arguments) {
            ("parameters", [Value::String(name)]) => return self.bindings.parameter(name),
            ("variables", [Value::String(name)]) => return self.bindings.variable(name),
            _ => {}
        }
        if let Some(value) = self.of_deployment(&lower, arguments)? {
            return Ok(Rc::new(value));
        }
        functions::require_known(name, &lower)?;
        let placeholders = self.bindings.placeholders();
        let is_known = |value: &Value| placeholders.needed(name, value).is_none();
        if !functions::only_embeds(&lower, arguments, &is_known) {
            let mut all = arguments.iter();
            if let Some(needed) = all.find_map(|value| placeholders.needed(name, value)) {
                return Err(needed);
            }
        }
        let value = functions::call(&lower, arguments);
        value
            .map(Rc::new)
            .map_err(|problem| format!("`{name}` {problem}"))
    }

    /// Functions whose value depends on where the template is deployed, and on loops.
    fn of_deployment(&mut self, name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
        let texts = || -> Vec<String> { arguments.iter().map(text).collect() };
        Ok(Some(match (name, arguments) {
            ("copyindex", _) => json!(self.copy_index(arguments)?),
            ("resourceid", _) => Value::from(self.resource_id(&texts())?),
            ("subscriptionresourceid" | "tenantresourceid", _) => {
                Value::from(provider_path(&texts())?)
            }
            ("extensionresourceid", [scope, rest @ ..]) => {
                let rest: Vec<String> = rest.iter().map(text).collect();
                Value::from(format!("{}{}", text(scope), provider_path(&rest)?))
            }
            ("subscription", []) => {
                let id = self.of_place("subscriptionId");
                json!({"subscriptionId": id, "id": format!("/subscriptions/{id}")})
            }
            ("resourcegroup", []) => {
                let group = self.of_place("resourceGroup");
                let subscription = self.of_place("subscriptionId");
                json!({
                    "name": group,
                    "location": self.of_place("location"),
                    "id": format!("/subscriptions/{subscription}/resourceGroups/{group}"),
                })
            }
            _ => return Ok(None),
        }))
    }

    fn of_place(&mut self, name: &str) -> String {
        self.bindings.placeholders().of_deployment(name)
    }

    fn copy_index(&mut self, arguments: &[Value]) -> Result<u64, String> {
        let placeholders = self.bindings.placeholders();
        let mut all = arguments.iter();
        if let Some(needed) = all.find_map(|value| placeholders.needed("copyIndex", value)) {
            return Err(needed);
        }
        let named = arguments.first().and_then(Value::as_str);
        let index = self.bindings.copy_index(named);
        let index = index.ok_or("copyIndex() is not in a loop")?;
        let offset = arguments.last().and_then(Value::as_u64).unwrap_or_default();
        Ok(index.saturating_add(offset))
    }

    fn resource_id(&mut self, arguments: &[String]) -> Result<String, String> {
        let at = arguments.iter().position(|argument| argument.contains('/'));
        let at = at.ok_or("`resourceId` has no type")?;
        let (scope, rest) = arguments.split_at(at);
        let group = scope.last().cloned();
        let group = group.unwrap_or_else(|| self.of_place("resourceGroup"));
        let subscription = match scope {
            [subscription, _] => subscription.clone(),
            _ => self.of_place("subscriptionId"),
        };
        let path = provider_path(rest)?;
        Ok(format!(
            "/subscriptions/{subscription}/resourceGroups/{group}{path}"
        ))
    }
}

/// `/providers/Microsoft.X/a/NAME/b/NAME` for a type and names.
fn provider_path(arguments: &[String]) -> Result<String, String> {
    let (kind, names) = arguments.split_first().ok_or("a type is missing")?;
    let mut steps = kind.split('/');
    let mut path = format!("/providers/{}", steps.next().unwrap_or_default());
    for (step, name) in steps.zip(names) {
        path.push_str(&format!("/{step}/{name}"));
    }
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("[dataUri('a')]", "`dataUri` cannot be evaluated here"),
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
