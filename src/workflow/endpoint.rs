//! Where the credentials of a target go, and whether the user allows it.

use super::error::WorkflowError;
use crate::azure::{AllowedHosts, Cloud, CloudSetting, Endpoint, TrustProblem, trust_problems};
use crate::config::Environment;
use crate::manifest::CloudSpec;
use crate::model::{Diagnostic, Diagnostics, code};
use crate::project::LoadedProject;

/// The endpoint of a target's cloud. The authority that the environment names takes precedence over the
/// project file.
///
/// # Errors
/// If an address is invalid, or may not get credentials.
pub(super) fn endpoint_of(
    project: &LoadedProject,
    cloud: &CloudSpec,
    allowed: AllowedHosts,
    environment: &Environment,
) -> Result<Endpoint, WorkflowError> {
    let variable = environment.allowed_hosts.as_deref().unwrap_or_default();
    let of_environment = AllowedHosts::parse(variable)
        .map_err(|error| WorkflowError::usage(format!("APICENTER_ALLOWED_HOSTS: {error}")))?;
    let chosen = authority(environment);
    let named = named_cloud(cloud)?;
    let endpoint = match (&cloud.resource_manager, named) {
        (Some(url), _) => {
            let authority = chosen.as_deref().or(cloud.authority.as_deref());
            let custom = Endpoint::custom(url, authority, cloud.audience.as_deref());
            custom.map_err(|error| match cloud_place(project) {
                Some(place) => WorkflowError::from(error).at(&place),
                None => error.into(),
            })?
        }
        (None, known) => {
            let known = Endpoint::of(known)?;
            let url = known.resource_manager().as_str();
            let authority = chosen.as_deref().unwrap_or(known.authority().as_str());
            Endpoint::custom(url, Some(authority), None)?
        }
    };
    let decided = cloud.authority.is_some() && chosen.is_none();
    let decided = decided.then_some(endpoint.authority());
    let problems = trust_problems(&endpoint, decided, &allowed.and(&of_environment));
    if problems.is_empty() {
        return Ok(endpoint);
    }
    let diagnostics: Diagnostics = problems
        .iter()
        .map(|problem| diagnostic(project, problem))
        .collect();
    Err(WorkflowError::Untrusted {
        diagnostics,
        sources: project.sources.clone(),
    })
}

/// `AZURE_AUTHORITY_HOST` as a URL; some tools accept the name of the host alone.
fn authority(environment: &Environment) -> Option<String> {
    let host = environment.credentials.get("AZURE_AUTHORITY_HOST")?;
    Some(match host.contains("://") {
        true => host.to_owned(),
        false => format!("https://{host}"),
    })
}

fn named_cloud(cloud: &CloudSpec) -> Result<Cloud, WorkflowError> {
    let Some(name) = &cloud.name else {
        return Ok(Cloud::Public);
    };
    name.parse().map_err(|_| {
        WorkflowError::failed(format!("unknown cloud `{name}`")).help(
            "the clouds are `public`, `usgovernment` and `china`, or {resourceManager: URL, authority: URL, \
             audience: URI}",
        )
    })
}

fn diagnostic(project: &LoadedProject, problem: &TrustProblem) -> Diagnostic {
    let (setting, diagnostic, label) = match problem {
        TrustProblem::NotAllowed { setting, host } => {
            let what = match setting {
                CloudSetting::ResourceManager => "tokens are not sent to",
                CloudSetting::Authority => "secrets are not sent to",
                CloudSetting::Audience => "tokens are not requested for",
            };
            let message = format!(
                "{what} {host}: only the project names it, and it is neither a known cloud nor this machine"
            );
            let help = format!(
                "if you trust this host, allow it outside the project: --allow-host {host}, or {host} in \
                 APICENTER_ALLOWED_HOSTS"
            );
            let diagnostic = Diagnostic::error(code::UNTRUSTED_HOST, message).help(help);
            (*setting, diagnostic, "not allowed")
        }
        TrustProblem::NoHost => {
            let message = "no tokens are requested for an audience without a host";
            let diagnostic = Diagnostic::error(code::UNTRUSTED_HOST, message)
                .help("write it as a URL, whose host can be allowed with --allow-host");
            (CloudSetting::Audience, diagnostic, "has no host")
        }
        TrustProblem::ForeignAudience { receiver } => {
            let message = format!("tokens for a service of Microsoft are never sent to {receiver}");
            let diagnostic = Diagnostic::error(code::FOREIGN_AUDIENCE, message).help(
                "a custom cloud has an audience of its own; leave `audience` out to use the address of the \
                 resource manager, or select a known cloud by its name",
            );
            (
                CloudSetting::Audience,
                diagnostic,
                "the audience of another cloud",
            )
        }
    };
    match place(project, setting) {
        Some(span) => diagnostic.at(span, label),
        None => diagnostic,
    }
}

/// `file:line:column` of the target's cloud.
fn cloud_place(project: &LoadedProject) -> Option<String> {
    let target = project.target.target.name.as_str();
    let span = project.settings.place(&["targets", target, "cloud"])?;
    Some(project.sources.display(span))
}

/// Where the setting is, or the one that it follows from.
fn place(project: &LoadedProject, setting: CloudSetting) -> Option<crate::model::Span> {
    let key = match setting {
        CloudSetting::ResourceManager => "resourceManager",
        CloudSetting::Authority => "authority",
        CloudSetting::Audience => "audience",
    };
    let target = project.target.target.name.as_str();
    [key, "resourceManager"]
        .into_iter()
        .find_map(|key| project.settings.place(&["targets", target, "cloud", key]))
}
