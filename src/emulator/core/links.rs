//! Links to exported documents: served without an authorization header, for five minutes
//! (documented).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use crate::emulator::core::response::{HandlerResponse, bare_not_found};
use crate::emulator::store::{StoreError, View};

/// The path all links start with; no resource path does.
const PREFIX: &str = "/exported-specifications/";

/// Documented: a link is valid for five minutes.
const VALID: Duration = Duration::from_secs(5 * 60);

/// The target of a link.
#[derive(Debug, Clone)]
pub(in crate::emulator) enum Behind {
    /// The document of this definition, as it is when the link is followed.
    Definition(String),
    /// This text.
    Text(String),
}

/// The links in use.
#[derive(Debug, Default)]
pub(in crate::emulator) struct Links(Mutex<HashMap<String, Issued>>);

#[derive(Debug)]
struct Issued {
    behind: Behind,
    until: Instant,
}

impl Links {
    /// A new link to a definition's document, as path and query.
    pub(in crate::emulator) fn issue(&self, definition: &str) -> String {
        self.issue_to(Behind::Definition(definition.to_owned()))
    }

    /// A new link to a text, as path and query.
    pub(in crate::emulator) fn issue_text(&self, text: String) -> String {
        self.issue_to(Behind::Text(text))
    }

    fn issue_to(&self, behind: Behind) -> String {
        let token = uuid::Uuid::new_v4().simple().to_string();
        let now = Instant::now();
        let mut links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links.retain(|_, issued| issued.until > now);
        let issued = Issued {
            behind,
            until: now + VALID,
        };
        let path = format!("{PREFIX}{token}?sp=r&sig={token}");
        links.insert(token, issued);
        path
    }

    /// Whether a path is a link, good or not.
    pub(in crate::emulator) fn is_link(path: &str) -> bool {
        path.starts_with(PREFIX)
    }

    /// What a link leads to, while it is valid.
    pub(in crate::emulator) fn behind(&self, path: &str) -> Option<Behind> {
        let token = path.strip_prefix(PREFIX)?;
        let links = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        links
            .get(token)
            .filter(|issued| issued.until > Instant::now())
            .map(|issued| issued.behind.clone())
    }
}

/// The document behind a link.
pub(in crate::emulator) fn document(
    view: View<'_>,
    behind: Option<Behind>,
) -> Result<HandlerResponse, StoreError> {
    let document = match behind {
        Some(Behind::Definition(definition)) => view.content(&definition)?,
        Some(Behind::Text(text)) => Some(text),
        None => None,
    };
    Ok(document.map_or_else(bare_not_found, HandlerResponse::text))
}
