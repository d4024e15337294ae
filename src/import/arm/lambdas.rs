//! Functions of templates that do something with every item of a list or an object, as a lambda says.

use std::rc::Rc;

use serde_json::{Map, Value};

/// The functions that take lambdas, in lower case.
pub(super) const FUNCTIONS: [&str; 7] = [
    "filter",
    "groupby",
    "map",
    "mapvalues",
    "reduce",
    "sort",
    "toobject",
];

/// `lambda('item', EXPRESSION)`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Lambda<'a> {
    pub(super) variables: Vec<&'a str>,
    pub(super) body: &'a str,
}

/// Evaluates lambdas.
pub(super) trait Evaluate<'a> {
    /// The value of a lambda whose variables have these values, in their order. It may name fewer of them.
    fn value(&mut self, lambda: &Lambda<'a>, variables: &[&Rc<Value>]) -> Result<Value, String>;
    /// Why a value that is used is not known, if it is not.
    fn needed(&mut self, value: &Value) -> Option<String>;
    /// The message that the function has this problem, such as `needs a text`.
    fn problem(&self, what: &str) -> String;
}

/// The value of a function, or why it has none.
pub(super) fn call<'a>(
    lower: &str,
    arguments: &[Value],
    lambdas: &[Lambda<'a>],
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let mut items = Vec::new();
    if let Some(Value::Array(all)) = arguments.first() {
        items.extend(all.iter().cloned().map(Rc::new));
    }
    Ok(match (lower, arguments, lambdas) {
        ("filter", [Value::Array(_)], [chosen]) => filter(items, chosen, evaluate)?,
        ("map", [Value::Array(_)], [made]) => map(&items, made, evaluate)?,
        ("sort", [Value::Array(_)], [before]) => {
            let sorted = sort(&items, before, evaluate)?;
            sorted.into_iter().map(Rc::unwrap_or_clone).collect()
        }
        ("groupby", [Value::Array(_)], [key]) => group_by(&items, key, evaluate)?,
        ("toobject", [Value::Array(_)], [key]) => to_object(&items, key, None, evaluate)?,
        ("toobject", [Value::Array(_)], [key, value]) => {
            to_object(&items, key, Some(value), evaluate)?
        }
        ("reduce", [Value::Array(_), start], [next]) => reduce(&items, start, next, evaluate)?,
        ("mapvalues", [Value::Object(entries)], [made]) => {
            let mut object = Map::new();
            for (key, value) in entries {
                let value = evaluate.value(made, &[&Rc::new(value.clone())])?;
                object.insert(key.clone(), value);
            }
            Value::Object(object)
        }
        _ => return Err(evaluate.problem("cannot be evaluated with these arguments")),
    })
}

/// An item and its number, which are what most lambdas get.
fn of_item<'a>(
    lambda: &Lambda<'a>,
    item: &Rc<Value>,
    index: usize,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    evaluate.value(lambda, &[item, &Rc::new(Value::from(index))])
}

fn filter<'a>(
    items: Vec<Rc<Value>>,
    chosen: &Lambda<'a>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let mut found = Vec::new();
    for (index, item) in items.into_iter().enumerate() {
        let value = of_item(chosen, &item, index, evaluate)?;
        if is_true(&value, evaluate)? {
            found.push(Rc::unwrap_or_clone(item));
        }
    }
    Ok(Value::Array(found))
}

fn map<'a>(
    items: &[Rc<Value>],
    made: &Lambda<'a>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let items = items.iter().enumerate();
    items
        .map(|(index, item)| of_item(made, item, index, evaluate))
        .collect()
}

fn reduce<'a>(
    items: &[Rc<Value>],
    start: &Value,
    next: &Lambda<'a>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let mut current = Rc::new(start.clone());
    for (index, item) in items.iter().enumerate() {
        let index = Rc::new(Value::from(index));
        current = Rc::new(evaluate.value(next, &[&current, item, &index])?);
    }
    Ok(Rc::unwrap_or_clone(current))
}

fn group_by<'a>(
    items: &[Rc<Value>],
    key: &Lambda<'a>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let mut groups: Map<String, Value> = Map::new();
    for (index, item) in items.iter().enumerate() {
        let key = of_item(key, item, index, evaluate)?;
        let group = groups.entry(key_of(&key, evaluate)?);
        if let Value::Array(group) = group.or_insert_with(|| Value::Array(Vec::new())) {
            group.push(Value::clone(item));
        }
    }
    Ok(Value::Object(groups))
}

fn to_object<'a>(
    items: &[Rc<Value>],
    key: &Lambda<'a>,
    value: Option<&Lambda<'a>>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Value, String> {
    let mut object = Map::new();
    for (index, item) in items.iter().enumerate() {
        let key = of_item(key, item, index, evaluate)?;
        let key = key_of(&key, evaluate)?;
        let value = match value {
            Some(value) => of_item(value, item, index, evaluate)?,
            None => Value::clone(item),
        };
        if object.contains_key(&key) {
            return Err(evaluate.problem(&format!("has two items with the key `{key}`")));
        }
        object.insert(key, value);
    }
    Ok(Value::Object(object))
}

/// The items in their order. Where the lambda decides nothing, they stay as they are.
fn sort<'a>(
    items: &[Rc<Value>],
    before: &Lambda<'a>,
    evaluate: &mut dyn Evaluate<'a>,
) -> Result<Vec<Rc<Value>>, String> {
    // Not `sort_by`: a lambda can fail, and can contradict itself.
    if items.len() < 2 {
        return Ok(items.to_vec());
    }
    let (left, right) = items.split_at(items.len() / 2);
    let left = sort(left, before, evaluate)?;
    let right = sort(right, before, evaluate)?;
    let mut merged = Vec::with_capacity(items.len());
    let (mut left, mut right) = (left.into_iter().peekable(), right.into_iter().peekable());
    while let (Some(first), Some(second)) = (left.peek(), right.peek()) {
        let mut comes_before = |one: &Rc<Value>, other: &Rc<Value>| {
            let value = evaluate.value(before, &[one, other])?;
            is_true(&value, evaluate)
        };
        let stays = comes_before(first, second)? || !comes_before(second, first)?;
        merged.extend(if stays { left.next() } else { right.next() });
    }
    merged.extend(left);
    merged.extend(right);
    Ok(merged)
}

fn is_true(value: &Value, evaluate: &mut dyn Evaluate<'_>) -> Result<bool, String> {
    value.as_bool().ok_or_else(|| {
        let needed = evaluate.needed(value);
        needed.unwrap_or_else(|| evaluate.problem("needs true or false from its lambda"))
    })
}

fn key_of(value: &Value, evaluate: &mut dyn Evaluate<'_>) -> Result<String, String> {
    if let Some(needed) = evaluate.needed(value) {
        return Err(needed);
    }
    let key = value.as_str().map(str::to_owned);
    key.ok_or_else(|| evaluate.problem("needs a text from its lambda for each key"))
}
