//! What manifests may hold, and where the program points when they may not.

mod custom_metadata;
mod documents;
mod fields;
mod files;
mod follow_ups;
mod limits;
mod names;
mod project;
mod table;
mod valid;
mod yaml;
