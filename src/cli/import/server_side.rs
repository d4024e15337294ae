//! `apicenter import apim --server-side`: the service copies APIs by itself.

use std::collections::BTreeMap;

use crate::azure::InstanceId;
use crate::cli::connection::Connection;
use crate::cli::console::Console;
use crate::cli::exit::Exit;
use crate::cli::failure::Failure;
use crate::cli::signals;
use crate::kinds::{API, ENVIRONMENT, SERVICE};
use crate::live::{ErrorKind, ReadScope, Reader as _};
use crate::model::view::{ApiView, EnvironmentView};
use crate::model::{Address, Patterns};
use crate::project::LoadedProject;

/// The top resources of a service, with their titles.
type Tops = BTreeMap<Address, String>;

pub(super) async fn run(
    id: &InstanceId,
    apis: &[String],
    connection: &Connection,
    project: &LoadedProject,
    console: &Console,
) -> Result<Exit, Failure> {
    let service = &project.options.target.service;
    let before = signals::or_interrupt(read(connection, project)).await?;
    let ids: Vec<String> = if apis.is_empty() {
        vec![format!("{id}/apis/*")]
    } else {
        apis.iter().map(|api| format!("{id}/apis/{api}")).collect()
    };
    console.hint(&format!(
        "The service {service} reads {}; that takes some seconds to some minutes.",
        id.name()
    ));
    let result = connection.service.import_from_api_management(&ids).await;
    result.map_err(|error| {
        let failed = error.kind() == ErrorKind::OperationFailed;
        let failure = Failure::from(error);
        if failed {
            failure.or_help(
                "check the names, and that the service's identity has the role API Management Service \
                 Reader Role on the instance",
            )
        } else {
            failure
        }
    })?;
    let after = read(connection, project).await?;
    let new: Vec<(&Address, &String)> = after
        .iter()
        .filter(|(address, _)| !before.contains_key(*address))
        .collect();
    let is_api = |(address, _): &&(&Address, &String)| *address.kind() == API.info;
    let apis = match new.iter().filter(is_api).count() {
        1 => "1 API".to_owned(),
        n => format!("{n} APIs"),
    };
    let lines: String = new
        .iter()
        .map(|(address, title)| format!("  {address}  {title}\n"))
        .collect();
    console.output(&format!("The service {service} imported {apis}.\n{lines}"));
    if !new.is_empty() {
        console.hint(
            "note: these names are the service's own; apicenter export brings what it holds into the \
             project",
        );
    }
    Ok(Exit::Done)
}

/// Reads what the service holds, without what lies below APIs, and checks that it can read elsewhere.
async fn read(connection: &Connection, project: &LoadedProject) -> Result<Tops, Failure> {
    let name = &project.options.target.service;
    let only = Patterns::new([SERVICE.info.slug]).map_err(|e| Failure::error(e.to_string()))?;
    let scope = ReadScope {
        only,
        ..ReadScope::default()
    };
    let live = connection.service.read(&scope).await?;
    let Some(service) = live.resources.get(&Address::top(&SERVICE.info, "")) else {
        return Err(Failure::error(format!(
            "the service `{name}` does not exist"
        )));
    };
    let identity = &service.resource.body.get("identity");
    let identity = identity.and_then(|identity| identity.get("type")?.as_str());
    if identity.is_none_or(|identity| identity.eq_ignore_ascii_case("None")) {
        return Err(Failure::error(format!(
            "the service `{name}` has no managed identity with which to read API Management"
        ))
        .help(format!(
            "declare it and apply: a document of kind Service, metadata: {{name: {name}}}, with \
             identity: {{type: SystemAssigned}} in its spec; then give that identity the role API \
             Management Service Reader Role on the instance"
        )));
    }
    let tops = live.resources.values().map(|current| &current.resource);
    let tops = tops.filter(|resource| {
        let kind = resource.address.kind();
        *kind == API.info || *kind == ENVIRONMENT.info
    });
    let titled = tops.map(|resource| {
        let title = if *resource.address.kind() == API.info {
            ApiView::of(&resource.body).title()
        } else {
            EnvironmentView::of(&resource.body).title()
        };
        (
            resource.address.clone(),
            title.unwrap_or_default().to_owned(),
        )
    });
    Ok(titled.collect())
}
