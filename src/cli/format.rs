//! Output formats that commands share, and how data is written to a file.

use std::path::Path;

use clap::ValueEnum;

use super::failure::Failure;
use crate::output::Data;

/// How to print a result.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Format {
    /// For people
    Text,
    /// For programs
    Json,
}

/// Writes a result to a file.
pub(super) fn write_file(file: &Path, data: &Data) -> Result<(), Failure> {
    std::fs::write(file, data.as_str())
        .map_err(|error| Failure::error(format!("cannot write {}: {error}", file.display())))
}
