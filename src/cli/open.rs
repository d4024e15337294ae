//! `apicenter open`.

use super::complete;
use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::plan_subject::portal;
use super::project;
use crate::kinds::{self, Location};
use crate::manifest::did_you_mean;
use crate::model::{Address, Role};
use crate::output::portal_address;
use crate::project::{LoadedProject, ServiceLocation};

/// Print the address of a resource's page in the Azure portal, and open it on a terminal
///
/// Versions, definitions and deployments are on the page of their API. Nothing is read from the service.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apicenter open -t prod                 the service itself
  apicenter open api/orders -t prod      an API
  apicenter open api/orders --print      only print the address, also on a terminal")]
pub(super) struct Args {
    /// The resource, such as api/orders; without it, the service
    #[arg(add = complete::address())]
    address: Option<String>,

    /// Only print the address
    #[arg(long)]
    print: bool,
}

pub(super) fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let console = invocation.console;
    let address = args.address.as_deref().map(parse).transpose()?;
    let project = project::open_without_manifests(invocation)?;
    let page = match (&address, portal(&project.target), project.target.portal()) {
        (None, _, Some(page)) => page,
        (Some(address), Some(portal), Some(service)) => match address.kind().role {
            Role::Service => service,
            _ => portal_address(&portal, address),
        },
        _ => return Err(no_portal(&project)),
    };
    console.output(page.as_str());
    if let Some(address) = &address
        && !address.is(Role::Service)
        && !project.declares(address)
    {
        console.hint(undeclared(&project, address));
    }
    if args.print || !console.is_terminal() {
        return Ok(Exit::Done);
    }
    // The program that shows the page is not waited for.
    open::that_detached(&page).map_err(|error| {
        Failure::error(format!("no browser could be opened: {error}"))
            .help("open the address above; --print only prints it")
    })?;
    Ok(Exit::Done)
}

fn parse(text: &str) -> Result<Address, Failure> {
    let Some(address) = kinds::parse_address(&kinds::singular(text)) else {
        return Err(Failure::usage(format!("`{text}` is not an address"))
            .help("addresses look like api/orders, environment/prod or api/orders/version/1-0-0"));
    };
    let noun = kinds::of(&address).info.noun;
    match kinds::of(&address).location {
        Location::Matched => Err(Failure::usage(format!("a {noun} has no page of its own"))
            .help("its API has: apicenter get apis --where keeper=integration lists these")),
        Location::AnyScope(_) => Err(Failure::usage(format!("a {noun} has no page of its own"))
            .help("the portal shows it under Access control (IAM) of its scope")),
        _ => Ok(address),
    }
}

fn no_portal(project: &LoadedProject) -> Failure {
    let name = &project.options.target.name;
    match &project.target.location {
        ServiceLocation::Emulator { .. } => Failure::error(format!(
            "the target `{name}` is the embedded emulator, which has no portal"
        ))
        .help("-t selects another target; apicenter get shows what the emulator has"),
        ServiceLocation::Azure { .. } => Failure::error(format!(
            "the cloud of the target `{name}` has no portal that this program knows"
        ))
        .help("the clouds public, usgovernment and china have one"),
    }
}

/// Nothing was read, so the resource may be there all the same.
fn undeclared(project: &LoadedProject, address: &Address) -> String {
    let declared = project.declared().0;
    let texts: Vec<String> = declared.resources.keys().map(ToString::to_string).collect();
    let texts: Vec<&str> = texts.iter().map(String::as_str).collect();
    match did_you_mean(&address.to_string(), &texts) {
        Some(meant) => format!("note: {address} is not declared here; {meant}"),
        None => format!("note: {address} is not declared here"),
    }
}
