//! `apicenter import`: APIs from elsewhere, as manifests.

mod apim;
mod apiops;
mod openapi;
mod output;
mod stages;

use clap::Subcommand;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;

/// Import APIs as manifests: from description files, an apiops artifact tree, or API Management
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter import openapi specs/*.yaml          one manifest per API, next to the files
  apicenter import apiops ./apic-artifacts       the output of `apiops apic extract`
  apicenter import apim /subscriptions/.../Microsoft.ApiManagement/service/contoso-apim

Manifests are written to the project's folder. A second run writes the same bytes. Nothing is written
if an existing file differs (see --force), or if another file declares the same resource.")]
pub(super) struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    Openapi(openapi::Args),
    Apiops(apiops::Args),
    Apim(apim::Args),
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    match &args.from {
        From::Openapi(args) => openapi::run(args, invocation),
        From::Apiops(args) => apiops::run(args, invocation),
        From::Apim(args) => apim::run(args, invocation).await,
    }
}
