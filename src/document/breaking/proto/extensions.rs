//! Fields that extend messages.

use std::collections::BTreeSet;

use super::fields;
use super::model::{Fields, Pair};
use crate::document::breaking::findings::{Findings, plain};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    let none = Fields::default();
    let names = pair
        .before
        .extensions
        .keys()
        .chain(pair.after.extensions.keys());
    let names: BTreeSet<&String> = names.collect();
    for name in names {
        let was = pair.before.extensions.get(name).unwrap_or(&none);
        let now = pair.after.extensions.get(name).unwrap_or(&none);
        let place = format!("extensions of {}", plain(name));
        let owner = fields::Owner {
            place: &place,
            at: pair
                .after
                .messages
                .get(name)
                .map_or(&pair.after.package_at, |it| &it.at),
            reserved: None,
            is_extension: true,
        };
        fields::compare(pair, &owner, (was, now), findings);
    }
}
