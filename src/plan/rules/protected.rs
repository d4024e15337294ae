//! Resources that `safety.protect` lists are not deleted.

use super::rule::ChangeInput;

pub(super) fn check(input: &ChangeInput<'_>) -> Option<String> {
    let protect = &input.options.safety.protect;
    if input.change.after().is_none() && protect.covers(&input.change.address) {
        return Some("protected by safety.protect".to_owned());
    }
    let protected = input
        .removed
        .iter()
        .find(|member| protect.matches(&member.resource.address))?;
    Some(format!(
        "{} would be deleted with it and is protected by safety.protect",
        protected.resource.address
    ))
}
