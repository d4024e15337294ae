//! Functions of templates over numbers.

use serde_json::{Value, json};

/// The value of a function over numbers; `None` for any other function, or for other arguments.
pub(super) fn call(name: &str, arguments: &[Value]) -> Option<Value> {
    let numbers = match arguments {
        // The smallest and the largest number may also be those of a list.
        [Value::Array(items)] => items.as_slice(),
        _ => arguments,
    };
    if let "less" | "lessorequals" | "greater" | "greaterorequals" = name {
        return compared(name, arguments).map(Value::from);
    }
    let numbers: Vec<i64> = numbers.iter().map(Value::as_i64).collect::<Option<_>>()?;
    let value = match (name, numbers.as_slice()) {
        ("add", [a, b]) => a.checked_add(*b),
        ("sub", [a, b]) => a.checked_sub(*b),
        ("mul", [a, b]) => a.checked_mul(*b),
        ("div", [a, b]) => a.checked_div(*b),
        ("mod", [a, b]) => a.checked_rem(*b),
        ("min", all) => all.iter().min().copied(),
        ("max", all) => all.iter().max().copied(),
        _ => None,
    };
    value.map(|value| json!(value))
}

/// How two numbers or two texts compare.
fn compared(name: &str, arguments: &[Value]) -> Option<bool> {
    let order = match arguments {
        [Value::Number(a), Value::Number(b)] => a.as_f64()?.partial_cmp(&b.as_f64()?)?,
        [Value::String(a), Value::String(b)] => a.cmp(b),
        _ => return None,
    };
    Some(match name {
        "less" => order.is_lt(),
        "lessorequals" => order.is_le(),
        "greater" => order.is_gt(),
        _ => order.is_ge(),
    })
}
