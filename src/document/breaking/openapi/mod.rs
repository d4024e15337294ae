//! OpenAPI 3.x and Swagger 2.0, and the one against the other.

mod operation;
mod paths;
mod security;
mod view;

use serde_json::Value;

use super::findings::{Findings, code, plain};
use super::schema::Schemas;
use paths::Paths;
use view::Api;

pub(super) fn is_openapi(root: &Value) -> bool {
    // A version that is written as a number is a number.
    ["openapi", "swagger"]
        .iter()
        .any(|key| root.get(key).is_some())
        && root.is_object()
}

pub(super) fn compare(before: &Value, after: &Value, findings: &mut Findings) {
    let (before, after) = (Api::new(before), Api::new(after));
    addresses(&before, &after, findings);
    let paths = Paths::of(&after);
    let mut schemas = Schemas::new(before.root, after.root);
    let mut number = 0;
    let mut any_inherits = false;
    for (path, item) in before.paths() {
        let was = before.operations(path, item);
        let Some((other_path, other_item)) = paths.find(&before, path) else {
            if !was.is_empty() {
                findings.breaks(&plain(path), "path removed");
            }
            continue;
        };
        let now = after.operations(other_path, other_item);
        for (method, operation) in &was {
            number += 1;
            let place = format!("{} {}", plain(method), plain(path));
            match now.get(method) {
                None => findings.breaks(&place, "operation removed"),
                Some(other) => {
                    let sides = operation::Sides {
                        place: &place,
                        number,
                        before: operation,
                        after: other,
                    };
                    sides.compare(&mut schemas, findings);
                    any_inherits |= sides.inherit_security();
                }
            }
        }
    }
    schemas.finish(findings);
    if any_inherits {
        security::of_api(&before, &after, findings);
    }
}

/// Removing an address breaks its callers unless it still responds, which no description says.
fn addresses(before: &Api<'_>, after: &Api<'_>, findings: &mut Findings) {
    if before.is_swagger != after.is_swagger {
        return;
    }
    let (was, now) = (before.addresses(), after.addresses());
    let gone = was.iter().filter(|address| !now.contains(address));
    for address in gone {
        let key = if before.is_swagger {
            "basePath"
        } else {
            "servers"
        };
        findings.caution(
            key,
            format!("the address {} is no longer listed", code(address)),
        );
    }
}
