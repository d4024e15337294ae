//! What a command gets in addition to its own arguments.

use super::console::Console;
use super::global::GlobalArgs;
use crate::config::Environment;

/// Global flags, streams and environment of one run of the program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Invocation<'a> {
    pub(super) global: &'a GlobalArgs,
    pub(super) console: &'a Console,
    pub(super) environment: &'a Environment,
}
