//! What the headers of messages contain.

use std::collections::BTreeMap;

use super::parts::{Contents, Sides};
use super::view::{Api, Part};
use crate::document::breaking::findings::{Findings, code};
use crate::document::breaking::inclusion::Direction;

/// A header, by the operation, the direction and its name.
type Headers<'t> = BTreeMap<(String, Direction, String), Part<'t>>;

/// Compares the headers that two bindings both have.
pub(super) fn compare<'t>(
    place: &str,
    (before, was): (&Api<'t>, usize),
    (after, now): (&Api<'t>, usize),
    contents: &mut Contents<'_, 't>,
    number: &mut usize,
    findings: &mut Findings,
) {
    let others = headers(after, now);
    for (key, part) in headers(before, was) {
        let Some(other) = others.get(&key) else {
            continue;
        };
        *number += 1;
        let (operation, direction, header) = key;
        let side = match direction {
            Direction::Request => "input",
            Direction::Response => "output",
        };
        let what = format!(
            "operation {}: header {} of the {side}",
            code(&operation),
            code(&header)
        );
        let sides = Sides {
            place,
            what: &what,
            direction,
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
            let direction = match &*tree.node(side).name.local {
                "input" => Direction::Request,
                "output" => Direction::Response,
                _ => continue,
            };
            for header in &tree.node(side).children {
                let node = tree.node(*header);
                if node.name.local != "header" {
                    continue;
                }
                if let Some(part) = api.part(*header) {
                    let label = api.header_name(*header);
                    found.insert((name.to_owned(), direction, label), part);
                }
            }
        }
    }
    found
}
