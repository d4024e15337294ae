//! One name, one thing: no two types that other layers can see have the same name.

use std::collections::BTreeMap;

use regex::Regex;

use crate::architecture::files;

/// Names that say nothing by themselves: as `docs/style.md` asks of `Context`, they must say of what.
const SAYS_NOTHING: &[&str] = &["Context", "Manager", "Helper", "Util", "Info", "Item"];

#[test]
fn public_types_have_names_of_their_own() {
    let of_type =
        Regex::new(r"(?m)^\s*(pub(?:\(crate\))?) (?:struct|enum|union|trait|type) (\w+)").unwrap();
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for file in files("src") {
        for found in of_type.captures_iter(&file.text) {
            places
                .entry(found[2].to_owned())
                .or_default()
                .push(file.name.clone());
        }
    }
    assert!(places.len() > 300, "{} types are found", places.len());
    let shared: Vec<_> = places.iter().filter(|(_, files)| files.len() > 1).collect();
    assert!(shared.is_empty(), "the same name twice: {shared:#?}");
    let vague: Vec<_> = places
        .iter()
        .filter(|(name, _)| SAYS_NOTHING.contains(&name.as_str()))
        .collect();
    assert!(vague.is_empty(), "of what? {vague:#?}");
}
