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
        What::Unknown { .. } => "schema-undecided",
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
    let subject = match path {
        "" => part.to_owned(),
        path => format!("{part}: `{}`", plain(path)),
    };
    let is_request = direction == Direction::Request;
    of_values(&subject, is_request, what)
        .or_else(|| of_properties(part, path, is_request, what))
        .unwrap_or_else(|| of_alternatives(&subject, is_request, what))
}

/// Types, values and keywords.
fn of_values(subject: &str, is_request: bool, what: &What) -> Option<String> {
    Some(match what {
        What::Types {
            narrow,
            wide,
            missing,
        } => {
            let (was, now) = if is_request {
                (narrow, wide)
            } else {
                (wide, narrow)
            };
            format!("{subject} {}", types(is_request, was, now, missing))
        }
        What::Values {
            missing,
            wide,
            is_listed,
        } => {
            let names = |all: &[String]| codes(all.iter().map(String::as_str));
            match (is_request, is_listed) {
                (true, true) => format!("{subject} no longer takes {}", names(missing)),
                (true, false) => format!("{subject} takes nothing but {} now", names(wide)),
                (false, true) => format!("{subject} may be {} now", names(missing)),
                (false, false) => format!("{subject} may be more than {} now", names(wide)),
            }
        }
        What::Keyword { name, narrow, wide } => {
            let (was, now) = if is_request {
                (narrow, wide)
            } else {
                (wide, narrow)
            };
            format!(
                "{subject} {}",
                keyword(name, is_request, was.as_deref(), now.as_deref())
            )
        }
        What::Format { narrow, wide } => {
            let (was, now) = if is_request {
                (narrow.as_deref(), Some(wide.as_str()))
            } else {
                (Some(wide.as_str()), narrow.as_deref())
            };
            format_words(subject, was, now)
        }
        _ => return None,
    })
}

fn format_words(subject: &str, was: Option<&str>, now: Option<&str>) -> String {
    match (was, now) {
        (Some(was), Some(now)) => format!(
            "{subject} has the format {} now, and had {}",
            code(now),
            code(was)
        ),
        (None, Some(now)) => {
            format!("{subject} has the format {} now, and had none", code(now))
        }
        (was, None) => format!(
            "{subject} no longer has a format; it was {}",
            code(was.unwrap_or_default())
        ),
    }
}

/// One property of an object.
fn of_properties(part: &str, path: &str, is_request: bool, what: &What) -> Option<String> {
    let dot = if path.is_empty() { "" } else { "." };
    let property = |name: &str| {
        format!(
            "{part}: property `{}`",
            plain(&format!("{path}{dot}{name}"))
        )
    };
    Some(match what {
        What::Required { name, is_declared } => {
            let verb = match (is_request, is_declared) {
                (true, true) => "is now required",
                (true, false) => "is new and required",
                (false, true) => "may be absent now",
                (false, false) => "removed",
            };
            format!("{} {verb}", property(name))
        }
        What::Removed { name } => format!("{} removed", property(name)),
        What::Undescribed { name } => format!("{} is described now", property(name)),
        What::Hidden { name } => format!("{} is read-only now", property(name)),
        What::Closed { name: Some(name) } => {
            let verb = if is_request {
                "is no longer taken"
            } else {
                "is new, and others were ruled out"
            };
            format!("{} {verb}", property(name))
        }
        _ => return None,
    })
}

/// Alternatives, discriminators, defaults, and what cannot be said.
fn of_alternatives(subject: &str, is_request: bool, what: &What) -> String {
    match what {
        What::Closed { name: None } => {
            let verb = if is_request {
                "no longer takes properties that it does not name"
            } else {
                "may have properties that it does not name"
            };
            format!("{subject} {verb}")
        }
        What::Alternative { label } => alternative_words(subject, is_request, label.as_deref()),
        What::Overlap => format!("{subject} has alternatives that overlap"),
        What::Discriminator { name, value: None } => {
            format!("{subject} has another discriminator: {}", code(name))
        }
        What::Discriminator {
            name,
            value: Some(value),
        } => {
            let verb = if is_request {
                "no longer takes"
            } else {
                "may have"
            };
            format!(
                "{subject} {verb} {} as its discriminator {}",
                code(value),
                code(name)
            )
        }
        What::Default {
            was,
            now: Some(now),
        } => format!(
            "{subject} has the default {} now, and had {}",
            code(now),
            code(was)
        ),
        What::Default { was, now: None } => {
            format!("{subject} no longer has a default; it was {}", code(was))
        }
        What::Unknown { reason } => {
            format!("{subject} changed, and whether that breaks cannot be said: {reason}")
        }
        _ => subject.to_owned(),
    }
}

fn alternative_words(subject: &str, is_request: bool, label: Option<&str>) -> String {
    let label = label.map(code);
    let label = label.as_deref().unwrap_or("one of its alternatives");
    match (is_request, label.starts_with('`')) {
        (true, _) => format!("{subject} is no longer taken as {label}"),
        (false, true) => format!("{subject} may be {label} now"),
        (false, false) => format!("{subject} has an alternative that it did not have"),
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
