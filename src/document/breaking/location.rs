//! Where compared schemas are used, for messages.

use super::inclusion::Direction;

/// Where compared schemas are used: the operation, and the part of it.
#[derive(Clone, Copy)]
pub(super) struct SchemaLocation<'p> {
    /// `GET /orders`
    pub(super) place: &'p str,
    /// `response 200`
    pub(super) part: &'p str,
    pub(super) direction: Direction,
    /// The number of the operation.
    pub(super) operation: usize,
    /// Whether values are written as text, as in the query of a URL.
    pub(super) is_spelled: bool,
}
