//! `apicenter get services`: the services of a subscription.

use serde_json::Value;

use super::exit::Exit;
use super::failure::Failure;
use super::invocation::Invocation;
use super::list_format::OutputFormat;
use super::{project, signals};
use crate::model::{Condition, ListedService};
use crate::output::{Data, GetJson, Text, render_services};
use crate::project::LoadedProject;
use crate::workflow::{self, Connection};

/// The word for the services of a subscription; a target's own is `service`.
pub(super) const SERVICES: &str = "services";

/// What conditions can name.
const FIELDS: [&str; 4] = ["name", "resourceGroup", "location", "targets"];

pub(super) async fn run(
    subscription: Option<&str>,
    format: OutputFormat,
    conditions: &[Condition],
    invocation: Invocation<'_>,
) -> Result<Exit, Failure> {
    let Invocation {
        global,
        console,
        environment,
    } = invocation;
    if format == OutputFormat::Yaml {
        return Err(Failure::usage("-o yaml prints manifests, and other services have none here")
            .help("apicenter get service -o yaml prints that of the target; -o json prints all of them"));
    }
    for condition in conditions {
        let is_field = |field: &&str| condition.field.eq_ignore_ascii_case(field);
        if !FIELDS.iter().any(is_field) {
            let message = format!("--where: unknown field `{}`", condition.field);
            return Err(Failure::usage(condition.problem(message).to_string())
                .help(format!("services have {}", FIELDS.join(", "))));
        }
    }
    let project = project::open_without_manifests(invocation)?;
    let target = &project.options.target.service;
    let subscription = subscription.unwrap_or(&target.subscription);
    let connection = Connection::open(&project, global.connect(), environment).await?;
    let listing = async { Ok(workflow::services(&connection, subscription).await?) };
    let found = signals::or_interrupt(listing).await;
    connection.close().await;
    let rows = found?.into_iter().map(|service| {
        let targets = targets_of(&project, &service);
        (service, targets)
    });
    let rows: Vec<(ListedService, Vec<String>)> = rows
        .filter(|row| {
            let mut all = conditions.iter();
            all.all(|condition| condition.is_met_by(&values(row, &condition.field)))
        })
        .collect();
    match format {
        OutputFormat::Json => console.data(&Data::json(GetJson::of_services(&rows))),
        OutputFormat::Name => {
            let mut text = Text::default();
            rows.iter()
                .for_each(|(service, _)| text.push(&service.id.name));
            console.output(text);
        }
        _ => console.output(render_services(&rows)),
    }
    if rows.is_empty() {
        console.hint(format!(
            "No services found in the subscription {subscription}."
        ));
    }
    Ok(Exit::Done)
}

/// The targets of the project that name a service.
fn targets_of(project: &LoadedProject, service: &ListedService) -> Vec<String> {
    let targets = project.settings.spec.targets.iter().flatten();
    let current = &project.options.target;
    let names = targets.filter(|(name, target)| {
        let is = |own: &Option<String>, of: &str| {
            own.as_deref()
                .is_some_and(|own| own.eq_ignore_ascii_case(of))
        };
        (**name == current.name && service.id.is_same(&current.service))
            || is(&target.subscription_id, &service.id.subscription)
                && is(&target.resource_group, &service.id.resource_group)
                && is(&target.service, &service.id.name)
    });
    names.map(|(name, _)| name.clone()).collect()
}

fn values((service, targets): &(ListedService, Vec<String>), field: &str) -> Vec<Value> {
    let is = |name: &str| field.eq_ignore_ascii_case(name);
    if is("targets") {
        return targets
            .iter()
            .map(|name| Value::from(name.as_str()))
            .collect();
    }
    let text = if is("name") {
        Some(&service.id.name)
    } else if is("resourceGroup") {
        Some(&service.id.resource_group)
    } else {
        service.location.as_ref()
    };
    text.map(|text| Value::from(text.as_str()))
        .into_iter()
        .collect()
}
