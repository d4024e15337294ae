//! Expressions of ARM templates: `[format('{0}/{1}', parameters('name'), 'default')]`.

use serde_json::{Value, json};

use super::placeholders::Placeholders;

/// What an expression may refer to.
#[derive(Debug, Clone, Default)]
pub(super) struct Scope {
    /// Values of parameters; one without a value is not here.
    pub(super) parameters: serde_json::Map<String, Value>,
    pub(super) variables: serde_json::Map<String, Value>,
    /// The number of the present copy of each loop; the innermost one is last.
    pub(super) copies: Vec<(String, usize)>,
}

/// The value of a text of a template, which may be an expression; or why it has none.
pub(super) fn value_of(
    text: &str,
    scope: &Scope,
    placeholders: &mut Placeholders,
) -> Result<Value, String> {
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
        scope,
        placeholders,
    };
    let value = parser.expression()?;
    match parser.rest.trim() {
        "" => Ok(value),
        rest => Err(format!("`{rest}` follows the end of the expression")),
    }
}

struct Parser<'a> {
    rest: &'a str,
    scope: &'a Scope,
    placeholders: &'a mut Placeholders,
}

impl Parser<'_> {
    fn expression(&mut self) -> Result<Value, String> {
        self.rest = self.rest.trim_start();
        let mut value = match self.rest.chars().next() {
            Some('\'') => self.string()?,
            Some(c) if c.is_ascii_digit() || c == '-' => self.number()?,
            Some(c) if c.is_alphabetic() => self.call()?,
            _ => return Err("a value is missing".to_owned()),
        };
        loop {
            if let Some(rest) = self.rest.strip_prefix('.') {
                let end = rest.find(|c: char| !c.is_alphanumeric() && c != '_');
                let (key, rest) = rest.split_at(end.unwrap_or(rest.len()));
                self.rest = rest;
                value = member(&value, &Value::from(key))?;
            } else if let Some(rest) = self.rest.strip_prefix('[') {
                self.rest = rest;
                let key = self.expression()?;
                self.expect(']')?;
                value = member(&value, &key)?;
            } else {
                return Ok(value);
            }
        }
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

    fn call(&mut self) -> Result<Value, String> {
        let end = self
            .rest
            .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '.');
        let (name, rest) = self.rest.split_at(end.unwrap_or(self.rest.len()));
        let name = name.to_owned();
        self.rest = rest;
        self.expect('(')?;
        let mut arguments = Vec::new();
        let mut problem = None;
        self.rest = self.rest.trim_start();
        while !self.rest.starts_with(')') {
            if !arguments.is_empty() {
                self.expect(',')?;
            }
            match self.expression() {
                Ok(value) => arguments.push(value),
                // Only an argument that counts must have a value.
                Err(error) => {
                    problem.get_or_insert(error);
                    arguments.push(Value::Null);
                    self.skip_argument();
                }
            }
            self.rest = self.rest.trim_start();
        }
        self.expect(')')?;
        if let (Some(problem), false) = (problem, name == "if") {
            return Err(problem);
        }
        self.function(&name, &arguments)
    }

    /// Goes on behind an argument that has no value.
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

    fn function(&mut self, name: &str, arguments: &[Value]) -> Result<Value, String> {
        let first = arguments.first().unwrap_or(&Value::Null);
        let texts = || -> Vec<String> { arguments.iter().map(text).collect() };
        Ok(match (name.to_lowercase().as_str(), arguments) {
            ("parameters", [Value::String(name)]) => match find(&self.scope.parameters, name) {
                Some(value) => value.clone(),
                None => self.placeholders.variable(name),
            },
            ("variables", [Value::String(name)]) => {
                let value = find(&self.scope.variables, name).cloned();
                value.ok_or_else(|| format!("the template has no variable `{name}`"))?
            }
            ("copyindex", _) => {
                let named = first.as_str();
                let copies = self.scope.copies.iter().rev();
                let mut copies = copies.filter(|(name, _)| named.is_none_or(|it| it == name));
                let (_, index) = copies.next().ok_or("copyIndex() is not in a loop")?;
                let offset = arguments.last().and_then(Value::as_u64).unwrap_or_default();
                json!(*index as u64 + offset)
            }
            ("concat", [Value::Array(_), ..]) => arguments
                .iter()
                .filter_map(Value::as_array)
                .flatten()
                .cloned()
                .collect(),
            ("concat", _) => Value::from(texts().concat()),
            ("format", [Value::String(pattern), values @ ..]) => {
                let mut whole = pattern.clone();
                for (i, value) in values.iter().enumerate() {
                    whole = whole.replace(&format!("{{{i}}}"), &text(value));
                }
                Value::from(whole)
            }
            ("tolower", _) => Value::from(text(first).to_lowercase()),
            ("toupper", _) => Value::from(text(first).to_uppercase()),
            ("string", _) => Value::from(text(first)),
            ("trim", _) => Value::from(text(first).trim()),
            ("int", _) => text(first)
                .parse::<i64>()
                .map(Value::from)
                .map_err(|_| "not a number")?,
            ("replace", [of, old, new]) => Value::from(text(of).replace(&text(old), &text(new))),
            ("split", [of, at]) => text(of).split(&text(at)).map(Value::from).collect(),
            ("join", [Value::Array(items), with]) => {
                let items: Vec<String> = items.iter().map(text).collect();
                Value::from(items.join(&text(with)))
            }
            ("substring", [of, start, ..]) => {
                let skipped = text(of)
                    .chars()
                    .skip(start.as_u64().unwrap_or_default() as usize)
                    .collect::<String>();
                let most = arguments.get(2).and_then(Value::as_u64);
                Value::from(
                    skipped
                        .chars()
                        .take(most.map_or(usize::MAX, |most| most as usize))
                        .collect::<String>(),
                )
            }
            ("createarray", _) => arguments.iter().cloned().collect(),
            ("createobject", _) => {
                let pairs = arguments.chunks(2).filter(|pair| pair.len() == 2);
                Value::Object(
                    pairs
                        .map(|pair| (text(&pair[0]), pair[1].clone()))
                        .collect(),
                )
            }
            ("union", [Value::Array(_), ..]) => arguments
                .iter()
                .filter_map(Value::as_array)
                .flatten()
                .cloned()
                .collect(),
            ("union", _) => {
                let maps = arguments.iter().filter_map(Value::as_object).flatten();
                Value::Object(maps.map(|(k, v)| (k.clone(), v.clone())).collect())
            }
            ("length", [Value::Array(items)]) => json!(items.len()),
            ("length", [Value::Object(entries)]) => json!(entries.len()),
            ("length", [Value::String(text)]) => json!(text.chars().count()),
            ("empty", _) => json!(match first {
                Value::Null => true,
                Value::String(text) => text.is_empty(),
                Value::Array(items) => items.is_empty(),
                Value::Object(entries) => entries.is_empty(),
                _ => false,
            }),
            ("first", [Value::Array(items)]) => items.first().cloned().unwrap_or_default(),
            ("last", [Value::Array(items)]) => items.last().cloned().unwrap_or_default(),
            ("contains", [Value::Array(items), item]) => json!(items.contains(item)),
            ("contains", [Value::Object(entries), key]) => json!(entries.contains_key(&text(key))),
            ("contains", [Value::String(of), part]) => json!(of.contains(&text(part))),
            ("coalesce", _) => arguments
                .iter()
                .find(|it| !it.is_null())
                .cloned()
                .unwrap_or_default(),
            ("if", [Value::Bool(condition), yes, no]) => if *condition { yes } else { no }.clone(),
            ("equals", [a, b]) => match (a, b) {
                (Value::String(a), Value::String(b)) => json!(a.eq_ignore_ascii_case(b)),
                _ => json!(a == b),
            },
            ("not", [Value::Bool(it)]) => json!(!it),
            ("and", _) => json!(arguments.iter().all(|it| *it == json!(true))),
            ("or", _) => json!(arguments.contains(&json!(true))),
            ("true", []) => json!(true),
            ("false", []) => json!(false),
            ("null", []) => Value::Null,
            ("json", [Value::String(text)]) => {
                serde_json::from_str(text).map_err(|error| format!("not JSON: {error}"))?
            }
            ("resourceid", _) => Value::from(self.resource_id(&texts())?),
            ("subscriptionresourceid" | "tenantresourceid", _) => {
                Value::from(provider_path(&texts())?)
            }
            ("extensionresourceid", [scope, rest @ ..]) => {
                let rest: Vec<String> = rest.iter().map(text).collect();
                Value::from(format!("{}{}", text(scope), provider_path(&rest)?))
            }
            ("subscription", []) => {
                let id = text(&self.placeholders.variable("subscriptionId"));
                json!({"subscriptionId": id, "id": format!("/subscriptions/{id}")})
            }
            ("resourcegroup", []) => {
                let group = text(&self.placeholders.variable("resourceGroup"));
                let subscription = text(&self.placeholders.variable("subscriptionId"));
                let location = self.placeholders.variable("location");
                json!({
                    "name": group,
                    "location": location,
                    "id": format!("/subscriptions/{subscription}/resourceGroups/{group}"),
                })
            }
            _ => {
                return Err(format!(
                    "the value of `{name}` is known only when it is deployed"
                ));
            }
        })
    }

    fn resource_id(&mut self, arguments: &[String]) -> Result<String, String> {
        let at = arguments.iter().position(|argument| argument.contains('/'));
        let at = at.ok_or("`resourceId` has no type")?;
        let (scope, rest) = arguments.split_at(at);
        let group = scope.last().cloned();
        let group = group.unwrap_or_else(|| text(&self.placeholders.variable("resourceGroup")));
        let subscription = match scope {
            [subscription, _] => subscription.clone(),
            _ => text(&self.placeholders.variable("subscriptionId")),
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

fn find<'a>(map: &'a serde_json::Map<String, Value>, name: &str) -> Option<&'a Value> {
    let mut entries = map.iter();
    entries.find_map(|(key, value)| key.eq_ignore_ascii_case(name).then_some(value))
}

fn member(value: &Value, key: &Value) -> Result<Value, String> {
    let found = match (value, key) {
        (Value::Array(items), Value::Number(at)) => at
            .as_u64()
            .and_then(|at| items.get(usize::try_from(at).ok()?)),
        (Value::Object(entries), Value::String(key)) => find(entries, key),
        _ => None,
    };
    found
        .cloned()
        .ok_or_else(|| format!("the value has no `{}`", text(key)))
}

pub(super) fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Null => String::new(),
        Value::Bool(true) => "True".to_owned(),
        Value::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Result<Value, String> {
        let parameters = json!({
            "svc": "contoso", "apis": [{"name": "a"}, {"name": "b"}], "count": 2, "it''s": 1,
        });
        let scope = Scope {
            parameters: parameters.as_object().cloned().unwrap_or_default(),
            variables: json!({"ws": "default"})
                .as_object()
                .cloned()
                .unwrap_or_default(),
            copies: vec![("loop".to_owned(), 1)],
        };
        let mut placeholders = Placeholders::default();
        let value = value_of(text, &scope, &mut placeholders)?;
        let whole = placeholders.restored(&value.to_string());
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
            ("[parameters('stage')]", json!("${stage}")),
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
        ] {
            let error = of(&format!("{}]", expression.trim_end_matches(']'))).unwrap_err();
            assert!(error.contains(problem), "{expression}: {error}");
        }
    }
}
