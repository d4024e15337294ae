//! Where the server has live states from.

use std::fmt;
use std::path::Path;

use crate::model::LiveState;

/// Live states of the projects that are edited. The server asks for them from threads.
pub trait LiveStates: fmt::Debug + Send + Sync {
    /// Reads the service of the project in a folder, and keeps what is live.
    ///
    /// # Errors
    /// What is wrong and what to do, in words.
    fn read(&self, root: &Path) -> Result<LiveState, String>;

    /// What was kept when the service of the project was read last.
    fn kept(&self, root: &Path) -> Option<LiveState>;
}
