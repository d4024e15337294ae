//! Options that change nothing but generated code.

use std::collections::{BTreeMap, BTreeSet};

use super::options::Options;
use crate::document::breaking::findings::{DocumentPlace, Entry, Findings, Places, code};

const OF_FILES: [&str; 20] = [
    "go_package",
    "java_package",
    "java_outer_classname",
    "java_multiple_files",
    "java_generic_services",
    "java_string_check_utf8",
    "optimize_for",
    "cc_generic_services",
    "cc_enable_arenas",
    "py_generic_services",
    "csharp_namespace",
    "objc_class_prefix",
    "php_class_prefix",
    "php_namespace",
    "php_metadata_namespace",
    "php_generic_services",
    "ruby_package",
    "swift_prefix",
    "features.(pb.java).utf8_validation",
    "features.(pb.cpp).string_type",
];

const OF_FIELDS: [&str; 4] = [
    "ctype",
    "jstype",
    "features.(pb.cpp).string_type",
    "features.(pb.java).utf8_validation",
];

pub(super) fn of_file(options: &Options, package: &str) -> BTreeMap<&'static str, String> {
    let mut found = of(options, &OF_FILES);
    // What Java does without the option.
    if found
        .get("java_package")
        .is_some_and(|name| name == package)
    {
        found.remove("java_package");
    }
    found
}

pub(super) fn of_field(options: &Options) -> BTreeMap<&'static str, String> {
    of(options, &OF_FIELDS)
}

fn of(options: &Options, names: &[&'static str]) -> BTreeMap<&'static str, String> {
    names
        .iter()
        .filter_map(|name| {
            let path = path(name);
            let value = options.text(&path)?;
            (value != default(name)).then(|| (*name, value.to_owned()))
        })
        .collect()
}

/// What holds unless it is stated.
fn default(name: &str) -> &'static str {
    match name {
        "cc_enable_arenas" => "true",
        "optimize_for" => "SPEED",
        "jstype" => "JS_NORMAL",
        "ctype" | "features.(pb.cpp).string_type" => "STRING",
        "features.(pb.java).utf8_validation" => "DEFAULT",
        _ => "false",
    }
}

/// The parts of a name; that of an extension has dots of its own.
fn path(name: &'static str) -> Vec<&'static str> {
    match name.split_once(".(") {
        Some((first, _)) => {
            let rest = &name[first.len() + 1..];
            let mut parts = vec![first];
            match rest.split_once(").") {
                Some((extension, last)) => parts.extend([&rest[..=extension.len()], last]),
                None => parts.push(rest),
            }
            parts
        }
        None => vec![name],
    }
}

/// What is said of options that are not what they were.
pub(super) fn compare(
    place: &str,
    lead: &str,
    (was, now): (
        &BTreeMap<&'static str, String>,
        &BTreeMap<&'static str, String>,
    ),
    (before, after): (&DocumentPlace, &DocumentPlace),
    findings: &mut Findings,
) {
    let names: BTreeSet<&str> = was.keys().chain(now.keys()).copied().collect();
    for name in names {
        let words = match (was.get(name), now.get(name)) {
            (Some(was), Some(now)) if was == now => continue,
            (Some(was), Some(now)) => format!("is {} now, and was {}", code(now), code(was)),
            (None, Some(now)) => format!("is {} now, and was not set", code(now)),
            (was, None) => {
                let was = was.map(String::as_str).unwrap_or_default();
                format!("is no longer set; it was {}", code(was))
            }
        };
        let words = format!(
            "{lead}option {} {words}: generated code differs",
            code(name)
        );
        let entry = Entry::caution("proto-generated-code", words);
        findings.add(place, entry.within(Places::changed(before, after)));
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn names_of_extensions_have_dots_of_their_own() {
        assert_eq!(path("jstype"), ["jstype"]);
        assert_eq!(
            path("features.(pb.cpp).string_type"),
            ["features", "(pb.cpp)", "string_type"]
        );
    }
}
