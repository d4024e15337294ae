//! Types of resources that were not looked at, in machine form.

use schemars::JsonSchema;
use serde::Serialize;

use crate::model::NotListed;

/// A type of resources that was not looked at.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct NotLookedAtJson {
    /// The type, such as `links`.
    r#type: String,
    /// Why, in words.
    reason: String,
}

impl NotLookedAtJson {
    pub(super) fn list<'a>(
        types: impl IntoIterator<Item = (&'a String, &'a NotListed)>,
    ) -> Vec<Self> {
        let types = types.into_iter();
        types
            .map(|(path, why)| Self {
                r#type: path.clone(),
                reason: why.words().to_owned(),
            })
            .collect()
    }
}
