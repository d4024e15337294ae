//! A small part of API Management: enough of `Microsoft.ApiManagement` to import APIs from it.
//!
//! Instances are served in any subscription and resource group. The one called
//! [`SAMPLE`](path::SAMPLE) exists, with a handful of APIs, as soon as somebody asks for it (chosen here:
//! real instances cost money and take half an hour to create); every other one exists once it was
//! created with PUT.

mod delete;
mod errors;
mod export;
mod filter;
mod lists;
mod long_running;
mod openapi;
pub(super) mod path;
mod properties;
mod provider;
pub(super) mod published;
mod records;
mod responses;
mod samples;
mod write;
mod yaml;

pub(in crate::emulator) use provider::ApiManagementProvider;
