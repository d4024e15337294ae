//! Alternatives that are lost.

use std::rc::Rc;

use serde_json::Value;

use super::branch::{All, Branch};
use super::context::InclusionContext;
use super::failure::{InclusionFailure, What};
use super::judge::witnesses;

/// That one of several alternatives is lost, where the only one that is left asks for other properties.
pub(super) fn lost<'a>(
    context: &InclusionContext<'a>,
    (narrow, wide): (&All<'a>, &All<'a>),
    all: &[Rc<Branch<'a>>],
    branch: &Branch<'a>,
    fitting: &[&Branch<'a>],
    trials: &[Vec<InclusionFailure<'a>>],
) -> Option<InclusionFailure<'a>> {
    let ([other], [failures]) = (fitting, trials) else {
        return None;
    };
    let label = branch
        .label
        .filter(|_| all.len() > 1 && branch.label != other.label)?;
    let is_own = |failure: &&InclusionFailure<'a>| failure.way.is_none();
    let is_other = |failure: &InclusionFailure<'a>| {
        matches!(
            failure.what,
            What::Required {
                is_declared: false,
                ..
            } | What::Closed { name: Some(_) }
        )
    };
    let asks: Vec<&InclusionFailure<'a>> = failures
        .iter()
        .filter(is_own)
        .filter(|failure| is_other(failure))
        .collect();
    let found = witnesses(context, narrow, wide, &asks);
    let shown: Vec<Value> = found.into_iter().flatten().collect();
    let what = What::Alternative {
        label: Some(label.to_owned()),
    };
    (!shown.is_empty()).then(|| InclusionFailure::new(what, shown))
}
