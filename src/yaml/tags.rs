//! Explicit tags, such as `!!str`.

use granit_parser::Tag;

use super::core_schema;

/// `!!str` for `tag:yaml.org,2002:str`, however that was written; other tags as they were written.
pub(super) fn short(tag: &Tag) -> String {
    match tag.core_suffix() {
        Some(name) => format!("!!{name}"),
        None => tag.original(),
    }
}

/// What is wrong with the tag of a scalar.
pub(super) fn scalar_problem(tag: &str, text: &str) -> Option<String> {
    match core_schema::fits(tag, text) {
        Some(true) => None,
        Some(false) => Some(format!("the value is not what its tag `{tag}` says")),
        None => Some(unknown(tag)),
    }
}

/// What is wrong with the tag of a list or a mapping, whose own tag is `right`.
pub(super) fn collection_problem(tag: &str, right: &str) -> Option<String> {
    (tag != right && tag != "!").then(|| unknown(tag))
}

fn unknown(tag: &str) -> String {
    format!("the tag `{tag}` means nothing here")
}
