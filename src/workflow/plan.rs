//! From a project to a plan: what `plan` and `apply` share.

use std::collections::BTreeMap;

use clap::Args;

use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::format::to_json;
use super::links;
use super::project;
use super::signals;
use crate::kinds;
use crate::live::{ReadScope, Reader as _};
use crate::model::{Address, LiveState, Patterns};
use crate::output::PlanJson;
use crate::plan::{self, Plan};
use crate::project::LoadedProject;
use crate::project::{PlanFlags, ServiceLocation};

/// Flags that decide what is planned.
#[derive(Debug, Clone, Default, Args)]
pub(super) struct Selection {
    /// Plan only this resource and what lies below it; globs are allowed, and the flag can be repeated
    #[arg(long, value_name = "ADDRESS")]
    pub(super) only: Vec<String>,

    /// Delete what is not declared, as far as spec.prune.scope allows
    #[arg(long)]
    pub(super) prune: bool,
}

impl Selection {
    pub(super) fn flags(&self) -> Result<PlanFlags, Failure> {
        let only = Patterns::new(&self.only)
            .map_err(|error| Failure::usage(format!("--only: {error}")))?;
        Ok(PlanFlags {
            prune: self.prune,
            only,
        })
    }
}

/// Reads the live service and plans; ends with [`Exit::Invalid`] if the manifests are wrong.
pub(super) async fn plan(
    project: &mut LoadedProject,
    connection: &Connection,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = signals::or_interrupt(read_and_plan(project, connection)).await;
    settle(project, plan, console, json)
}

/// Plans against a live state that was saved.
pub(super) fn plan_against(
    project: &mut LoadedProject,
    live: Result<LiveState, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = live.and_then(|live| {
        check_only(project, &live)?;
        Ok(plan::plan(&project.desired, &live, &project.options))
    });
    settle(project, plan, console, json)
}

/// What is known to be wrong with the manifests is told even where there is no plan.
fn settle(
    project: &mut LoadedProject,
    plan: Result<Plan, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    match &plan {
        Ok(plan) => project.downgrade_unwritten(plan),
        Err(_) if project.is_valid() => {}
        Err(failure) => failure.print(console),
    }
    require_valid(project, console, json)?;
    plan
}

/// Ends the command before anything is read if the manifests cannot be planned.
pub(super) fn require_plannable(
    project: &LoadedProject,
    console: &Console,
    json: bool,
) -> Result<(), Failure> {
    if project.is_plannable() {
        Ok(())
    } else {
        require_valid(project, console, json)
    }
}

fn require_valid(project: &LoadedProject, console: &Console, json: bool) -> Result<(), Failure> {
    project::report(&project, console);
    if project.is_valid() {
        return Ok(());
    }
    if json {
        console.output(&to_json(&PlanJson::invalid(
            &project.diagnostics,
            &project.sources,
        )));
    }
    Err(Failure::already_reported(Exit::Invalid))
}

async fn read_and_plan(
    project: &mut LoadedProject,
    connection: &Connection,
) -> Result<Plan, Failure> {
    links::fetch(project, connection.service.client()).await?;
    let mut live = read(project, connection, project.options.only.clone()).await?;
    check_only(project, &live)?;
    if deletes_an_integration(project, &live) {
        live = read(project, connection, Patterns::default()).await?;
    }
    Ok(plan::plan(&project.desired, &live, &project.options))
}

/// Whether `--only` leads to the delete of an integration: what goes with it lies anywhere.
fn deletes_an_integration(project: &LoadedProject, live: &LiveState) -> bool {
    let (desired, options) = (&project.desired, &project.options);
    options.prune.enabled
        && !options.only.is_empty()
        && live.resources.keys().any(|address| {
            *address.kind() == kinds::INTEGRATION.info
                && options.only.covers(address)
                && !desired.resources.contains_key(address)
        })
}

/// Whether a scope has declarations for synchronised APIs, which are found among all APIs.
fn seeks_synchronised(project: &LoadedProject, only: &Patterns) -> bool {
    project
        .desired
        .resources
        .keys()
        .any(|address| *address.kind() == kinds::SYNCED_API.info && only.covers(address))
}

/// Reads the live service as far as a scope reaches.
pub(super) async fn read(
    project: &LoadedProject,
    connection: &Connection,
    only: Patterns,
) -> Result<LiveState, Failure> {
    let digests: BTreeMap<Address, String> = project
        .desired
        .resources
        .iter()
        .filter_map(|(address, declared)| {
            Some((address.clone(), declared.document.as_ref()?.digest.clone()))
        })
        .collect();
    let scope = ReadScope {
        only: if seeks_synchronised(project, &only) {
            Patterns::default()
        } else {
            only
        },
        digests,
        all_texts: false,
        role_scopes: role_scopes(project, connection),
    };
    tracing::info!(target = %project.options.target.service, "reading the service");
    let live = connection.service.read(&scope).await?;
    let sent = connection.service.client().sent();
    tracing::info!(
        resources = live.resources.len(),
        reads = sent.reads,
        "read the service"
    );
    let service = Address::top(&kinds::SERVICE.info, "");
    if !live.resources.contains_key(&service) && !project.desired.resources.contains_key(&service) {
        let target = &project.options.target;
        return Err(Failure::error(format!(
            "the service `{}` does not exist in the resource group `{}`",
            target.service, target.resource_group
        ))
        .help("check the target in apicenter.yaml, or declare a document of kind Service"));
    }
    Ok(live)
}

/// Where role assignments are looked at: where one is declared, and on the sources of integrations, to
/// tell what these lack.
fn role_scopes(project: &LoadedProject, connection: &Connection) -> BTreeMap<String, bool> {
    let mut scopes = BTreeMap::new();
    for declared in project.desired.resources.values() {
        let body = &declared.resource.body;
        let kind = declared.resource.address.kind();
        if *kind == kinds::INTEGRATION.info {
            let source = body.get("source").and_then(|s| s.get("apiManagement"));
            let instance = source.and_then(|s| s.get("resourceId")?.as_str());
            if let Some(instance) = instance {
                scopes.entry(instance.to_owned()).or_insert(false);
            }
        }
        if *kind == kinds::ROLE_ASSIGNMENT.info {
            let scope = body.get("scope").and_then(serde_json::Value::as_str);
            let scope = scope.map_or_else(|| connection.service.arm_id(), str::to_owned);
            scopes.insert(scope, true);
        }
    }
    scopes
}

fn check_only(project: &LoadedProject, live: &LiveState) -> Result<(), Failure> {
    let known: Vec<&Address> = project
        .desired
        .resources
        .keys()
        .chain(live.resources.keys())
        .collect();
    match project.options.only.without_match(&known).as_slice() {
        [] => Ok(()),
        [pattern, ..] => Err(Failure::new(
            Exit::Usage,
            format!("--only {pattern} matches nothing that is declared or live"),
        )
        .help("addresses look like api/orders, environment/prod or api/*/deployment/prod")),
    }
}

/// The target in words, for the first line of a plan.
pub(super) fn target_words(project: &LoadedProject) -> String {
    let target = &project.options.target;
    match &project.target.location {
        ServiceLocation::Emulator { .. } => {
            format!(
                "{}: service {} in the embedded emulator",
                target.name, target.service
            )
        }
        ServiceLocation::Azure { .. } => format!(
            "{}: service {} in resource group {}",
            target.name, target.service, target.resource_group
        ),
    }
}
