//! From a session to a plan: what `plan` and `apply` share.

use std::collections::BTreeMap;

use clap::Args;

use super::connection::Connection;
use super::console::Console;
use super::exit::Exit;
use super::failure::Failure;
use super::format::to_json;
use super::links;
use super::session::Session;
use super::signals;
use crate::config::{PlanFlags, ServiceLocation};
use crate::kinds;
use crate::live::{ReadScope, Reader as _};
use crate::model::{Address, LiveState, Patterns};
use crate::output::PlanJson;
use crate::plan::{self, Plan};

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
    session: &mut Session,
    connection: &Connection,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = signals::or_interrupt(read_and_plan(session, connection)).await;
    settle(session, plan, console, json)
}

/// Plans against a live state that was saved.
pub(super) fn plan_against(
    session: &mut Session,
    live: Result<LiveState, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    let plan = live.and_then(|live| {
        check_only(session, &live)?;
        Ok(plan::plan(&session.desired, &live, &session.options))
    });
    settle(session, plan, console, json)
}

/// What is known to be wrong with the manifests is told even where there is no plan.
fn settle(
    session: &mut Session,
    plan: Result<Plan, Failure>,
    console: &Console,
    json: bool,
) -> Result<Plan, Failure> {
    match &plan {
        Ok(plan) => session.settle(plan),
        Err(_) if session.is_valid() => {}
        Err(failure) => failure.print(console),
    }
    require_valid(session, console, json)?;
    plan
}

/// Ends the command before anything is read if the manifests cannot be planned.
pub(super) fn require_plannable(
    session: &Session,
    console: &Console,
    json: bool,
) -> Result<(), Failure> {
    if session.is_plannable() {
        Ok(())
    } else {
        require_valid(session, console, json)
    }
}

fn require_valid(session: &Session, console: &Console, json: bool) -> Result<(), Failure> {
    session.report(console);
    if session.is_valid() {
        return Ok(());
    }
    if json {
        console.output(&to_json(&PlanJson::invalid(
            &session.diagnostics,
            &session.sources,
        )));
    }
    Err(Failure::already_reported(Exit::Invalid))
}

async fn read_and_plan(session: &mut Session, connection: &Connection) -> Result<Plan, Failure> {
    links::fetch(session, connection.service.client()).await?;
    let mut live = read(session, connection, session.options.only.clone()).await?;
    check_only(session, &live)?;
    if deletes_an_integration(session, &live) {
        live = read(session, connection, Patterns::default()).await?;
    }
    Ok(plan::plan(&session.desired, &live, &session.options))
}

/// Whether `--only` leads to the delete of an integration: what goes with it lies anywhere.
fn deletes_an_integration(session: &Session, live: &LiveState) -> bool {
    let (desired, options) = (&session.desired, &session.options);
    options.prune.enabled
        && !options.only.is_empty()
        && live.resources.keys().any(|address| {
            *address.kind() == kinds::INTEGRATION.info
                && options.only.covers(address)
                && !desired.resources.contains_key(address)
        })
}

/// Whether a scope has declarations for synchronised APIs, which are found among all APIs.
fn seeks_synchronised(session: &Session, only: &Patterns) -> bool {
    session
        .desired
        .resources
        .keys()
        .any(|address| *address.kind() == kinds::SYNCED_API.info && only.covers(address))
}

/// Reads the live service as far as a scope reaches.
pub(super) async fn read(
    session: &Session,
    connection: &Connection,
    only: Patterns,
) -> Result<LiveState, Failure> {
    let digests: BTreeMap<Address, String> = session
        .desired
        .resources
        .iter()
        .filter_map(|(address, declared)| {
            Some((address.clone(), declared.document.as_ref()?.digest.clone()))
        })
        .collect();
    let scope = ReadScope {
        only: if seeks_synchronised(session, &only) {
            Patterns::default()
        } else {
            only
        },
        digests,
        all_texts: false,
        role_scopes: role_scopes(session, connection),
    };
    tracing::info!(target = %session.options.target.service, "reading the service");
    let live = connection.service.read(&scope).await?;
    let sent = connection.service.client().sent();
    tracing::info!(
        resources = live.resources.len(),
        reads = sent.reads,
        "read the service"
    );
    let service = Address::top(&kinds::SERVICE.info, "");
    if !live.resources.contains_key(&service) && !session.desired.resources.contains_key(&service) {
        let target = &session.options.target;
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
fn role_scopes(session: &Session, connection: &Connection) -> BTreeMap<String, bool> {
    let mut scopes = BTreeMap::new();
    for declared in session.desired.resources.values() {
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

fn check_only(session: &Session, live: &LiveState) -> Result<(), Failure> {
    let known: Vec<&Address> = session
        .desired
        .resources
        .keys()
        .chain(live.resources.keys())
        .collect();
    match session.options.only.without_match(&known).as_slice() {
        [] => Ok(()),
        [pattern, ..] => Err(Failure::new(
            Exit::Usage,
            format!("--only {pattern} matches nothing that is declared or live"),
        )
        .help("addresses look like api/orders, environment/prod or api/*/deployment/prod")),
    }
}

/// The target in words, for the first line of a plan.
pub(super) fn target_words(session: &Session) -> String {
    let target = &session.options.target;
    match &session.target.location {
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
