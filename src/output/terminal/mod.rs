//! A plan as text, for a terminal of any width.

mod alike;
mod body;
mod counts;
mod creates;
mod deletes;
mod density;
mod document;
mod fields;
mod heading;
mod layout;
mod notes;
mod row;
mod text_diff;
mod tree;
mod verdict;
mod view;

pub use body::render_plan;
pub(super) use layout::{cut_around_difference, cut_end};
pub use verdict::plan_counts;
pub use view::{Extent, PlanView};
