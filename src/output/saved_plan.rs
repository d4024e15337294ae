//! Reading a plan that was saved to a file.

use std::fmt;

use serde::Deserialize as _;
use serde_json::Value;

use super::json::{OptionsJson, content_digest};
use crate::document;
use crate::plan;

/// A plan that is as it was saved.
#[derive(Debug)]
pub struct SavedPlan {
    /// Its id.
    pub id: String,
    /// What it was asked for.
    pub options: OptionsJson,
    /// All of it.
    pub document: Value,
}

/// Why a file is not a plan as it was saved, as the end of a sentence about the file.
#[derive(Debug)]
pub enum SavedPlanProblem {
    /// It is something else.
    NotPlan(serde_json::Error),
    /// It has the errors of invalid manifests instead of a plan.
    Invalid,
    /// It is not as this version wrote it.
    Altered(String),
}

/// The fields of a saved plan that an apply needs; the rest is planned again.
#[derive(Debug, serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Fields {
    format_version: String,
    plan_id: Option<String>,
    #[serde(default)]
    options: OptionsJson,
    digest: Option<String>,
}

impl SavedPlan {
    /// Reads a plan from the bytes of a file.
    ///
    /// # Errors
    /// If they are not a plan, or not as this version wrote them.
    pub fn parse(bytes: &[u8]) -> Result<Self, SavedPlanProblem> {
        let parsed = serde_json::from_slice(bytes)
            .and_then(|document: Value| Ok((Fields::deserialize(&document)?, document)));
        let (fields, document) = parsed.map_err(SavedPlanProblem::NotPlan)?;
        let Some(id) = fields.plan_id.clone() else {
            return Err(SavedPlanProblem::Invalid);
        };
        let text = String::from_utf8_lossy(bytes);
        match alteration(&fields, &id, &document, &text) {
            Some(alteration) => Err(SavedPlanProblem::Altered(alteration)),
            None => Ok(Self {
                id,
                options: fields.options,
                document,
            }),
        }
    }
}

impl fmt::Display for SavedPlanProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NotPlan(error) => write!(f, "is not a saved plan: {error}"),
            Self::Invalid => {
                f.write_str("is not a saved plan: it has the errors of invalid manifests")
            }
            Self::Altered(alteration) => f.write_str(alteration),
        }
    }
}

/// Why a saved plan is not as this version wrote it, as the end of a sentence about its file.
fn alteration(fields: &Fields, id: &str, document: &Value, text: &str) -> Option<String> {
    if fields.format_version != plan::PLAN_FORMAT {
        return Some(format!(
            "has plan format {}, and this program reads format {}",
            fields.format_version,
            plan::PLAN_FORMAT
        ));
    }
    if let Some(problem) = plan::id_problem(id) {
        return Some(format!("has the plan id {id}, {problem}"));
    }
    let Some(digest) = &fields.digest else {
        return Some(
            "was altered, or written by another version: it has no digest of its content"
                .to_owned(),
        );
    };
    if document::strict_json(text).is_none() {
        return Some("was altered: it has a field twice".to_owned());
    }
    (*digest != content_digest(document.clone())).then(|| {
        "was altered after it was written: its digest is not that of its content".to_owned()
    })
}
