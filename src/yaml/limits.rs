//! How much of a file is read as YAML.

use granit_parser::Event;

use crate::model::{Diagnostic, Span, code};

/// Values inside values, aliases counted as what they stand for: every walk over a tree recurses.
pub(super) const MAX_DEPTH: usize = 100;

/// How much the aliases of a file may add in all, in the unit of [`Built::weight`](super::frame::Built::weight).
/// Trees share what an alias names, but a walk over them, or the JSON made of them, pays for each alias in full.
/// A small file may add less: see [`may_alias`].
const MAX_ALIASED: usize = 1_000_000;

/// How much the aliases of a file may add by the bytes that it has: what a file costs grows with its size.
pub(super) fn may_alias(bytes: usize) -> usize {
    MAX_ALIASED.min(20_000 + 8 * bytes)
}

/// The most values of one file, keys included (chosen here: 10,000 large APIs have about half of this). A value takes
/// some hundred bytes of memory, however few it has in the file.
pub(super) const MAX_VALUES: usize = 2_000_000;

/// The problem of a file with more than [`MAX_VALUES`], at the first that is not read.
pub(super) fn too_many_values(place: Span) -> Diagnostic {
    let message = format!("this file has more than {MAX_VALUES} values");
    Diagnostic::error(code::YAML_SIZE, message)
        .at(place, "the rest is not read")
        .help("split the file; data that is not a manifest can have another name than *.yaml")
}

/// The problem of values that are nested more than [`MAX_DEPTH`] deep.
pub(super) fn nested_too_deeply(place: Span) -> Diagnostic {
    let message = format!("values are nested more than {MAX_DEPTH} levels deep");
    Diagnostic::error(code::YAML_DEPTH, message).at(place, "here")
}

/// The problem of values that are nested more deeply than the parser follows.
pub(super) fn nested_beyond_reading(place: Span) -> Diagnostic {
    let message = "values are nested more deeply than this program reads";
    Diagnostic::error(code::YAML_DEPTH, message).at(place, "here")
}

/// Whether a value begins with this event.
pub(super) fn is_value(event: &Event<'_>) -> bool {
    matches!(
        event,
        Event::Scalar(..) | Event::SequenceStart(..) | Event::MappingStart(..)
    )
}
