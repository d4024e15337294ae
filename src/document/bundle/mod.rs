//! A description that is split into several files, as one document.
//!
//! What references of the main file lead to in other files gets a place in the bundle: schemas and their
//! kin in `components`, `definitions` or `$defs`, everything else where the reference is. Nothing here
//! reads a file; [`bundle`] asks for files by their path.

mod copy;
mod difference;
mod family;
mod fields;
mod homes;
mod json_places;
mod links;
mod names;
mod parts;
mod problem;
mod reference;

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use regex::Regex;
use serde_json::{Map, Value};

use super::reading::Reading;
use crate::model::without_mark;
use crate::yaml;
use copy::Copier;
pub use copy::{AddressReference, BundledValue};
pub(super) use difference::is_same;
pub use difference::{first_difference, place, places_of, pointer_at};
use family::Family;
use fields::Position;
use homes::Homes;
pub use links::{LinkedText, TextReference};
use names::{Lift, places};
pub use parts::PartFile;
use parts::{Parts, Place};
pub use problem::{BundleProblem, BundleProblemKind};

/// What became of a description that refers to something outside its file.
#[derive(Debug, Clone)]
pub struct Bundle {
    /// The bundle; `None` if nothing in other files is referred to, or if there is a problem.
    pub text: Option<String>,
    /// The main file, and every other one that was read.
    pub files: Vec<PartFile>,
    /// Where the values of the bundle come from.
    pub pieces: Vec<BundledValue>,
    /// References to addresses.
    pub addresses: Vec<AddressReference>,
    /// What is wrong with references and parts.
    pub problems: Vec<BundleProblem>,
}

/// A reference that is not one within the same document, or what may be one.
static OUTWARD: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r#"\$ref["']?\s*:\s*["']?[^#"'\s]|\\u0024|discriminator(?s:.*)mapping"#;
    Regex::new(pattern).expect("the pattern is a constant")
});

/// Joins the description of the file `name` with the files that it refers to.
///
/// Paths are relative to the project, with `/` between their parts; `read` gives the text of a file.
/// `None` for a text that is not OpenAPI, AsyncAPI or JSON Schema, is not well-formed, or refers to nothing
/// outside of itself. The same files always give the same bytes. A bundle has at most `most_bytes` of values.
#[must_use]
pub fn bundle(
    name: &str,
    text: &str,
    most_bytes: usize,
    read: &mut dyn FnMut(&str) -> Option<Arc<str>>,
) -> Option<Bundle> {
    let text = without_mark(text);
    if !may_refer_outward(&Reading::new(text)) {
        return None;
    }
    let mut parts = Parts::new(name, text, read)?;
    let root = parts.root(0)?;
    let family = Family::of(&root.node)?;
    let homes = Homes::of(family, &mut parts);
    let none = BTreeMap::new();
    let first = copied(family, &mut parts, &homes, &none, &root, most_bytes);
    let mut problems = std::mem::take(&mut parts.problems);
    problems.extend(first.problems);
    let is_bundled = parts.files.len() > 1 || first.has_changed;
    if !is_bundled && problems.is_empty() && first.addresses.is_empty() {
        return None;
    }
    let mut bundle = Bundle {
        text: None,
        files: Vec::new(),
        pieces: Vec::new(),
        addresses: first.addresses,
        problems,
    };
    let is_fatal =
        |problem: &BundleProblem| !matches!(problem.kind, BundleProblemKind::DuplicateKey { .. });
    if is_bundled && !bundle.problems.iter().any(is_fatal) {
        let places = places(family, &parts, &homes, &first.lifts);
        let second = copied(family, &mut parts, &homes, &places, &root, most_bytes);
        bundle.pieces = second.pieces;
        bundle.text = Some(written(&second.value, text));
    }
    bundle.files = parts.files;
    Some(bundle)
}

/// Whether a text may refer to something outside of itself.
pub(super) fn may_refer_outward(reading: &Reading<'_>) -> bool {
    let text = reading.text;
    OUTWARD.is_match(text) && !(text.trim_start().starts_with('{') && is_whole(reading))
}

/// Whether a text is JSON that refers to nothing outside of itself. Reading it as such is much faster than as YAML.
fn is_whole(reading: &Reading<'_>) -> bool {
    reading.strict().is_some_and(|value| !refers_outward(value))
}

fn refers_outward(value: &Value) -> bool {
    let is_outward = |text: &str| !text.starts_with('#');
    // A name of a schema is not a file.
    let is_name = |text: &str| text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    match value {
        Value::Object(map) => {
            let reference = map.get("$ref").and_then(Value::as_str);
            let mapping = map
                .get("discriminator")
                .and_then(|value| value.get("mapping"));
            let mut mapped = mapping.and_then(Value::as_object).into_iter().flatten();
            reference.is_some_and(is_outward)
                || mapped.any(|(_, value)| {
                    value
                        .as_str()
                        .is_some_and(|text| is_outward(text) && !is_name(text))
                })
                || map.values().any(refers_outward)
        }
        Value::Array(items) => items.iter().any(refers_outward),
        _ => false,
    }
}

/// What a run over all values gives.
struct Copied {
    value: Value,
    lifts: BTreeMap<Lift, (Place, Position)>,
    pieces: Vec<BundledValue>,
    addresses: Vec<AddressReference>,
    problems: Vec<BundleProblem>,
    has_changed: bool,
}

/// Copies the main file, and then whatever is found to be lifted, until nothing new is found.
fn copied(
    family: Family,
    parts: &mut Parts<'_>,
    homes: &Homes,
    places: &BTreeMap<Lift, String>,
    root: &Place,
    most_bytes: usize,
) -> Copied {
    let mut copier = Copier::new(family, parts, homes, places, most_bytes);
    let mut value = copier.place(root, family.root(), "");
    let mut done: BTreeMap<Lift, Value> = BTreeMap::new();
    while let Some(lift) = copier.waiting.pop_first() {
        let (target, position) = copier.lifts[&lift].clone();
        let place = places.get(&lift).cloned().unwrap_or_default();
        let depth = |pointer: &str| pointer.matches('/').count();
        let copy = match depth(&place) > depth(lift.section) + 1 {
            // It is part of another value that is lifted.
            true => Value::Null,
            false => copier.place(&target, position, &place),
        };
        done.insert(lift, copy);
    }
    let (lifts, pieces, addresses) = (copier.lifts, copier.pieces, copier.addresses);
    let (problems, has_changed) = (copier.problems, copier.has_changed);
    let mut lifted: Vec<(&String, Value)> = done
        .into_iter()
        .filter_map(|(lift, value)| Some((places.get(&lift)?, value)))
        .filter(|(_, value)| !value.is_null())
        .collect();
    lifted.sort_by(|a, b| a.0.cmp(b.0));
    for (place, copy) in lifted {
        insert(&mut value, place, copy);
    }
    Copied {
        value,
        lifts,
        pieces,
        addresses,
        problems,
        has_changed,
    }
}

/// Puts a value at a pointer; mappings on the way are made.
fn insert(root: &mut Value, pointer: &str, value: Value) {
    let mut steps: Vec<String> = reference::steps(pointer).collect();
    let Some(name) = steps.pop() else { return };
    let mut current = root;
    for step in steps {
        let Value::Object(map) = current else { return };
        let below = map.entry(step).or_insert_with(|| Value::Object(Map::new()));
        if below.is_null() {
            *below = Value::Object(Map::new());
        }
        current = below;
    }
    if let Value::Object(map) = current {
        map.insert(name, value);
    }
}

/// The bundle in the notation of the main file.
fn written(value: &Value, main: &str) -> String {
    if main.trim_start().starts_with('{') {
        format!("{value:#}\n")
    } else {
        yaml::emit(value)
    }
}

#[cfg(test)]
mod tests;
