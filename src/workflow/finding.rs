//! Findings of `doctor`.

use crate::live::ServiceError;

/// What one check found.
#[derive(Debug)]
pub enum Finding {
    /// A token was obtained.
    SignedIn {
        /// How, and as whom.
        caller: String,
    },
    /// The service exists and accepts the token.
    ServiceExists,
    /// The service does not exist.
    ServiceMissing,
    /// The embedded emulator checks no permissions.
    PermitsEverything,
    /// All permissions for a command are granted.
    Permitted {
        /// The command.
        command: &'static str,
        /// The number of permissions.
        count: usize,
    },
    /// Permissions for a command are missing.
    NotPermitted {
        /// The command.
        command: &'static str,
        /// The number of permissions that the command requires.
        count: usize,
        /// Those that are missing.
        missing: Vec<String>,
        /// How to grant them.
        help: String,
    },
    /// The granted permissions cannot be read.
    PermissionsUnknown(ServiceError),
    /// A request failed; nothing else is checked.
    Failed(ServiceError),
}
