//! `Microsoft.ApiCenter`.

pub(in crate::emulator) mod actions;
pub(in crate::emulator) mod dispatch;
pub(in crate::emulator) mod kinds;
pub(in crate::emulator) mod link_import;
pub(in crate::emulator) mod list;
pub(in crate::emulator) mod metadata;
pub(in crate::emulator) mod operations;
pub(in crate::emulator) mod resources;
pub(in crate::emulator) mod seed;
pub(in crate::emulator) mod services;
pub(in crate::emulator) mod sources;
pub(in crate::emulator) mod target;
