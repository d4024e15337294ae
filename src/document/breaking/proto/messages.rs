//! Messages.

use super::model::{Message, Pair};
use super::{fields, oneofs, reserved};
use crate::document::breaking::findings::{Entry, Findings, Places, code, plain};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    for (name, was) in &pair.before.messages {
        let place = format!("message {}", plain(name));
        let Some(now) = pair.after.messages.get(name) else {
            // What is within a removed message goes with it.
            if is_outermost(name, pair) {
                let entry = Entry::new("proto-message-removed", "message removed");
                findings.add(&place, entry.within(Places::removed(&was.at, None)));
            }
            continue;
        };
        encoding(pair, &place, (was, now), findings);
        let reserved = (&was.reserved, &now.reserved);
        reserved::compare(&place, reserved, (&was.at, &now.at), findings);
        let rest = was.extension_ranges.without(&now.extension_ranges);
        if !rest.is_empty() {
            let words = format!(
                "no longer has the extension range {}",
                code(&rest.to_string())
            );
            let entry = Entry::new("proto-extension-range", words);
            findings.add(&place, entry.within(Places::changed(&was.at, &now.at)));
        }
        let owner = fields::Owner {
            place: &place,
            at: &now.at,
            reserved: Some(&now.reserved),
            is_extension: false,
        };
        fields::compare(pair, &owner, (&was.fields, &now.fields), findings);
        oneofs::compare(&place, (was, now), findings);
    }
}

/// Whether what is around something is still there.
pub(super) fn is_outermost(name: &str, pair: &Pair<'_>) -> bool {
    match name.rsplit_once('.') {
        Some((outer, _)) => pair.after.messages.contains_key(outer),
        None => true,
    }
}

fn encoding(
    pair: &Pair<'_>,
    place: &str,
    (was, now): (&Message, &Message),
    findings: &mut Findings,
) {
    let places = || Places::changed(&was.at, &now.at);
    if was.is_message_set != now.is_message_set {
        let words = match now.is_message_set {
            true => "is written as a message set now",
            false => "is no longer written as a message set",
        };
        let entry = Entry::new("proto-message-encoding", words);
        findings.add(place, entry.within(places()));
    }
    if was.has_json && !now.has_json && !pair.has_other_syntax() {
        let words = "is no longer promised to have a JSON form";
        let entry = Entry::new("proto-json-format", words);
        findings.add(place, entry.within(places()));
    }
}
