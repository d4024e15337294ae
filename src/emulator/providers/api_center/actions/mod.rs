//! POST actions: one file each, and the table that routes them.
//!
//! Adding one: its file, its `mod` line, its row in [`ACTIONS`].

mod export_archive;
mod export_metadata_schema;
mod export_specification;
mod import_archive;
mod import_specification;

use crate::emulator::providers::api_center::action::PostAction;
use crate::emulator::providers::api_center::sources::copy;

/// Every action.
pub(in crate::emulator) static ACTIONS: &[PostAction] = &[
    import_specification::ACTION,
    export_specification::ACTION,
    export_metadata_schema::ACTION,
    import_archive::action("analyzerConfigs", "importRuleset"),
    export_archive::action("analyzerConfigs", "exportRuleset"),
    copy::IMPORT_FROM_APIM,
    copy::IMPORT_API_SOURCE,
];

/// The action of this name on a resource of this collection, compared without case.
pub(in crate::emulator) fn find(on: &str, name: &str) -> Option<&'static PostAction> {
    ACTIONS
        .iter()
        .find(|action| action.on == on && action.name.eq_ignore_ascii_case(name))
}
