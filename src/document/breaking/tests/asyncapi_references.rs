//! AsyncAPI: messages without a name, references that lead nowhere, and many channels.

use super::asyncapi::v2;
use super::{finds, found};

/// Messages without a name are known by what they say: each must be one of the others.
#[test]
fn messages_without_a_name_are_judged_one_by_one() {
    let of = |key: &str, message: &str| v2(&format!("{key}: {{message: {message}}}"));
    let a = "{payload: {type: object, required: [a], properties: {a: {type: string}}}}";
    let b = "{payload: {type: object, required: [b], properties: {b: {type: string}}}}";
    let both = "{payload: {type: object, properties: {a: {type: string}, b: {type: string}}}}";
    let several = |all: &[&str]| format!("{{oneOf: [{}]}}", all.join(", "));
    let sent = |was: &str, now: &str, expected: &[&str]| {
        finds(&of("publish", was), &of("publish", now), expected);
    };
    let ab = several(&[a, b]);
    sent(&ab, &several(&[b, a]), &[]);
    sent(&ab, both, &[]);
    sent(a, &ab, &[]);
    sent(
        &ab,
        a,
        &["publish orders/{id}: message is no longer taken as one of the messages"],
    );
    sent(
        both,
        &ab,
        &["publish orders/{id}: message is no longer taken as one of the messages"],
    );
    let optional = a.replace("required: [a], ", "");
    sent(&ab, &several(&[b, &optional]), &[]);
    sent(
        &ab,
        &several(&[&a.replace("string", "integer"), b]),
        &["publish orders/{id}: message: `a` has the type `integer` now, and had `string`"],
    );
    let received = |was: &str, now: &str, expected: &[&str]| {
        finds(&of("subscribe", was), &of("subscribe", now), expected);
    };
    received(&ab, a, &["caution: subscribe orders/{id}: message removed"]);
    received(
        both,
        &ab,
        &[
            "caution: subscribe orders/{id}: message may be sent now and is none of the messages that were",
            "caution: subscribe orders/{id}: message removed",
        ],
    );
    received(
        a,
        &ab,
        &[
            "caution: subscribe orders/{id}: message may be sent now and is none of the messages that were",
        ],
    );
}

/// What a reference cannot lead to is said, and nothing is claimed about it.
#[test]
fn references_that_lead_nowhere_are_cautions() {
    let of = |message: &str, more: &str| {
        format!(
            "asyncapi: 3.0.0\ninfo: {{title: T, version: '1'}}\nchannels:\n  a: {{address: a, messages: {{m: {{$ref: '#/components/messages/M'}}}}}}\n\
             operations:\n  o: {{action: receive, channel: {{$ref: '#/channels/a'}}}}\ncomponents:\n  messages:\n    M: {message}\n{more}"
        )
    };
    let plain = of("{payload: {type: string}}", "");
    let circle = of(
        "{$ref: '#/components/messages/N'}",
        "    N: {$ref: '#/components/messages/M'}\n",
    );
    finds(&circle, &circle, &[]);
    for (before, after, word) in [(&plain, &circle, "cannot"), (&circle, &plain, "could not")] {
        let found = found(before, after);
        assert!(!found.is_empty());
        for line in found {
            assert!(
                line.starts_with("caution: document: the reference `#/components/messages/"),
                "{line}"
            );
            assert!(
                line.contains(&format!("which leads back to itself, {word} be followed")),
                "{line}"
            );
        }
    }
    for (message, reason) in [
        (
            "{$ref: 'https://x.example/m.yaml'}",
            "which leads to another document",
        ),
        (
            "{$ref: '#/components/messages/Far'}",
            "which names nothing in the document",
        ),
    ] {
        let found = found(&plain, &of(message, ""));
        assert!(!found.is_empty());
        for line in found {
            assert!(
                line.starts_with("caution: document: ") && line.contains(reason),
                "{line}"
            );
        }
    }
    let with_trait = |kind: &str| {
        of(
            "{traits: [{$ref: '#/components/messageTraits/T'}], payload: {type: string}}",
            &format!("  messageTraits: {{T: {kind}}}\n"),
        )
    };
    let lines = found(
        &with_trait("{headers: {type: object}}"),
        &with_trait("{$ref: '#/components/messageTraits/T'}"),
    );
    assert!(lines.iter().any(|line| line.contains("`#/components/messageTraits/T`, which leads back to itself")), "{lines:?}");
    for (old, new) in [
        (
            "  a: {address: a, messages: {m: {$ref: '#/components/messages/M'}}}\n",
            "  a: {$ref: '#/channels/b'}\n  b: {$ref: '#/channels/a'}\n",
        ),
        (
            "  o: {action: receive, channel: {$ref: '#/channels/a'}}\n",
            "  o: {$ref: '#/operations/p'}\n  p: {$ref: '#/operations/o'}\n",
        ),
    ] {
        assert!(plain.contains(old));
        let found = found(&plain, &plain.replace(old, new));
        assert!(!found.is_empty());
        assert!(
            found.iter().all(|line| line.starts_with("caution: ")),
            "{found:?}"
        );
    }
}

/// Thousands of channels are looked up, not searched.
#[test]
fn many_channels_are_paired() {
    use std::fmt::Write as _;
    let of = |count: usize| {
        let (mut channels, mut operations) = (String::new(), String::new());
        for n in 0..count {
            let _ = writeln!(
                channels,
                "  c{n}: {{address: a/{n}, messages: {{m: {{}}}}}}"
            );
            let _ = writeln!(
                operations,
                "  o{n}: {{action: send, channel: {{$ref: '#/channels/c{n}'}}, reply: {{channel: {{$ref: '#/channels/c{}'}}}}}}",
                n / 2
            );
        }
        format!(
            "asyncapi: 3.0.0\ninfo: {{title: T, version: '1'}}\nchannels:\n{channels}operations:\n{operations}"
        )
    };
    let many = of(3000);
    finds(&many, &many, &[]);
    let renamed = many
        .replace("  c2999:", "  other:")
        .replace("channels/c2999'", "channels/other'");
    finds(&many, &renamed, &[]);
}
