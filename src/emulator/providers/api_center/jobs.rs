//! Names of the jobs. They are stored, so they must not change.

/// Ends the creation of a service; the subject is its key.
pub(super) const SEED: &str = "seed";

/// Advances or ends a long-running operation; the subject is its key.
pub(super) const OPERATION: &str = "operation";

/// Synchronises one API source; the subject is its key.
pub(super) const SYNC: &str = "sync";

/// Synchronises every API source that links an API Management instance; the subject is the key of
/// the instance.
pub(super) const SYNC_INSTANCE: &str = "sync-changed";

/// Deletes an API source and everything imported from it; the subject is its key.
pub(super) const UNLINK: &str = "unlink";
