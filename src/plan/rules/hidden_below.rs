//! Resources do not get another name while something below them may be out of sight.
//!
//! What is below a renamed resource is copied, and then deleted with it. What these credentials may not list would not be
//! copied.

use super::rule::ChangeInput;
use crate::model::NotListed;
use crate::plan::model::Step;

pub(super) fn check(input: &ChangeInput<'_>) -> Option<String> {
    let Step::Rename { former, .. } = &input.change.step else {
        return None;
    };
    let is_below = input.desired.redirect.is_below;
    let not_listed = input.live.context.not_listed.iter();
    let hidden = not_listed.filter(|(_, why)| **why == NotListed::Forbidden);
    let hidden: Vec<&str> = hidden
        .map(|(type_path, _)| type_path.as_str())
        .filter(|type_path| is_below(former, type_path))
        .collect();
    if hidden.is_empty() {
        return None;
    }
    Some(format!(
        "what is below {former} of the type {} cannot be listed (a permission is missing), so it would be lost",
        hidden.join(", ")
    ))
}
