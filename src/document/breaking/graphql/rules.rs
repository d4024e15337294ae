//! The rules for GraphQL.

use crate::document::breaking::rule::{BreakingRule, rule};

/// The weightiest first.
pub(in crate::document::breaking) static RULES: &[BreakingRule] = &[
    rule(
        "graphql-root-type",
        "Queries, mutations or subscriptions are no longer possible, or begin at another type.",
    ),
    rule(
        "graphql-type-removed",
        "A type of a GraphQL schema was removed.",
    ),
    rule(
        "graphql-field-removed",
        "A field of a type or an interface was removed.",
    ),
    rule(
        "graphql-argument-removed",
        "An argument of a field was removed.",
    ),
    rule(
        "graphql-input-field-removed",
        "A field of an input was removed.",
    ),
    rule(
        "graphql-value-removed",
        "A value of an enum was removed; a caution if callers only receive it.",
    ),
    rule(
        "graphql-member-removed",
        "A type is no longer a member of a union.",
    ),
    rule(
        "graphql-interface-removed",
        "A type no longer implements an interface.",
    ),
    rule(
        "graphql-directive-removed",
        "A directive was removed; a caution if only schemas could use it.",
    ),
    rule(
        "graphql-type-kind",
        "A type is of another kind: an object became an interface, for example.",
    ),
    rule(
        "graphql-argument-required",
        "An argument of a field became required, or is new and required.",
    ),
    rule(
        "graphql-input-field-required",
        "A field of an input became required, or is new and required.",
    ),
    rule(
        "graphql-one-of",
        "An input requires exactly one of its fields (`@oneOf`).",
    ),
    rule(
        "graphql-field-type",
        "A field returns what it did not return before: another type, or null.",
    ),
    rule(
        "graphql-argument-type",
        "An argument of a field no longer accepts what it accepted.",
    ),
    rule(
        "graphql-input-field-type",
        "A field of an input no longer accepts what it accepted.",
    ),
    rule(
        "graphql-directive-location",
        "A directive is no longer allowed where it was; a caution if only schemas have it there.",
    ),
    rule(
        "graphql-directive-argument",
        "An argument of a directive was removed, became required, or has another type or default.",
    ),
    rule(
        "graphql-directive-repeatable",
        "A directive may be used only once at the same place.",
    ),
    rule(
        "graphql-value-added",
        "A response may contain a value of an enum that is new.",
    ),
    rule(
        "graphql-member-added",
        "A response may contain a type that was not a member of a union.",
    ),
    rule(
        "graphql-interface-added",
        "A response may contain a type that did not implement an interface.",
    ),
    rule(
        "graphql-argument-default",
        "The default of an argument changed, was added or was removed.",
    ),
    rule(
        "graphql-input-field-default",
        "The default of a field of an input changed, was added or was removed.",
    ),
    rule(
        "graphql-root-renamed",
        "The type where operations begin has another name and is the same otherwise.",
    ),
    rule(
        "graphql-scalar-specification",
        "A scalar is specified elsewhere, or nowhere.",
    ),
];
