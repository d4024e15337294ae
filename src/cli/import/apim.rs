//! `apicenter import apim`.

use super::openapi::declares;
use super::output::{self, OutputArgs};
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::progress::ConsoleObserver;
use crate::cli::project;
use crate::cli::signals;
use crate::import::{self, GatewayOptions, resource_name};
use crate::model::{Role, counted, is_resource_name};
use crate::project::LoadedProject;
use crate::workflow::{self, Connection, InstanceId};

/// Import APIs from API Management, with readable names, grouped versions, and deployments
///
/// APIs of a version set become one API with several versions. Descriptions are exported to files
/// next to the manifests; revisions that are not current are left out. The instance is read with the
/// credentials and the cloud of the target.
#[derive(Debug, clap::Args)]
#[command(after_help = "\
Examples:
  apim=/subscriptions/SUB/resourceGroups/GROUP/providers/Microsoft.ApiManagement/service/NAME
  apicenter import apim $apim -t prod
  apicenter import apim $apim -t prod --api orders-v1 --api orders-v2
  apicenter import apim $apim -t prod --link           read each document from API Management
  apicenter import apim $apim -t prod --server-side    the service copies them and chooses the names")]
pub(super) struct Args {
    /// ARM id of the instance, of one of its workspaces, or of an API
    #[arg(value_name = "RESOURCE_ID")]
    resource_id: String,

    /// Import only this API, by its name in API Management; can be repeated
    #[arg(long, value_name = "NAME")]
    api: Vec<String>,

    /// Environment for the instance; created if the project does not declare it [default: the
    /// instance's name]
    #[arg(long, value_name = "NAME", conflicts_with = "server_side")]
    environment: Option<String>,

    /// Lifecycle stage of the versions
    #[arg(long, value_name = "STAGE", default_value = "production", value_parser = super::stages::stages(), conflicts_with = "server_side")]
    lifecycle_stage: String,

    /// Use the instance as the source of definitions, instead of files
    #[arg(long, conflicts_with = "server_side")]
    link: bool,

    /// Have the API Center service copy the APIs itself; no manifest is written
    #[arg(long, conflicts_with_all = ["print", "force"])]
    server_side: bool,

    #[command(flatten)]
    output: OutputArgs,
}

pub(super) async fn run(args: &Args, invocation: Invocation<'_>) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    let (id, one) =
        InstanceId::parse(&args.resource_id).map_err(|error| Failure::usage(error.to_string()))?;
    let wanted: Vec<String> = args.api.iter().cloned().chain(one).collect();
    let project = project::open_settings(invocation)?;
    let options = args.options(&id, &project)?;
    let connection = Connection::open(&project, global.connect(), environment).await?;
    if args.server_side {
        let result = import_server_side(&id, &wanted, &connection, &project, console).await;
        connection.close().await;
        return result;
    }
    let reading = async { Ok(workflow::read_gateway(&connection, &id, &wanted).await?) };
    let gateway = signals::or_interrupt(reading).await;
    connection.close().await;
    let imported = import::api_management(&gateway?, &options);
    output::finish(&project, &imported, args.output, console)
}

impl Args {
    fn options(&self, id: &InstanceId, project: &LoadedProject) -> Result<GatewayOptions, Failure> {
        let named = self
            .environment
            .clone()
            .or_else(|| resource_name(id.name()));
        let environment = named.unwrap_or_else(|| "api-management".to_owned());
        if !is_resource_name(&environment) {
            let message = format!("`{environment}` is not a valid environment name");
            return Err(
                Failure::usage(message).help("names are 1 to 90 letters, digits, dots and hyphens")
            );
        }
        Ok(GatewayOptions {
            writes_environment: !declares(&environment, project),
            environment,
            stage: self.lifecycle_stage.clone(),
            links: self.link,
        })
    }
}

async fn import_server_side(
    id: &InstanceId,
    wanted: &[String],
    connection: &Connection,
    project: &LoadedProject,
    console: &Console,
) -> Result<Exit, Failure> {
    let observer = ConsoleObserver::new(console);
    let interrupt = signals::interrupt();
    let new =
        workflow::import_server_side(project, connection, id, wanted, interrupt, &observer).await?;
    let apis = new
        .keys()
        .filter(|address| address.kind().role == Role::Api)
        .count();
    console.output(format!(
        "The service {} imported {}.",
        project.options.target.service.name,
        counted(apis, "API")
    ));
    for (address, title) in &new {
        console.output(format!("  {address}  {title}"));
    }
    if !new.is_empty() {
        console.hint(
            "note: the service chose these names; apicenter export writes the resources as manifests",
        );
    }
    Ok(Exit::Done)
}
