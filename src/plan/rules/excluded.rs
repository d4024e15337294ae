//! Resources that `--exclude` leaves out are not deleted with others.

use super::rule::ChangeInput;

pub(super) fn check(input: &ChangeInput<'_>) -> Option<String> {
    let exclude = &input.options.exclude;
    let excluded = input
        .removed
        .iter()
        .find(|member| exclude.covers(&member.resource.address))?;
    Some(format!(
        "{} would be deleted with it and is left out by --exclude",
        excluded.resource.address
    ))
}
