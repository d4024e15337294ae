//! Services and their rpcs.

use super::bindings;
use super::model::{Pair, Rpc, Stream};
use crate::document::breaking::findings::{Entry, Findings, Places, code, plain};

pub(super) fn compare(pair: &Pair<'_>, findings: &mut Findings) {
    for (name, was) in &pair.before.services {
        let place = format!("service {}", plain(name));
        let Some(now) = pair.after.services.get(name) else {
            let entry = Entry::new("proto-service-removed", "service removed");
            findings.add(&place, entry.within(Places::removed(&was.at, None)));
            continue;
        };
        for (name, rpc) in &was.rpcs {
            match now.rpcs.get(name) {
                Some(other) => compare_rpcs(pair, &place, (name, rpc, other), findings),
                None => {
                    let since = if rpc.is_deprecated {
                        "; it was deprecated"
                    } else {
                        ""
                    };
                    let words = format!("rpc {} removed{since}", code(name));
                    let places = Places::removed(&rpc.at, Some(&now.at));
                    findings.add(
                        &place,
                        Entry::new("proto-rpc-removed", words).within(places),
                    );
                }
            }
        }
    }
}

fn compare_rpcs(
    pair: &Pair<'_>,
    place: &str,
    (name, was, now): (&str, &Rpc, &Rpc),
    findings: &mut Findings,
) {
    let places = || Places::changed(&was.at, &now.at);
    for (verb, before, after) in [
        ("takes", &was.takes, &now.takes),
        ("returns", &was.returns, &now.returns),
    ] {
        let rule = match before.of.is_same(&after.of) {
            false => "proto-rpc-type",
            true if before.is_stream != after.is_stream => "proto-rpc-streaming",
            true => continue,
        };
        let (before, after) = (code(&shown(before)), code(&shown(after)));
        let words = format!(
            "the rpc {} {verb} {after} now, and not {before}",
            code(name)
        );
        findings.add(place, Entry::new(rule, words).within(places()));
    }
    if now.idempotency < was.idempotency {
        let words = match was.idempotency {
            2 => "is no longer said to have no side effects",
            _ => "is no longer said to be idempotent",
        };
        let words = format!("the rpc {} {words}", code(name));
        let entry = Entry::caution("proto-idempotency", words);
        findings.add(place, entry.within(places()));
    }
    bindings::compare(pair, place, (name, was, now), findings);
}

fn shown(stream: &Stream) -> String {
    let word = if stream.is_stream { "stream " } else { "" };
    format!("{word}{}", stream.of.name)
}
