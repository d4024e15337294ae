//! Functions of templates whose value depends on their arguments alone.

use serde_json::{Value, json};

use super::collections;
use super::dates;
use super::encodings;
use super::limits::{MOST_VALUE_BYTES, list_bytes};
use super::numbers;
use super::values::text;

/// The functions that are evaluated here, in lower case.
pub(super) const FUNCTIONS: [&str; 66] = [
    "add",
    "and",
    "array",
    "base64",
    "base64tojson",
    "base64tostring",
    "bool",
    "coalesce",
    "concat",
    "contains",
    "createarray",
    "createobject",
    "datauri",
    "datauritostring",
    "datetimeadd",
    "datetimefromepoch",
    "datetimetoepoch",
    "div",
    "empty",
    "endswith",
    "equals",
    "false",
    "first",
    "flatten",
    "format",
    "greater",
    "greaterorequals",
    "guid",
    "indexof",
    "int",
    "intersection",
    "items",
    "join",
    "json",
    "last",
    "lastindexof",
    "length",
    "less",
    "lessorequals",
    "max",
    "min",
    "mod",
    "mul",
    "not",
    "null",
    "objectkeys",
    "or",
    "padleft",
    "range",
    "replace",
    "skip",
    "split",
    "startswith",
    "string",
    "sub",
    "substring",
    "take",
    "tolower",
    "toupper",
    "trim",
    "true",
    "tryget",
    "union",
    "uri",
    "uricomponent",
    "uricomponenttostring",
];

/// Functions whose value the service or the time of the deployment gives, or that are not computed here, in lower case.
const LATER: [&str; 13] = [
    "deployer",
    "deployment",
    "environment",
    "getsecret",
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
    let mut others = arguments.iter().skip(1);
    match lower {
        "string" | "coalesce" | "createarray" => true,
        "concat" => arguments.iter().all(Value::is_array) || !arguments.iter().any(Value::is_array),
        "format" => is_known(first),
        "createobject" => arguments.iter().step_by(2).all(is_known),
        "union" => arguments.iter().all(Value::is_object),
        // What is in a list or an object does not change how many there are.
        "length" | "empty" | "first" | "last" => first.is_array() || first.is_object(),
        "join" => first.is_array(),
        "array" => first.is_array() || first.is_object(),
        "flatten" => {
            let mut items = first.as_array().into_iter().flatten();
            first.is_array() && items.all(Value::is_array)
        }
        "items" | "objectkeys" => is_known_keys(first, is_known),
        "skip" | "take" => first.is_array() && others.all(is_known),
        "tryget" => !first.is_string() && others.all(is_known),
        // What a name of an id is does not change where it is: no name has a slash.
        "split" => is_id(first) && arguments.get(1) == Some(&json!("/")),
        "contains" => first.is_object() && others.all(is_known),
        _ => false,
    }
}

fn is_known_keys(value: &Value, is_known: &dyn Fn(&Value) -> bool) -> bool {
    let keys = value.as_object().map(|entries| entries.keys());
    keys.is_some_and(|mut keys| keys.all(|key| is_known(&Value::from(key.as_str()))))
}

fn is_id(value: &Value) -> bool {
    let starts = ["/subscriptions/", "/providers/"];
    let id = value.as_str();
    id.is_some_and(|id| starts.iter().any(|start| id.starts_with(start)))
}

/// The value of a function; or what it does, such as `needs a number`.
pub(super) fn call(lower: &str, arguments: &[Value]) -> Result<Value, String> {
    for of_a_kind in [of_texts, collections::call, encodings::call, dates::call] {
        if let Some(value) = of_a_kind(lower, arguments)? {
            return Ok(value);
        }
    }
    let value = numbers::call(lower, arguments).or_else(|| of_logic(lower, arguments));
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
        ("json", [Value::String(text)]) => {
            serde_json::from_str(text).map_err(|error| format!("needs JSON: {error}"))?
        }
        _ => return part_of_text(name, arguments),
    }))
}

/// What a text begins with, ends with or has at some place.
fn part_of_text(name: &str, arguments: &[Value]) -> Result<Option<Value>, String> {
    let first = arguments.first().unwrap_or(&Value::Null);
    let count = |value: &Value| value.as_u64().and_then(|it| usize::try_from(it).ok());
    Ok(Some(match (name, arguments) {
        ("startswith", [_, part]) => {
            json!(
                text(first)
                    .to_lowercase()
                    .starts_with(&text(part).to_lowercase())
            )
        }
        ("endswith", [_, part]) => {
            json!(
                text(first)
                    .to_lowercase()
                    .ends_with(&text(part).to_lowercase())
            )
        }
        ("skip" | "take", [Value::String(of), at]) => {
            let count = count(at).unwrap_or_default();
            let characters = of.chars();
            Value::from(match name {
                "skip" => characters.skip(count).collect::<String>(),
                _ => characters.take(count).collect(),
            })
        }
        ("indexof" | "lastindexof", [Value::String(of), part]) => {
            let (of, part) = (of.to_lowercase(), text(part).to_lowercase());
            let at = match name {
                "indexof" => of.find(&part),
                _ => of.rfind(&part),
            };
            at.map_or_else(|| json!(-1), |at| json!(of[..at].chars().count()))
        }
        ("padleft", [_, width, with @ ..]) => {
            let width = count(width).unwrap_or_default();
            fits(width)?;
            let of = text(first);
            let with = with.first().and_then(|with| text(with).chars().next());
            let missing = width.saturating_sub(of.chars().count());
            let with = with.unwrap_or(' ').to_string();
            Value::from(with.repeat(missing) + &of)
        }
        ("substring", [of, start, ..]) => {
            let most = arguments.get(2).and_then(count).unwrap_or(usize::MAX);
            let skipped = count(start).unwrap_or_default();
            let part: String = text(of).chars().skip(skipped).take(most).collect();
            Value::from(part)
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

fn of_logic(name: &str, arguments: &[Value]) -> Option<Value> {
    Some(match (name, arguments) {
        ("equals", [a, b]) => json!(a == b),
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
