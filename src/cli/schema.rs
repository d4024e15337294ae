//! `apicenter schema`.

use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::plan::to_json;
use crate::schema::manifest_schema;

/// Print the JSON Schema of manifests, for editors
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Example:
  apicenter schema > apicenter.schema.json
  # then, as the first line of a manifest:
  # yaml-language-server: $schema=./apicenter.schema.json")]
pub(super) struct Args {}

pub(super) fn run(_: &Args, console: &Console) -> Result<Exit, Failure> {
    console.data(&to_json(&manifest_schema()));
    Ok(Exit::Done)
}
