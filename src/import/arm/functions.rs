//! Functions of templates whose value depends on their arguments alone.

use serde_json::{Value, json};

use super::limits::{MOST_VALUE_BYTES, list_bytes};

/// The functions that are evaluated here, in lower case.
const FUNCTIONS: [&str; 30] = [
    "and",
    "bool",
    "coalesce",
    "concat",
    "contains",
    "createarray",
    "createobject",
    "empty",
    "equals",
    "false",
    "first",
    "format",
    "int",
    "join",
    "json",
    "last",
    "length",
    "not",
    "null",
    "or",
    "range",
    "replace",
    "split",
    "string",
    "substring",
    "tolower",
    "toupper",
    "trim",
    "true",
    "union",
];

/// Functions whose value the service or the time of the deployment gives, in lower case.
const LATER: [&str; 14] = [
    "deployer",
    "deployment",
    "environment",
    "getsecret",
    "guid",
    "managementgroup",
    "newguid",
    "pickzones",
    "providers",
    "reference",
    "references",
    "tenant",
    "uniquestring",
    "utcnow",
];

/// The most numbers that `range` gives (documented).
const MOST_NUMBERS: u64 = 10_000;

/// Why a function has no value here, whatever its arguments. `lower` is its name in lower case.
pub(super) fn require_known(name: &str, lower: &str) -> Result<(), String> {
    if LATER.contains(&lower) || lower.starts_with("list") {
        return Err(format!(
            "the value of `{name}` is known only when it is deployed"
        ));
    }
    match FUNCTIONS.contains(&lower) {
        true => Ok(()),
        false => Err(format!("`{name}` cannot be evaluated here")),
    }
}

/// Whether a function only puts its arguments into its value, so that it does not matter what exactly they are.
pub(super) fn only_embeds(
    lower: &str,
    arguments: &[Value],
    is_known: &dyn Fn(&Value) -> bool,
) -> bool {
    let first = arguments.first().unwrap_or(&Value::Null);
    match lower {
        "string" | "coalesce" | "createarray" => true,
        "concat" => arguments.iter().all(Value::is_array) || !arguments.iter().any(Value::is_array),
        "format" => is_known(first),
        "createobject" => arguments.iter().step_by(2).all(is_known),
        "union" => arguments.iter().all(Value::is_object),
        // What is in a list or an object does not change how many there are.
        "length" | "empty" | "first" | "last" => first.is_array() || first.is_object(),
        "join" => first.is_array(),
        "contains" => first.is_object() && arguments[1..].iter().all(is_known),
        _ => false,
    }
}

/// The value of a function; or what it does, such as `needs a number`.
pub(super) fn call(lower: &str, arguments: &[Value]) -> Result<Value, String> {
    let value = match of_texts(lower, arguments)? {
        Some(value) => Some(value),
        None => of_collections(lower, arguments)?,
    };
    let value = value.or_else(|| of_logic(lower, arguments));
    value.ok_or_else(|| "cannot be evaluated with these arguments".to_owned())
}

/// Whether a value of that many bytes may be made.
fn fits(bytes: usize) -> Result<(), String> {
    match bytes > MOST_VALUE_BYTES {
        true => Err(format!(
            "makes a value of more than {} MB",
            MOST_VALUE_BYTES >> 20
        )),
        false => Ok(()),
    }
}

fn of_texts(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let first = arguments.first().unwrap_or(&Value::Null);
    Ok(Some(match (name, arguments) {
        ("concat", [Value::Array(_), ..]) => return Ok(None),
        ("concat", _) => Value::from(arguments.iter().map(text).collect::<String>()),
        ("format", [Value::String(pattern), values @ ..]) => Value::from(format(pattern, values)?),
        ("tolower", _) => Value::from(text(first).to_lowercase()),
        ("toupper", _) => Value::from(text(first).to_uppercase()),
        ("string", _) => Value::from(text(first)),
        ("trim", _) => Value::from(text(first).trim()),
        ("int", _) => text(first)
            .parse::<i64>()
            .map(Value::from)
            .map_err(|_| "needs a number")?,
        ("replace", [of, old, new]) => {
            let (of, old, new) = (text(of), text(old), text(new));
            fits(
                of.len()
                    .saturating_add(of.matches(&old).count().saturating_mul(new.len())),
            )?;
            Value::from(of.replace(&old, &new))
        }
        ("split", [of, at]) => {
            let (of, at) = (text(of), text(at));
            fits(list_bytes(of.matches(&at).count()))?;
            of.split(&at).map(Value::from).collect()
        }
        ("join", [Value::Array(items), with]) => {
            let with = text(with);
            let items: Vec<String> = items.iter().map(text).collect();
            fits(items.len().saturating_mul(with.len()))?;
            Value::from(items.join(&with))
        }
        ("substring", [of, start, ..]) => {
            let count = |value: &Value| value.as_u64().and_then(|it| usize::try_from(it).ok());
            let most = arguments.get(2).and_then(count).unwrap_or(usize::MAX);
            let skipped = count(start).unwrap_or_default();
            let part: String = text(of).chars().skip(skipped).take(most).collect();
            Value::from(part)
        }
        ("json", [Value::String(text)]) => {
            serde_json::from_str(text).map_err(|error| format!("needs JSON: {error}"))?
        }
        _ => return Ok(None),
    }))
}

/// A pattern with values: `{0}` is the first one, `{{` and `}}` are braces.
fn format(pattern: &str, values: &[Value]) -> Result<String, String> {
    let mut whole = String::new();
    let mut rest = pattern;
    while let Some(at) = rest.find(['{', '}']) {
        whole.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            whole.push_str(brace);
            rest = after;
            continue;
        }
        let end = rest.find('}').filter(|_| brace == "{");
        let end = end.ok_or_else(|| format!("has a single `{brace}` in its pattern"))?;
        let place = &rest[..end];
        let value = place
            .trim()
            .parse()
            .ok()
            .and_then(|at: usize| values.get(at));
        let value = value.ok_or_else(|| format!("has no value for `{{{place}}}`"))?;
        whole.push_str(&text(value));
        fits(whole.len())?;
        rest = &rest[end + 1..];
    }
    whole.push_str(rest);
    Ok(whole)
}

fn of_collections(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let lists = || arguments.iter().filter_map(Value::as_array).flatten();
    Ok(Some(match (name, arguments) {
        ("concat", [Value::Array(_), ..]) => lists().cloned().collect(),
        ("createarray", _) => arguments.iter().cloned().collect(),
        ("createobject", _) => {
            let pairs = arguments.chunks(2).filter(|pair| pair.len() == 2);
            Value::Object(
                pairs
                    .map(|pair| (text(&pair[0]), pair[1].clone()))
                    .collect(),
            )
        }
        ("range", [start, count]) => range(start, count)?,
        ("union", [Value::Array(_), ..]) => lists().cloned().collect(),
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
        _ => return Ok(None),
    }))
}

/// So many numbers, one after the other.
fn range(start: &Value, count: &Value) -> Result<Value, String> {
    let (Some(start), Some(count)) = (start.as_i64(), count.as_u64()) else {
        return Err("needs two numbers".to_owned());
    };
    if count > MOST_NUMBERS {
        return Err(format!("gives at most {MOST_NUMBERS} numbers"));
    }
    let numbers = (0..count).map(|at| start.saturating_add_unsigned(at));
    Ok(numbers.map(Value::from).collect())
}

fn of_logic(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("equals", [a, b]) => match (a, b) {
            (Value::String(a), Value::String(b)) => json!(a.eq_ignore_ascii_case(b)),
            _ => json!(a == b),
        },
        ("not", [Value::Bool(it)]) => json!(!it),
        ("and", _) => json!(arguments.iter().all(|it| *it == json!(true))),
        ("or", _) => json!(arguments.contains(&json!(true))),
        ("bool", [value]) => match text(value).to_ascii_lowercase().as_str() {
            "true" | "1" => json!(true),
            "false" | "0" => json!(false),
            _ => return None,
        },
        ("true", []) => json!(true),
        ("false", []) => json!(false),
        ("null", []) => Value::Null,
        _ => return None,
    })
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
