//! Two services, or saved ones, compared in the words of a plan, and what would bring the second one in line.

mod centre;
mod compare;
mod overlay;
mod promotion;

pub use centre::{Centre, read_centre};
pub use compare::{ServiceComparison, compare};
pub use promotion::{Promotion, promotion};
