//! Undoing an apply: what is recorded before it writes, and the plan that goes back there.

mod file;
mod form;
mod goal;
mod linked;
mod moved;
mod plan;
mod record;
mod remains;

pub use file::UndoFile;
pub use form::UndoFileProblem;
pub use moved::Moved;
pub use plan::{UndoPlan, plan_undo};
pub use record::{ends_recorded, record_undo};
