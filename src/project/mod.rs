//! A project, loaded and checked: its files, its target, its manifests and what is wrong with them.
//!
//! [`LoadedProject::open`] reads a project from disk. An editor gives the texts that are not saved yet to
//! [`LoadedProject::set_unsaved`] and calls [`LoadedProject::reload`].

mod attribution;
mod cache_folder;
mod changes;
mod declared;
mod declared_names;
mod exemptions;
mod fixing;
mod held;
mod ignore;
mod load_options;
mod loaded;
mod manifest_texts;
mod open_error;
mod own_ids;
mod retarget;
mod retyped;
mod settings;
mod standing;
mod target;
mod targets;
mod undoing;
mod unsaved;
mod untyped;

pub use cache_folder::outside_of_checkout;
pub use changes::Changes;
pub use declared_names::declared_names;
pub use fixing::{FixedFile, FixedProblem, Fixes};
pub use load_options::LoadOptions;
pub use loaded::LoadedProject;
pub use open_error::OpenError;
pub use retarget::retarget;
pub use settings::PlanFlags;
pub use standing::Standing;
pub use target::{ResolvedTarget, ServiceLocation};
pub use targets::{target_of, targets};
pub use unsaved::FilesWithUnsaved;
