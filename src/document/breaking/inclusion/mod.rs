//! Whether all values of one schema are values of another, and if not, which one is not.

mod beside;
mod branch;
mod check;
mod context;
mod disjoint;
mod documents;
mod engine;
mod failure;
mod fingerprint;
mod judge;
mod kept;
mod keywords;
mod list_parts;
mod lost;
mod memo;
mod normal;
mod numbers;
mod parts;
mod patterns;
mod sample;
mod scalars;
mod side;
mod spelling;
mod texts;
mod verdict;

pub(super) use documents::Documents;
pub(super) use engine::Inclusion;
pub(super) use failure::{InclusionFailure, NOT_FOUND, SchemaStep, What, short};
pub(super) use side::Direction;

#[cfg(test)]
mod tests;
