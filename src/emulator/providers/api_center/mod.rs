//! `Microsoft.ApiCenter`: the provider that the emulator is about.
//!
//! * `target` reads a path, by walking the table of kinds; `dispatch` chooses the handler;
//! * `services` are the top-level resources, `resources` is GET, PUT and DELETE of everything below one,
//!   the same for every kind, `list` its lists;
//! * `kinds` and `actions` have one file per kind of resource or POST action, with a table in their
//!   `mod.rs`; the contracts are `kind` and `action`;
//! * `sources` keeps a service up to date with API sources, and copies from them;
//! * `provider` has the jobs and the reactions to other providers.

mod action;
mod actions;
mod contents;
mod dispatch;
mod existing;
mod jobs;
mod kind;
mod kinds;
pub(in crate::emulator) mod link_import;
mod list;
mod metadata;
mod metadata_uses;
pub(in crate::emulator) mod namespace;
mod operation_work;
mod operations;
pub(in crate::emulator) mod path;
pub(in crate::emulator) mod provider;
mod resources;
mod seed;
pub(in crate::emulator) mod services;
mod sources;
mod target;
