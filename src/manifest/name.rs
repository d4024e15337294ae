//! Resource names, and what to call a resource whose name is refused.

use crate::model::{
    Certainty, Diagnostic, Diagnostics, Fix, NAME_LENGTHS, Span, code, is_name_character,
    is_resource_name,
};

/// Reports a name that no resource can have, with one that it can.
pub(super) fn check(name: &str, span: Span, diagnostics: &mut Diagnostics) {
    if is_resource_name(name) {
        return;
    }
    let why = if let Some(bad) = name.chars().find(|c| !is_name_character(*c)) {
        format!("`{bad}` is not allowed in a name")
    } else if name.is_empty() {
        "a name cannot be empty".to_owned()
    } else if name.len() > *NAME_LENGTHS.end() {
        "longer than 90 characters".to_owned()
    } else {
        "a step of a path, not a name".to_owned()
    };
    let mut diagnostic = Diagnostic::error(
        code::BAD_NAME,
        format!("the service refuses the name `{name}`"),
    )
    .at(span, why);
    let rule = "names are 1 to 90 letters, digits, dots and hyphens";
    diagnostic = match suggestion(name) {
        // What refers to the name has to follow.
        Some(better) => diagnostic
            .help(format!("{rule}: write `{better}`"))
            .fix(Fix::write(Certainty::Suggested, span, better)),
        None => diagnostic.help(rule),
    };
    diagnostics.push(diagnostic);
}

/// A valid name near a refused one: other characters become hyphens.
pub(crate) fn suggestion(name: &str) -> Option<String> {
    let mut better = String::new();
    for c in name.chars() {
        let c = if is_name_character(c) { c } else { '-' };
        if c != '-' || !better.ends_with('-') {
            better.push(c);
        }
    }
    let better = better.trim_matches(['-', '.']).to_owned();
    Some(better).filter(|better| is_resource_name(better))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_characters_get_a_valid_suggestion() {
        for (name, better) in [
            ("1_0", Some("1-0")),
            ("v 1.2", Some("v-1.2")),
            ("my_api v2", Some("my-api-v2")),
            ("__", None),
            ("..", None),
            ("", None),
            ("é", None),
        ] {
            assert_eq!(suggestion(name).as_deref(), better, "{name}");
        }
    }
}
