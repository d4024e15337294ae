//! What was deprecated before it was removed.

use crate::document::breaking::findings::plain;

/// What is said of something that was removed after it had been deprecated. Who still uses it breaks as well.
pub(super) fn since(deprecated: Option<&str>) -> String {
    match deprecated {
        None => String::new(),
        Some(reason) if reason.trim().is_empty() => "; it was deprecated".to_owned(),
        Some(reason) => format!("; it was deprecated: {}", plain(&reason.replace('`', "'"))),
    }
}
