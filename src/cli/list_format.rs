//! How `get` prints a list.

use clap::ValueEnum;

/// How a list is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum OutputFormat {
    /// A line per resource; on a terminal, long titles are cut
    Table,
    /// The same with dates and custom metadata, and nothing cut
    Wide,
    /// One document with all fields (schemas/get.schema.json)
    Json,
    /// The manifests that export would write
    Yaml,
    /// Only the addresses
    Name,
}
