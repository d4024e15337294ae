//! The program that is measured.

use std::error::Error;

pub(crate) type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Where it is.
pub(crate) const PROGRAM: &str = env!("CARGO_BIN_EXE_apicenter");
