//! WSDL: the operations of its port types.

use std::collections::{BTreeMap, BTreeSet};

use super::findings::{Findings, code, plain};
use crate::document::xml::{self, Element};

type PortTypes = BTreeMap<String, BTreeSet<String>>;

pub(super) fn compare(before: &str, after: &str, findings: &mut Findings) {
    let (Some(was), Some(now)) = (read(before), read(after)) else {
        return;
    };
    for (name, operations) in &was {
        let place = format!("port type {}", plain(name));
        let Some(others) = now.get(name) else {
            findings.breaks(&place, "port type removed");
            continue;
        };
        for operation in operations.difference(others) {
            findings.breaks(&place, format!("operation {} removed", code(operation)));
        }
    }
}

/// The operations by port type, or by interface as WSDL 2.0 calls it; `None` if this is not WSDL.
fn read(text: &str) -> Option<PortTypes> {
    let elements = xml::elements(text)?;
    let root = elements.first()?;
    if !matches!(root.local, "definitions" | "description") {
        return None;
    }
    let mut types = PortTypes::new();
    let mut current = None;
    for Element {
        depth, local, name, ..
    } in elements
    {
        match (depth, local) {
            (1, "portType" | "interface") => {
                let name = name.unwrap_or_default();
                types.entry(name.clone()).or_default();
                current = Some(name);
            }
            (1, _) => current = None,
            (2, "operation") => {
                if let (Some(current), Some(name)) = (&current, name) {
                    types.entry(current.clone()).or_default().insert(name);
                }
            }
            _ => {}
        }
    }
    Some(types)
}
