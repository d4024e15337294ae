//! Where a compared schema is in a description, for messages.

use super::findings::plain;

/// Which way a value travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Direction {
    /// Callers send it: what was accepted has to stay accepted.
    Request,
    /// Callers receive it: what was promised has to stay promised.
    Response,
}

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
}

/// A schema within the one at a location.
pub(super) struct SchemaPath<'p> {
    pub(super) location: SchemaLocation<'p>,
    pub(super) path: &'p str,
}

impl SchemaPath<'_> {
    pub(super) fn is_request(&self) -> bool {
        self.location.direction == Direction::Request
    }

    /// `response 200: property `a.b``, or `response 200` itself.
    pub(super) fn words(&self) -> String {
        match self.path {
            "" => self.location.part.to_owned(),
            path => format!("{}: `{path}`", self.location.part),
        }
    }

    pub(super) fn property(&self, name: &str) -> String {
        let dot = if self.path.is_empty() { "" } else { "." };
        format!(
            "{}: property `{}{dot}{}`",
            self.location.part,
            self.path,
            plain(name)
        )
    }
}
