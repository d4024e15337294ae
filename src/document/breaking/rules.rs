//! Every rule by which a breaking change is found: its stable name, what it means, and its weight.

use std::sync::LazyLock;

use super::rule::{BreakingRule, rule};
use super::{graphql, proto};

/// All rules. Within a format the weightiest is first: what was removed, what callers must do, what values may be, what
/// is unclear.
pub static BREAKING_RULES: LazyLock<Vec<BreakingRule>> =
    LazyLock::new(|| [COMMON, graphql::RULES, proto::RULES].concat());

static COMMON: &[BreakingRule] = &[
    rule(
        "path-removed",
        "A path was removed, with all its operations.",
    ),
    rule("channel-removed", "A channel was removed."),
    rule("port-type-removed", "A port type was removed."),
    rule("port-removed", "A service or a port of it was removed."),
    rule(
        "operation-removed",
        "A method of a path, or another operation, was removed.",
    ),
    rule("webhook-removed", "A webhook was removed."),
    rule(
        "callback-removed",
        "A callback of an operation, or one of its requests, was removed.",
    ),
    rule(
        "message-removed",
        "A message is no longer accepted, or no longer sent.",
    ),
    rule("reply-removed", "The reply to a message was removed."),
    rule("response-removed", "A response of success was removed."),
    rule(
        "body-removed",
        "The body of a request is no longer accepted.",
    ),
    rule("content-removed", "A response no longer has content."),
    rule(
        "media-type-removed",
        "A media type is no longer accepted or returned.",
    ),
    rule(
        "namespace-changed",
        "A service or an element has another namespace.",
    ),
    rule(
        "operation-pattern",
        "An operation no longer has its response, or has one now.",
    ),
    rule(
        "message-part",
        "A part of a message was added, changed or removed.",
    ),
    rule(
        "element-order",
        "Elements come in another order, or the parts of a message do.",
    ),
    rule("soap-action", "An operation has another SOAP action."),
    rule("channel-address", "A channel has another address."),
    rule(
        "operation-action",
        "The application sends what it received, or receives what it sent.",
    ),
    rule("operation-channel", "An operation uses another channel."),
    rule(
        "reply-changed",
        "A reply goes another way, or is expected now.",
    ),
    rule("server-protocol", "A server has another protocol."),
    rule(
        "correlation-id",
        "The value that connects messages is somewhere else, or was removed.",
    ),
    rule(
        "parameter-location",
        "The value of a parameter is taken from another part of the message.",
    ),
    rule(
        "parameter-removed",
        "A parameter that callers send was removed.",
    ),
    rule("header-removed", "A header of a response was removed."),
    rule(
        "property-removed",
        "A property that a response may have had was removed.",
    ),
    rule(
        "security",
        "Credentials or scopes that were enough are not.",
    ),
    rule("security-flow", "A flow to get a token was removed."),
    rule(
        "parameter-required",
        "A parameter became required, or is new and required.",
    ),
    rule("body-required", "The body of a request became required."),
    rule(
        "property-required",
        "A property of a request became required, or is new and required.",
    ),
    rule(
        "parameter-empty",
        "A parameter no longer takes an empty value.",
    ),
    rule(
        "parameter-style",
        "The values of a parameter are written in another way.",
    ),
    rule(
        "object-closed",
        "A request no longer accepts properties that it accepted.",
    ),
    rule(
        "schema-type",
        "A type is no longer accepted in a request, or is new in a response.",
    ),
    rule(
        "schema-values",
        "A value of a list is no longer accepted in a request, or is new in a response.",
    ),
    rule(
        "schema-constraint",
        "A bound, a length, a pattern or the like forbids what was allowed in a request, or no longer holds in a response.",
    ),
    rule(
        "schema-alternative",
        "An alternative of `oneOf` or `anyOf` is no longer accepted in a request, or is new in a response.",
    ),
    rule(
        "schema-format",
        "The format of a value changed, was added or was removed.",
    ),
    rule(
        "discriminator",
        "The property or the `xsi:type` that names the alternative, or one of its values, changed.",
    ),
    rule(
        "property-optional",
        "A property that a response always had may be absent.",
    ),
    rule(
        "parameter-optional",
        "A parameter that a callback or webhook always sent may be absent.",
    ),
    rule(
        "body-optional",
        "The body that a callback or webhook always sent may be absent.",
    ),
    rule(
        "header-optional",
        "A header that a response always had may be absent.",
    ),
    rule(
        "object-opened",
        "A response may have properties that it ruled out.",
    ),
    rule(
        "property-direction",
        "A property that callers sent is read-only.",
    ),
    rule(
        "media-type-range",
        "A range of media types became narrower, or replaces one.",
    ),
    rule(
        "binding-changed",
        "What is particular to a protocol was added, changed or removed.",
    ),
    rule("fault-changed", "A fault was added or removed."),
    rule("message-added", "The application may send another message."),
    rule(
        "payload-format",
        "A message is described in a language whose schemas are not compared, and that changed.",
    ),
    rule("link-removed", "A link of a response was removed."),
    rule(
        "security-address",
        "An address at which callers get tokens changed.",
    ),
    rule(
        "server-removed",
        "A server or an address is no longer listed.",
    ),
    rule(
        "sunset-nearer",
        "An operation ends earlier than was stated.",
    ),
    rule(
        "schema-default",
        "The default of a value that callers may leave out changed or was removed.",
    ),
    rule(
        "schema-undecided",
        "Schemas differ, and whether that breaks callers cannot be decided.",
    ),
];

/// The place of a rule among all of them; the first one is the weightiest.
pub(super) fn weight(id: &str) -> usize {
    let position = BREAKING_RULES.iter().position(|rule| rule.id == id);
    position.unwrap_or(BREAKING_RULES.len())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// The names in the first column of the tables of a page.
    fn documented(page: &str) -> BTreeSet<&str> {
        let rows = page.lines().filter(|line| line.starts_with("| `"));
        let cells = rows.filter_map(|row| row.split('|').nth(1));
        cells
            .flat_map(|cell| cell.split('`').skip(1).step_by(2))
            .collect()
    }

    #[test]
    fn the_page_has_every_rule_and_no_other() {
        let page = include_str!("../../../docs/breaking-changes.md");
        let ids: BTreeSet<&str> = BREAKING_RULES.iter().map(|rule| rule.id).collect();
        assert_eq!(ids.len(), BREAKING_RULES.len(), "a name is there twice");
        assert_eq!(documented(page), ids);
    }
}
