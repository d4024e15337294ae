//! `apicenter import apim`.

use std::sync::Arc;

use futures::{StreamExt as _, TryStreamExt as _, stream};
use serde_json::Value;

use super::openapi::declares;
use super::output::{self, OutputArgs};
use super::server_side;
use crate::azure::{ApiManagement, InstanceId};
use crate::cli::connection::Connection;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::invocation::Invocation;
use crate::cli::project;
use crate::cli::signals;
use crate::import::{self, Gateway, GatewayApi, GatewayOptions, resource_name};
use crate::manifest::did_you_mean;
use crate::project::LoadedProject;
use crate::project::PlanFlags;
use crate::workflow::api_management_error;

/// How many descriptions are exported at the same time.
const EXPORTS_AT_ONCE: usize = 8;

/// Import APIs from API Management: manifests with readable names, versions folded, deployments
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
  apicenter import apim $apim -t prod --link           definitions that follow API Management
  apicenter import apim $apim -t prod --server-side    the service copies them, under its own names")]
pub(super) struct Args {
    /// ARM id of the instance, of one of its workspaces, or of an API
    #[arg(value_name = "RESOURCE_ID")]
    resource_id: String,

    /// Import this API only, by its name in API Management; the flag can be repeated
    #[arg(long, value_name = "NAME")]
    api: Vec<String>,

    /// Environment that stands for the instance; it is written too if the project declares none of that
    /// name [default: the instance's name]
    #[arg(long, value_name = "NAME", conflicts_with = "server_side")]
    environment: Option<String>,

    /// Stage of the versions
    #[arg(long, value_name = "STAGE", default_value = "production", value_parser = super::stages::stages(), conflicts_with = "server_side")]
    lifecycle_stage: String,

    /// Let definitions name the instance as their source, instead of a file
    #[arg(long, conflicts_with = "server_side")]
    link: bool,

    /// Let the API Center service copy the APIs by itself; no manifest is written
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
    let project = project::open(global, PlanFlags::default())?;
    project::require_settings(&project, console)?;
    let options = args.options(&id, &project)?;
    let connection = Connection::open(&project, global, environment).await?;
    if args.server_side {
        let result = server_side::run(&id, &wanted, &connection, &project, console).await;
        connection.close().await;
        return result;
    }
    let instance = ApiManagement::new(connection.service.client().clone(), id.clone());
    let gateway = signals::or_interrupt(read(&instance, &id, &wanted, options.links)).await;
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
        let plain = |c: char| c.is_ascii_alphanumeric() || c == '-';
        if !(3..=90).contains(&environment.len()) || !environment.chars().all(plain) {
            let message = format!("`{environment}` is no name of an environment");
            return Err(
                Failure::usage(message).help("names are 3 to 90 letters, digits and hyphens")
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

async fn read(
    instance: &ApiManagement,
    id: &InstanceId,
    wanted: &[String],
    links: bool,
) -> Result<Gateway, Failure> {
    let service = instance.instance().await.map_err(api_management_error)?;
    let apis = instance.apis().await.map_err(api_management_error)?;
    let apis = choose(apis, wanted, id)?;
    let version_sets = instance
        .version_sets()
        .await
        .map_err(api_management_error)?;
    tracing::info!(apis = apis.len(), links, "reading descriptions");
    let apis = stream::iter(apis)
        .map(|contract| async {
            let document = instance.description(&contract).await?;
            Ok(GatewayApi {
                contract,
                document: document.map(Arc::from),
            })
        })
        .buffered(EXPORTS_AT_ONCE)
        .try_collect()
        .await
        .map_err(api_management_error)?;
    Ok(Gateway {
        resource_id: id.to_string(),
        service,
        version_sets,
        apis,
    })
}

/// The APIs that were asked for; all of them where none was.
fn choose(apis: Vec<Value>, wanted: &[String], id: &InstanceId) -> Result<Vec<Value>, Failure> {
    let is = |api: &Value, name: &str| {
        let own = api["name"].as_str().unwrap_or_default();
        own.eq_ignore_ascii_case(name)
    };
    for name in wanted {
        if apis.iter().any(|api| is(api, name)) {
            continue;
        }
        let known: Vec<&str> = apis.iter().filter_map(|api| api["name"].as_str()).collect();
        let titled = apis
            .iter()
            .find(|api| api["properties"]["displayName"] == name.as_str());
        let help = match titled.and_then(|api| api["name"].as_str()) {
            Some(own) => format!("its display name is `{name}`, its name is `{own}`"),
            None => did_you_mean(name, &known)
                .unwrap_or_else(|| "names are those in the APIs' ids".to_owned()),
        };
        let message = format!("the instance `{}` has no API `{name}`", id.name());
        return Err(Failure::usage(message).help(help));
    }
    let chosen = |api: &Value| wanted.is_empty() || wanted.iter().any(|name| is(api, name));
    Ok(apis.into_iter().filter(chosen).collect())
}
