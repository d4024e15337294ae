//! How often a field may occur, and whether its absence is known.

use prost_types::FieldDescriptorProto;
use prost_types::field_descriptor_proto::Label;

use super::features::{Features, Syntax};
use super::model::Cardinality;
use super::options::Options;

/// `is_always_known` for messages, members of a oneof and extensions, whose absence is always known.
pub(super) fn cardinality(
    field: &FieldDescriptorProto,
    options: &Options,
    (syntax, features): (Syntax, Features),
    is_always_known: bool,
) -> Cardinality {
    let is_required = options.text(&["features", "field_presence"]) == Some("LEGACY_REQUIRED");
    match field.label() {
        Label::Required => Cardinality::Required,
        Label::Repeated => Cardinality::Repeated,
        Label::Optional if is_required && syntax == Syntax::Edition => Cardinality::Required,
        Label::Optional if is_always_known || field.proto3_optional() => Cardinality::Explicit,
        Label::Optional => match features.with(options).has_presence {
            true => Cardinality::Explicit,
            false => Cardinality::Implicit,
        },
    }
}
