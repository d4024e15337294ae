//! Links to exported documents: served without an authorization header, for five minutes
//! (documented).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::answer::{Answer, bare_not_found};
use super::store::{StoreError, View};

/// The path all links start with; no resource path does.
const PREFIX: &str = "/exported-specifications/";

/// Documented: a link is valid for five minutes.
const VALID: Duration = Duration::from_secs(5 * 60);

/// The links that were given out.
#[derive(Debug, Default)]
pub(super) struct Links(Mutex<HashMap<String, Issued>>);

#[derive(Debug)]
struct Issued {
    definition: String,
    until: Instant,
}

impl Links {
    /// A new link to a definition's document, as path and query.
    pub(super) fn issue(&self, definition: &str) -> String {
        let token = uuid::Uuid::new_v4().simple().to_string();
        let now = Instant::now();
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|_, issued| issued.until > now);
        let issued = Issued {
            definition: definition.to_owned(),
            until: now + VALID,
        };
        let path = format!("{PREFIX}{token}?sp=r&sig={token}");
        links.insert(token, issued);
        path
    }

    /// Whether a path is a link, good or not.
    pub(super) fn is_link(path: &str) -> bool {
        path.starts_with(PREFIX)
    }

    /// The definition a link leads to, while it is valid.
    pub(super) fn definition(&self, path: &str) -> Option<String> {
        let token = path.strip_prefix(PREFIX)?;
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links
            .get(token)
            .filter(|issued| issued.until > Instant::now())
            .map(|issued| issued.definition.clone())
    }
}

/// The document behind a link.
pub(super) fn document(view: View<'_>, definition: Option<&str>) -> Result<Answer, StoreError> {
    let document = match definition {
        Some(definition) => view.content(definition)?,
        None => None,
    };
    Ok(document.map_or_else(bare_not_found, Answer::text))
}
