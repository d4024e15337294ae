//! Failures of schemas in words.

use super::findings::{code, codes, plain};
use super::inclusion::{Direction, What};

/// The name of the rule. Such names do not change.
pub(super) fn rule(direction: Direction, what: &What) -> &'static str {
    let is_request = direction == Direction::Request;
    match what {
        What::Types { .. } => "schema-type",
        What::Values { .. } => "schema-values",
        What::Keyword { .. } => "schema-constraint",
        What::Format { .. } => "schema-format",
        What::Required { .. } if is_request => "property-required",
        What::Required { .. } => "property-optional",
        What::Undescribed { .. } => "property-described",
        What::Removed { .. } => "property-removed",
        What::Hidden { .. } => "property-direction",
        What::Closed { .. } if is_request => "object-closed",
        What::Closed { .. } => "object-opened",
        What::Alternative { .. } | What::Overlap => "schema-alternative",
        What::Discriminator { .. } => "discriminator",
        What::Default { .. } => "schema-default",
        What::More | What::Unknown { .. } => "schema-undecided",
    }
}

/// Whether a value says more than the words.
pub(super) fn is_better_with_value(what: &What) -> bool {
    matches!(
        what,
        What::Keyword { .. } | What::Closed { name: None } | What::Alternative { .. }
    )
}

/// What is no longer so: `request body: property `a.b` is now required`.
pub(super) fn message(part: &str, direction: Direction, path: &str, what: &What) -> String {
    let is_request = direction == Direction::Request;
    let words = predicate(is_request, what);
    match (property(what), path) {
        (None, "") => format!("{part} {words}"),
        (None, path) => format!("{part}: `{}` {words}", plain(path)),
        (Some(name), "") => format!("{part}: property {} {words}", code(name)),
        (Some(name), path) => format!(
            "{part}: property {} {words}",
            code(&format!("{path}.{name}"))
        ),
    }
}

/// The property that the words are about.
fn property(what: &What) -> Option<&str> {
    match what {
        What::Required { name, .. }
        | What::Undescribed { name }
        | What::Removed { name }
        | What::Hidden { name } => Some(name),
        What::Closed { name } => name.as_deref(),
        What::Types { .. }
        | What::Values { .. }
        | What::Keyword { .. }
        | What::Format { .. }
        | What::Alternative { .. }
        | What::Overlap
        | What::Discriminator { .. }
        | What::Default { .. }
        | What::More
        | What::Unknown { .. } => None,
    }
}

/// What is said of the schema, or of its property.
pub(super) fn predicate(is_request: bool, what: &What) -> String {
    match what {
        What::Types {
            narrow,
            wide,
            missing,
        } => {
            let (was, now) = in_time(is_request, narrow, wide);
            types(is_request, was, now, missing)
        }
        What::Values {
            missing,
            wide,
            is_listed,
        } => values(is_request, *is_listed, missing, wide),
        What::Keyword { name, narrow, wide } => {
            let (was, now) = in_time(is_request, narrow.as_deref(), wide.as_deref());
            keyword(name, is_request, was, now)
        }
        What::Format { narrow, wide } => {
            let (was, now) = in_time(is_request, narrow.as_deref(), Some(wide.as_str()));
            format_words(was, now)
        }
        What::Required { is_declared, .. } => required(is_request, *is_declared).to_owned(),
        What::Undescribed { .. } => "is described now".to_owned(),
        What::Removed { .. } => "removed".to_owned(),
        What::Hidden { .. } => "is read-only now".to_owned(),
        What::Closed { name } => closed(is_request, name.is_some()).to_owned(),
        What::Alternative { label } => alternative(is_request, label.as_deref()),
        What::Overlap => "has alternatives that overlap".to_owned(),
        What::Discriminator { name, value } => discriminator(is_request, name, value.as_deref()),
        What::Default { was, now } => match now {
            Some(now) => format!("has the default {} now, and had {}", code(now), code(was)),
            None => format!("no longer has a default; it was {}", code(was)),
        },
        What::More => "differs in more than is listed".to_owned(),
        What::Unknown { reason } => {
            format!("changed, and whether that breaks cannot be said: {reason}")
        }
    }
}

/// What was before, and what is now.
fn in_time<T>(is_request: bool, narrow: T, wide: T) -> (T, T) {
    if is_request {
        (narrow, wide)
    } else {
        (wide, narrow)
    }
}

fn values(is_request: bool, is_listed: bool, missing: &[String], wide: &[String]) -> String {
    let names = |all: &[String]| codes(all.iter().map(String::as_str));
    match (is_request, is_listed) {
        (true, true) => format!("no longer takes {}", names(missing)),
        (true, false) => format!("takes nothing but {} now", names(wide)),
        (false, true) => format!("may be {} now", names(missing)),
        (false, false) => format!("may be more than {} now", names(wide)),
    }
}

fn required(is_request: bool, is_declared: bool) -> &'static str {
    match (is_request, is_declared) {
        (true, true) => "is now required",
        (true, false) => "is new and required",
        (false, true) => "may be absent now",
        (false, false) => "removed",
    }
}

fn closed(is_request: bool, is_named: bool) -> &'static str {
    match (is_request, is_named) {
        (true, true) => "is no longer taken",
        (true, false) => "no longer takes properties that it does not name",
        (false, true) => "is new, and others were ruled out",
        (false, false) => "may have properties that it does not name",
    }
}

fn discriminator(is_request: bool, name: &str, value: Option<&str>) -> String {
    match (value, is_request) {
        (None, _) => format!("has another discriminator: {}", code(name)),
        (Some(value), true) => format!(
            "no longer takes {} as its discriminator {}",
            code(value),
            code(name)
        ),
        (Some(value), false) => {
            format!(
                "may have {} as its discriminator {}",
                code(value),
                code(name)
            )
        }
    }
}

fn format_words(was: Option<&str>, now: Option<&str>) -> String {
    match (was, now) {
        (Some(was), Some(now)) => {
            format!("has the format {} now, and had {}", code(now), code(was))
        }
        (None, Some(now)) => {
            format!("has the format {} now, and had none", code(now))
        }
        (was, None) => format!(
            "no longer has a format; it was {}",
            code(was.unwrap_or_default())
        ),
    }
}

fn alternative(is_request: bool, label: Option<&str>) -> String {
    let label = label.map(code);
    let label = label.as_deref().unwrap_or("one of its alternatives");
    match (is_request, label.starts_with('`')) {
        (true, _) => format!("is no longer taken as {label}"),
        (false, true) => format!("may be {label} now"),
        (false, false) => "has an alternative that it did not have".to_owned(),
    }
}

fn type_words(names: &[&'static str]) -> String {
    let words: Vec<String> = names.iter().map(|name| code(name)).collect();
    words.join(" or ")
}

fn types(is_request: bool, was: &[&'static str], now: &[&'static str], missing: &[&str]) -> String {
    match (was.is_empty(), now.is_empty()) {
        (true, false) => return format!("has the type {} now, and had none", type_words(now)),
        (false, true) => return format!("no longer has a type; it was {}", type_words(was)),
        _ => {}
    }
    if missing == ["null"] {
        let words = if is_request {
            "must not be null"
        } else {
            "may be null now"
        };
        return words.to_owned();
    }
    format!(
        "has the type {} now, and had {}",
        type_words(now),
        type_words(was)
    )
}

/// A keyword that was added, changed or removed, as far as that matters in the direction.
fn keyword(name: &str, is_request: bool, was: Option<&str>, now: Option<&str>) -> String {
    let shown = |text: &str| {
        if name == "pattern" {
            code(text)
        } else {
            plain(text)
        }
    };
    match (name, was, now) {
        ("oneOf", ..) => "has alternatives that accept the same value now".to_owned(),
        ("not" | "contains" | "propertyNames" | "dependentRequired", ..) if is_request => {
            format!("is restricted by `{name}` now")
        }
        ("not" | "contains" | "propertyNames" | "dependentRequired", ..) => {
            format!("is no longer restricted by `{name}` as it was")
        }
        ("uniqueItems", ..) if is_request => "must have unique items now".to_owned(),
        ("uniqueItems", ..) => "may have equal items now".to_owned(),
        (_, Some(was), Some(now)) => {
            format!("has {name} {} now, and had {}", shown(now), shown(was))
        }
        (_, None, Some(now)) => format!("has {name} {} now, and had none", shown(now)),
        (_, was, None) => format!("no longer has {name} {}", shown(was.unwrap_or_default())),
    }
}
