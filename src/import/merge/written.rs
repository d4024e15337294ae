//! What a manifest writes of versions and definitions.

use serde_json::Value;

use crate::import::item::Item;
use crate::import::names::version_name;
use crate::kinds::NAME;
use crate::model::view::ApiVersionView;
use crate::model::{is_version_within, states_version};

pub(super) fn items_of(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

pub(super) fn name_of(value: &Value) -> String {
    value[NAME].as_str().unwrap_or_default().to_lowercase()
}

pub(super) fn version_title(version: &Value) -> &str {
    let title = version[ApiVersionView::TITLE].as_str();
    title.or_else(|| version[NAME].as_str()).unwrap_or_default()
}

/// Whether the version that a file states is this one, or belongs to it.
pub(super) fn fits(item: &Item<'_>, version: &Value) -> bool {
    fits_version(item.version(), version)
}

pub(super) fn fits_version(stated: &str, version: &Value) -> bool {
    let names = [
        version[NAME].as_str(),
        version[ApiVersionView::TITLE].as_str(),
    ];
    let names: Vec<&str> = names.into_iter().flatten().collect();
    // Texts that are too long for a title or a name are cut; `latest` or `Original` takes any version.
    names
        .iter()
        .any(|name| name.eq_ignore_ascii_case(&version_name(Some(stated))))
        || names.iter().any(|name| is_version_within(stated, name))
        || !names.iter().any(|name| states_version(name))
}
