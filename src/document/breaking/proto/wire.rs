//! Which types can be read as which others.

use prost_types::field_descriptor_proto::Type;

use super::field_types::FieldType;
use super::model::Pair;

/// What another type means for those who have the old file.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Change {
    Nothing,
    /// Values that both types have are read as before, from bytes and in most cases from JSON.
    OnTheWire,
    Everything,
}

/// What it means that a field has the other type now.
pub(super) fn change(was: &FieldType, now: &FieldType, pair: &Pair<'_>) -> Change {
    match (was, now) {
        (FieldType::Scalar(was), FieldType::Scalar(now)) => scalars(*was, *now),
        (FieldType::Map(key, value), FieldType::Map(now_key, now_value)) => {
            let key = change(key, now_key, pair);
            key.max(change(value, now_value, pair))
        }
        (
            FieldType::Named { of, is_group },
            FieldType::Named {
                of: now,
                is_group: is_now_group,
            },
        ) => {
            if is_group != is_now_group {
                return Change::Everything;
            }
            if of.is_same(now) {
                return Change::Nothing;
            }
            match pair.has_all_values(&of.name, &now.name) {
                true => Change::OnTheWire,
                false => Change::Everything,
            }
        }
        // JSON has the names of an enum, which no number is read from.
        (FieldType::Named { .. }, FieldType::Scalar(_))
        | (FieldType::Scalar(_), FieldType::Named { .. })
        | (FieldType::Map(..), _)
        | (_, FieldType::Map(..)) => Change::Everything,
    }
}

fn scalars(was: Type, now: Type) -> Change {
    if was == now {
        return Change::Nothing;
    }
    let is_alike = group(was).is_some_and(|known| group(now) == Some(known));
    // Every text is bytes; not all bytes are text.
    let is_widened = was == Type::String && now == Type::Bytes;
    match is_alike || is_widened {
        true => Change::OnTheWire,
        false => Change::Everything,
    }
}

/// Numbers whose bytes are alike, and that are read from each other's JSON: a parser takes a whole number with and
/// without quotes. A `bool` has other words there.
fn group(of: Type) -> Option<usize> {
    match of {
        Type::Int32 | Type::Uint32 | Type::Int64 | Type::Uint64 => Some(0),
        Type::Sint32 | Type::Sint64 => Some(1),
        Type::Fixed32 | Type::Sfixed32 => Some(2),
        Type::Fixed64 | Type::Sfixed64 => Some(3),
        _ => None,
    }
}
