//! `apicenter export`.
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::global::GlobalArgs;
use crate::config::Environment;
/// Export
#[derive(Debug, clap::Args)]
pub(super) struct Args {}
pub(super) async fn run(
    _: &Args,
    _: &GlobalArgs,
    _: &Console,
    _: Environment,
) -> Result<Exit, Failure> {
    Err(Failure::error("later"))
}
