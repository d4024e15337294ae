//! The rules for protocol buffers.

use crate::document::breaking::rule::{BreakingRule, rule};

/// The weightiest first.
pub(in crate::document::breaking) static RULES: &[BreakingRule] = &[
    rule("proto-service-removed", "A service was removed."),
    rule("proto-rpc-removed", "An rpc was removed."),
    rule("proto-message-removed", "A message was removed."),
    rule("proto-enum-removed", "An enum was removed."),
    rule(
        "proto-field-removed",
        "A field was removed; a caution if its number and its name are reserved.",
    ),
    rule(
        "proto-value-removed",
        "A value of an enum was removed; a caution if its number and its name are reserved.",
    ),
    rule(
        "proto-extension-removed",
        "A field that extends a message was removed.",
    ),
    rule(
        "proto-http",
        "An rpc is no longer bound to a method and a path, or to the same body and fields of the path.",
    ),
    rule(
        "proto-package",
        "The package, which is part of all names, changed.",
    ),
    rule("proto-rpc-type", "An rpc takes or returns another message."),
    rule(
        "proto-rpc-streaming",
        "An rpc takes or returns a stream now, or no longer.",
    ),
    rule("proto-field-number", "A field has another number."),
    rule(
        "proto-field-type",
        "A field has another type; a caution if values that both types have are read as before.",
    ),
    rule(
        "proto-field-name",
        "A field has another name; a caution if its JSON name is the same.",
    ),
    rule("proto-field-json-name", "A field has another name in JSON."),
    rule(
        "proto-field-cardinality",
        "A field is repeated now, or no longer.",
    ),
    rule(
        "proto-field-required",
        "A field is required now, or no longer.",
    ),
    rule(
        "proto-field-oneof",
        "A field moved into a oneof, out of it or to another one; a caution if it is the only one there.",
    ),
    rule(
        "proto-value-number",
        "A value of an enum has another number.",
    ),
    rule(
        "proto-value-name",
        "A value of an enum has another name, or lost one; a caution if only JSON is written with another one.",
    ),
    rule("proto-field-default", "A field has another default value."),
    rule(
        "proto-enum-default",
        "An enum begins with another value, which absent fields have.",
    ),
    rule(
        "proto-enum-closed",
        "An enum refuses numbers without a value, or accepts them now (caution).",
    ),
    rule(
        "proto-message-encoding",
        "A message is written as a message set, or no longer.",
    ),
    rule(
        "proto-json-format",
        "A message or an enum is no longer promised to have a JSON form.",
    ),
    rule(
        "proto-extension-range",
        "Numbers are no longer free for extensions.",
    ),
    rule(
        "proto-reserved-removed",
        "Numbers or names are no longer reserved and may be used again.",
    ),
    rule(
        "proto-field-presence",
        "A field differs between absent and its default value now, or no longer.",
    ),
    rule("proto-syntax", "The file has another syntax."),
    rule(
        "proto-utf8",
        "Texts are checked to be UTF-8 now, or no longer.",
    ),
    rule(
        "proto-idempotency",
        "An rpc is no longer said to be safe to repeat.",
    ),
    rule("proto-oneof-renamed", "A oneof has another name."),
    rule(
        "proto-generated-code",
        "An option that changes generated code has another value.",
    ),
    rule(
        "proto-undecided",
        "A file with an edition cannot be read, so whether something breaks cannot be said.",
    ),
];
