//! What the headers of messages contain.

use std::collections::BTreeMap;

use super::parts::{Contents, Sides};
use super::view::{Api, Part};
use crate::document::breaking::findings::{Findings, code, line};
use crate::document::breaking::inclusion::Direction;

/// A header, by the operation, the direction and its name.
type Headers<'t> = BTreeMap<(String, &'static str, String), Part<'t>>;

/// Compares the headers that two bindings both have.
pub(super) fn compare<'t>(
    (before, was): (&Api<'t>, usize),
    (after, now): (&Api<'t>, usize),
    contents: &mut Contents<'_, 't>,
    number: &mut usize,
    findings: &mut Findings,
) {
    let name = before.tree.node(was).attribute("name").unwrap_or_default();
    let place = format!("binding {}", line(name));
    let others = headers(after, now);
    for ((operation, side, header), part) in headers(before, was) {
        let key = (operation, side, header);
        let Some(other) = others.get(&key) else {
            continue;
        };
        *number += 1;
        let what = format!(
            "operation {}: header {} of the {side}",
            code(&key.0),
            code(&key.2)
        );
        let sides = Sides {
            place: &place,
            what: &what,
            direction: if side == "input" {
                Direction::Request
            } else {
                Direction::Response
            },
            number: *number,
            part_order: None,
        };
        contents.part(sides, &part, other, findings);
    }
}

fn headers<'t>(api: &Api<'t>, binding: usize) -> Headers<'t> {
    let mut found = Headers::new();
    let tree = api.tree;
    for operation in api.own(binding) {
        let name = tree.node(operation).attribute("name").unwrap_or_default();
        for side in api.own(operation) {
            let word = match &*tree.node(side).name.local {
                "input" => "input",
                "output" => "output",
                _ => continue,
            };
            for header in &tree.node(side).children {
                let node = tree.node(*header);
                if node.name.local != "header" {
                    continue;
                }
                if let Some(part) = api.part(*header) {
                    let label = api.header_name(*header);
                    found.insert((name.to_owned(), word, label), part);
                }
            }
        }
    }
    found
}
