//! The content of a live resource.

use std::sync::Arc;

use crate::model::Files;

/// Content as it was read, as far as needed.
#[derive(Debug, Default)]
pub(super) struct LiveContent {
    pub(super) digest: Option<String>,
    pub(super) text: Option<Arc<str>>,
    /// The files of a folder; `None` for an archive that is not usable.
    pub(super) files: Option<Arc<Files>>,
}
