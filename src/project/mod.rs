//! A project, loaded and checked: its files, its target, its manifests and what is wrong with them.
//!
//! [`LoadedProject::open`] reads a project from disk. An editor gives the texts that are not saved yet to
//! [`LoadedProject::set_unsaved`] and calls [`LoadedProject::reload`].

mod ignore;
mod loaded;
mod retyped;
mod settings;
mod target;
mod unsaved;
mod untyped;

pub use loaded::{LoadOptions, LoadedProject, OpenError};
pub use settings::PlanFlags;
pub use target::{ResolvedTarget, ServiceLocation};
pub use unsaved::FilesWithUnsaved;
