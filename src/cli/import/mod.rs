//! `apicenter import`: APIs from elsewhere, as manifests.

mod apim;
mod apiops;
mod arm;
mod openapi;
mod output;
mod stages;

use clap::Subcommand;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;

/// Import APIs as manifests: from description files, Bicep, ARM, Terraform, apiops, or API Management
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter import openapi specs/*.yaml          one manifest per API, next to the files
  apicenter import apiops ./apic-artifacts       the output of `apiops apic extract`
  apicenter import arm main.json                 the output of `bicep build` or `terraform show -json`
  apicenter import apim /subscriptions/.../Microsoft.ApiManagement/service/contoso-apim

Manifests are written to the project's folder. A second run writes the same bytes. `import openapi` adds
what is new to manifests that exist; the others write nothing if an existing file differs (see --force), or
if another file declares the same resource.")]
pub(super) struct Args {
    #[command(subcommand)]
    from: From,
}

#[derive(Debug, Subcommand)]
enum From {
    Openapi(openapi::Args),
    Apiops(apiops::Args),
    Arm(arm::Args),
    Apim(apim::Args),
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    match &args.from {
        From::Openapi(args) => openapi::run(args, invocation).await,
        From::Apiops(args) => apiops::run(args, invocation),
        From::Arm(args) => arm::run(args, invocation).await,
        From::Apim(args) => apim::run(args, invocation).await,
    }
}
