//! Resources that another repository owns are not changed.

use super::rule::ChangeInput;
use crate::model::view::CustomProperties;
use crate::plan::matching::foreign_owner;

pub(super) fn check(input: &ChangeInput<'_>) -> Option<String> {
    let found = foreign_owner(&input.change.address, input.live, input.options)?;
    Some(format!(
        "{} is owned by `{}` ({} in the service); clear that value there to take it over",
        found.address,
        found.owner,
        CustomProperties::path(&found.property)
    ))
}
