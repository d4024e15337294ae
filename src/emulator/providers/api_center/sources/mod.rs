//! API sources: what is synchronised from other gateways, and what is copied from them once.
//!
//! * `offer` is what a source has, whichever gateway it is (`amazon` holds the samples of one);
//! * `access` tells whether a center's identity may read it;
//! * `writing` brings it into a center, `ownership` keeps it the source's;
//! * `sync` and `unlink` are the background work, `copy` is the one-shot import.

mod access;
mod amazon;
mod copy;
mod offer;
mod ownership;
mod settings;
mod sync;
mod unlink;
mod writing;

pub(in crate::emulator) use copy::{IMPORT_API_SOURCE, IMPORT_FROM_APIM, run as run_copy};
pub(in crate::emulator) use ownership::{check_import, check_not_deleting, check_unlinked, keep};
pub(in crate::emulator) use settings::{completed, state};
pub(in crate::emulator) use sync::{
    CHANGED_JOB, JOB as SYNC_JOB, after_change, after_put, after_roles,
};
pub(in crate::emulator) use unlink::{JOB as UNLINK_JOB, delete};

/// The collection of API sources.
pub(in crate::emulator) const COLLECTION: &str = "apiSources";
